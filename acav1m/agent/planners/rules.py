"""Rules: each fault that is measured has its action."""

from __future__ import annotations

from itertools import product
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

PLACES = 3


class Rules(Planner):
    """Plans by rules from what is measured; transparent, and the default."""

    max_snr_db: float = Field(default=20.0, ge=0, le=40)
    min_confidence: float = Field(default=0.5, ge=0, le=1)
    min_offset_s: float = Field(default=0.06, ge=0, le=5)
    min_drift: float = Field(default=0.01, ge=0, le=0.5)
    min_gain_lu: float = Field(default=0.5, ge=0, le=20)

    def plan(self, asked: Asked) -> Answer:
        """The first plan that was not tried, if anything is wrong."""
        tried = [one.transform for one in asked.history]
        for acts in self._options(asked.observation):
            plan = Plan.of(_reason(asked.observation, acts), *acts)
            if asked.made_by.then(*plan.acts()) not in tried:
                return Answer(plan)
        return Answer(Plan.of("nothing is measured that is not tried or sound"))

    def _options(self, told: Observation) -> Iterator[tuple[Action, ...]]:
        filters = list(self._filters(told))
        fits = list(self._coordinations(told))
        for pair in product([*filters, None], [*fits[:1], None]):
            acts = tuple(act for act in pair if act is not None)
            if acts:
                yield acts

    def _filters(self, told: Observation) -> Iterator[Action]:
        kind, snr_db = told.noise.kind, told.noise.snr_db
        if kind != "none" and snr_db is not None and snr_db <= self.max_snr_db:
            yield from filters(kind, snr_db)

    def _coordinations(self, told: Observation) -> Iterator[Action]:
        if told.blanks.count:
            yield FillBlanks()
        yield from self._timing(told)
        level = told.level
        if level.target_lufs is not None and off_lu(level) > self.min_gain_lu:
            yield Volume(target_lufs=level.target_lufs)

    def _timing(self, told: Observation) -> Iterator[Action]:
        timing = told.timing
        if timing.offset_s is None or (timing.confidence or 0) < self.min_confidence:
            return
        drift = timing.drift or 0
        if abs(drift) >= self.min_drift:
            start_s = timing.offset_s - drift * told.duration_s / 2
            yield Speed(factor=round(1 + drift, PLACES), start_s=round(start_s, PLACES))
        elif abs(timing.offset_s) >= self.min_offset_s:
            yield Speed(start_s=round(timing.offset_s, PLACES))


def _reason(told: Observation, acts: tuple[Action, ...]) -> str:
    return ", ".join(act.name() for act in acts)
