"""Observations and edits in words."""

import pytest

from acav1m.agent.actions.spectral_gating import SpectralGating
from acav1m.agent.actions.speed import Speed
from acav1m.agent.observation import Blanks, Level, Noise, Observation, Timing
from acav1m.agent.page import words
from acav1m.agent.transform import Transform

NOTHING = Observation(duration_s=1)


def test_what_is_unknown_is_a_dash():
    told = words.observed(NOTHING)
    assert told["loudness"] == words.UNKNOWN
    assert told["heard"] == told["seen"] == "no caption"
    assert told["each second"] == f"temporal {words.UNKNOWN}"
    assert told["scores"] == "alignment –, temporal –, soundness –"  # noqa: RUF001


@pytest.mark.parametrize(
    ("part", "name", "said"),
    [
        (Timing(offset_s=0.5, confidence=0.9), "timing", "sound 0.50 s late, confidence 0.90"),
        (Timing(offset_s=-1.25), "timing", "sound 1.25 s early"),
        (Timing(offset_s=0.001, drift=-0.02), "timing", "in step, drifts by -20 ms a second"),
        (Noise(kind="hum", floor_db=-30, snr_db=4), "noise", "hum, floor at -30.0 dBFS, 4.0 dB"),
        (Noise(), "noise", "none"),
        (Level(lufs=-20, peak_db=0, target_lufs=-23), "loudness", "-20.0 LUFS, peak at 0.0 dBFS"),
        (Blanks(count=2, longest_ms=120), "blanks", "2, the longest 120 ms"),
        (Blanks(), "blanks", "none"),
    ],
)
def test_each_part_has_its_units(part, name, said):
    field = {"loudness": "level"}.get(name, name)
    told = words.observed(NOTHING.model_copy(update={field: part}))
    assert told[name].startswith(said)


def test_every_score_is_explained():
    assert words.scales().keys() == dict(NOTHING.scores).keys()
    assert all(words.scales().values())
    assert words.scale(None) == "0 to 1"


def test_transforms_are_told_in_their_order():
    made = Transform.of(SpectralGating(threshold=2), Speed(factor=1.25))
    assert words.transformed(made) == (
        "spectral_gating (threshold 2, reduction_db 40), then speed (factor 1.25, start_s 0)"
    )
    assert words.transformed(Transform()) == "the original"


def test_an_attempt_tells_what_it_was_about_only_where_that_is_new(report):
    first, second = map(words.attempted, report.story.attempts)
    assert first.keys() == {"asked", "about", "reason", "filter", "coordination", "verdict"}
    assert second.keys() - first.keys() == words.observed(NOTHING).keys()
    assert second["about"] == "wiener (smoothing 0.96, floor_db -25)"
    assert (second["filter"], second["coordination"]) == (
        "nothing",
        "speed (factor 1, start_s 0.5)",
    )


def test_an_attempt_without_a_plan_or_with_worse_scores_says_so(report):
    attempt = report.story.attempts[1]
    bare = words.attempted(attempt.model_copy(update={"plan": None}))
    assert not {"reason", "filter"} & bare.keys()
    worse = words.attempted(attempt.model_copy(update={"accepted": False}))
    assert worse["then"] == "alignment 0.90, temporal 0.10 to 0.95"
