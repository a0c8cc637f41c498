"""What a file's packets say, undecoded: times, key pictures, a clock that leaps, a lost end."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import av
import numpy as np

from acav1m.errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Callable

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

CLOCK_JUMP_S = 2.0
"""A step this large between neighbouring pictures means joined or damaged streams."""

_STANDARD_FPS = tuple(
    Fraction(n, d)
    for n, d in (
        *((n, 1) for n in (5, 10, 12, 15, 20, 24, 25, 30, 48, 50, 60)),
        *((n, 1001) for n in (15000, 24000, 30000, 60000)),
    )
)


BEAT = 10_000
"""Packets between two signs of life: some minutes of media."""


class Found(NamedTuple):
    """Start, length and key flag of every picture and sound packet; was the file cut short?"""

    pictures: NDArray[np.float64]
    sounds: NDArray[np.float64]
    cut_short: bool


def read(
    container: InputContainer, video: VideoStream, audio: AudioStream, alive: Callable[[], None]
) -> Found:
    """Read through the file without decoding it."""
    found: dict[int, list[tuple[float, float, bool]]] = {video.index: [], audio.index: []}
    cut_short = False
    try:
        for number, packet in enumerate(container.demux(video, audio)):
            if number % BEAT == 0:
                alive()
            stamp = packet.pts if packet.pts is not None else packet.dts
            if stamp is None or not packet.size or packet.time_base is None:
                continue
            base = packet.time_base
            found[packet.stream.index].append(
                (float(stamp * base), float((packet.duration or 0) * base), packet.is_keyframe)
            )
    except av.error.FFmpegError:
        cut_short = True  # what was read before still counts; check_whole names the loss
    for stream, word, kind in ((video, "picture", "no_video"), (audio, "sound", "no_audio")):
        if not found[stream.index]:
            raise ClipError(kind, f"the {word} stream is empty")
    return Found(np.array(found[video.index]), np.array(found[audio.index]), cut_short)


def decodable(pictures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times in order, without those before the first key picture: a recording may begin there."""
    stamps_s: NDArray[np.float64] = np.sort(pictures[:, 0])
    key_s = pictures[pictures[:, 2] > 0, 0]
    begin_s = key_s[0] if len(key_s) else stamps_s[0]
    return stamps_s[np.searchsorted(stamps_s, begin_s) :]


def check_clock(stamps_s: NDArray[np.float64]) -> None:
    """Refuse a clock that leaps: `stamps_s` is in file order, so B-pictures step back a little."""
    steps = np.diff(stamps_s)
    at = int(np.argmax(np.abs(steps)))
    if abs(steps[at]) > CLOCK_JUMP_S:
        raise ClipError(
            "clock_jump",
            f"the picture clock jumps by {steps[at]:+.1f} s at {stamps_s[at]:.1f} s: "
            "joined or damaged streams",
        )


def check_whole(
    video: VideoStream, pictures: int, reach_s: float, declared_s: float, cut_short: bool
) -> None:
    """Tell a file that lost its end from one whose header merely lies about its length."""
    if video.frames and pictures < 0.98 * video.frames:
        lost = f"{pictures} of {video.frames} pictures are there"
        raise ClipError("truncated", f"the end is missing: {lost}")
    if cut_short:
        raise ClipError("truncated", f"reading breaks off after {reach_s:.1f} s")
    if not video.frames and declared_s > 1.5 * reach_s + 5:
        raise ClipError(
            "truncated", f"declares {declared_s:.1f} s but holds {reach_s:.1f} s of media"
        )


def frame_rate(frame_times_s: NDArray[np.float64], average: Fraction | None) -> Fraction:
    """Nearest standard rate to the usual picture spacing, else the measured one, 60 at most."""
    spacing_s = float(np.median(np.diff(frame_times_s)))
    measured = Fraction(1 / spacing_s if spacing_s > 0 else 25.0).limit_denominator(1001)
    if average and abs(float(average) / float(measured) - 1) < 0.02:
        measured = Fraction(average)
    nearest = min(_STANDARD_FPS, key=lambda rate: abs(rate - measured))
    close = abs(float(nearest) / float(measured) - 1) < 0.002
    return min(nearest if close else measured, Fraction(60))
