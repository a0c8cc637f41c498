"""Plant faults in a clip, and make an example of each: what a worker does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m import steps
from acav1m.agent.faults.kinds import made
from acav1m.agent.faults.pitch import Pitch
from acav1m.agent.observe import observe
from acav1m.agent.planner import Asked
from acav1m.agent.train.answer import after, answer
from acav1m.agent.train.captions import ORDERS, injected, with_pitch
from acav1m.agent.train.cases import Case
from acav1m.agent.train.check import objection
from acav1m.bench.subject import Subjects
from acav1m.errors import AcavError, ClipError
from acav1m.looks import Looks
from acav1m.measures.loudness import integrated_lufs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.random import Generator

    from acav1m.agent.faults.fault import Fault
    from acav1m.bench.subject import Subject
    from acav1m.engines import Row
    from acav1m.synth.scene import Rendered

NEAR_LU = 0.2
"""How far from its target a sound is that is right."""

LUFS_LIMITS = (-50, -9)


class Observing:
    """The job: a clip and its cases in, a row per case out.

    `looks` are the steps by `kind.name` with their options; `alignment` and `temporal` are the
    columns that scores are read from.
    """

    def __init__(
        self,
        looks: Mapping[str, Mapping[str, Any]],
        alignment: str,
        temporal: str,
        recordings: Sequence[Row] | None = None,
        twins: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.look = Looks({label: _step(label, options) for label, options in looks.items()})
        self.columns = {"alignment": alignment, "temporal": temporal}
        self.subjects = Subjects(recordings, twins, self.look.views)

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Make an example of every case."""
        try:
            clean = self.subjects.opened(row)
        except ClipError as error:
            return self.lost(row, error.kind, error.message)
        results = []
        for fields in row["cases"]:
            alive()
            told = {"key": row["key"], "video": row["video"], "case": fields}
            results.append(told | self._tried(clean, Case(*fields)))
        return results

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip of which no example can be made."""
        return [{"key": row["key"], "lost": f"{kind}: {reason}"}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Nothing: the driver has heard of each row."""

    def _tried(self, clean: Subject, case: Case) -> Row:
        faults = [made(fields) for fields in case.faults]
        try:
            asked = self._asked(clean, faults, case)
        except AcavError:  # it says how loud or how short, and such reasons cannot be counted
            return {"left_out": f"no place or room for {faults[-1].kind} in the clip"}
        except ClipError as error:
            return {"left_out": error.kind}
        plan = answer(asked)
        no = objection(clean.truth, faults, asked, plan, case)
        if no is not None:
            return {"left_out": no}
        name = "+".join(one.name for one in faults) or "clean"
        return {"asked": asked.model_dump(mode="json"), "plan": plan.told(), "fault": name}

    def _asked(self, clean: Subject, faults: Sequence[Fault], case: Case) -> Asked:
        rng = np.random.default_rng(case.seed)
        planted = self._planted(clean.truth, faults, case.seed)
        clip = clean.clip.with_sound(planted.audio, planted.rate_hz)
        target_lufs = _target(clean.truth, planted, faults, rng) if case.target else None
        found = observe(clip, self.look(clip), **self.columns, target_lufs=target_lufs)
        for fault in faults:
            if isinstance(fault, Pitch):
                found = with_pitch(found, round(fault.semitones))
        if case.injected:
            found = injected(found, rng, ORDERS)
        return after(Asked(observation=found), case.tried)

    def _planted(self, truth: Rendered, faults: Sequence[Fault], seed: int) -> Rendered:
        planted = truth
        for fault in faults:
            bare = replace(planted, defect=None, defect_options={})
            planted = fault.plant(bare, seed, stock=self.subjects.stock)
        return planted


def _step(label: str, options: Mapping[str, Any]) -> Any:
    kind, _, name = label.partition(".")
    step: Any = steps.load(kind, name).model_validate(options)
    return step


def _target(
    truth: Rendered, planted: Rendered, faults: Sequence[Fault], rng: Generator
) -> float | None:
    """The loudness that is asked for: the clean sound's after a gain, else about its own."""
    gained = any(one.kind == "gain" for one in faults)
    lufs = integrated_lufs((truth if gained else planted).audio[None], truth.rate_hz)
    if lufs is None:
        return None
    off_lu = 0.0 if gained else float(rng.uniform(-NEAR_LU, NEAR_LU))
    return float(np.clip(round(lufs + off_lu, 1), *LUFS_LIMITS))
