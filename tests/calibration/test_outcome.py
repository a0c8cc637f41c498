"""Few clips get the prior, useless scores are called so, and the report says which."""

import json

import numpy as np
import pytest

from acav1m.calibration.fit import MIN_PAIRS, Pairs
from acav1m.calibration.map import Calibration
from acav1m.calibration.outcome import MIN_TO_TELL, VAIN, Outcome, Question, conclude
from acav1m.calibration.report import JSON, Report, page
from acav1m.recipe import Calibration as Settings

PRIOR = Calibration(2.0, -1.0)


def pairs(count: int, apart: float = 2.0) -> Pairs:
    rng = np.random.default_rng(0)
    raw = np.concatenate([rng.normal(apart, 1, count), rng.normal(0, 1, count)])
    return Pairs(raw, np.repeat([True, False], count), np.tile(np.arange(count), 2))


def outcome(some: Pairs, prior: Calibration | None = PRIOR, **settings) -> Outcome:
    question = Question("score", "score_raw", "aligners.one", "other", prior)
    return conclude(question, some, {"muted": some}, Settings(**settings))


def report(*outcomes: Outcome) -> Report:
    return Report(Settings(), 60, {"copies": 3, "silent": 0}, outcomes)


def test_enough_clips_are_fitted_to() -> None:
    found = outcome(pairs(MIN_PAIRS))

    assert (found.by, found.why) == ("own clips", "fitted to 50 clips of the recipe")
    assert found.map != PRIOR
    assert found.warning is None


def test_one_clip_less_gets_the_prior_and_evidence_of_it() -> None:
    found = outcome(pairs(MIN_PAIRS - 1))

    assert (found.by, found.why) == ("prior", "prior: 49 clips of 50 needed")
    assert found.map == PRIOR
    assert found.evidence.auc.value > 0.8


def test_many_pairs_of_few_clips_are_few() -> None:
    some = pairs(500)
    few = Pairs(some.raw, some.matched, some.group % 20)

    assert outcome(few).why == "prior: 20 clips of 50 needed"


def test_without_a_prior_few_clips_give_null() -> None:
    found = outcome(pairs(3), prior=None)

    assert (found.by, found.map) == ("nothing", None)
    assert found.why == "null: 3 clips of 50 needed, and aligners.one ships no prior"
    assert report(found).maps() == {}


def test_a_handful_of_clips_has_no_figures() -> None:
    assert outcome(pairs(MIN_TO_TELL - 1)).evidence is None


def test_the_recipe_may_ask_for_the_prior() -> None:
    found = outcome(pairs(100), use="prior")

    assert (found.map, found.why) == (PRIOR, "prior: the recipe asks for it")


def test_clips_without_a_stranger_are_counted() -> None:
    some = pairs(5)
    alone = some.at(some.matched)

    assert outcome(alone).why == "prior: 5 clips of 50 needed, 0 of them with a mismatched pair"


def test_a_score_that_tells_nothing_is_called_so_and_flat() -> None:
    found = outcome(pairs(200, apart=0.0), prior=None)

    assert found.by == "own clips"
    assert found.warning.startswith("score does not tell matched from mismatched pairs")
    assert np.abs(found.map.probabilities(np.linspace(-1, 1, 9)) - 0.5).max() < 0.15
    assert found.warning in page(report(found).json())


def test_clips_that_are_mismatched_as_recorded_get_the_prior_and_are_named_as_a_cause() -> None:
    rng = np.random.default_rng(1)
    clean = pairs(200)
    own = np.where(np.arange(200) < 190, rng.normal(0, 1, 200), clean.raw[:200])
    found = outcome(clean._replace(raw=np.concatenate([own, clean.raw[200:]])))

    assert (found.by, found.map) == ("prior", PRIOR)
    assert found.why == VAIN
    assert found.warning.endswith("or many of these clips are mismatched as recorded")
    assert {found.why, found.warning} <= set(report(found).told()["score"].split("; "))


def test_clips_of_which_some_are_mismatched_are_still_fitted_to() -> None:
    clean = pairs(200)
    raw = clean.raw.copy()
    raw[:60] = raw[200:260] + 0.01

    assert outcome(clean._replace(raw=raw)).by == "own clips"


def test_what_else_was_done_to_the_sound_has_headings_that_can_be_understood() -> None:
    text = page(report(outcome(pairs(60))).json())

    assert "| mean score as recorded | mean score with this sound |" in text
    assert "| AUC of as recorded against this sound |" in text


def test_one_copy_is_no_copies() -> None:
    found = Report(Settings(), 60, {"copies": 1, "silent": 2}, [outcome(pairs(60))])

    assert "left out: 1 copy, 2 silent." in page(found.json())


def test_precision_changes_the_threshold_and_not_the_map() -> None:
    strict, lax = (outcome(pairs(300), precision=p) for p in (0.95, 0.8))

    assert strict.map == lax.map
    assert strict.threshold.value > lax.threshold.value


def test_the_same_outcome_gives_the_same_bytes(tmp_path) -> None:
    found = report(outcome(pairs(100)))
    for folder in ("a", "b"):
        found.write(tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())

    assert names == ["calibration.json", "calibration.md", "score.png", "score.svg"]
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert b"date" not in (tmp_path / "a" / "score.svg").read_bytes().lower()


def test_what_no_longer_holds_is_removed(tmp_path) -> None:
    report(outcome(pairs(100))).write(tmp_path)
    report(outcome(pairs(3))).write(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "calibration.json",
        "calibration.md",
    ]


def test_the_numbers_are_plain_json(tmp_path) -> None:
    found = report(outcome(pairs(100)))
    found.write(tmp_path)

    assert json.loads((tmp_path / JSON).read_text()) == json.loads(json.dumps(found.json()))


@pytest.mark.parametrize("count", [3, 100])
def test_every_column_is_in_the_table(count: int) -> None:
    assert "| score |" in page(report(outcome(pairs(count))).json())
