"""The commands `acav1m agent make-data`, `train` and `eval`."""

import json
import re

import pytest
from typer.testing import CliRunner

from acav1m.agent.observation import Noise, Observation
from acav1m.agent.planner import Asked
from acav1m.agent.train import example
from acav1m.agent.train.answer import after, answer
from acav1m.agent.train.example import Example
from acav1m.cli import app


@pytest.fixture
def data(tmp_path):
    """A file of three examples: one clean, one with a hum, one where a filter was tried."""
    noises = (Noise(), Noise(kind="hum", floor_db=-30, snr_db=5))
    asked = [Asked(observation=Observation(duration_s=5, noise=noise)) for noise in noises]
    found = [
        Example(asked=one, plan=answer(one), fault="clean", clip=str(k), split="test")
        for k, one in enumerate([*asked, after(asked[1], 1)])
    ]
    example.write(tmp_path / "data.jsonl", found)
    return tmp_path / "data.jsonl"


def run(*words):
    return CliRunner().invoke(app, ["agent", *map(str, words)])


def test_planners_are_evaluated_side_by_side(data):
    found = run("eval", data, "--planner", "rules", "--planner", "random")
    assert found.exit_code == 0, found.output
    assert "actions right" in found.stdout
    assert "random" in found.stdout


def test_figures_are_json_on_demand(data):
    found = run("eval", data, "--planner", "rules", "--limit", 2, "--json")
    told = json.loads(found.stdout)
    assert told["rules"]["examples"] == 2
    assert told["rules"]["actions_right"]["share"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("eval", "none.jsonl", "--planner", "rules"), "none.jsonl: No such file"),
        (("train", "none.jsonl", "--out", "."), "none.jsonl: No such file"),
        (("make-data", "none/data.jsonl"), "none: no folder that can be written to"),
        (("make-data", "data.jsonl", "--clips", "none"), "--clips: .*none"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = run(*words)
    assert found.exit_code == 2
    [line] = [line for line in found.stderr.splitlines() if line.startswith("acav1m: ")]
    assert re.search(said, line)
