from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.errors import ReleaseError
from acav1m.release import layout
from acav1m.release.checks import croissant
from acav1m.release.inspect import query, why
from acav1m.release.verify import verify


def test_clips_are_metadata_and_rejected_together(release: Path) -> None:
    found = query(release, "select state, count(*) as n from clips group by state order by state")
    assert found.to_pylist() == [
        {"state": "failed", "n": 2},
        {"state": "flagged", "n": 1},
        {"state": "kept", "n": 9},
        {"state": "rejected", "n": 4},
    ]
    assert query(release, "from metadata").num_rows == 10
    assert query(release, "from rejected").num_rows == 6
    assert query(release, "from shards").num_rows == 5


def test_unknown_column_names_the_nearest(release: Path) -> None:
    with pytest.raises(ReleaseError, match="no column 'captoin'; did you mean 'caption'"):
        query(release, "select captoin from clips")


@pytest.mark.parametrize(
    ("sql", "complaint"),
    [
        ("drop view clips", "DROP is not allowed"),
        ("copy clips to '/tmp/out.parquet'", "COPY is not allowed"),
        ("set threads = 2", "SET is not allowed"),
        ("select 1; select 2", "one SQL statement is asked for, not 2"),
        ("", "one SQL statement is asked for, not 0"),
        ("selec 1", "syntax error"),
        ("select * from read_text('/etc/hostname')", "disabled by configuration"),
        ("select * from 'https://example.org/x.parquet'", "disabled by configuration|not allowed"),
        ("from clip", "clip does not exist"),
    ],
)
def test_query_only_reads_the_release(release: Path, sql: str, complaint: str) -> None:
    with pytest.raises(ReleaseError, match=complaint) as caught:
        query(release, sql)
    assert "\n" not in str(caught.value)


def test_query_sees_no_python_variables(release: Path) -> None:
    hidden = query(release, "from shards")
    assert hidden.num_rows
    with pytest.raises(ReleaseError, match="hidden does not exist"):
        query(release, "from hidden")


def test_released_clip_tells_where_its_bytes_are(release: Path) -> None:
    story = why(release, "v4_0_1000")
    assert (story.state, story.reasons, story.error) == ("kept", (), None)
    assert story.place is not None
    assert story.place["shard"] == "data/test-00000.tar"
    assert story.row["source_uri"] == "v4.mp4"


def test_rejected_clip_tells_rule_and_value(release: Path) -> None:
    story = why(release, "v5_0_1000")
    (reason,) = story.reasons
    assert (reason.name, reason.effect) == ("silence", "rejected")
    assert reason.options == {"max_share": 0.5}
    assert reason.keep == "silent_share <= 0.5"
    assert reason.values == {"silent_share": 0.9}
    assert story.place is None


def test_duplicate_is_told_with_the_clip_it_repeats(release: Path) -> None:
    story = why(release, "v0_0_1000")
    assert story.state == "kept"
    (other,) = story.others
    assert (other.state, other.row["duplicate_of"]) == ("rejected", "v0_0_1000")


def test_failed_candidate_tells_its_error(release: Path) -> None:
    story = why(release, "v8_0_1000")
    assert story.error is not None
    assert story.error["error_kind"] == "truncated"
    assert story.as_dict()["error"]["error_message"] == "ends | early, 'they' said"


def test_unknown_clip_names_the_nearest(release: Path) -> None:
    with pytest.raises(ReleaseError, match="no clip 'v4_0_100'; nearest: v4_0_1000, "):
        why(release, "v4_0_100")


def test_folder_that_is_no_release_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="is no release"):
        query(tmp_path, "select 1")


def test_columns_of_one_name_are_all_there(release: Path) -> None:
    assert query(release, "select 1 as a, 2 as a").to_pylist() == [{"a": 1, "a_1": 2}]


def test_why_takes_a_source_uri(release: Path) -> None:
    story = why(release, "copy of v0.mp4")
    assert (story.clip_id, story.state, story.others) == ("v0_0_1000", "rejected", ())


def test_why_of_a_video_tells_all_its_clips(release: Path) -> None:
    first = why(release, "v0")
    told = [(story.clip_id, story.state) for story in (first, *first.others)]
    assert told == [("v0_0_1000", "kept"), ("v0_0_1000", "rejected"), ("v0_1000_2000", "flagged")]


def test_unknown_source_names_the_nearest_of_any_kind(release: Path) -> None:
    with pytest.raises(ReleaseError, match=r"nearest: copy of v0\.mp4, "):
        why(release, "copy of v0.mov")


def test_strange_lock_takes_the_rule_from_the_step_but_not_the_story(damaged: Path) -> None:
    (damaged / layout.LOCK).write_text("format: 1\nsteps: {filters: [silence]}\nconditions: x\n")
    (reason,) = why(damaged, "v5_0_1000").reasons
    assert (reason.name, reason.options, reason.keep) == ("silence", {}, None)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda table: table.select([]),
        lambda table: table.append_column("lufs", pa.nulls(table.num_rows, pa.string())),
        lambda table: _with(table, "lufs", pa.nulls(table.num_rows, pa.float16())),
        lambda table: _with(table, "rejected_by", pa.array([7] * table.num_rows)),
        lambda table: _with(table, "mood", pa.array([b"\xff"] * table.num_rows).view(pa.string())),
    ],
    ids=["no columns", "twice the same", "no such type", "no list", "no text"],
)
def test_damaged_table_is_one_line_and_a_finding(
    damaged: Path, spoil: Callable[[pa.Table], pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(croissant, "is_readable_here", lambda: False)
    path = damaged / layout.REJECTED
    pq.write_table(spoil(pq.read_table(path)), path)
    assert verify(damaged, decode_share=0).problems
    for ask in (
        lambda: query(damaged, "from clips").to_pylist(),
        lambda: why(damaged, "v5_0_1000"),
    ):
        with contextlib.suppress(ReleaseError):  # either an answer or one line
            ask()


def test_why_of_a_damaged_table_sends_to_verify(damaged: Path) -> None:
    for name in (layout.REJECTED, *map(layout.metadata, ("train", "validation", "test"))):
        rows = pq.read_table(damaged / name)
        pq.write_table(rows.drop_columns(["rejected_by"]), damaged / name)
    with pytest.raises(ReleaseError, match="damaged, `acav1m verify` tells how: 'rejected_by'"):
        why(damaged, "v5_0_1000")


def _with(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)
