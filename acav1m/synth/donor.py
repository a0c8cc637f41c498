"""Another clip that a defect takes something from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.defect import Options
    from acav1m.synth.stock import Stock

NOBODY = ""


def choose_donor(rng: Generator, stock: Stock, event: str) -> Options:
    """Draw a clip that is certainly another one."""
    others = list(stock.others(event))
    other = str(rng.choice(others)) if others else NOBODY
    return {"other_event": other, "other_seed": int(rng.integers(2**31))}


def donor(options: Options) -> tuple[str, int]:
    """Name and seed of the other clip."""
    return str(options["other_event"]), int(options["other_seed"])
