"""One take: a performance on film and on tape, before lens and microphone add their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.synth.wild import act, camera, known, lens, mover, performer
from acav1m.synth.wild.film import Film
from acav1m.synth.wild.shots import INSTANTS
from acav1m.synth.wild.stage import Stage

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.event import Captions
    from acav1m.synth.rhythm import Rhythm
    from acav1m.synth.wild.act import Act
    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.part import Part
    from acav1m.synth.wild.shots import Shots

    Draws = tuple[Generator, Generator, Generator]
    """For what happens when, for all looks, and for all sounds."""

JOLTED = 0.06
"""The share of sharp acts that shake the camera itself, as shots and explosions do."""

LIT = 0.06
"""The share of sharp acts that light up the whole place."""

LEAST_STIR = 16.0
"""Performers whose pixels change less than this (of 255) around a hit are cast again."""

AROUND_S = 0.12

TRIES = 8


class Extent(NamedTuple):
    """How long a performance is, and how large its picture."""

    start_s: float
    end_s: float
    rate_hz: int
    width: int
    height: int

    def stage(self, shots: Shots) -> Stage:
        """The stage of that picture."""
        shorter = min(self.width, self.height)
        return Stage(shots.times_s, self.width / shorter, self.height / shorter)


class Take(NamedTuple):
    """What was filmed and heard."""

    frames: NDArray[np.uint8]
    dry: Floats
    rhythm: Rhythm
    impulsive: bool
    event: str | None = None
    captions: Captions | None = None


def play_anything(draws: Draws, shots: Shots, extent: Extent) -> Take:
    """Let anything perform anything with any sound."""
    timing, look, heard = draws
    done = act.draw(timing, extent.start_s, extent.end_s)
    count = round((extent.end_s - extent.start_s) * extent.rate_hz)
    times_s = extent.start_s + np.arange(count) / extent.rate_hz
    return Take(
        frames=filmed(look, done, shots, extent),
        dry=act.played(done, heard, times_s, extent.rate_hz),
        rhythm=done.rhythm,
        impulsive=done.impulsive,
    )


def play_known(draws: Draws, shots: Shots, extent: Extent) -> Take:
    """Let one of the labelled events be performed in the wild."""
    timing, look, _ = draws
    name, event = known.draw(timing, extent.start_s, extent.end_s)
    view = camera.path(look, shots, extent.width, extent.height, upright=True)
    film = Film(look, view, extent.width, extent.height)
    if not shots.calm:
        film.draw(mover.draw(look, extent.stage(shots)), INSTANTS)
    known.film(look, event, film.frames, shots.middle_s, view)
    return Take(
        frames=film.frames,
        dry=event.sound(extent.rate_hz),
        rhythm=event.rhythm,
        impulsive=event.impulsive,
        event=name,
        captions=event.captions(),
    )


def filmed(rng: Generator, done: Act, shots: Shots, extent: Extent) -> NDArray[np.uint8]:
    """Film an act with performers that are seen to move."""
    view = camera.path(rng, shots, extent.width, extent.height)
    if done.impulsive and rng.random() < JOLTED:
        view = camera.jolted(rng, view, done.seen or done.rhythm, shots.middle_s)
    film = Film(rng, view, extent.width, extent.height)
    stage = extent.stage(shots)
    movers = [] if shots.calm else mover.draw(rng, stage)
    players = _players(rng, done, stage, film)
    behind = len(movers) if rng.random() < 0.7 else len(movers) // 2
    film.draw([*movers[:behind], *players, *movers[behind:]], INSTANTS)
    if done.impulsive and rng.random() < LIT:
        lens.flash(rng, film.frames, done.seen or done.rhythm, shots.middle_s)
    return film.frames


def _players(rng: Generator, done: Act, stage: Stage, film: Film) -> list[Part]:
    """Cast performers until they are seen to move about some hit."""
    for _ in range(TRIES):
        players = performer.cast(rng, done, stage)
        if _stir(done, players, stage, film) >= LEAST_STIR:
            break
    return players


def _stir(done: Act, players: list[Part], stage: Stage, film: Film) -> float:
    """How much players change just before or just after the hits, at the best of three."""
    middle_s, last = stage.times_s[:, INSTANTS // 2], len(stage.times_s) - 1
    hits_s = (done.seen or done.rhythm).within(float(middle_s[0]), float(middle_s[-1]))
    found = [LEAST_STIR] if not hits_s else []
    for hit_s in hits_s[:3]:
        at_s = (hit_s - AROUND_S, hit_s, hit_s + AROUND_S)
        before, during, after = np.minimum(np.searchsorted(middle_s, at_s), last).tolist()
        found += [film.stir(players, *two, INSTANTS) for two in ((before, during), (during, after))]
    return max(found)
