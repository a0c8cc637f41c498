"""Data of rendered clips: balanced, split by clip, true, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from acav1m import plan
from acav1m.agent.train import about, data, example
from acav1m.agent.train.answer import answer
from acav1m.agent.train.data import Made, Request
from acav1m.errors import AcavError

COUNT = 27


@pytest.fixture(scope="module")
def made() -> Made:
    return data.make(plan.read(Path("quickstart")), Request(COUNT, seed=4), workers=2)


@pytest.mark.slow
def test_every_action_is_called_for_as_often(made: Made) -> None:
    counts = Counter(data.called_for(one) for one in made.examples)
    assert set(counts.values()) <= {1, 2, 3}
    assert sum(counts.values()) >= 0.8 * COUNT
    assert len(counts) >= 8


@pytest.mark.slow
def test_plans_follow_from_what_is_asked(made: Made) -> None:
    assert all(one.plan == answer(one.asked) for one in made.examples)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_examples(made: Made) -> None:
    again = data.make(plan.read(Path("quickstart")), Request(9, seed=4), workers=1)
    once_more = data.make(plan.read(Path("quickstart")), Request(9, seed=4), workers=2)
    assert again == once_more
    assert again.examples[0] != made.examples[0]


@pytest.mark.slow
def test_what_is_in_the_file_is_told_beside_it(made: Made, tmp_path: Path) -> None:
    out, recipe = tmp_path / "data.jsonl", plan.read(Path("quickstart"))
    said = about.write(out, recipe, Request(COUNT, seed=4), made)
    told = about.about(recipe, Request(COUNT, seed=4), made)
    assert example.read(out) == made.examples
    assert (tmp_path / "data.jsonl.about.json").is_file()
    assert said.startswith(f"{out}: {len(made.examples)} examples of ")
    assert told["seed"] == 4
    assert sum(told["actions"].values()) == sum(told["splits"].values()) == len(made.examples)


def test_quotas_add_up() -> None:
    assert set(data.quotas(27).values()) == {3}
    assert sum(data.quotas(31).values()) == 31


def test_a_clip_is_in_one_split_and_each_split_has_its_share() -> None:
    splits = Counter(data.split_of(f"dog-{number}") for number in range(2000))
    assert data.split_of("dog-1") == data.split_of("dog-1")
    assert splits["test"] / 2000 == pytest.approx(0.15, abs=0.03)
    assert splits["validation"] / 2000 == pytest.approx(0.1, abs=0.03)


def test_a_place_that_cannot_be_written_to_is_refused_first(tmp_path: Path) -> None:
    with pytest.raises(AcavError, match="is a folder"):
        about.check(tmp_path)
    with pytest.raises(AcavError, match="no folder that can be written to"):
        about.check(tmp_path / "none" / "data.jsonl")
