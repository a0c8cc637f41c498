"""Findings say what rules would do, in words and with the numbers that stand beside them."""

from __future__ import annotations

from typing import Any

import pytest

from acav1m.agent.language import prompt
from acav1m.agent.language.findings import MEANINGS, findings
from acav1m.agent.observation import Observation
from acav1m.agent.planner import Asked
from acav1m.agent.planners.rules import Rules

HISS = {"kind": "hiss", "floor_db": -30, "snr_db": 5}
LEVEL = {"lufs": -30, "peak_db": -9, "target_lufs": -20.5, "reachable_lufs": -22}


def found(**parts: Any) -> dict[str, Any]:
    scores = {"temporal": 0.1, "soundness": 0.3}
    return findings(Observation.model_validate({"duration_s": 5, "scores": scores, **parts}))


@pytest.mark.parametrize(
    ("parts", "name", "said"),
    [
        ({}, "noise", "none"),
        ({"noise": HISS}, "noise", "loud"),
        ({"noise": {**HISS, "snr_db": 16}}, "noise", "faint"),
        ({"noise": {**HISS, "snr_db": 30}}, "noise", "slight"),
        ({"noise": HISS, "scores": {"soundness": 0.9}}, "noise", "slight"),
        ({}, "in_step", "unlikely"),
        ({"scores": {}}, "in_step", "unknown"),
        ({"scores": {"temporal": 0.95}}, "in_step", "likely"),
        ({}, "offset", "unknown"),
        ({"timing": {"offset_s": 0.4, "confidence": 0.9}}, "offset", "sure"),
        ({"timing": {"offset_s": 0.4, "confidence": 0.01}}, "offset", "unsure"),
        ({"timing": {"offset_s": 0.04, "confidence": 0.9}}, "offset", "none"),
        ({"timing": {"offset_s": 0.4, "confidence": 0.9}}, "speed", {"start_s": 0.4}),
        ({"timing": {"offset_s": 0.4, "confidence": 0.01}}, "speed", None),
        ({"timing": {"offset_s": 0.4, "drift": -0.05}}, "speed", {"factor": 0.95}),
        ({}, "loudness", "free"),
        ({"level": LEVEL}, "loudness", "quiet"),
        ({"level": LEVEL}, "volume", {"target_lufs": -20.5}),
        ({"level": {**LEVEL, "reachable_lufs": -36}}, "loudness", "loud"),
        ({"level": {**LEVEL, "lufs": -22.2}}, "loudness", "fine"),
        ({"level": {**LEVEL, "lufs": -22.2}}, "volume", None),
        ({"blanks": {"count": 2}}, "blanks", "yes"),
    ],
)
def test_words_follow_from_numbers(parts: dict[str, Any], name: str, said: Any) -> None:
    assert found(**parts)[name] == said


def test_every_finding_is_explained() -> None:
    assert list(found()) == list(MEANINGS)
    assert all(f"- {name}: {meaning}" in prompt.system() for name, meaning in MEANINGS.items())


@pytest.mark.parametrize("snr_db", [5, 16, 30])
@pytest.mark.parametrize("soundness", [0.3, 0.9])
def test_rules_filter_what_is_found_loud_or_faint(snr_db: float, soundness: float) -> None:
    told = {
        "duration_s": 5,
        "scores": {"soundness": soundness},
        "noise": {**HISS, "snr_db": snr_db},
    }
    observation = Observation.model_validate(told)
    plan = Rules().plan(Asked(observation=observation)).plan
    assert plan is not None
    assert (findings(observation)["noise"] in ("loud", "faint")) == (plan.noise is not None)
