"""Cut one clip out of a source: only the seconds asked for, both streams re-encoded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import ffmpeg as ff
import numpy as np

from acav1m.media import decode, ffmpeg, proof
from acav1m.media.probe import ITSELF_ONLY
from acav1m.media.remux import seekable

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from acav1m.media.probe import Probe
    from acav1m.recipe import Cut

VERSION = 1
"""Goes up when the same source and options give other bytes; part of the cache key."""

AAC_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
START_S = 20.0
"""Time allowed for opening and seeking, beside `PER_SECOND_S` for each second of media."""
PER_SECOND_S = 20.0
EXACT = {"map_metadata": -1, "fflags": "+bitexact", "flags": "+bitexact", "threads": 1}


@dataclass(frozen=True)
class Made:
    """A finished clip, proved by decoding it once."""

    start_s: float
    end_s: float
    cut_skew_s: float
    decode_errors: int
    mp4_sha256: str
    mp4_bytes: int
    flac_sha256: str
    flac_bytes: int


def cut(
    source: Path,
    probe: Probe,
    start_s: float,
    end_s: float,
    stem: Path,
    how: Cut,
    alive: Callable[[], None] = lambda: None,
    *,
    sound_late_s: float = 0.0,
) -> Made:
    """Write `<stem>.mp4` and `<stem>.flac` for `start_s` to `end_s` of the source.

    The start moves to the nearest picture, so picture and sound begin together; both begin at
    zero in the clip, and nothing from outside the span is in the file. Pictures come at a
    constant rate. Where the source's sound is known to come `sound_late_s` late, the clip gets
    the sound from that much later on, so both must reach that far.

    Raises:
        ClipError: ffmpeg fails or takes too long, or the result does not hold what was asked.
    """
    start_s = _on_a_picture(probe.frame_times_s, start_s)
    length_s = end_s - start_s
    if sound_late_s:
        proof.require_sound(probe, start_s + sound_late_s, end_s + sound_late_s)
    fps = min(probe.fps, _as_fraction(how.fps)) if how.fps else probe.fps
    mp4, flac = (stem.with_name(f"{stem.name}.{suffix}") for suffix in ("mp4", "flac"))
    with TemporaryDirectory(prefix="acav1m-") as scratch:
        given, found = seekable(source, probe, Path(scratch), alive)
        graph = _graph(given, found, start_s, length_s, fps, mp4, flac, how, sound_late_s)
        timeout_s = START_S + PER_SECOND_S * length_s
        decode_errors = ffmpeg.run(graph, timeout_s=timeout_s, alive=alive)
    decoded = decode.clip(mp4)
    proof.prove(decoded, decode.flac(flac), length_s, fps)
    return Made(
        start_s=start_s,
        end_s=end_s,
        cut_skew_s=proof.skew_s(probe.frame_times_s, start_s, end_s, fps, decoded),
        decode_errors=decode_errors,
        mp4_sha256=sha256(mp4),
        mp4_bytes=mp4.stat().st_size,
        flac_sha256=sha256(flac),
        flac_bytes=flac.stat().st_size,
    )


def _graph(
    source: Path,
    probe: Probe,
    start_s: float,
    length_s: float,
    fps: Fraction,
    mp4: Path,
    flac: Path,
    how: Cut,
    sound_late_s: float,
) -> Any:
    """One decode feeds both outputs; constant-rate pictures start exactly at zero."""
    opened = _opened(source, probe, start_s)
    heard = _opened(source, probe, start_s + sound_late_s) if sound_late_s else opened
    width, height = _fitted(probe.width_px, probe.height_px, how.max_height)
    video = (
        opened[str(probe.video_index)]
        .filter("fps", f"{fps.numerator}/{fps.denominator}", round="near")
        .filter("trim", end=f"{length_s:.6f}")
        .filter("scale", width, height, flags="bicubic+accurate_rnd+bitexact")
        .filter("setsar", 1)
        .filter("format", "yuv420p")
    )
    sound = (
        heard[str(probe.audio_index)]
        .filter("aresample", **{"async": 1, "first_pts": 0})
        .filter("atrim", end=f"{length_s:.6f}")  # last: it counts samples, not rounded stamps
        .filter_multi_output("asplit")
    )
    rate_hz = probe.audio_rate_hz if probe.audio_rate_hz in AAC_RATES_HZ else max(AAC_RATES_HZ)
    pair = ff.output(
        video,
        sound[0],
        f"file:{mp4}",
        format="mp4",
        vcodec="libx264",
        preset=how.preset,
        crf=how.crf,
        acodec="aac",
        audio_bitrate=f"{how.audio_kbps}k",
        ar=rate_hz,
        ac=min(probe.audio_channels, 2),
        movflags="+faststart",
        **EXACT,
    )
    alone = ff.output(
        sound[1],
        f"file:{flac}",
        format="flac",
        acodec="flac",
        sample_fmt="s16",
        ar=decode.RELEASE_RATE_HZ,
        ac=1,
        **EXACT,
    )
    return ff.merge_outputs(pair, alone)


def _opened(source: Path, probe: Probe, at_s: float) -> Any:
    """The source, decoded from a moment on."""
    return ff.input(
        f"file:{source}",
        ss=f"{probe.zero_s + at_s:.6f}",
        seek_timestamp=1,
        threads=1,
        **ITSELF_ONLY,
    )


def _on_a_picture(frame_times_s: Any, start_s: float) -> float:
    """Time of the picture nearest to `start_s`, so that the cut begins with one."""
    nearest = float(frame_times_s[np.argmin(np.abs(frame_times_s - start_s))])
    return max(0.0, nearest)


def _fitted(width: int, height: int, max_height: int) -> tuple[int, int]:
    """Size with the shorter side at most `max_height`, even, never enlarged."""
    scale = min(1.0, max_height / min(width, height))
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


def _as_fraction(fps: float) -> Fraction:
    from fractions import Fraction

    return Fraction(fps).limit_denominator(1001)


def sha256(path: Path) -> str:
    """The checksum of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
