"""A stretch of a clip that a defect takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.defect import Options

WHOLE_SHARE = 0.25
"""How often a span is the whole clip."""


def choose_span(rng: Generator, seconds: float) -> Options:
    """Draw a span of 30 to 80 % of the clip, or all of it."""
    length_s = seconds * float(rng.uniform(0.3, 0.8))
    start_s = float(rng.uniform(0, seconds - length_s))
    if rng.random() < WHOLE_SHARE:
        start_s, length_s = 0.0, seconds
    return {"start_s": round(start_s, 2), "length_s": round(length_s, 2)}


def is_whole(options: Options, seconds: float) -> bool:
    """Whether the span is the whole clip."""
    return float(options["start_s"]) <= 0 and end_s(options) >= seconds


def end_s(options: Options) -> float:
    """When the span ends.

    >>> end_s({"start_s": 1.0, "length_s": 2.5})
    3.5
    """
    return round(float(options["start_s"]) + float(options["length_s"]), 6)
