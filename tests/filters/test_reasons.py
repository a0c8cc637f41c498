"""A late hammer, a talking radio and music laid over go under names of their own."""

from typing import Any

import pytest

from acav1m import steps
from acav1m.steps import Filter

NAMES = ("out_of_sync", "off_screen", "dubbed")
SOUND: dict[str, Any] = {
    "duration_s": 10.0,
    "sync_offset_s": 0.0,
    "sync_confidence": 0.95,
    "sync_drift": 0.0,
    "visible_event_score": 0.9,
    "instance_score": 0.9,
}
UNKNOWN = dict.fromkeys(("sync_offset_s", "sync_confidence", "sync_drift", "visible_event_score"))


def objectors(row: dict[str, Any]) -> list[str]:
    made: list[Filter] = [steps.load("filters", name)() for name in NAMES]  # type: ignore[misc]
    return [n for n, step in zip(NAMES, made, strict=True) if not step.keeps(**SOUND | row)]


@pytest.mark.parametrize(
    ("what", "row", "names"),
    [
        ("a bell that is seen and heard", {}, []),
        ("a late hammer", {"sync_offset_s": 0.6}, ["out_of_sync"]),
        ("a recorder with a slow clock", {"sync_drift": 0.1}, ["out_of_sync"]),
        (
            "a talking radio",
            {"sync_offset_s": 1.2, "sync_confidence": 0.1, "visible_event_score": 0.1},
            ["off_screen"],
        ),
        (
            "music laid over",
            {"sync_confidence": 0.1, "visible_event_score": 0.1, "instance_score": 0.1},
            ["off_screen", "dubbed"],
        ),
        ("rain, in which no sound stands out", UNKNOWN, []),
        ("noise over a still picture", UNKNOWN | {"instance_score": 0.1}, []),
        ("no sound", UNKNOWN | {"instance_score": None}, []),
    ],
)
def test_each_fault_has_its_own_name(what: str, row: dict[str, Any], names: list[str]) -> None:
    assert objectors(row) == names, what
