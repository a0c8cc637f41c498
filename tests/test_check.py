"""A recipe's examples say what its filters do, and `check` says so without opening media."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from acav1m.check import Findings, check
from acav1m.errors import AcavError, RecipeError
from acav1m.plan import resolve

RECIPE: dict[str, Any] = {
    "name": "tiny",
    "version": "0.1.0",
    "about": "Two clips.",
    "license": "CC0-1.0",
    "sources": {"synthetic": {"clips": 2}},
    "measures": {"silent_share": {}, "clipped_share": {}, "loudness": {}},
    "filters": {
        "silence": {"max_share": 0.5},
        "clipped": {"on_fail": "flag"},
        "where": {"keep_if": "event = 'bell' OR lufs > -30"},
    },
}


def _try(*examples: dict[str, Any], **changed: Any) -> Findings:
    return check(resolve({**RECIPE, "examples": list(examples), **changed}))


@pytest.mark.parametrize(
    "example",
    [
        {"silent_share": 0.9, "reject": "silence"},
        {"silent_share": 0.9, "reject": ["silence"]},
        {"silent_share": 0.1},
        {"silent_share": None, "reject": "silence"},
        {"clipped_share": 0.9, "flag": "clipped"},
        {"clipped_share": 0.9, "silent_share": 0.9, "flag": "clipped", "reject": "silence"},
        {"event": "dog", "lufs": -40.0, "reject": "where"},
        {"event": "bell", "lufs": None},
        {"event": "dog"},
        {"silent_share": 0.9, "event": "dog", "lufs": -40, "reject": ["where", "silence"]},
        {},
    ],
)
def test_an_example_that_holds(example: dict[str, Any]) -> None:
    assert _try(example).examples == 1


@pytest.mark.parametrize(
    ("example", "complaint"),
    [
        ({"silent_share": 0.9}, "expected reject by nobody, got silence"),
        ({"silent_share": None}, "expected reject by nobody, got silence"),
        ({"silent_share": 0.1, "reject": "silence"}, "expected reject by silence, got nobody"),
        ({"lufs": -9.0, "reject": "silence"}, "expected reject by silence, got nobody"),
        ({"clipped_share": 0.9}, "expected flag by nobody, got clipped"),
        ({"clipped_share": 0.9, "reject": "clipped"}, "no filter 'clipped' that would reject; "),
        ({"silent_share": 0.9, "flag": "silence"}, "expected reject by nobody, got silence"),
        (
            {"silent_share": 0.9, "reject": "silense"},
            "no filter 'silense' that would reject; did you mean 'silence'?",
        ),
        ({"silent_shere": 0.9}, "no column 'silent_shere'; did you mean 'silent_share'?"),
        ({"silent_share": "loud"}, "Binder Error: "),
        ({"silent_share": 0.9, "reject": 5}, "no filter '5' that would reject"),
        ({"silent_share": 0.9, "reject": True}, "no filter 'True' that would reject"),
    ],
)
def test_an_example_that_does_not_hold_says_why(example: dict[str, Any], complaint: str) -> None:
    with pytest.raises(RecipeError) as caught:
        _try(example)
    assert caught.value.complaints[0].startswith(f"examples[0]: {complaint}")


def test_who_would_realign_is_named_so() -> None:
    late = {"sync_offset_s": 0.5, "sync_confidence": 0.9, "sync_drift": None, "duration_s": 5.0}
    late["visible_event_score"] = 0.8
    asking = {"out_of_sync": {"on_fail": "realign"}}
    changed = {"aligners": {"temporal": {}}, "filters": asking}
    assert _try(late | {"realign": "out_of_sync"}, **changed).examples == 1
    with pytest.raises(RecipeError, match="no filter 'out_of_sync' that would reject"):
        _try(late | {"reject": "out_of_sync"}, **changed)


def test_every_example_is_tried() -> None:
    wrong = ({"silent_share": 0.9}, {"silent_share": 0.1}, {"lusf": 1}, {"clipped_share": 1.0})
    with pytest.raises(RecipeError) as caught:
        _try(*wrong)
    places = [complaint.partition(":")[0] for complaint in caught.value.complaints]
    assert places == ["examples[0]", "examples[2]", "examples[3]"]


def test_a_source_that_offers_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AcavError, match="holds no files"):
        _try(sources={"files": {"path": str(tmp_path)}}, filters={})
    with pytest.raises(AcavError, match="neither a folder"):
        _try(sources={"files": {"path": str(tmp_path / "none")}}, filters={})


def test_no_media_is_opened(tmp_path: Path) -> None:
    """A named pipe would be waited for, for ever, by whoever opened it."""
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "list.csv").write_text("path\npipe.mp4\n")
    source = {"files": {"path": str(tmp_path / "list.csv")}}
    assert _try(sources=source, filters={}).examples == 0


def test_what_is_lacking_is_noted() -> None:
    assert len(_try().notes) == 2
    bare = _try(filters={}, date="2026-01-31", creators=[{"name": "Ada"}])
    assert bare.notes == ["no filters: every clip that decodes is kept"]


def test_people_read_the_plan_in_words() -> None:
    text = _try({"silent_share": 0.1}).text()
    assert text.startswith("tiny 0.1.0: the recipe is right\n")
    assert "  measures   silent_share(floor_db=-60.0) -> silent_share\n" in text
    assert "  filters    silence(on_fail='reject', max_share=0.5)\n" in text
    assert "\n1 examples hold\n" in text
    assert "no examples to try" in _try().text()


def test_machines_read_it_as_json() -> None:
    found = _try({"silent_share": 0.1}).json()
    assert found["steps"]["filters"] == ["silence", "clipped", "where"]
    assert {"silent_share", "lufs", "event", "clip_id"} <= set(found["columns"])
    assert found["examples"] == 1


def test_options_that_may_hold_keys_are_not_shown() -> None:
    source = {"youtube": {"ids": ["jNQXAC9IVRw"], "proxy": "http://me:word@host"}}
    shown = check(resolve({**RECIPE, "sources": source, "filters": {}})).text()
    assert "jNQXAC9IVRw" in shown
    assert "word" not in shown
