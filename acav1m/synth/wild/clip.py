"""Make a clip in which only timing links what is heard to what is seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acav1m.synth.wild import act, camera, known, lens, mic, mover, performer, tempo
from acav1m.synth.wild.film import Film

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from acav1m.synth.event import Captions, Event
    from acav1m.synth.wild.beat import Floats
    from acav1m.synth.wild.part import Part

VERSION = 1
"""Goes up when the same seed gives another clip."""

MARGIN_S = 1.5
"""A performance begins this long before the clip and goes on this long after it."""

KNOWN = 0.3
"""The share of clips that show one of the labelled events."""

RATES_FPS = (12.5, 15.0, 24000 / 1001, 24.0, 25.0, 25.0, 30000 / 1001, 30.0)
CALM = 0.35
"""The share of clips in which the camera stands and nothing else moves."""

JOLTED = 0.06
"""The share of sharp acts that shake the camera itself, as shots and explosions do."""

LIT = 0.06
"""The share of sharp acts that light up the whole place."""

LEAST_PX = 2.0
"""A performer that moves less than this within the picture is cast again."""

TRIES = 8
INSTANTS = 3
"""A moving thing is drawn this often within one exposure."""


@dataclass(frozen=True)
class Wild:
    """A clip, and when it is in it that something is both seen and heard."""

    seed: int
    frames: NDArray[np.uint8]
    """(n, height, width, 3); picture i is shown from i / fps on."""

    fps: float
    audio: NDArray[np.float32]
    """(samples,), mono in [-1, 1]."""

    rate_hz: int
    event: str | None
    """One of `scene.events()`, or None where look and sound were drawn independently."""

    captions: Captions | None
    event_times_s: tuple[float, ...]
    """When a hit is heard; it is seen within a picture of that."""

    impulsive: bool
    """Whether hits are heard as sharp onsets; else the sound swells or scrapes."""

    @property
    def seconds(self) -> float:
        return len(self.audio) / self.rate_hz


def wild(
    number_seed: int,
    *,
    seconds: float = 5.0,
    fps: float | None = None,
    width: int = 96,
    height: int = 72,
    rate_hz: int = 16_000,
) -> Wild:
    """Make a clip; the same seed gives the same bytes.

    The frame rate is drawn from 12.5 to 30 where none is given.
    """
    timing, look, heard = np.random.default_rng(number_seed).spawn(3)
    fps = float(timing.choice(RATES_FPS)) if fps is None else fps
    seconds = round(seconds * rate_hz) / rate_hz
    shots = _Shots(timing, seconds, fps)
    sound_s = -MARGIN_S + np.arange(round((seconds + 2 * MARGIN_S) * rate_hz)) / rate_hz
    if timing.random() < KNOWN:
        name, event = known.draw(timing, -MARGIN_S, seconds + MARGIN_S)
        frames = _film_event(look, event, shots, width, height)
        dry, rhythm, impulsive = event.sound(rate_hz), event.rhythm, event.impulsive
        label, captions = name, event.captions()
    else:
        done = act.draw(timing, -MARGIN_S, seconds + MARGIN_S)
        frames = _film_act(look, done, shots, width, height)
        dry = act.heard(done, heard, sound_s, rate_hz)
        rhythm, impulsive = done.rhythm, done.impulsive
        label, captions = None, None
    dry = _beside(heard, dry, sound_s, rate_hz)
    audio = mic.record(heard, dry, rate_hz)
    first = round(MARGIN_S * rate_hz)
    return Wild(
        seed=number_seed,
        frames=frames[shots.held],
        fps=fps,
        audio=audio[first : first + round(seconds * rate_hz)],
        rate_hz=rate_hz,
        event=label,
        captions=captions,
        event_times_s=rhythm.within(0.0, seconds),
        impulsive=impulsive,
    )


class _Shots:
    """When pictures are taken: `times_s` (pictures, instants); `held` says which is shown when."""

    def __init__(self, rng: Generator, seconds: float, fps: float) -> None:
        self.calm = bool(rng.random() < CALM)
        count = round(seconds * fps)
        hold = int(rng.choice((1, 2, 3), p=(0.9, 0.07, 0.03))) if fps > 20 else 1
        self.held = np.arange(count) // hold
        taken_s = np.arange(self.held[-1] + 1) * hold / fps
        open_s = rng.uniform(0.05, 0.9) * hold / fps
        lead_s = rng.uniform(-0.01, 0.03)
        self.middle_s = taken_s + lead_s
        self.times_s = self.middle_s[:, None] + open_s * np.linspace(-0.5, 0.5, INSTANTS)


def _film_act(
    rng: Generator, done: act.Act, shots: _Shots, width: int, height: int
) -> NDArray[np.uint8]:
    shorter = min(width, height)
    stage = performer.Stage(shots.times_s, width / shorter, height / shorter)
    view = camera.path(rng, shots.middle_s, width, height, calm=shots.calm)
    if done.impulsive and rng.random() < JOLTED:
        view = camera.jolted(rng, view, done.rhythm, shots.middle_s)
    film = Film(rng, view, width, height)
    movers = [] if shots.calm else mover.draw(rng, stage)
    players = _players(rng, done, stage, film)
    behind = len(movers) if rng.random() < 0.7 else len(movers) // 2
    film.draw([*movers[:behind], *players, *movers[behind:]], INSTANTS)
    if done.impulsive and rng.random() < LIT:
        lens.flash(rng, film.frames, done.rhythm, shots.middle_s)
    lens.spoil(rng, film.frames, shots.middle_s)
    return film.frames


def _players(rng: Generator, done: act.Act, stage: performer.Stage, film: Film) -> list[Part]:
    """Cast performers until some part of them is seen to move."""
    for _ in range(TRIES):
        players = performer.cast(rng, done, stage)
        if film.shown_px(players, INSTANTS) > LEAST_PX:
            break
    return players


def _film_event(
    rng: Generator, event: Event, shots: _Shots, width: int, height: int
) -> NDArray[np.uint8]:
    shorter = min(width, height)
    stage = performer.Stage(shots.times_s, width / shorter, height / shorter)
    view = camera.path(rng, shots.middle_s, width, height, upright=True, calm=shots.calm)
    film = Film(rng, view, width, height)
    if not shots.calm:
        film.draw(mover.draw(rng, stage), INSTANTS)
    known.film(rng, event, film.frames, shots.middle_s, view)
    lens.spoil(rng, film.frames, shots.middle_s)
    return film.frames


def _beside(rng: Generator, dry: Floats, times_s: Floats, rate_hz: int) -> Floats:
    """Add, in some clips, something else that happens out of the picture, now and then."""
    dry = dry / max(float(np.abs(dry).max()), 1e-9)
    if rng.random() >= 0.2:
        return dry
    other = act.draw(rng, float(times_s[0]), float(times_s[-1]))
    other = act.Act(tempo.lone(rng, -MARGIN_S, float(times_s[-1])), "struck", other.opening)
    aside = act.heard(other, rng, times_s, rate_hz)
    return np.asarray(dry + aside * rng.uniform(0.1, 0.8))
