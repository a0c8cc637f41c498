"""Only clips that have something to score are drawn, and the others are counted by why."""

import pyarrow as pa
import pytest

from acav1m.calibration.sample import Sample, draw, neighbours, to_look, without_copies

COLUMNS = ("key", "clip_id", "video_id", "source_sha256", "source_uri", "media")


def row(name: str, **columns) -> dict:
    told = dict.fromkeys(COLUMNS, name)
    times = {"start_s": 0.0, "end_s": 5.0, "duration_s": 5.0}
    return {**told, **times, "error_kind": None, "silent_share": 0.1, "raw": 1.0, **columns}


def drawn(*rows: dict, clips: int = 100, seed: int = 0) -> Sample:
    table = pa.Table.from_pylist(list(rows))
    return draw(table, ["raw"], ["silent_share"], clips=clips, seed=seed)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"error_kind": "crash"}, "failed"),
        ({"silent_share": 0.95}, "silent"),
        ({"raw": None}, "without a score"),
    ],
)
def test_what_cannot_be_used_is_counted(columns: dict, why: str) -> None:
    found = drawn(row("a"), row("b", **columns))

    assert [clip["clip_id"] for clip in found.clips] == ["a"]
    assert found.left_out[why] == 1


def test_the_same_clip_offered_twice_is_one() -> None:
    found = drawn(row("a", source_uri="2", key="2"), row("a", source_uri="1", key="1"))

    assert [clip["key"] for clip in found.clips] == ["1"]
    assert found.left_out["copies"] == 1


def test_the_sample_follows_from_ids_and_not_from_their_order() -> None:
    rows = [row(f"c{n}") for n in range(50)]
    some = drawn(*rows, clips=10)

    assert some.clips == drawn(*rows[::-1], clips=10).clips
    assert some.clips != drawn(*rows, clips=10, seed=1).clips
    assert some.left_out["not needed"] == 40


def test_a_larger_sample_holds_the_smaller() -> None:
    rows = [row(f"c{n}") for n in range(50)]

    assert drawn(*rows, clips=20).clips[:10] == drawn(*rows, clips=10).clips


def test_copies_and_what_cannot_be_looked_at_are_left_out() -> None:
    look = {"pictures": [1.0] * 9, "level_db": [0.0] * 9, "error_kind": None}
    looks = {"a": look, "b": look, "c": look | {"error_kind": "undecodable"}}
    found = without_copies(drawn(row("a"), row("b"), row("c")), looks, clips=9)

    assert len(found.clips) == 1
    assert (found.left_out["copies"], found.left_out["failed"]) == (1, 1)


def looked(name: str, picture: float) -> dict:
    steady = {"level_db": [0.0] * 9, "error_kind": None}
    return {name: {"pictures": [picture] * 9, **steady}}


def test_other_clips_stand_in_for_copies_up_to_the_number_asked_for() -> None:
    sample = drawn(*(row(name) for name in "abcdefgh"))
    order = [clip["clip_id"] for clip in sample.clips]
    looks: dict = {}
    asked = []
    while wanted := to_look(sample, looks, clips=2):
        asked.append([clip["clip_id"] for clip in wanted])
        for clip in wanted:  # the first three are copies of one another
            at = order.index(clip["clip_id"])
            looks |= looked(clip["key"], 50.0 * max(at - 2, 0))
    found = without_copies(sample, looks, clips=2)

    assert asked == [order[:2], order[:4]]
    assert [clip["clip_id"] for clip in found.clips] == [order[0], order[3]]
    assert (found.left_out["copies"], found.left_out["not needed"]) == (2, 4)


def test_where_all_are_copies_it_ends() -> None:
    sample = drawn(*(row(name) for name in "abcde"))
    looks = {name: look for n in "abcde" for name, look in looked(n, 1.0).items()}

    assert to_look(sample, looks, clips=3) == []
    assert len(without_copies(sample, looks, clips=3).clips) == 1


def test_what_cannot_be_looked_at_is_replaced_and_not_asked_for_again() -> None:
    sample = drawn(*(row(name) for name in "abcd"))
    first = sample.clips[0]["key"]
    looks = {n: looked(n, 50.0 * at)[n] for at, n in enumerate("abcd")}
    looks[first] |= {"error_kind": "crash"}

    assert to_look(sample, looks, clips=2) == []
    assert len(without_copies(sample, looks, clips=2).clips) == 2


def test_neighbours_are_of_the_same_video_and_touch() -> None:
    spans = {"a": ("v", 0.0, 5.0), "b": ("v", 5.0, 10.0), "c": ("v", 12.0, 17.0), "d": ("w", 5, 10)}
    rows = [
        row(name, video_id=video, start_s=float(start), end_s=float(end))
        for name, (video, start, end) in spans.items()
    ]
    found = neighbours(pa.Table.from_pylist(rows), rows)
    named = {k: tuple(n and n["clip_id"] for n in pair) for k, pair in found.items()}

    assert named == {"a": (None, "b"), "b": ("a", None), "c": (None, None), "d": (None, None)}


def test_without_a_measure_of_silence_nothing_is_called_silent() -> None:
    table = pa.Table.from_pylist([row("a")]).drop_columns(["silent_share"])

    assert len(draw(table, ["raw"], [], clips=9, seed=0).clips) == 1
