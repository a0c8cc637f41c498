"""One clean clip with one fault: what policies act on, and what it should have sounded like."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np

from acav1m.agent.faults import grades
from acav1m.bench.agent.recovery import Recovery, gaps_of, recovery
from acav1m.bench.trials import CLEAN
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.agent.action import Action
    from acav1m.agent.faults import Fault
    from acav1m.agent.transform import Transform
    from acav1m.bench.agent.levelled import Levelled
    from acav1m.clip import Clip
    from acav1m.engines import Row
    from acav1m.synth.scene import Rendered

CURED = ("offset", "drift", "pitch")
"""Kinds of which the actions say what is left of them."""


class Case(NamedTuple):
    """A clean clip and what became of its sound."""

    clean: Levelled
    damaged: Rendered
    fault: Fault | None = None
    """None where the clip is as it was."""

    @property
    def kind(self) -> str:
        """Of the fault."""
        return self.fault.kind if self.fault else CLEAN

    def clip(self) -> Clip:
        """The clip with its damaged sound, nothing known of it yet but its pictures."""
        return self.clean.subject.clip.with_sound(self.damaged.audio, self.damaged.rate_hz)

    def mended(self, transform: Transform) -> Clip:
        """The clip with the sound that a transform makes of the damaged one."""
        clip = self.clip()
        return clip.with_sound(transform.replay(clip.audio(), self.damaged.rate_hz))

    def recovery(self, mended: Clip, transform: Transform) -> Recovery:
        """How near it came to the clean clip."""
        truth = self.clean.subject.truth
        gaps = gaps_of(self.damaged.audio, truth.audio) if self.kind == "blanks" else None
        acts = [edit.act() for edit in transform.edits]
        return recovery(mended.audio(), truth.audio, acts, self._cure(), gaps)

    def _cure(self) -> Sequence[Action]:
        if self.fault is None or self.fault.kind not in CURED:
            return ()
        return self.fault.undo(self.clean.subject.truth).acts()


def case_of(row: Row, grade: str, clean: Levelled) -> Case:
    """The clip with a fault of that grade, which way it goes drawn by the row's seed.

    Raises:
        AcavError: The clip can have none of the grade's faults.
    """
    if grade == CLEAN:
        return Case(clean, clean.subject.truth)
    rng = np.random.default_rng([row["seed"], crc32(grade.encode())])
    found = grades()[grade]
    objections: list[AcavError] = []
    for at in rng.permutation(len(found)):
        fault = found[int(at)]
        try:
            damaged = fault.plant(clean.subject.truth, row["seed"], stock=clean.stock)
        except AcavError as error:
            objections.append(error)
            continue
        return Case(clean, damaged, fault)
    raise objections[0]
