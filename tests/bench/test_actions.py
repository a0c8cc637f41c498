"""What `bench actions` prints."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from acav1m.agent import action as actions
from acav1m.bench import actions as bench
from acav1m.cli import app


@pytest.fixture
def short(monkeypatch):
    """A benchmark of a second."""
    monkeypatch.setattr(bench, "SECONDS", 1)
    monkeypatch.setattr(bench, "TAKES", 1)
    monkeypatch.setattr(bench, "REPEATS", 1)
    monkeypatch.setattr(bench, "SNRS_DB", (5,))
    monkeypatch.setattr(bench, "RATES_HZ", (16_000,))
    bench._parts.cache_clear()
    yield
    bench._parts.cache_clear()


@pytest.fixture
def run(short):
    return lambda *words: CliRunner().invoke(app, ["bench", "actions", *words])


def test_json_has_every_gain_and_time_in_one_object(run):
    found = run("--seed", "3", "--json")
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    noisy = {name for name in actions.names() if actions.load(name).kind == "noise"}
    assert told["si_sdr_gain_db"].keys() == noisy
    rate = told["timing"]["rates"]["16000"]
    assert rate["actions"].keys() == set(actions.names())
    assert rate["floor"]["times_floor"] == 1
    assert all(one["times_real_time"] > 0 for one in rate["actions"].values())


def test_the_same_seed_gives_the_same_gains_and_another_does_not(short):
    assert bench.figures(4) == bench.figures(4)
    assert bench.figures(4)["si_sdr_gain_db"] != bench.figures(5)["si_sdr_gain_db"]


def test_tables_name_every_action_and_the_floor(run):
    told = run().stdout
    assert "floor" in told
    assert all(name in told for name in actions.names())


def test_si_sdr_is_what_it_is_by_construction():
    rng = np.random.default_rng(0)
    true, other = rng.standard_normal((2, 100_000))
    assert bench.si_sdr_db(3 * (true + 0.1 * other), true) == pytest.approx(20, abs=0.1)
