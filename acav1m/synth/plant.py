"""Plant one known defect in a clean clip."""

from __future__ import annotations

import importlib
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from acav1m import registry
from acav1m.errors import AcavError, did_you_mean
from acav1m.synth import defects as folder
from acav1m.synth.defect import Defect, Options
from acav1m.synth.event import Captions
from acav1m.synth.stock import RENDERER, Stock

if TYPE_CHECKING:
    from numpy.random import Generator

    from acav1m.synth.scene import Rendered


def defects() -> list[str]:
    """Names of the defects, sorted: the files in `acav1m/synth/defects`."""
    return registry.names(folder)


def plant(
    rendered: Rendered,
    defect: str,
    seed: int,
    *,
    stock: Stock = RENDERER,
    **options: float | str,
) -> Rendered:
    """Return the clip with one defect in it; options not given are drawn by the seed.

    `stock` is what the clip is from, and what other sound and captions are taken from.

    Raises:
        AcavError: No such defect or option, the clip has a defect already, or cannot have this.
    """
    if rendered.defect is not None:
        raise AcavError(f"a clip takes one defect, and this one is {rendered.defect} already")
    kind = defect_named(defect, stock)
    chosen = choose(defect, seed, rendered.event, rendered.seconds, stock=stock, **options)
    objection = kind.objection(rendered.event, rendered.seconds, chosen)
    if objection is not None:
        raise AcavError(f"{defect}: {objection}")
    damaged = kind.apply(rendered, _rng(defect, seed, "damage"), chosen)
    clean = Captions(rendered.caption, rendered.audio_caption, rendered.visual_caption)
    known = all(clean)
    both, audio, visual = kind.describe(clean, chosen, rendered.seconds) if known else clean
    return replace(
        damaged,
        caption=kind.claim(both, chosen, rendered.seconds),
        audio_caption=audio,
        visual_caption=visual,
        labels_per_s=kind.labels(rendered.seconds, chosen),
        defect=defect,
        defect_options=dict(damaged.defect_options or chosen),
    )


def choose(
    defect: str,
    seed: int,
    event: str,
    seconds: float,
    *,
    stock: Stock = RENDERER,
    **options: float | str,
) -> dict[str, float | str]:
    """Draw what `plant` would, without a clip; `options` override what is drawn.

    Raises:
        AcavError: No such defect or option.
    """
    kind = defect_named(defect, stock)
    drawn: Options = kind.choose(_rng(defect, seed, event), event, seconds)
    for name in options:
        if name not in drawn:
            raise AcavError(f"{defect}: no option {name!r}{did_you_mean(name, drawn)}")
    return {**drawn, **options}


def defect_named(name: str, stock: Stock = RENDERER) -> Defect:
    """Make the defect of that name, with what it takes other sound and captions from.

    Raises:
        AcavError: There is no such defect.
    """
    return _class(name)(stock)


@cache
def _class(name: str) -> type[Defect]:
    if name not in defects():
        raise AcavError(f"synthetic defect {name!r}: no such defect{did_you_mean(name, defects())}")
    module = importlib.import_module(f"{folder.__name__}.{name}")
    return registry.only(module, Defect)  # type: ignore[type-abstract]


def _rng(defect: str, seed: int, purpose: str) -> Generator:
    return np.random.default_rng([seed, crc32(f"{defect}/{purpose}".encode())])
