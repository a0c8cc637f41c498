"""What a build says at its end can be followed word by word."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from acav1m import summary
from acav1m.release.inspect import Story
from acav1m.release.reasons import Reason
from acav1m.report import Report
from acav1m.table import EDIT_COLUMNS, REALIGN_COLUMNS

FAILED = {"failed": "bug: KeyError: 'x' (theirs.py:7)"}


def reported(*splits: str | None, release: str = "/tmp/out", outcomes=(), edits=()) -> Report:
    report = Report("tiny", "0.1.0", Path(release))
    states = ["kept" if split else "rejected" for split in splits]
    reasons = [[] if split else ["silence"] for split in splits]
    report.count(
        pa.table(
            {
                "state": pa.array(states, pa.string()),
                "split": pa.array(splits, pa.string()),
                "rejected_by": pa.array(reasons, pa.list_(pa.string())),
                "flags": pa.array([[] for _ in splits], pa.list_(pa.string())),
                "realign_outcome": pa.array(outcomes or [None] * len(splits), pa.string()),
                "edit_result": pa.array(edits or [None] * len(splits), pa.string()),
                "edit_reason": pa.array([FAILED.get(e) for e in edits or splits], pa.string()),
                "error_kind": pa.nulls(len(splits), pa.string()),
                "error_message": pa.nulls(len(splits), pa.string()),
                "error_transient": pa.nulls(len(splits), pa.bool_()),
            }
        )
    )
    return report


def test_splits_are_counted_in_their_order():
    report = reported("test", "train", "test", None)

    assert list(report.splits.items()) == [("train", 1), ("test", 2)]
    assert report.json()["splits"] == {"train": 1, "test": 2}


def test_the_split_to_load_is_one_that_exists():
    assert 'split="train"' in summary.loading(reported("test", "train"))
    assert 'split="validation"' in summary.loading(reported("test", "validation"))
    assert 'split="test"' in summary.loading(reported(None, "test"))


def test_a_release_without_a_clip_is_not_said_to_load(capsys):
    summary.show(reported(None, None))
    said = capsys.readouterr().err

    assert "no clip was kept, so there is nothing to load" in said
    assert "load_dataset" not in said


def test_a_release_in_any_folder_is_named_right(capsys):
    folder = '/tmp/my clips/ünï 狗 :dog: [red] "a"/' + "long " * 30 + "out"
    summary.show(reported("train", release=folder))
    said = capsys.readouterr().err

    assert f"release: {folder}\n" in said
    [code] = re.findall(r"^  clips = (.*)$", said, re.MULTILINE)
    assert eval(code, {"load_dataset": lambda path, **_: path}) == folder


def test_what_came_of_realigning_is_counted(capsys):
    outcomes = ["realigned", "not_better", None, "realigned", "not_tried"]
    report = reported(*["train"] * 5, outcomes=outcomes)
    summary.show(report)

    assert report.json()["realign_outcomes"] == {"realigned": 2, "not_better": 1, "not_tried": 1}
    assert "realigned │ 2 │ of 3 tried, not_better 1, not_tried 1" in capsys.readouterr().err
    summary.show(reported("train"))
    assert "realigned" not in capsys.readouterr().err


def test_what_came_of_editing_is_counted(capsys):
    report = reported(*["train"] * 4, edits=["edited", "not_better", None, "failed"])
    summary.show(report)

    assert report.json()["edit_results"] == {"edited": 1, "failed": 1, "not_better": 1}
    assert report.bugs == ["KeyError: 'x' (theirs.py:7)"]
    assert "edited   │ 1 │ of 3 given, failed 1, not_better 1" in capsys.readouterr().err
    summary.show(reported("train"))
    assert "edited" not in capsys.readouterr().err


def test_an_objection_says_what_is_known_of_it_on_one_line():
    reasons = (
        Reason("where", "rejected", {"keep_if": "x"}, "lufs > -40 --;\nAND true", {"lufs": None}),
        Reason("theirs", "flagged", {"share": 0.5}, None, {}),
        Reason("duplicate", "rejected", {}, None, {}),
    )
    told = summary.told(Story("a_0_10", "rejected", reasons, None, None, {"source_uri": "a b.mp4"}))

    assert told.splitlines() == [
        "a_0_10: rejected",
        "  rejected by where: wants lufs > -40 --; AND true; lufs is null",
        "  flagged by theirs: has options {'share': 0.5}",
        "  rejected by duplicate",
        "  source_uri: a b.mp4",
    ]


@pytest.mark.parametrize(
    ("realign", "line"),
    [
        (
            (-0.52, "realigned", 0.52, None),
            "realigned: sync_offset_s was 0.52 in the clip as it was cut, "
            "so its sound was moved by -0.52 s",
        ),
        (
            (0.0, "not_better", -1.2, "its sync_confidence would be 0.31"),
            "not realigned, not_better: sync_offset_s was -1.2 in the clip as it was cut; "
            "with its sound moved, its sync_confidence would be 0.31",
        ),
        ((0.0, "not_tried", None, "it is silent"), "not realigned, not_tried: it is silent"),
    ],
)
def test_what_came_of_moving_the_sound_is_told(realign, line):
    moved = dict(zip(REALIGN_COLUMNS, realign, strict=True))
    told = summary.told(Story("a", "kept", (), None, None, {}, realign=moved))

    assert told.splitlines() == ["a: kept", f"  {line}"]


def test_what_the_source_says_of_the_sound_stands_beside_what_was_done_since():
    row = {"event": "bell", "planted_offset_s": 0.5, "true_labels_per_s": [0.0]}
    moved = dict(zip(REALIGN_COLUMNS, (-0.52, "realigned", 0.52, None), strict=True))
    since = " (before realigning, audio_shift_s is -0.52)"

    told = summary.told(Story("a", "kept", (), None, None, row, realign=moved)).splitlines()
    assert told[-3:] == [
        "  event: bell",
        f"  planted_offset_s: 0.5{since}",
        f"  true_labels_per_s: [0]{since}",
    ]
    left = moved | {"audio_shift_s": 0.0, "realign_outcome": "not_better"}
    for realign in (None, left):
        told = summary.told(Story("a", "kept", (), None, None, row, realign=realign)).splitlines()
        assert told[-2] == "  planted_offset_s: 0.5"
    for result, since in (("edited", " (before editing)"), ("not_better", "")):
        edit = dict.fromkeys(EDIT_COLUMNS) | {"edit_result": result, "edit_reason": "so"}
        told = summary.told(Story("a", "kept", (), None, None, row, edit=edit)).splitlines()
        assert told[-2] == f"  planted_offset_s: 0.5{since}"


def test_each_kind_of_failure_has_a_line_with_an_example_and_what_helps(capsys):
    report = reported(None)
    report.failed, report.failed_passing = 3, 2
    report.failed_by = {"timeout": 2, "not_found": 1}
    report.failed_as = {"timeout": "no byte for 30 s", "not_found": "HTTP 404 Not Found"}
    summary.show(report)
    said = capsys.readouterr().err

    assert "failed   │ 3 │ 2 of them may pass: --retry transient tries again" in said
    assert "       2 timeout: no byte for 30 s\n       1 not_found: HTTP 404 Not Found\n" in said
