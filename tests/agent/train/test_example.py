"""Files of examples: what is written is read again, and what is wrong is said in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acav1m.agent.train import example
from acav1m.agent.train.example import Example
from acav1m.errors import AcavError


def test_what_is_written_is_read_again(imagined: list[Example], tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    example.write(path, imagined[:20])
    assert example.read(path) == imagined[:20]
    assert [one.name for one in tmp_path.iterdir()] == ["data.jsonl"]


def test_a_plan_is_written_as_a_planner_says_it(imagined: list[Example], tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    example.write(path, imagined[:1])
    told = json.loads(path.read_text())
    assert set(told["plan"]) == {"reason", "noise", "coordination"}
    assert {"asked", "plan", "fault", "clip", "split"} <= set(told)


def changed(imagined: list[Example], **fields: object) -> str:
    return json.dumps(json.loads(imagined[0].model_dump_json()) | fields)


def test_what_is_no_example_is_named_with_its_line(imagined: list[Example], tmp_path: Path) -> None:
    path, good = tmp_path / "data.jsonl", changed(imagined)
    for bad, said in (
        ("{", "line 2: .*JSON"),
        (changed(imagined, split="training"), "line 2: split: "),
        (changed(imagined, plan={"reason": "", "noise": {"action": "mute"}}), "line 2: .*mute"),
    ):
        path.write_text(f"{good}\n{bad}\n")
        with pytest.raises(AcavError, match=said) as error:
            example.read(path)
        assert "\n" not in str(error.value)


def test_no_file_and_no_example_are_told(tmp_path: Path) -> None:
    with pytest.raises(AcavError, match="No such file"):
        example.read(tmp_path / "data.jsonl")
    (tmp_path / "data.jsonl").write_text("\n")
    with pytest.raises(AcavError, match="no examples"):
        example.read(tmp_path / "data.jsonl")
