"""Try one edit of a clip's sound, and say what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.actions.speed import Speed
from acav1m.agent.guards import refusal
from acav1m.agent.reflection import judged
from acav1m.agent.transform import Transform
from acav1m.errors import ClipError
from acav1m.media.decode import RELEASE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable

    from acav1m.agent.action import Samples
    from acav1m.agent.observation import Observation
    from acav1m.agent.scores import Scores
    from acav1m.agent.settings import Settings
    from acav1m.clip import Clip


@dataclass(frozen=True)
class Take:
    """One state of the sound."""

    transform: Transform
    """What makes it of the original."""
    sound: Samples
    """(n,) at 16 kHz."""
    observation: Observation

    @property
    def scores(self) -> Scores:
        """What it is judged by."""
        return self.observation.scores


class Outcome(NamedTuple):
    """What came of a try."""

    said: str
    """In one sentence."""
    transform: Transform | None = None
    """What was to be tried."""
    take: Take | None = None
    """The sound that was scored; None where it was refused before."""
    accepted: bool = False

    @property
    def scores(self) -> Scores | None:
        """Of the sound that was tried."""
        return self.take.scores if self.take else None


class Trying:
    """A clip whose sound is edited anew from the original each time, each sound looked at once.

    `observed` tells of a clip whose sound is in memory; `alive` is called while it takes long.
    """

    def __init__(
        self,
        clip: Clip,
        observed: Callable[[Clip], Observation],
        settings: Settings,
        alive: Callable[[], None],
    ) -> None:
        self.clip, self.observed = clip, observed
        self.settings, self.alive = settings, alive
        self.original = Take(Transform(), clip.audio(), observed(clip))

    def outcome(self, transform: Transform, base: Take, best: Take) -> Outcome:
        """Try edits that begin with those of `base`, and compare them with the best so far."""
        try:
            sound = transform.replay(self.original.sound, RELEASE_RATE_HZ)
            self.alive()
            objection = self._objection(sound, transform, base)
            if objection is not None:
                return Outcome(f"refused: {objection}", transform)
            take = Take(transform, sound, self.observed(self.clip.with_sound(sound)))
            self.alive()
        except ClipError as error:
            return Outcome(f"failed: {error.kind}: {error.message}", transform)
        scores = _as_moved(take, base) if _only_moves(transform, base) else take.scores
        verdict = judged(self.original.scores, best.scores, scores, self.settings)
        said = f"{'accepted' if verdict.accepted else 'not better'}: {verdict.said}"
        return Outcome(said, transform, take, verdict.accepted)

    def _objection(self, sound: Samples, transform: Transform, base: Take) -> str | None:
        if np.array_equal(sound, base.sound):
            return "it changes nothing"
        return refusal(self.original.sound, sound, transform, RELEASE_RATE_HZ, self.settings)


def _only_moves(transform: Transform, base: Take) -> bool:
    """Whether nothing is new but that the sound begins at another time."""
    new = transform.edits[len(base.transform.edits) :]
    return all(edit.action == Speed.name() and edit.parameters["factor"] == 1 for edit in new)


def _as_moved(take: Take, base: Take) -> Scores:
    """What was cut off at an end may look like less noise or more, and is no fault made."""
    return take.scores.model_copy(update={"soundness": base.scores.soundness})
