"""What each filter keeps at, just beside and without its threshold."""

from typing import Any

import pytest

from acav1m import steps
from acav1m.steps import Filter


def made(name: str, **options: Any) -> Filter:
    step = steps.load("filters", name)(**options)
    assert isinstance(step, Filter)
    return step


AT_LEAST = [
    ("too_short", {"min_s": 3}, "duration_s", 3.0),
    ("quiet", {"min_lufs": -40}, "lufs", -40.0),
    ("language_misaligned", {"min_score": 0.6}, "language_score", 0.6),
    ("instance_misaligned", {"min_score": 0.6}, "instance_score", 0.6),
    ("temporal_misaligned", {"min_score": 0.6}, "temporal_score", 0.6),
    ("instance_misaligned", {"min_score": 0.1, "raw": True}, "instance_score_raw", 0.1),
]
AT_MOST = [
    ("silence", {"max_share": 0.3}, "silent_share", 0.3),
    ("clipped", {"max_share": 0.02}, "clipped_share", 0.02),
    ("black", {"max_share": 0.3}, "black_share", 0.3),
    ("frozen", {"max_share": 0.3}, "frozen_share", 0.3),
    ("cut_skew", {"max_skew_s": 0.05}, "cut_skew_s", 0.05),
]


@pytest.mark.parametrize(("name", "options", "column", "limit"), AT_LEAST)
def test_at_least(name: str, options: dict[str, Any], column: str, limit: float) -> None:
    step = made(name, **options)
    assert step.keeps(**{column: limit})
    assert step.keeps(**{column: limit + 1e-6})
    assert not step.keeps(**{column: limit - 1e-6})


@pytest.mark.parametrize(("name", "options", "column", "limit"), AT_MOST)
def test_at_most(name: str, options: dict[str, Any], column: str, limit: float) -> None:
    step = made(name, **options)
    assert step.keeps(**{column: limit})
    assert not step.keeps(**{column: limit + 1e-6})


@pytest.mark.parametrize(("name", "options", "column", "_"), AT_LEAST + AT_MOST)
def test_null_is_not_kept(name: str, options: dict[str, Any], column: str, _: float) -> None:
    assert not made(name, **options).keeps(**{column: None})


def test_counts() -> None:
    assert made("many_shots", max_changes=2).keeps(shot_changes=2)
    assert not made("many_shots", max_changes=2).keeps(shot_changes=3)
    assert made("corrupt").keeps(decode_errors=0)
    assert not made("corrupt").keeps(decode_errors=1)


def test_the_shorter_side_counts() -> None:
    step = made("too_small", min_px=100)
    assert step.keeps(width_px=100, height_px=400)
    assert not step.keeps(width_px=400, height_px=99)
    assert not step.keeps(width_px=400, height_px=None)


def test_a_still_cover_and_a_slide_show_are_static() -> None:
    step = made("static_picture", min_motion=0.01, max_frozen_share=0.7)
    assert step.keeps(motion=0.01, frozen_share=0.7)
    assert not step.keeps(motion=0.009, frozen_share=0.0)
    assert not step.keeps(motion=0.2, frozen_share=0.71)
    assert not step.keeps(motion=None, frozen_share=0.0)


def test_skew_either_way_is_seen() -> None:
    assert not made("cut_skew", max_skew_s=0.05).keeps(cut_skew_s=-0.06)
