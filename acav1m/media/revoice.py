"""Put edited sound under the pictures of a clip, which stay what they are to the bit."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import av
import ffmpeg as ff
import numpy as np
from av.codec.context import Flags

from acav1m.errors import ClipError
from acav1m.media import decode, ffmpeg, proof
from acav1m.media.cut import EXACT, PER_SECOND_S, START_S, Made, sha256
from acav1m.media.decode import RELEASE_RATE_HZ
from acav1m.media.probe import ITSELF_ONLY

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from acav1m.agent.transform import Transform
    from acav1m.media.decode import Decoded

FULL_SCALE = 32768


def revoice(
    source: Path,
    transform: Transform,
    stem: Path,
    *,
    audio_kbps: int,
    alive: Callable[[], None] = lambda: None,
) -> Made:
    """Write `<stem>.mp4` and `<stem>.flac`: the clip at the stem `source`, its sound edited.

    The FLAC holds the transform of the source's FLAC, rounded to 16 bits. The mp4 has the very
    packets of the source's pictures, and the same transform of its own sound, at its own rate and
    channels, encoded anew. Both are as long as before; the same input gives the same bytes.

    Raises:
        ClipError: The sound cannot be edited or encoded, or the result is not what was asked.
    """
    given, made = (path.with_name(f"{path.name}.mp4") for path in (source, stem))
    original = decode.flac(source.with_name(f"{source.name}.flac"))
    flac = stem.with_name(f"{stem.name}.flac")
    write_flac(flac, replayed(transform, original))
    alive()
    decoded = decode.clip(given)
    length_s = len(original) / RELEASE_RATE_HZ
    sound = transform.replay(_heard(decoded, length_s), decoded.track.rate_hz)
    alive()
    errors = _mux(given, sound, decoded.track.rate_hz, made, audio_kbps, alive)
    _prove(given, made, flac, length_s, decoded)
    return Made(
        start_s=0.0,
        end_s=length_s,
        cut_skew_s=0.0,
        decode_errors=errors,
        mp4_sha256=sha256(made),
        mp4_bytes=made.stat().st_size,
        flac_sha256=sha256(flac),
        flac_bytes=flac.stat().st_size,
    )


def replayed(transform: Transform, original: NDArray[np.float32]) -> NDArray[np.int16]:
    """The samples (n,) that the FLAC of an edited clip holds, from those of its original.

    `original` is (n,) float32 in [-1, 1), as `decode.flac` gives it.

    Raises:
        AcavError: An edit cannot be done again here.
    """
    edited = np.round(transform.replay(original, RELEASE_RATE_HZ) * FULL_SCALE)
    return edited.clip(-FULL_SCALE, FULL_SCALE - 1).astype(np.int16)


def write_flac(path: Path, samples: NDArray[np.int16]) -> None:
    """Write (n,) samples as a 16 kHz mono FLAC; the same samples give the same bytes."""
    with av.open(str(path), "w", format="flac", options={"fflags": "+bitexact"}) as container:
        stream: Any = container.add_stream("flac", rate=RELEASE_RATE_HZ, layout="mono")
        stream.codec_context.thread_count = 1
        stream.codec_context.flags |= Flags.bitexact
        sound = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        sound.sample_rate, sound.pts = RELEASE_RATE_HZ, 0
        sound.time_base = Fraction(1, RELEASE_RATE_HZ)
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))


def _heard(decoded: Decoded, length_s: float) -> NDArray[np.float32]:
    """The mp4's own sound, (channels, n), from 0 s on, and no longer than the clip."""
    track = decoded.track
    early = round(-track.start_s * track.rate_hz)
    sound = track.samples[:, max(0, early) :]
    late = np.zeros((len(sound), max(0, -early)), np.float32)
    return np.concatenate([late, sound], axis=1)[:, : round(length_s * track.rate_hz)]


def _mux(
    pictures: Path,
    sound: NDArray[np.float32],
    rate_hz: int,
    made: Path,
    audio_kbps: int,
    alive: Callable[[], None],
) -> int:
    """Encode the sound under copied pictures; return how often a decoder complained."""
    channels, samples = sound.shape
    with TemporaryDirectory(prefix="acav1m-") as scratch:
        plain = Path(scratch) / "sound.f32"
        plain.write_bytes(np.ascontiguousarray(sound.T, "<f4").tobytes())
        heard = ff.input(f"file:{plain}", format="f32le", ar=rate_hz, ac=channels)
        graph = ff.output(
            ff.input(f"file:{pictures}", **ITSELF_ONLY).video,
            heard.audio,
            f"file:{made}",
            format="mp4",
            vcodec="copy",
            acodec="aac",
            audio_bitrate=f"{audio_kbps}k",
            movflags="+faststart",
            **EXACT,
        )
        timeout_s = START_S + PER_SECOND_S * samples / rate_hz
        return ffmpeg.run(graph, timeout_s=timeout_s, alive=alive)


def _prove(given: Path, made: Path, flac: Path, length_s: float, before: Decoded) -> None:
    """Hold the made files to what they were made of.

    Raises:
        ClipError: `other_pictures`, or what `proof.prove` says.
    """
    if _pictures(given) != _pictures(made):
        raise ClipError("other_pictures", "the pictures did not come through as they were")
    fps = Fraction(before.fps or 1).limit_denominator(1001)
    proof.prove(decode.clip(made), decode.flac(flac), length_s, fps)


def _pictures(mp4: Path) -> list[tuple[int | None, Fraction | None, bytes]]:
    """Every packet of the pictures, with when it is shown."""
    with av.open(str(mp4)) as container:
        packets = [p for p in container.demux(container.streams.video[0]) if p.size]
    return [(p.pts, p.time_base, bytes(p)) for p in packets]
