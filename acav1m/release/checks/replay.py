"""What was done to a sound gives the released one when it is done to the original again."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow.compute as pc
from pydantic import ValidationError

from acav1m.agent import action
from acav1m.agent.transform import Transform
from acav1m.errors import AcavError, ClipError
from acav1m.media import decode, revoice
from acav1m.release import layout
from acav1m.release.checks import media

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from acav1m.agent.action import Samples

ALLOWED_STEPS = 1
"""Other machines may differ in the last digit of a Fourier transform, and so in one rounding."""

MAX_EDITS = 40
"""As many as the longest loop makes; each costs time, and a release may ask for any number."""

MAX_CHARACTERS = 1000 * MAX_EDITS
"""Of a transform's JSON: several times what the edits with most parameters take."""


class Outcome(NamedTuple):
    """What came of replaying one clip's edits."""

    clip_id: str
    steps: int | None = None
    """The largest gap of any sample, in steps of 16 bits; None where it could not be found."""

    problem: str | None = None
    why_not: str | None = None
    """Why it could not be replayed here, through no fault of the release."""


def outcomes(folder: Path, places: pa.Table) -> Iterator[Outcome]:
    """Replay the edited clips among those whose `places` are given, one after the other."""
    if "edit_transform" not in places.column_names:
        return
    edited = places.filter(pc.field("edit_transform").is_valid())
    with tempfile.TemporaryDirectory(prefix="acav1m-") as temporary:
        for batch in edited.to_batches(max_chunksize=1024):
            for row in batch.to_pylist():
                yield _outcome(folder, row, Path(temporary) / "clip.flac")


def problems(found: Sequence[Outcome]) -> list[str]:
    """What is wrong with the release."""
    told = [(one.clip_id, one.problem or _told(one)) for one in found]
    return [f"{clip_id}: {problem}" for clip_id, problem in told if problem]


def notes(found: Sequence[Outcome]) -> list[str]:
    """What could not be replayed here, and what came out the same but for rounding."""
    reasons = Counter(one.why_not for one in found if one.why_not)
    missed = [
        f"{clips} of {len(found)} edited clips not replayed: {why}"
        for why, clips in reasons.items()
    ]
    near = sum(one.steps in range(1, ALLOWED_STEPS + 1) for one in found)
    said = f"{near} of {len(found)} edited clips replayed up to {ALLOWED_STEPS} step of 16 bits off"
    return [*missed, said] if near else missed


def _told(one: Outcome) -> str | None:
    if one.steps is None or one.steps <= ALLOWED_STEPS:
        return None
    return f"edit_transform replayed on its original is up to {one.steps} steps of 16 bits off"


def _outcome(folder: Path, row: Mapping[str, Any], path: Path) -> Outcome:
    clip_id = row["clip_id"]
    if layout.ORIGINAL_LOCATION[0] not in row:
        return Outcome(clip_id, why_not="the release does not hold their sound before editing")
    try:
        released, original = (_sound(folder, row, kind, path) for kind in ("flac", layout.ORIGINAL))
        return _replayed(clip_id, row["edit_transform"], original, released)
    except ClipError as error:
        return Outcome(clip_id, problem=f"edit_transform cannot be replayed: {error.message}")


def _sound(folder: Path, row: Mapping[str, Any], kind: str, path: Path) -> Samples:
    found = media.part(folder, row, kind)
    if found is None:
        raise ClipError("missing", f"there is no {kind}")
    path.write_bytes(found)
    return decode.flac(path)


def _replayed(clip_id: str, told: str, original: Samples, released: Samples) -> Outcome:
    if len(told) > MAX_CHARACTERS:
        return Outcome(clip_id, why_not=f"edit_transform is longer than {MAX_CHARACTERS} letters")
    try:
        transform = Transform.model_validate_json(told)
        why_not = _why_not(transform)
        for edit in () if why_not else transform.edits:
            edit.act()
    except ValidationError as error:
        return Outcome(clip_id, problem=f"edit_transform cannot be replayed: {_first(error)}")
    except AcavError as error:
        return Outcome(clip_id, problem=f"edit_transform cannot be replayed: {error}")
    if why_not:
        return Outcome(clip_id, why_not=why_not)
    try:
        made = revoice.replayed(transform, original)
    except AcavError as error:  # a package that is not installed
        return Outcome(clip_id, why_not=str(error))
    if made.shape != released.shape:
        return Outcome(clip_id, problem="edit_transform gives a sound of another length")
    gap = np.abs(made - released * revoice.FULL_SCALE)
    return Outcome(clip_id, steps=math.ceil(gap.max()) if gap.size else 0)


def _first(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return ": ".join([".".join(map(str, first["loc"])), first["msg"]]).removeprefix(": ")


def _why_not(transform: Transform) -> str | None:
    """Why this program cannot do it again, although another might."""
    if len(transform.edits) > MAX_EDITS:
        return f"edit_transform has more than {MAX_EDITS} edits"
    for edit in transform.edits:
        here = action.load(edit.action).version
        if edit.version != here:
            return f"{edit.action} was made by version {edit.version}, and this is {here}"
    return None
