"""The same clips give the same pairs, and no clip is mismatched with its like."""

from collections import Counter

from acav1m.calibration.pairs import LEAST_S, MOST_S, Drawn, others, shifted, strangers

DRAWN = Drawn(0)


def clip(name: str, *, video: str | None = None, start_s: float = 0.0, seconds: float = 5.0):
    return {
        "clip_id": name,
        "key": name,
        "video_id": video or f"video of {name}",
        "source_sha256": f"content of {video or name}",
        "start_s": start_s,
        "end_s": start_s + seconds,
        "duration_s": seconds,
    }


def drawn_from(clips: list, count: int = 1, seed: int = 0) -> dict[str, list[str]]:
    found = others(clips, Drawn(seed), count)
    return {one["clip_id"]: [o["clip_id"] for o in some] for one, some in found}


def test_every_sound_is_used_once_and_never_for_its_own_clip() -> None:
    found = drawn_from([clip(f"c{n}") for n in range(30)])

    assert Counter(o for some in found.values() for o in some) == Counter(found.keys())
    assert all(one not in some for one, some in found.items())


def test_further_mismatches_are_with_further_clips() -> None:
    found = drawn_from([clip(f"c{n}") for n in range(30)], 4)

    assert all(len(set(some)) == 4 for some in found.values())


def test_pairs_follow_from_ids_and_seed_alone() -> None:
    clips = [clip(f"c{n}") for n in range(30)]

    assert drawn_from(clips, 2) == drawn_from(clips[::-1], 2)
    assert drawn_from(clips, 2) != drawn_from(clips, 2, seed=1)


def test_a_clip_more_changes_few_pairs() -> None:
    before = drawn_from([clip(f"c{n}") for n in range(30)])
    after = drawn_from([clip(f"c{n}") for n in range(31)])

    assert sum(before[one] != after[one] for one in before) <= 2


def test_other_videos_come_first() -> None:
    clips = [clip(f"a{n}", video="a", start_s=100.0 * n) for n in range(3)] + [clip("b")]
    found = drawn_from(clips)

    assert all(found[f"a{n}"] == ["b"] for n in range(3))


def test_far_clips_of_the_same_video_have_to_do_and_near_ones_never() -> None:
    far = [clip("a", video="v"), clip("b", video="v", start_s=60.0)]
    near = [clip("a", video="v"), clip("b", video="v", start_s=5.0)]

    assert drawn_from(far) == {"a": ["b"], "b": ["a"]}
    assert drawn_from(near) == {"a": [], "b": []}


def test_what_does_not_fit_is_passed_over() -> None:
    clips = [clip(name) for name in "abc"]
    found = strangers(clips, DRAWN, 1, lambda one, other: other["clip_id"] == "c")

    assert [[o["clip_id"] for o in some] for _, some in found] == [["c"], ["c"], []]


def test_shifts_are_within_their_bounds_and_go_either_way() -> None:
    found = [shifted(clip(f"c{n}", seconds=10.0), DRAWN, 0, None, None) for n in range(200)]
    late_s = [sound["late_s"] for sound in found]

    assert all(LEAST_S <= abs(s) <= MOST_S for s in late_s)
    assert 60 < sum(s > 0 for s in late_s) < 140
    assert 60 < sum(abs(s) < 1 for s in late_s) < 140


def test_a_short_clip_is_moved_by_half_of_it_at_most_or_not_at_all() -> None:
    assert abs(shifted(clip("a", seconds=1.0), DRAWN, 0, None, None)["late_s"]) <= 0.5
    assert shifted(clip("a", seconds=0.4), DRAWN, 0, None, None) is None


def test_a_shift_takes_the_side_where_there_is_a_neighbour() -> None:
    for n in range(10):
        late = shifted(clip(f"c{n}"), DRAWN, 0, "before", None)
        early = shifted(clip(f"c{n}"), DRAWN, 0, None, "after")

        assert late["late_s"] > 0 > early["late_s"]
        assert (late["stem"], early["stem"]) == ("before", "after")
