"""Encode pictures and sound made in memory, so that they start at 0 and stay in step."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import cv2
import numpy as np
from av.codec.context import Flags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray


class Codecs(NamedTuple):
    """What a container is filled with unless told otherwise."""

    video: str
    audio: str


CODECS: Mapping[str, Codecs] = {
    ".mp4": Codecs("libx264", "aac"),
    ".mov": Codecs("libx264", "aac"),
    ".mkv": Codecs("libx264", "flac"),
    ".webm": Codecs("libvpx-vp9", "libopus"),
    ".avi": Codecs("mpeg4", "pcm_s16le"),
}

AVI_VIDEO = ("mpeg4", "mjpeg")
"""AVI has no place for a codec's delay: H.264 would come a picture late, MP3 some 20 ms."""

QUALITY: Mapping[str, Mapping[str, str]] = {
    # constant QP: the macroblock trees of rate control read memory nobody wrote, and one run in
    # a hundred gave other bytes
    "libx264": {"qp": "18", "preset": "veryfast"},
    "libvpx-vp9": {"crf": "32", "deadline": "realtime", "cpu-used": "8"},
    "libvpx": {"crf": "12", "deadline": "realtime", "cpu-used": "8"},
    "mpeg4": {},
}
"""Encoder options that are good enough to look at and quick enough for tests."""


def write(
    path: Path,
    frames: NDArray[np.uint8],
    fps: float,
    audio: NDArray[np.float32],
    rate_hz: int,
    *,
    video_codec: str | None = None,
    audio_codec: str | None = None,
    video_kbps: int = 2000,
    audio_kbps: int = 128,
) -> None:
    """Write pictures and sound as mp4, mov, mkv, webm or avi, whichever the suffix says.

    `frames` is (n, height, width, 3) with even sides; `audio` is (samples,) or
    (channels, samples) in [-1, 1]. Frame i is shown at i / fps, sample k heard at k / rate_hz.
    One thread and no clock: the same input gives the same bytes. `video_kbps` matters to
    encoders without constant quality. Opus has rates of its own, so there another `rate_hz` is
    resampled.
    """
    codecs = _codecs(path, video_codec, audio_codec)
    if frames.shape[1] % 2 or frames.shape[2] % 2:
        raise ValueError(f"{path.name}: sides must be even, not {frames.shape[1:3]}")
    sound = np.atleast_2d(np.asarray(audio, np.float32))
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        video_stream = _video_stream(container, codecs.video, frames, fps, video_kbps)
        audio_stream = _audio_stream(container, codecs.audio, sound, rate_hz, audio_kbps)
        for packets in _interleaved(video_stream, audio_stream, frames, fps, sound, rate_hz):
            container.mux(packets)


def _codecs(path: Path, video: str | None, audio: str | None) -> Codecs:
    usual = CODECS.get(path.suffix)
    if usual is None:
        raise ValueError(f"{path.name}: no container for this suffix; known: {', '.join(CODECS)}")
    codecs = Codecs(video or usual.video, audio or usual.audio)
    if path.suffix == ".avi" and not (codecs.video in AVI_VIDEO and codecs.audio[:3] == "pcm"):
        raise ValueError(f"{path.name}: AVI keeps {' and '.join(codecs)} out of step")
    return codecs


def _video_stream(
    container: OutputContainer, codec: str, frames: NDArray[np.uint8], fps: float, kbps: int
) -> VideoStream:
    rate = Fraction(fps).limit_denominator(1001)
    stream: VideoStream = container.add_stream(codec, rate=rate)  # type: ignore[assignment]
    stream.height, stream.width = frames.shape[1:3]
    stream.pix_fmt = "yuv420p"
    stream.options = dict(QUALITY.get(codec, {}))
    stream.bit_rate = kbps * 1000
    context = stream.codec_context
    # A picture that waits for a later one would start after 0 where no edit list can say so.
    context.max_b_frames = 0
    context.thread_count = 1
    context.flags |= Flags.bitexact
    return stream


def _audio_stream(
    container: OutputContainer, codec: str, sound: NDArray[np.float32], rate_hz: int, kbps: int
) -> AudioStream:
    stream: AudioStream = container.add_stream(codec, rate=_fit(codec, rate_hz))  # type: ignore[assignment]
    stream.codec_context.layout = "mono" if sound.shape[0] == 1 else "stereo"
    stream.bit_rate = kbps * 1000
    stream.codec_context.thread_count = 1
    stream.codec_context.flags |= Flags.bitexact
    return stream


def _fit(codec: str, rate_hz: int) -> int:
    """The encoder's own rate nearest above `rate_hz`."""
    rates = av.Codec(codec, "w").audio_rates
    if not rates or rate_hz in rates:
        return rate_hz
    return min((r for r in rates if r > rate_hz), default=max(rates))


def _interleaved(
    video: VideoStream,
    audio: AudioStream,
    frames: NDArray[np.uint8],
    fps: float,
    sound: NDArray[np.float32],
    rate_hz: int,
) -> Iterator[list[av.Packet[Any]]]:
    """Encode each picture, then the sound up to its end, so the muxer need not hold either."""
    heard = 0
    for i, image in enumerate(frames):
        picture = av.VideoFrame.from_ndarray(_yuv(image), format="yuv420p")
        picture.pts, picture.time_base = i, 1 / Fraction(fps).limit_denominator(1001)
        yield list(video.encode(picture))
        until = sound.shape[1] if i == len(frames) - 1 else round((i + 1) / fps * rate_hz)
        if sound[:, heard:until].size:
            yield list(audio.encode(_chunk(sound[:, heard:until], heard, rate_hz)))
        heard = max(heard, until)
    yield list(video.encode(None))
    yield list(audio.encode(None))


def _yuv(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Convert by OpenCV: with PyAV 18's own conversion some runs encode to other bytes."""
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2YUV_I420), np.uint8)


def _chunk(sound: NDArray[np.float32], start: int, rate_hz: int) -> av.AudioFrame:
    layout = "mono" if sound.shape[0] == 1 else "stereo"
    chunk = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound), format="fltp", layout=layout)
    chunk.sample_rate, chunk.pts, chunk.time_base = rate_hz, start, Fraction(1, rate_hz)
    return chunk
