"""Copy a source into a container that can be sought to the picture, where its own cannot."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import ffmpeg as ff

from acav1m.media import ffmpeg
from acav1m.media.probe import ITSELF_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acav1m.media.probe import Probe

ZERO_S = 10.0
"""Time stamp of the source's beginning in the copy: room for what is stamped before it."""

START_S = 60.0
BYTES_PER_S = 2_000_000


def seekable(
    source: Path, probe: Probe, folder: Path, alive: Callable[[], None] = lambda: None
) -> tuple[Path, Probe]:
    """Return the source, or a copy of its two streams in `folder` that seeks are exact in.

    Nothing is re-encoded and no time changes, so spans mean the same in both. Whoever cuts many
    clips calls this first, since `cut` would copy the whole source for each of them.

    Raises:
        ClipError: ffmpeg cannot copy it, or takes too long.
    """
    if probe.exact:
        return source, probe
    copy = folder / "seekable.mkv"
    opened = ff.input(f"file:{source}", fflags="+genpts", **ITSELF_ONLY)
    graph = ff.output(
        opened[str(probe.video_index)],
        opened[str(probe.audio_index)],
        f"file:{copy}",
        format="matroska",
        codec="copy",
        copyts=None,
        start_at_zero=None,
        output_ts_offset=ZERO_S,
    )
    ffmpeg.run(graph, timeout_s=START_S + probe.bytes / BYTES_PER_S, alive=alive)
    return copy, replace(probe, video_index=0, audio_index=1, zero_s=ZERO_S, exact=True)
