"""The planner that goes by what is measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.hearing import off_lu
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Asked, Planner
from acav1m.agent.remedies import filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acav1m.agent.action import Action
    from acav1m.agent.observation import Observation

    Acts = tuple[Action, ...]

PLACES = 3


class Rules(Planner):
    """Goes by what is measured, and by nothing that anybody wrote: the default.

    Noise that is heard and stands no more than `max_snr_db` below the sound is filtered, by what
    gained most against its kind and level (`remedies`). What is most urgent of the rest is mended
    beside it: blanks; sound that comes late or early, where the temporal score is below
    `in_step`, by `min_offset_s` or more and known with `min_confidence`; a drift of `min_drift`
    or more seconds each second with it; a loudness that one gain brings `min_gain_lu` or more
    nearer to what is asked for. What was tried is not tried again: of two actions the sure one
    is tried alone, and then the next filter.

    No rule looks for a wrong pitch: nothing in the observation tells of it.
    """

    max_snr_db: float = Field(default=20.0, ge=0, le=60)
    in_step: float = Field(default=0.85, ge=0, le=1)
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    min_offset_s: float = Field(default=0.06, ge=0, le=5)
    min_drift: float = Field(default=0.015, ge=0, le=0.5)
    min_gain_lu: float = Field(default=0.5, ge=0, le=20)

    def plan(self, asked: Asked) -> Answer:
        """The first plan that was not tried yet; one without actions where nothing is left."""
        tried = [one.transform for one in asked.history]
        told = asked.observation
        for acts in self._options(told):
            plan = Plan.of(_reason(told, acts), *acts)
            if asked.made_by.then(*plan.acts()) not in tried:
                return Answer(plan)
        return Answer(Plan.of("all that was measured is sound" if not tried else "nothing is left"))

    def _options(self, told: Observation) -> Iterator[Acts]:
        """Plans in the order to try them."""
        noise, fit = list(self._filters(told)), list(self._fits(told))[:1]
        if noise and fit:
            yield noise[0], *fit
        if fit:
            yield tuple(fit)
        yield from ((one,) for one in noise)

    def _filters(self, told: Observation) -> tuple[Action, ...]:
        kind, snr_db = told.noise.kind, told.noise.snr_db
        if snr_db is None or snr_db > self.max_snr_db:
            return ()
        return filters(kind, snr_db)

    def _fits(self, told: Observation) -> Iterator[Action]:
        """Actions of coordination, the most urgent first."""
        if told.blanks.count:
            yield FillBlanks()
        yield from self._timing(told)
        level = told.level
        if level.target_lufs is not None and off_lu(level) >= self.min_gain_lu:
            yield Volume(target_lufs=level.target_lufs)

    def _timing(self, told: Observation) -> Iterator[Action]:
        timing, score = told.timing, told.scores.temporal
        if timing.offset_s is None or score is None or score >= self.in_step:
            return
        if (timing.confidence or 0) < self.min_confidence:
            return
        drift = timing.drift or 0.0
        if abs(drift) >= self.min_drift:
            # the offset is that of the middle: at the start half of the drift is still to come
            start_s = timing.offset_s - drift * told.duration_s / 2
            yield Speed(factor=round(1 + drift, PLACES), start_s=round(start_s, PLACES))
        if abs(timing.offset_s) >= self.min_offset_s:
            yield Speed(start_s=round(timing.offset_s, PLACES))


def _reason(told: Observation, acts: Acts) -> str:
    """What is wrong, in words and numbers that are all measured."""
    return "; ".join(_wrong(told, act) for act in acts)


def _wrong(told: Observation, act: Action) -> str:
    if act.kind == "noise":
        return f"{told.noise.kind} {told.noise.snr_db:.0f} dB below the sound"
    if isinstance(act, FillBlanks):
        return f"{told.blanks.count} blanks of up to {told.blanks.longest_ms:.0f} ms"
    if isinstance(act, Volume):
        return f"{told.level.lufs:.1f} LUFS where {told.level.target_lufs:g} is asked for"
    timing = told.timing
    side = "late" if (timing.offset_s or 0) > 0 else "early"
    return f"the sound comes {abs(timing.offset_s or 0):.2f} s {side}"
