"""Edited sound under the very pictures of a clip."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.transform import Transform
from acav1m.errors import ClipError
from acav1m.media import decode, encode
from acav1m.media.cut import cut, sha256
from acav1m.media.probe import probe
from acav1m.media.revoice import replayed, revoice
from acav1m.recipe import Cut
from acav1m.testing import sine

QUIETER = Transform.of(Volume(target_lufs=-30.0))
LATER = Transform.of(Speed(start_s=-0.25))


def made(folder: Path, rate_hz: int = 48_000) -> Path:
    """A clip as a build cuts it: moving pictures in groups, a beep a second in stereo."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 255, (80, 6, 8, 3), dtype=np.uint8)
    frames = coarse.repeat(8, axis=1).repeat(8, axis=2)
    left = sine(3.2, hz=500, rate_hz=rate_hz)
    beats = (np.arange(left.size) % rate_hz) < rate_hz / 10
    source = folder / f"source{rate_hz}.mp4"
    encode.write(source, frames, 25, np.stack([left * beats, 0.5 * left * beats]), rate_hz)
    stem = folder / f"clip{rate_hz}"
    cut(source, probe(source), 0.0, 3.2, stem, Cut(seconds=4, min_s=1))
    return stem


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("clip"))


def pictures(stem: Path) -> list[tuple[int | None, bytes]]:
    with av.open(f"{stem}.mp4") as container:
        return [(p.pts, bytes(p)) for p in container.demux(container.streams.video[0])]


def test_the_pictures_are_the_very_packets(clip: Path, tmp_path: Path) -> None:
    revoice(clip, QUIETER, tmp_path / "new", audio_kbps=64)

    assert pictures(tmp_path / "new") == pictures(clip)
    was, now = (decode.clip(Path(f"{stem}.mp4")) for stem in (clip, tmp_path / "new"))
    assert now.frame_times_s == pytest.approx(was.frame_times_s, abs=0)


def test_the_flac_holds_the_replayed_transform(clip: Path, tmp_path: Path) -> None:
    result = revoice(clip, QUIETER, tmp_path / "new", audio_kbps=64)

    original = decode.flac(Path(f"{clip}.flac"))
    found = decode.flac(tmp_path / "new.flac")
    expected = QUIETER.replay(original, decode.RELEASE_RATE_HZ)
    assert np.array_equal(found * 32768, np.round(expected * 32768))
    assert np.array_equal(found * 32768, replayed(QUIETER, original))
    assert result.flac_sha256 == sha256(tmp_path / "new.flac")
    assert result.mp4_bytes == (tmp_path / "new.mp4").stat().st_size


def test_full_scale_stays_within_16_bits() -> None:
    loud = np.array([1.0, -1.0, 0.5], np.float32)

    assert replayed(Transform(), loud).tolist() == [32767, -32768, 16384]


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_its_own_sound_is_edited_at_its_own_rate_and_channels(rate_hz: int, tmp_path: Path) -> None:
    given = made(tmp_path, rate_hz)
    revoice(given, LATER, tmp_path / "new", audio_kbps=128)

    was, now = (decode.clip(Path(f"{stem}.mp4")).track for stem in (given, tmp_path / "new"))
    assert (now.rate_hz, now.samples.shape) == (was.rate_hz, was.samples.shape)
    assert now.start_s == 0.0
    first_s = [np.argmax(np.abs(track.samples[0]) > 0.02) / rate_hz for track in (was, now)]
    assert first_s[1] - first_s[0] == pytest.approx(0.25, abs=0.005)
    levels = np.abs(now.samples).max(axis=1)
    assert levels[1] == pytest.approx(levels[0] / 2, rel=0.1)


def test_it_is_as_long_as_before_however_often_it_is_done(clip: Path, tmp_path: Path) -> None:
    revoice(clip, QUIETER, tmp_path / "once", audio_kbps=64)
    revoice(tmp_path / "once", QUIETER, tmp_path / "twice", audio_kbps=64)

    lengths = [
        decode.clip(Path(f"{stem}.mp4")).track.samples.shape[1]
        for stem in (clip, tmp_path / "once", tmp_path / "twice")
    ]
    assert len(set(lengths)) == 1
    assert decode.flac(tmp_path / "twice.flac").shape == decode.flac(Path(f"{clip}.flac")).shape


def test_the_same_clip_gives_the_same_bytes(clip: Path, tmp_path: Path) -> None:
    a, b = (revoice(clip, LATER, tmp_path / name, audio_kbps=64) for name in "ab")

    assert a == b
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()
    assert (tmp_path / "a.flac").read_bytes() == (tmp_path / "b.flac").read_bytes()


def test_nothing_happens_to_the_original(clip: Path, tmp_path: Path) -> None:
    before = [sha256(Path(f"{clip}.{suffix}")) for suffix in ("mp4", "flac")]
    revoice(clip, Transform.of(FillBlanks()), tmp_path / "new", audio_kbps=64)

    assert [sha256(Path(f"{clip}.{suffix}")) for suffix in ("mp4", "flac")] == before


def test_a_damaged_clip_fails_with_its_reason(clip: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.flac").write_bytes(Path(f"{clip}.flac").read_bytes())
    (tmp_path / "bad.mp4").write_bytes(b"no film")

    with pytest.raises(ClipError, match=r"bad\.mp4 does not decode"):
        revoice(tmp_path / "bad", QUIETER, tmp_path / "new", audio_kbps=64)
