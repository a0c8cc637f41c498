"""Put the two files of a clip where they stay, beside the tables of the stage that made it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acav1m.engines import Row
    from acav1m.media.cut import Made

FREE_BYTES = 200 * 1024**2
"""Less room than this on the work disk stops the build before a cut can fail for it."""


def keep(store: Path, key: str, clip_id: str, write: Callable[[Path], Made]) -> tuple[Made, Row]:
    """Have a clip written under a temporary name, move it where it stays, say what is there.

    Raises:
        ClipError: It could not be cut.
    """
    folder = store / "media" / key[:2] / key
    folder.mkdir(parents=True, exist_ok=True)
    made = write(folder / f".{clip_id}")
    for suffix in ("mp4", "flac"):
        _settle(folder / f".{clip_id}.{suffix}", folder / f"{clip_id}.{suffix}")
    return made, {
        "media": f"{key[:2]}/{key}/{clip_id}",
        "mp4_sha256": made.mp4_sha256,
        "mp4_bytes": made.mp4_bytes,
        "flac_sha256": made.flac_sha256,
        "flac_bytes": made.flac_bytes,
    }


def check_room(folder: Path) -> None:
    """Stop the build while there is room to stop in.

    Raises:
        AcavError: The disk is all but full.
    """
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        raise AcavError(
            f"{folder}: only {free // 1024**2} MB free, {FREE_BYTES // 1024**2} MB are needed; "
            "free some space and run the same command again"
        )


def _settle(unfinished: Path, final: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(final)
