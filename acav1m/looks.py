"""Look at clips in memory with a recipe's steps, apart from any stage."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from acav1m.calibration.map import calibrated
from acav1m.stages import persistent
from acav1m.steps import Aligner

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from acav1m.calibration.map import Map
    from acav1m.clip import Clip, View
    from acav1m.steps import Measure, Value


class Looker(Protocol):
    """What gives columns and needs others for it."""

    def columns(self) -> Iterable[str]:
        """Every column that comes of it."""
        ...

    def needs(self) -> Iterable[str]:
        """Columns of earlier ones that it reads."""
        ...


L = TypeVar("L", bound=Looker)


class Looks:
    """Measures, captioners and aligners that run on a clip one after another.

    `steps` are by `kind.name` in their order; their models are loaded here. `maps` are those of a
    calibration, by calibrated column; without them the aligners' priors are used.

    >>> from acav1m.measures.loudness import Loudness
    >>> from acav1m.testing import tone
    >>> found = Looks({"measures.loudness": Loudness()})(tone(hz=1000, level_db=-20))
    >>> round(found["lufs"])
    -23
    """

    def __init__(self, steps: Mapping[str, Measure], maps: Mapping[str, Map] | None = None) -> None:
        self.steps, self.maps = dict(steps), maps
        self.views: set[View] = {view for step in steps.values() for view in step.views}
        for step in steps.values():
            step.setup()

    def __call__(self, clip: Clip) -> dict[str, Value]:
        """Run all steps, and give every column of theirs; `clip.columns` gets them too.

        Raises:
            ClipError: A step cannot measure the clip.
        """
        told: dict[str, Value] = {}
        for label, step in self.steps.items():
            told |= columns_of(label, step, clip, self.maps)
            clip.columns |= told
        return told


def columns_of(
    label: str, step: Measure, clip: Clip, maps: Mapping[str, Map] | None = None
) -> dict[str, Value]:
    """Every column of one step, calibrated ones too, by its prior unless `maps` are given.

    Raises:
        ClipError: The clip cannot be measured.
    """
    found = measured(label, step, clip)
    return found | (calibrated(step, found, maps) if isinstance(step, Aligner) else {})


def measured(label: str, step: Measure, clip: Clip) -> dict[str, Value]:
    """Just the columns that a step promises; tried again while the trouble is transient.

    Raises:
        ClipError: The clip cannot be measured.
        TypeError: The step breaks its promise.
    """
    columns = dict(persistent(partial(step.measure, clip)))
    if set(columns) != set(step.adds):
        odd = sorted(set(columns) ^ set(step.adds))
        raise TypeError(f"{label} promises columns {sorted(step.adds)}, differs in {odd}")
    return columns


def needed(lookers: Sequence[L], wanted: Iterable[str]) -> list[L]:
    """Those, in their order, that the `wanted` columns come of, also through others."""
    kept: list[L] = []
    wanted = set(wanted)
    for looker in reversed(lookers):
        if not wanted.isdisjoint(looker.columns()):
            kept.insert(0, looker)
            wanted.update(looker.needs())
    return kept


def steps_for(steps: Mapping[str, Measure], wanted: Collection[str]) -> dict[str, Measure]:
    """The steps by `kind.name` that the `wanted` columns come of, in their order."""
    kept = needed(list(steps.values()), wanted)
    return {label: step for label, step in steps.items() if any(step is one for one in kept)}
