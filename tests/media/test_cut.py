"""A flash and a beep that begin together in the source begin together in every cut of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from acav1m.clip import View
from acav1m.errors import ClipError
from acav1m.media import decode
from acav1m.media.cut import Made, cut
from acav1m.media.probe import Probe, probe
from acav1m.media.remux import seekable
from acav1m.recipe import Cut

HOW = Cut(seconds=60, min_s=0.1)
BEEP_S, BEEP_HZ = 0.03, 1000
CONTAINERS = (".mp4", ".mkv", ".webm", ".mov", ".avi")
RATES = (30_000 / 1001, 25.0, 12.0, 24.0)

H264 = "-c:v libx264 -preset ultrafast"
ODD = {
    "b_pictures.mp4": "-c:v libx264 -bf 3 -g 300 -c:a aac",
    "open_groups.mp4": "-c:v libx264 -bf 3 -x264-params open-gop=1:keyint=40 -c:a aac",
    "fragments.mp4": f"{H264} -c:a aac -movflags frag_keyframe+empty_moov+delay_moov",
    "varying_rate.mp4": f"-vf select='not(eq(mod(n,7),5))' -fps_mode vfr {H264} -c:a aac",
    "varying_rate.mkv": f"-vf select='not(eq(mod(n,5),3))' -fps_mode vfr {H264} -c:a flac",
    "late_clock.mkv": f"{H264} -c:a flac -output_ts_offset 100",
    "late_clock.mp4": f"{H264} -c:a aac -output_ts_offset 1.5",
    "late_clock.ts": "-c:v libx264 -bf 3 -g 300 -c:a aac -output_ts_offset 37",
    "late_picture.mp4": f"-vf trim=start=0.4 {H264} -c:a aac",
    "late_picture.mkv": f"-vf trim=start=0.4 {H264} -c:a flac",
    "late_picture.ts": "-vf trim=start=0.4 -c:v libx264 -bf 3 -g 300 -c:a aac",
    "late_sound.mov": f"-af atrim=start=0.4 {H264} -c:a aac",
    "late_sound.mkv": f"-af atrim=start=0.4 {H264} -c:a flac",
    "sideways.mp4": f"-display_rotation 90 -i {H264} -c:a aac",
    "surround.mkv": f"{H264} -c:a flac -ac 6",
    "surround.mp4": f"{H264} -c:a aac -ac 6",
    "telephone.mp4": f"{H264} -c:a aac -ar 8000",
    "studio.mp4": f"{H264} -c:a aac -ar 96000",
    "studio.mkv": f"{H264} -c:a flac -ar 96000",
    "opus.mp4": f"{H264} -c:a libopus",
    "vorbis.webm": "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libvorbis",
    "stream.webm": "-c:v libvpx -deadline realtime -cpu-used 8 -g 100 -c:a libopus -live 1",
    "disc.mpg": "-c:v mpeg2video -bf 2 -g 60 -q:v 4 -c:a mp2",
    "camera.m2ts": "-c:v libx264 -bf 3 -g 100 -c:a ac3",
    # AVI has no time stamps, so pictures shown out of order come an interval late: so must sound.
    "b_pictures.avi": "-af adelay=40 -c:v mpeg4 -bf 2 -g 200 -q:v 4 -c:a pcm_s16le",
    "flash.flv": "-c:v libx264 -bf 3 -c:a aac",
    "windows.wmv": "-c:v wmv2 -g 100 -q:v 4 -c:a wmav2",
}
"""Sources as people have them, as what ffmpeg does to a plain film of 25 pictures a second."""


@dataclass(frozen=True)
class Heard:
    """A cut, and when flashes and beeps begin in it."""

    made: Made
    pictures: int
    rate: float
    flashes_s: NDArray[np.float64]
    beeps_s: NDArray[np.float64]
    flac_beeps_s: NDArray[np.float64]
    flac: NDArray[np.float32]
    track: decode.Track


@pytest.mark.parametrize("fps", RATES, ids="{:.2f}".format)
@pytest.mark.parametrize("container", CONTAINERS)
def test_sound_and_picture_stay_together(
    film: Callable[..., Any], tmp_path: Path, container: str, fps: float
) -> None:
    source = film(f"plain-{fps:.2f}{container}", fps=fps)
    given, found = seekable(source.path, probe(source.path), tmp_path)
    assert float(found.fps) == pytest.approx(fps, abs=1e-6)
    for start_s, end_s in _points(found, count=5):
        _holds(_listen(given, found, start_s, end_s, tmp_path), source, found, start_s)


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_odd_sources_keep_sound_and_picture_together(
    film: Callable[..., Any], tmp_path: Path, name: str
) -> None:
    source = film(name, ODD[name])
    given, found = seekable(source.path, probe(source.path), tmp_path)
    for start_s, end_s in _points(found, count=4):
        heard = _listen(given, found, start_s, end_s, tmp_path)
        _holds(heard, source, found, start_s)
        assert heard.made.decode_errors == 0


def _points(found: Probe, count: int) -> list[tuple[float, float]]:
    """The beginning of the media, then random places."""
    rng = np.random.default_rng(count)
    starts_s = [found.start_s, *rng.uniform(found.start_s, found.end_s - 2, count - 1)]
    return [(start_s, start_s + rng.uniform(1.2, 2)) for start_s in starts_s]


def _holds(heard: Heard, source: Any, found: Probe, asked_s: float) -> None:
    """Everything that is promised of a cut."""
    made = heard.made
    half_s = 0.5 / source.fps
    assert abs(made.start_s - asked_s) <= 1.01 / source.fps
    length_s = made.end_s - made.start_s
    assert heard.pictures / heard.rate == pytest.approx(length_s, abs=1 / heard.rate)
    assert len(heard.flac) / decode.RELEASE_RATE_HZ == pytest.approx(length_s, abs=0.001)
    wanted_s = _inside(source, found, made)
    assert len(wanted_s)
    skews_s = []
    for event_s in wanted_s:
        flash_s, beep_s, flac_s = (
            _nearest(times_s, event_s)
            for times_s in (heard.flashes_s, heard.beeps_s, heard.flac_beeps_s)
        )
        assert abs(beep_s - flash_s) <= half_s + 0.001
        assert abs(flac_s - flash_s) <= half_s + 0.001
        assert abs(flash_s - event_s) <= half_s + 0.001
        skews_s.append(beep_s - flash_s)
    if "varying" not in source.path.name:
        assert made.cut_skew_s == pytest.approx(np.mean(skews_s), abs=0.002)


def _inside(source: Any, found: Probe, made: Made) -> NDArray[np.float64]:
    """Events that are wholly in the cut, in its time."""
    dropped_s = 0.4 if source.path.stem == "late_picture" else 0.0
    events_s = source.events_s - dropped_s + found.frame_times_s[0] - made.start_s
    length_s = made.end_s - made.start_s
    return events_s[(events_s > 1 / source.fps) & (events_s < length_s - 2.5 / source.fps)]


def _nearest(times_s: NDArray[np.float64], time_s: float) -> float:
    return float(min(times_s, key=lambda found_s: abs(found_s - time_s), default=np.inf))


def _listen(
    source: Path, found: Probe, start_s: float, end_s: float, folder: Path, how: Cut = HOW
) -> Heard:
    stem = folder / "cut"
    return _heard(cut(source, found, start_s, end_s, stem, how), stem)


def _heard(made: Made, stem: Path) -> Heard:
    view = View(8, 8)
    decoded = decode.clip(stem.with_suffix(".mp4"), [view])
    flac = decode.flac(stem.with_suffix(".flac"))
    track, frames = decoded.track, decoded.frames[view]
    light = frames.images.mean(axis=(1, 2, 3)) > 120
    assert decoded.fps is not None
    return Heard(
        made=made,
        pictures=len(light),
        rate=decoded.fps,
        flashes_s=frames.times_s[1:][light[1:] & ~light[:-1]],
        beeps_s=_beeps_s(track.samples.mean(axis=0), track.rate_hz) + track.start_s,
        flac_beeps_s=_beeps_s(flac, decode.RELEASE_RATE_HZ),
        flac=flac,
        track=track,
    )


def _beeps_s(sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float64]:
    """Where the tone fills a window of a beep's length best; truncated beeps do not count."""
    length = round(BEEP_S * rate_hz)
    turned = sound * np.exp(-2j * np.pi * BEEP_HZ * np.arange(len(sound)) / rate_hz)
    strength = np.abs(np.convolve(turned, np.ones(length), "valid"))
    loud = np.flatnonzero(strength > 0.85 * strength.max(initial=1e-3))
    runs = np.split(loud, np.flatnonzero(np.diff(loud) > 1) + 1)
    return np.array([run[np.argmax(strength[run])] / rate_hz for run in runs if len(run)])


def test_nothing_is_heard_or_seen_from_outside_the_span(
    film: Callable[..., Any], tmp_path: Path
) -> None:
    source = film("plain.avi")
    given, found = seekable(source.path, probe(source.path), tmp_path)
    first_s, second_s = source.events_s[2], source.events_s[3]
    heard = _listen(given, found, first_s + 3 / 25, second_s, tmp_path)
    assert heard.made.start_s == pytest.approx(first_s + 3 / 25)
    assert np.abs(heard.flac[:-8]).max() < 0.001
    assert np.abs(heard.flac).max() < 0.005  # a resampler's ringing in the last half millisecond
    assert np.abs(heard.track.samples).max() < 0.01
    assert not len(heard.flashes_s)


def test_a_beep_at_the_very_start_is_whole(film: Callable[..., Any], tmp_path: Path) -> None:
    source = film("plain.mp4")
    found = probe(source.path)
    event_s = source.events_s[2]
    heard = _listen(source.path, found, event_s, event_s + 1.5, tmp_path)
    assert heard.made.start_s == pytest.approx(event_s, abs=1e-6)
    assert heard.beeps_s[0] == pytest.approx(0, abs=0.002)
    assert heard.flac_beeps_s[0] == pytest.approx(0, abs=0.002)


def test_the_start_moves_to_the_nearest_picture(film: Callable[..., Any], tmp_path: Path) -> None:
    source = film("plain.mp4")
    found = probe(source.path)
    for asked_s, start_s in ((1.03, 1.04), (1.01, 1.0), (1.0, 1.0)):
        made = cut(source.path, found, asked_s, 2.5, tmp_path / "cut", HOW)
        assert made.start_s == pytest.approx(start_s, abs=1e-6)
        assert made.end_s == 2.5


def test_skew_is_positive_when_sound_comes_later(film: Callable[..., Any], tmp_path: Path) -> None:
    """Pictures 0.3 of an interval off the grid move back to it; their sound stays where it was."""
    late = "if(eq(N\\,0)\\,0\\,(N+0.3)/25/TB)"
    args = (
        f"-vf settb=1/9000,setpts={late} -af adelay=12 -fps_mode passthrough -enc_time_base 1:9000"
    )
    source = film("off_grid.mp4", f"{args} {H264} -c:a aac")
    heard = _listen(source.path, probe(source.path), 0.0, 3.0, tmp_path)
    skews_s = [_nearest(heard.beeps_s, flash_s) - flash_s for flash_s in heard.flashes_s]
    assert len(skews_s) > 2
    assert np.mean(skews_s) == pytest.approx(0.012, abs=0.001)
    assert heard.made.cut_skew_s == pytest.approx(0.012, abs=0.001)


def test_a_lower_rate_keeps_step(film: Callable[..., Any], tmp_path: Path) -> None:
    source = film("plain.mp4")
    heard = _listen(source.path, probe(source.path), 0.0, 6.0, tmp_path, Cut(min_s=1, fps=10))
    assert heard.rate == 10
    assert heard.pictures == 60
    for flash_s in heard.flashes_s:
        assert abs(_nearest(heard.beeps_s, flash_s) - flash_s) <= 0.05 + 0.001


def test_the_same_cut_gives_the_same_bytes(film: Callable[..., Any], tmp_path: Path) -> None:
    source = film("b_pictures.mp4", ODD["b_pictures.mp4"])
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        stem = tmp_path / name / "cut"
        made.append(cut(source.path, probe(source.path), 1.234, 3.2, stem, HOW))
        for suffix, promised in (("mp4", made[-1].mp4_sha256), ("flac", made[-1].flac_sha256)):
            content = stem.with_suffix(f".{suffix}").read_bytes()
            assert hashlib.sha256(content).hexdigest() == promised
    assert made[0] == made[1]


def test_a_sideways_video_stands_upright(film: Callable[..., Any], tmp_path: Path) -> None:
    args = f"-display_rotation 90 -i -vf scale=96:64 {H264} -c:a aac"
    source = film("wide.mp4", f"-vf scale=96:64 {H264} -c:a aac")
    turned = film("turned.mp4", args.replace("-vf scale=96:64 ", ""))
    assert (probe(source.path).width_px, probe(source.path).height_px) == (96, 64)
    for path, size in ((source.path, (96, 64)), (turned.path, (64, 64))):
        cut(path, probe(path), 0.0, 1.5, tmp_path / "cut", HOW)
        decoded = decode.clip(tmp_path / "cut.mp4")
        assert (decoded.width, decoded.height) == size


def test_a_place_where_no_picture_decodes_is_refused(
    film: Callable[..., Any], tmp_path: Path
) -> None:
    """A clip must not begin with a picture from somewhere else, repeated to fill the gap."""
    source = film("plain.mp4")
    found = probe(source.path)
    with pytest.raises(ClipError, match=r"4\.50 s were asked") as caught:
        cut(source.path, found, 7.52, 12.02, tmp_path / "cut", HOW)
    assert caught.value.kind == "wrong_length"


def test_damage_is_counted_alike_each_time(film: Callable[..., Any], tmp_path: Path) -> None:
    """How lines of two decoders mix in ffmpeg's log once changed how many were folded into one."""
    content = bytearray(
        film("noisy.mp4", f"-vf noise=c0s=60:c0f=t {H264} -c:a aac").path.read_bytes()
    )
    rng = np.random.default_rng(0)
    for at in rng.integers(len(content) // 4, len(content) // 2, 40):
        content[at : at + 200] = rng.bytes(200)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    found = probe(path)
    made = [cut(path, found, 1.0, 5.0, tmp_path / "cut", HOW) for _ in range(4)]
    assert made[0].decode_errors > 5
    assert made.count(made[0]) == 4


def test_a_clip_whose_first_pictures_are_lost_is_refused(
    film: Callable[..., Any], tmp_path: Path
) -> None:
    """Else the next picture that decodes would fill the gap, before its sound."""
    args = f"-vf noise=c0s=60:c0f=t {H264} -g 50 -c:a aac -movflags +faststart"
    path = film("grouped.mp4", args).path
    found = probe(path)
    content = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [p for p in container.demux(video=0) if p.pos and p.pts is not None]
    for packet in packets[50:75]:
        content[packet.pos + 4 : packet.pos + packet.size] = bytes(packet.size - 4)
    (tmp_path / "lost.mp4").write_bytes(content)
    start_s = float(found.frame_times_s[50])
    with pytest.raises(ClipError, match="first picture to decode comes") as caught:
        cut(tmp_path / "lost.mp4", found, start_s, start_s + 3, tmp_path / "cut", HOW)
    assert caught.value.kind == "late_start"


@pytest.mark.parametrize(
    "name", ["-i.mp4", "100%03d.mp4", 'it\'s "quoted"; $(x).mp4', "a:b.mp4", "Клип é.mp4", "*.ts"]
)
def test_a_source_of_any_name_is_cut(
    film: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    given = film("stream.ts", ODD["late_clock.ts"]) if name.endswith(".ts") else film("plain.mp4")
    (tmp_path / name).write_bytes(given.path.read_bytes())
    monkeypatch.chdir(tmp_path)
    made = cut(Path(name), probe(Path(name)), 1.0, 2.5, tmp_path / "cut", HOW)
    assert made.mp4_bytes == (tmp_path / "cut.mp4").stat().st_size


def test_a_low_rate_may_end_in_a_frame_of_padding(film: Callable[..., Any], tmp_path: Path) -> None:
    """At 8 kHz a frame of AAC lasts 128 ms, and 1.3 s end 20 ms into one."""
    source = film("telephone.mp4", ODD["telephone.mp4"])
    heard = _listen(source.path, probe(source.path), 1.0, 2.3, tmp_path)
    assert heard.track.samples.shape[1] / heard.track.rate_hz == pytest.approx(1.408, abs=0.001)
    assert len(heard.flac) / decode.RELEASE_RATE_HZ == pytest.approx(1.3, abs=0.001)


@pytest.mark.parametrize("container", ["mp4", "mkv", "avi"])
@pytest.mark.parametrize("late_s", [0.3, 0.523, -0.4, -1.237])
def test_sound_that_comes_late_or_early_is_put_in_step(
    film: Callable[..., Any], tmp_path: Path, container: str, late_s: float
) -> None:
    delayed = f"adelay={late_s * 1000:.0f}"
    moved = delayed if late_s > 0 else f"atrim=start={-late_s},asetpts=PTS-STARTPTS"
    codecs = "-c:v mpeg4 -q:v 4 -c:a pcm_s16le" if container == "avi" else f"{H264} -c:a aac"
    source = film(f"late{late_s:g}.{container}", f"-af {moved} {codecs}")
    given, found = seekable(source.path, probe(source.path), tmp_path)
    start_s = max(0.2, -late_s)

    made = cut(given, found, start_s, 5.0, tmp_path / "cut", HOW, sound_late_s=late_s)

    heard = _heard(made, tmp_path / "cut")
    length_s = made.end_s - made.start_s
    assert heard.pictures / heard.rate == pytest.approx(length_s, abs=1 / heard.rate)
    assert len(heard.flac) / decode.RELEASE_RATE_HZ == pytest.approx(length_s, abs=0.001)
    wanted_s = _inside(source, found, made)
    assert len(wanted_s) > 3
    for event_s in wanted_s:
        flash_s = _nearest(heard.flashes_s, event_s)
        assert abs(flash_s - event_s) <= 0.021
        assert abs(_nearest(heard.beeps_s, flash_s) - flash_s) <= 0.01
        assert abs(_nearest(heard.flac_beeps_s, flash_s) - flash_s) <= 0.01
    assert abs(made.cut_skew_s) <= 0.01


def test_no_silence_stands_in_for_sound_that_is_not_there(
    film: Callable[..., Any], tmp_path: Path
) -> None:
    source = film("plain.mp4")
    found = probe(source.path)
    for start_s, late_s in ((6.0, 1.5), (1.0, -1.5)):
        with pytest.raises(ClipError, match="goes beyond the source") as caught:
            cut(source.path, found, start_s, 7.5, tmp_path / "cut", HOW, sound_late_s=late_s)
        assert caught.value.kind == "no_overlap"
