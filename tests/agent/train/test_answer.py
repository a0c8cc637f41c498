"""Right answers: filters by the table, coordination by the rules, pitch by the caption."""

from __future__ import annotations

import numpy as np
import pytest

from acav1m.agent.observation import Blanks, Noise, Observation, Timing
from acav1m.agent.planner import Asked
from acav1m.agent.train import captions
from acav1m.agent.train.answer import after, answer

OFF = {"temporal": 0.1, "soundness": 0.3}
LATE = Timing(offset_s=0.5, confidence=0.9)
HISS = Noise(kind="hiss", floor_db=-30, snr_db=5)


def acts(observation: Observation, tried: int = 0) -> list[str]:
    return [one.name() for one in answer(after(Asked(observation=observation), tried)).acts()]


def observed(**parts: object) -> Observation:
    return Observation.model_validate(
        {"duration_s": 5.0, "audio_caption": "a dog", "scores": OFF, **parts}
    )


def test_nothing_is_done_to_what_is_well() -> None:
    assert acts(observed()) == []


def test_late_sound_is_moved_by_what_was_measured() -> None:
    [speed] = answer(Asked(observation=observed(timing=LATE))).acts()
    assert speed.model_dump() == {"factor": 1.0, "start_s": 0.5}


def test_nothing_is_moved_beside_a_filter() -> None:
    assert acts(observed(noise=HISS, timing=LATE)) == ["wiener"]
    assert acts(observed(noise=HISS, timing=LATE), tried=4) == ["speed"]


def test_noise_and_blanks_are_mended_at_once() -> None:
    blanks = Blanks(count=2, longest_ms=20)
    found = acts(observed(noise=HISS, timing=LATE, blanks=blanks))
    assert found == ["fill_blanks", "wiener"]


def test_noise_that_leaves_the_sound_sound_is_left_alone() -> None:
    assert acts(observed(noise=HISS, scores={"soundness": 0.75})) == []


def test_no_pitch_is_guessed() -> None:
    assert acts(observed(scores={"alignment": 0.4, "temporal": 0.97, "soundness": 0.9})) == []


def test_what_is_to_be_copied_is_what_is_told() -> None:
    offset = Timing(offset_s=0.4949, confidence=0.9)
    [moved] = answer(Asked(observation=observed(timing=offset))).acts()
    assert moved.model_dump() == {"factor": 1.0, "start_s": 0.49}


def test_blanks_come_before_timing() -> None:
    assert acts(observed(blanks=Blanks(count=2, longest_ms=20), timing=LATE)) == ["fill_blanks"]


def test_what_was_tried_gives_way_to_the_next_filter() -> None:
    found = [acts(observed(noise=HISS), tried) for tried in range(5)]
    assert found == [["wiener"], ["wavelet"], ["spectral_subtraction"], ["spectral_gating"], []]


@pytest.mark.parametrize("semitones", [-4, 1, 7])
def test_pitch_is_put_right_where_the_caption_tells_of_it(semitones: int) -> None:
    [pitch] = answer(Asked(observation=captions.with_pitch(observed(), semitones))).acts()
    assert pitch.model_dump() == {"semitones": -semitones}


@pytest.mark.parametrize("orders", [captions.ORDERS, captions.UNSEEN_ORDERS])
def test_orders_change_no_answer(orders: tuple[str, ...]) -> None:
    rng = np.random.default_rng(0)
    for found in (observed(), observed(noise=HISS), captions.with_pitch(observed(), 3)):
        for _ in range(8):
            other = captions.injected(found, rng, orders)
            assert other != found
            assert answer(Asked(observation=other)) == answer(Asked(observation=found))


def test_orders_of_evaluation_are_not_those_of_training() -> None:
    assert not set(captions.ORDERS) & set(captions.UNSEEN_ORDERS)
