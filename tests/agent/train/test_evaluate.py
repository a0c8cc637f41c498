"""Figures of planners whose worth is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from acav1m.agent.actions.speed import Speed
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Asked, Planner
from acav1m.agent.planners.random import Random
from acav1m.agent.train import evaluating, example, table
from acav1m.agent.train.answer import answer
from acav1m.agent.train.evaluate import evaluate
from acav1m.agent.train.example import Example
from acav1m.errors import AcavError


class Right(Planner):
    """Knows the answer."""

    def plan(self, asked: Asked) -> Answer:
        """Give it."""
        return Answer(answer(asked))


class Swayed(Right):
    """Knows the answer unless a caption gives orders, and moves sound 0.1 s too far."""

    def plan(self, asked: Asked) -> Answer:
        """Give an answer, or none."""
        if "double speed" in f"{asked.observation.audio_caption}{asked.observation.visual_caption}":
            return Answer(None, cause="no JSON")
        acts = [_further(act) if isinstance(act, Speed) else act for act in answer(asked).acts()]
        return Answer(Plan.of("so", *acts))


class Nudged(Right):
    """Knows the answer, and moves sound too far where a caption gives orders."""

    def plan(self, asked: Asked) -> Answer:
        """Give an answer."""
        if "double speed" in f"{asked.observation.audio_caption}{asked.observation.visual_caption}":
            moves = [act for act in answer(asked).acts() if isinstance(act, Speed)]
            return Answer(Plan.of("so", *map(_further, moves)))
        return super().plan(asked)


def _further(speed: Speed) -> Speed:
    return speed.model_copy(update={"start_s": speed.start_s + 0.1})


def test_who_knows_the_answer_is_always_right(imagined: list[Example]) -> None:
    found = evaluate(Right(), imagined[:90])
    assert found["actions_right"]["share"] == 1
    assert 0.9 < found["actions_right"]["low"] < 1
    assert found["invalid"]["share"] == 0
    assert found["unmoved_by_orders"]["share"] == 1
    assert all(one["mean"] == 0 for one in found["parameter_errors"].values())
    assert len(found["by_action"]) == 9


def test_errors_and_sways_are_counted(imagined: list[Example]) -> None:
    found = evaluate(Swayed(), imagined[:90])
    assert found["actions_right"]["share"] == 1
    assert found["parameter_errors"]["speed.start_s"]["mean"] == pytest.approx(0.1)
    assert 0.5 < found["unmoved_by_orders"]["share"] < 1


def test_a_moved_parameter_is_no_moved_action(imagined: list[Example]) -> None:
    late = [one for one in imagined[:90] if one.fault == "late"]
    found = evaluate(Nudged(), late)
    assert found["actions_unmoved_by_orders"]["share"] == 1
    assert found["unmoved_by_orders"]["share"] < 1


def test_chance_is_seldom_right(imagined: list[Example]) -> None:
    assert evaluate(Random(), imagined[:90])["actions_right"]["high"] < 0.4


def test_no_plan_is_invalid_and_never_right(imagined: list[Example]) -> None:
    class Mute(Planner):
        def plan(self, asked: Asked) -> Answer:
            return Answer(None, cause="dead")

    found = evaluate(Mute(), imagined[:9])
    assert (found["invalid"]["share"], found["actions_right"]["share"]) == (1, 0)


def test_planners_stand_side_by_side(imagined: list[Example], tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    example.write(path, imagined[:200])
    found = evaluating.run(path, ["rules", "{random: {seed: 3}}"])
    told = table.text(found)
    assert found["rules"]["by_action"]["speed"]["share"] == 1
    assert found["rules"]["by_action"]["wiener"]["share"] == 0
    assert "rules" in told
    assert "{random: {seed: 3}}" in told
    assert "invalid output" in told


@pytest.mark.parametrize(
    ("asked", "said"),
    [("ruels", "rules"), ("{local: {modeel: x}}", "model"), ("[", "--planner"), ("7", "--planner")],
)
def test_a_planner_that_is_none_is_refused(
    imagined: list[Example], tmp_path: Path, asked: str, said: str
) -> None:
    example.write(tmp_path / "data.jsonl", imagined[:99])
    with pytest.raises(AcavError, match=said) as error:
        evaluating.run(tmp_path / "data.jsonl", [asked])
    assert "\n" not in str(error.value)


def test_a_split_that_is_none_is_refused(imagined: list[Example], tmp_path: Path) -> None:
    example.write(tmp_path / "data.jsonl", imagined[:99])
    with pytest.raises(AcavError, match="test"):
        evaluating.run(tmp_path / "data.jsonl", ["rules"], "tset")
