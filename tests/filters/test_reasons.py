"""A late hammer, a talking radio and music laid over go under names of their own."""

from typing import Any

import pytest

from acav1m import steps
from acav1m.calibration.map import calibrated
from acav1m.steps import Aligner, Filter
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.synth.scene import Rendered
from acav1m.testing import from_arrays

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
            "a radio that seems to fall behind",
            {"sync_drift": 0.1, "visible_event_score": 0.1},
            ["off_screen"],
        ),
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


def found(rendered: Rendered, sound: Rendered | None = None) -> dict[str, Any]:
    """What the embedded aligners make of a clip, or of its pictures with other sound."""
    heard = sound or rendered
    clip = from_arrays(rendered.frames, rendered.fps, heard.audio, rendered.rate_hz)
    columns: dict[str, Any] = {"duration_s": rendered.seconds}
    for name in ("temporal", "instance"):
        step: Aligner = steps.load("aligners", name)()  # type: ignore[assignment]
        raw = step.measure(clip)
        columns |= {**raw, **calibrated(step, raw)}
    return columns


def test_a_late_hammer_is_out_of_sync_and_an_unseen_one_off_screen() -> None:
    hammer, other = (scene.render("hammer", seed, seconds=6) for seed in (0, 50))
    voice = scene.render("speech", 0, seconds=6)
    assert objectors(found(hammer)) == []
    assert objectors(found(plant(hammer, "shifted", 0, offset_s=0.8))) == ["out_of_sync"]
    assert objectors(found(hammer, sound=other)) == ["off_screen"]
    assert objectors(found(hammer, sound=voice)) == ["off_screen", "dubbed"]
