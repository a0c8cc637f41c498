"""When one shot of a video gives way to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av
from av.video.reformatter import Interpolation

from acav1m.errors import ClipError
from acav1m.media.probe import ITSELF_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from acav1m.media.probe import Probe

WIDTH_PX = 256
"""Pictures are looked at no wider than this, as PySceneDetect itself does it."""

BEAT = 100
"""Pictures between two signs of life: a hundred of the largest take seconds."""


def changes_s(
    source: Path, probe: Probe, threshold: float, alive: Callable[[], None]
) -> list[float]:
    """Return the times of shot changes, found by PySceneDetect's content detector.

    Times count as the probe's do. A picture that does not decode is passed over.

    Raises:
        ClipError: `undecodable` when hardly a picture decodes.
    """
    from scenedetect import FrameTimecode
    from scenedetect.detectors import ContentDetector

    detector = ContentDetector(threshold)
    times_s: list[float] = []
    cuts = []
    for number, picture in enumerate(_pictures(source, probe)):
        if number % BEAT == 0:
            alive()
        times_s.append(picture.time - probe.zero_s)
        small = picture.reformat(
            *_size(picture), "bgr24", interpolation=Interpolation.AREA, threads=1
        )
        cuts += detector.process_frame(FrameTimecode(number, float(probe.fps)), small.to_ndarray())
    if len(times_s) < 2:
        raise ClipError("undecodable", "not two pictures decode")
    return [times_s[cut.frame_num] for cut in cuts]


def _pictures(source: Path, probe: Probe) -> Iterator[av.VideoFrame]:
    with av.open(f"file:{source}", metadata_errors="replace", options=ITSELF_ONLY) as container:
        video = container.streams[probe.video_index]
        for packet in container.demux(video):
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                continue  # cutting there proves whether it matters
            for frame in frames:
                if isinstance(frame, av.VideoFrame) and frame.time is not None:
                    yield frame


def _size(picture: av.VideoFrame) -> tuple[int, int]:
    scale = min(1.0, WIDTH_PX / picture.width)
    return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
