"""Copy some seconds of a FLAC, sample by sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ffmpeg as ff

from acav1m.media import ffmpeg
from acav1m.media.cut import EXACT
from acav1m.media.decode import RELEASE_RATE_HZ
from acav1m.media.probe import ITSELF_ONLY

if TYPE_CHECKING:
    from pathlib import Path

START_S = 20.0
PER_SECOND_S = 1.0


def excerpt(flac: Path, start_s: float, length_s: float, made: Path) -> None:
    """Write the part of a clip's FLAC from `start_s` on as a FLAC of its own; nothing is lost.

    Raises:
        ClipError: ffmpeg fails or takes too long.
    """
    first, count = round(start_s * RELEASE_RATE_HZ), round(length_s * RELEASE_RATE_HZ)
    sound = (
        ff.input(f"file:{flac}", threads=1, **ITSELF_ONLY)
        .audio.filter("atrim", start_sample=first, end_sample=first + count)
        .filter("asetpts", "N/SR/TB")
    )
    graph = ff.output(
        sound, f"file:{made}", format="flac", acodec="flac", sample_fmt="s16", **EXACT
    )
    ffmpeg.run(graph, timeout_s=START_S + PER_SECOND_S * length_s)
