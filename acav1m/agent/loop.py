"""Look, plan, act, reflect, until it is good enough: the agent itself.

The algorithm is that of AVAgent (Mo and Song, section 3) with its printed defects put right: it
goes on while scores are below the threshold and not above, keeps the best sound and its very
scores, tries nothing twice, and ends.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from acav1m.agent.attempt import Attempt, Result, Story
from acav1m.agent.observe import observe
from acav1m.agent.planner import Answer, Asked, Tried
from acav1m.agent.reflection import below, changes, fine, known, lowest
from acav1m.agent.trying import Outcome, Trying

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.agent.observation import Observation
    from acav1m.agent.planner import Planner
    from acav1m.agent.scores import Scores
    from acav1m.agent.settings import Settings
    from acav1m.clip import Clip
    from acav1m.steps import Value

    Look = Callable[[Clip], Mapping[str, Value]]


def repair(
    clip: Clip,
    planner: Planner,
    look: Look,
    settings: Settings,
    *,
    alignment: str = "instance_score",
    temporal: str = "temporal_score",
    alive: Callable[[], None] = lambda: None,
) -> Story:
    """Try to make the sound of a clip (16 kHz mono, as its FLAC holds it) fit its picture.

    `look` gives the columns that `alignment`, `temporal` and the observation are read from. Each
    sound is looked at once. Replaying the story's transform on the original gives the sound that
    is kept. `alive` is called while it takes long.

    Raises:
        ClipError: The clip as it came cannot be looked at.
        AcavError: A package that an action needs is missing.
    """

    def observed(heard: Clip) -> Observation:
        return observe(
            heard,
            look(heard),
            alignment=alignment,
            temporal=temporal,
            target_lufs=settings.target_lufs,
        )

    return _Loop(Trying(clip, observed, settings, alive), planner).story()


class _Loop:
    def __init__(self, trying: Trying, planner: Planner) -> None:
        self.trying, self.planner = trying, planner
        self.settings, self.original = trying.settings, trying.original
        self.best = self.base = self.original
        self.attempts: list[Attempt] = []
        self.began_s = time.monotonic()

    def story(self) -> Story:
        """Run the cycles and tell of them."""
        stopped = self._cycles()
        result, reason = self._result()
        return Story(
            result=result,
            reason=reason + stopped,
            transform=self.best.transform,
            before=self.original.scores,
            after=self.best.scores,
            observation=self.original.observation,
            attempts=tuple(self.attempts),
        )

    def _cycles(self) -> str:
        """Cycle until it is good enough; say so where time was short."""
        limit_s = self.settings.max_seconds
        for cycle in range(1, self.settings.max_cycles + 1):
            if fine(self.best.scores, self.settings.threshold):
                break
            if self.attempts and time.monotonic() - self.began_s > limit_s:
                cycles = "1 cycle" if cycle == 2 else f"{cycle - 1} cycles"
                return f"; stopped after {cycles}, as {limit_s:g} s were over"
            if not self._cycle(cycle):
                break
        return ""

    def _cycle(self, cycle: int) -> bool:
        """Ask, try and judge once; False where the planner wants nothing done."""
        began_s, base, best = time.monotonic(), self.base, self.best
        answer = self.planner.plan(self._asked())
        self.trying.alive()
        outcome = self._outcome(answer)
        self._go_on_from(outcome)
        self.attempts.append(
            Attempt(
                cycle=cycle,
                planner=self.planner.name(),
                base=base.transform,
                plan=answer.plan,
                cause=answer.cause,
                transform=outcome.transform,
                before=best.scores,
                after=outcome.scores,
                accepted=outcome.accepted,
                outcome=outcome.said,
                observation=base.observation,
                dialogue=answer.dialogue,
                seconds=time.monotonic() - began_s,
            )
        )
        return outcome.transform is not None

    def _asked(self) -> Asked:
        history = tuple(
            Tried(
                transform=attempt.transform,
                scores=attempt.after,
                accepted=attempt.accepted,
                outcome=attempt.outcome,
            )
            for attempt in self.attempts
            if attempt.transform is not None
        )
        base = self.base
        return Asked(observation=base.observation, made_by=base.transform, history=history)

    def _outcome(self, answer: Answer) -> Outcome:
        if answer.plan is None:
            return Outcome(f"no plan: {answer.cause or 'the planner gave none'}")
        acts = answer.plan.acts()
        if not acts:
            return Outcome(f"nothing is tried: {answer.plan.reason or 'no reason given'}")
        transform = self.base.transform.then(*acts)
        if any(transform == attempt.transform for attempt in self.attempts):
            return Outcome("refused: it was tried before", transform)
        return self.trying.outcome(transform, self.base, self.best)

    def _go_on_from(self, outcome: Outcome) -> None:
        """Choose the best sound so far, and what the next plan is applied to."""
        if outcome.take is None:
            return
        if outcome.accepted:
            self.base = self.best = outcome.take
            return
        low = lowest(outcome.take.scores)
        restart = low is not None and low < self.settings.restart_below
        self.base = self.original if restart else self.best

    def _result(self) -> tuple[Result, str]:
        if not self.attempts:
            return "not_needed", _not_needed(self.original.scores, self.settings.threshold)
        if self.best is not self.original:
            return "edited", changes(self.original.scores, self.best.scores) + self._still_low()
        if self.attempts[0].transform is None:
            return "no_action", self.attempts[0].outcome + self._still_low()
        told = f"no attempt was taken; last: {self.attempts[-1].outcome}"
        return "not_better", told + self._still_low()

    def _still_low(self) -> str:
        """Say which scores of the sound that is kept are not good enough, if any are."""
        low = below(self.best.scores, self.settings.threshold)
        return f"; {low}" if low else ""


def _not_needed(scores: Scores, threshold: float) -> str:
    if not known(scores):
        return "no score is known, so nothing would tell whether an edit helps"
    return f"every known score is at least {threshold:g}: {changes(scores, scores)}"
