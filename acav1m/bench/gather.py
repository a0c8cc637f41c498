"""What a benchmark plants its defects in: rendered clips, or those of a folder of videos."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from acav1m.clip import Clip
from acav1m.errors import AcavError, ClipError
from acav1m.measures.silent_share import SilentShare
from acav1m.measures.still import Still
from acav1m.plan import digest
from acav1m.sources.files import Files
from acav1m.synth import recorded, scene

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from acav1m.engines import Row
    from acav1m.recipe import Cut

    Run = Callable[[str, Mapping[str, Any], list[Row]], list[Row]]
    """Runs a job over rows, under a name for the progress."""

SECONDS = 5.0
LEAST = 4
"""Clips without which there is nothing to compare."""

MOSTLY = 0.9
SHOWN = 3
"""Reasons that an error names; the rest is counted."""


@dataclass
class Gathered:
    """Rows for the trials, and what had to be left out: a name and a reason each."""

    rows: list[Row]
    recordings: list[Row] | None = None
    twins: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Take a recording in.

        Raises:
            ClipError: The very same clip is in already.
        """
        assert self.recordings is not None
        if any(row["key"] == one["key"] for one in self.recordings):
            raise ClipError("duplicate", "the same video is there under another name")
        self.recordings.append(row)
        seed = crc32(row["key"].encode())
        self.rows.append({"key": row["key"], "video": row["video_id"], "seed": seed})

    def keep(self, count: int | None, seed: int) -> None:
        """Keep `count` of the clips, drawn by the seed; the others still lend their sound."""
        order = np.random.default_rng(seed).permutation(len(self.rows))[:count]
        self.rows = sorted((self.rows[i] for i in order), key=lambda row: str(row["key"]))
        for row in self.rows:
            row["seed"] = int(np.random.default_rng([seed, row["seed"]]).integers(2**31))


def rendered(seed: int, count: int) -> Gathered:
    """Clips nobody trained on: events in turn, of seeds that only a benchmark draws.

    Raises:
        AcavError: Too few.
    """
    if count < LEAST:
        raise AcavError(f"--count {count}: at least {LEAST} clips are needed")
    events = scene.events()
    return Gathered([_rendered(seed, number, events) for number in range(count)])


def _rendered(seed: int, number: int, events: list[str]) -> Row:
    rng = np.random.default_rng([seed, crc32(b"benchmark"), number])
    event = events[number % len(events)]
    name = f"{event}-{number:04d}"
    return {
        "key": name,
        "video": name,
        "event": event,
        "seed": int(rng.integers(2**31)),
        "seconds": SECONDS,
    }


def real(clips: str, cut: Cut, folder: Path, seed: int, count: int | None, run: Run) -> Gathered:
    """Clips of a folder, glob or list, cut as a build cuts them.

    Silent and frozen ones are left out, for no score can tell what is done to them.

    Raises:
        AcavError: There is no such folder, or too little in it.
    """
    asked = _candidates(clips)
    (folder / "scratch").mkdir()
    job = {
        "is": "acav1m.stages.download:Download",
        "options": {
            "sources": {"files": {"path": clips}},
            "cut": cut.model_dump(mode="json"),
            "store": str(folder / "clips"),
            "scratch": str(folder / "scratch"),
        },
    }
    offered = {row["key"]: row["candidate"] for row in asked}
    found = Gathered([], recordings=[])
    for made in run("cut", job, asked):
        candidate = offered[made["candidate"]]
        try:
            found.add(_cut(made, candidate, folder / "clips" / "media"))
        except ClipError as error:
            found.refused.append((_name(made, candidate), error.message))
    found.keep(count, seed)
    if len(found.rows) < LEAST:
        raise AcavError(_too_few(clips, found))
    found.twins = recorded.twins([recording(row) for row in found.recordings or []])
    return found


def recording(row: Row) -> recorded.Recording:
    """The recording that a row tells of."""
    return recorded.Recording(Clip(Path(row["stem"])), row["video_id"], row["caption"])


def _candidates(clips: str) -> list[Row]:
    """What the folder offers, each under a key of its own."""
    try:
        offered = [asdict(candidate) for candidate in Files(path=clips).candidates()]
    except AcavError as error:
        raise AcavError(f"--clips: {str(error).removeprefix('sources.files.path: ')}") from error
    return [
        {"key": digest([number, one["uri"]]), "source": "files", "candidate": one}
        for number, one in enumerate(offered)
    ]


def _cut(made: Row, candidate: Row, media: Path) -> Row:
    """A cut clip as a recording, if it is fit for a trial."""
    if made.get("error_kind"):
        raise ClipError(made["error_kind"], made["error_message"])
    row = {
        "key": made["clip_id"],
        "stem": str(media / made["media"]),
        "video_id": made["video_id"],
        "caption": candidate["metadata"].get("source_caption"),
        "uri": candidate["uri"],
    }
    clip = recording(row).clip
    for measure, column, what in (
        (SilentShare(), "silent_share", "silent"),
        (Still(), "frozen_share", "frozen"),
    ):
        share = measure.measure(clip)[column]
        if isinstance(share, float) and share > MOSTLY:
            raise ClipError(what, f"{what} for {share:.0%} of it")
    return row


def _name(made: Row, candidate: Row) -> str:
    start_s, end_s = made.get("start_s"), made.get("end_s")
    if start_s is None or end_s is None:
        return str(candidate["uri"])
    return f"{candidate['uri']} ({start_s:.2f} to {end_s:.2f} s)"


def _too_few(clips: str, found: Gathered) -> str:
    reasons = [f"{name}: {reason}" for name, reason in found.refused[:SHOWN]]
    more = len(found.refused) - len(reasons)
    usable = f"{len(found.rows) or 'no'} usable clip{'' if len(found.rows) == 1 else 's'}"
    said = "; ".join([*reasons, *([f"{more} more"] if more else [])])
    return f"--clips {clips}: {usable}, at least {LEAST} are needed{f' ({said})' if said else ''}"
