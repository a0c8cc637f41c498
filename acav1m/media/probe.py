"""What a media file really holds, found by reading it rather than by trusting its header."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.stream import Disposition

from acav1m.errors import ClipError
from acav1m.media import packets, sniff

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

EXACT = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")
"""Formats in which ffmpeg's seek finds the key picture before the time asked for.

In MPEG streams and Ogg it lands wherever the bytes are, in AVI and FLV near the start or where
pictures are shown out of their order it lands too late, and the clip lacks its first seconds.
"""

CHUNK_BYTES = 16 * 1024**2
"""Read between two signs of life."""

_CONTAINERS = (
    "mov matroska avi flv live_flv asf ogg mpegts mpeg mxf nut rm wtv dv gxf swf nsv gif"
    " wav mp3 aac flac aiff amr ac3 image2 png_pipe jpeg_pipe webp_pipe bmp_pipe tiff_pipe"
)
ITSELF_ONLY = {
    "protocol_whitelist": "file",
    "format_whitelist": _CONTAINERS.replace(" ", ","),
}
"""Options of every opening: a playlist must not make us read other files, or a URL.

Containers without pictures are in the list so that the refusal can say what is missing.
"""


@dataclass(frozen=True)
class Probe:
    """One source file: the streams a clip is cut from, and how far they reach.

    Times count from the container's start, as ffmpeg's `-ss` does. `start_s` to `end_s` is
    where picture and sound overlap.
    """

    format: str
    bytes: int
    sha256: str
    declared_duration_s: float | None
    video_index: int
    video_codec: str
    width_px: int
    height_px: int
    fps: Fraction
    frame_times_s: NDArray[np.float64]
    audio_index: int
    audio_codec: str
    audio_rate_hz: int
    audio_channels: int
    start_s: float
    end_s: float
    zero_s: float
    """Time stamp that counts as second 0."""
    exact: bool
    """Whether a seek finds the picture asked for."""

    @property
    def duration_s(self) -> float:
        """Seconds in which there is both picture and sound."""
        return self.end_s - self.start_s


def probe(path: Path, alive: Callable[[], None] = lambda: None) -> Probe:
    """Read a file's packets (no decoding) and say what can be cut from it.

    `alive` is called now and then, for a large file is read through twice.

    Raises:
        ClipError: It is not media, lacks picture or sound, or is shorter than it declares.
    """
    sha256, size = checksum(path, alive)
    sniff.refuse_text(path)
    try:
        with _open(path) as container:
            video, audio = _streams(container)
            width_px, height_px = _shown_size(path, video)
            found = packets.read(container, video, audio, alive)
            return _understood(container, video, audio, found, sha256, size, width_px, height_px)
    except av.error.FFmpegError as error:
        raise sniff.not_media(path, error) from error


def _open(path: Path) -> InputContainer:
    return av.open(f"file:{path}", metadata_errors="replace", options=ITSELF_ONLY)


def _understood(
    container: InputContainer,
    video: VideoStream,
    audio: AudioStream,
    found: packets.Found,
    sha256: str,
    size: int,
    width_px: int,
    height_px: int,
) -> Probe:
    declared_s = container.duration / av.time_base if container.duration else None
    zero_s = container.start_time / av.time_base if container.start_time is not None else 0.0
    pictures, sounds, cut_short = found
    frame_times_s = packets.decodable(pictures) - zero_s
    if len(frame_times_s) < 2:
        raise ClipError("one_picture", "holds a single picture, not a moving one")
    packets.check_clock(pictures[:, 0] - zero_s)
    fps = packets.frame_rate(frame_times_s, video.average_rate)
    video_end_s = float(frame_times_s[-1] + 1 / fps)
    audio_start_s = float(sounds[:, 0].min()) - zero_s
    audio_end_s = float((sounds[:, 0] + sounds[:, 1]).max()) - zero_s
    reach_s = max(video_end_s, audio_end_s)
    # Matroska counts its length from stamp 0, wherever the first picture is.
    claimed_s = (declared_s or 0.0) - max(zero_s, 0.0)
    packets.check_whole(video, len(pictures), reach_s, claimed_s, cut_short)
    start_s, end_s = max(0.0, frame_times_s[0], audio_start_s), min(video_end_s, audio_end_s)
    if end_s <= start_s:
        raise ClipError("no_overlap", "picture and sound never run at the same time")
    return Probe(
        format=container.format.name,
        bytes=size,
        sha256=sha256,
        declared_duration_s=declared_s,
        video_index=video.index,
        video_codec=video.codec_context.codec.canonical_name,
        width_px=width_px,
        height_px=height_px,
        fps=fps,
        frame_times_s=frame_times_s,
        audio_index=audio.index,
        audio_codec=audio.codec_context.codec.canonical_name,
        audio_rate_hz=audio.codec_context.sample_rate,
        audio_channels=audio.codec_context.channels,
        start_s=float(start_s),
        end_s=float(end_s),
        zero_s=zero_s,
        exact=container.format.name in EXACT,
    )


def checksum(path: Path, alive: Callable[[], None]) -> tuple[str, int]:
    """SHA-256 and size of a file.

    Raises:
        ClipError: It cannot be read, or is empty.
    """
    sha256, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                sha256.update(chunk)
                size += len(chunk)
                alive()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise ClipError("unreadable", reason, transient=True) from error
    if size == 0:
        raise ClipError("empty", "the file is empty (0 bytes)")
    return sha256.hexdigest(), size


def _streams(container: InputContainer) -> tuple[VideoStream, AudioStream]:
    pictures = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if container.format.name.endswith("_pipe") or container.format.name == "image2":
        raise ClipError("not_video", f"is a still picture ({container.format.name}), not a video")
    if not pictures:
        what = "its only picture is cover art" if container.streams.video else "no picture stream"
        raise ClipError("no_video", f"cannot be used for sound and picture: {what}")
    if not container.streams.audio:
        raise ClipError("no_audio", "cannot be used for sound and picture: no sound stream")
    video, audio = container.streams.best("video"), container.streams.best("audio")
    if video is None or video not in pictures:
        video = pictures[0]
    audio = audio or container.streams.audio[0]
    if (
        not isinstance(video, av.VideoStream)
        or not video.codec_context.width
        or not video.codec_context.height
    ):
        raise ClipError("no_video", "the picture stream names no size and cannot be decoded")
    if not isinstance(audio, av.AudioStream) or not audio.codec_context.sample_rate:
        raise ClipError("no_audio", "the sound stream names no rate and cannot be decoded")
    return video, audio


def _shown_size(path: Path, video: VideoStream) -> tuple[int, int]:
    """Size as shown: square pixels, after the rotation flag (which decoded pictures carry)."""
    width, height = video.codec_context.width, video.codec_context.height
    aspect = video.sample_aspect_ratio
    if aspect and aspect != 1:
        width = round(width * aspect)
    with _open(path) as container:
        frame = next(container.decode(container.streams[video.index]), None)
    if not isinstance(frame, av.VideoFrame):
        raise ClipError("undecodable", "not one picture decodes")
    sideways = round(frame.rotation) % 180 == 90
    return (height, width) if sideways else (width, height)
