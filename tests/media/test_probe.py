"""A file is taken for what it holds, and what cannot be used is named in plain words."""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from acav1m.errors import ClipError
from acav1m.media import encode, packets
from acav1m.media import probe as probing
from acav1m.media.probe import Probe, probe
from acav1m.testing import sine

BROKEN = {
    "truncated_no_moov.mp4": "truncated",
    "truncated_faststart.mp4": "truncated",
    "zero_byte.mp4": "empty",
    "html_saved_as.mp4": "not_media",
    "no_audio_track.mp4": "no_audio",
    "audio_only.mp4": "no_video",
    "one_video_frame.mp4": "one_picture",
    "png_image.mp4": "not_video",
    "size_change_midway.ts": "clock_jump",
    "cover_art_only.mp4": "no_video",
    "decord_corrupted.mp4": "no_audio",
    "decord_unordered.mov": "no_audio",
    "tar_names.txt": "not_media",
}
"""Files of the broken set by the kind of their refusal; the others can be opened."""


@pytest.fixture
def plain(film: Callable[..., Any]) -> Path:
    """A film of 8 s at 25 pictures a second with 48 kHz sound."""
    path: Path = film("plain.mp4").path
    return path


def _refused(path: Path) -> ClipError:
    with pytest.raises(ClipError) as caught:
        probe(path)
    message = caught.value.message
    assert message
    assert "\n" not in message
    assert str(path.parent) not in message
    assert caught.value.transient == (caught.value.kind == "unreadable")
    return caught.value


def test_every_broken_file_is_refused_or_opened_as_a_person_expects(clips: Path) -> None:
    with (clips / "broken" / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        names = [row["file"] for row in csv.DictReader(manifest)]
    assert set(BROKEN) < set(names)
    for name in names:
        path = clips / "broken" / name
        if name in BROKEN:
            assert _refused(path).kind == BROKEN[name], name
        else:
            assert probe(path).duration_s > 0.5, name


def test_what_is_odd_about_a_file_that_opens_is_seen(clips: Path) -> None:
    found = {path.name: probe(path) for path in _opened(clips / "broken")}
    assert found["audio_shorter_than_video.mp4"].end_s == pytest.approx(2.5, abs=0.1)
    assert found["huge_declared_duration.mp4"].duration_s == pytest.approx(6, abs=0.1)
    assert found["tiny_16x16.mp4"].width_px == 16
    assert found["webm_inside.mp4"].format == "matroska,webm"
    assert found["two_audio_tracks.mkv"].audio_index == 2


def _opened(folder: Path) -> list[Path]:
    names = (
        "audio_shorter_than_video.mp4",
        "huge_declared_duration.mp4",
        "tiny_16x16.mp4",
        "webm_inside.mp4",
        "two_audio_tracks.mkv",
    )
    return [folder / name for name in names]


def test_real_clips_are_as_their_manifest_says(clips: Path) -> None:
    with (clips / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest))[::6]
    for row in rows:
        found = probe(clips / row["file"])
        assert found.video_codec == row["video_codec"], row["file"]
        assert found.audio_codec == row["audio_codec"], row["file"]
        assert found.audio_rate_hz == int(row["sample_rate"]), row["file"]
        assert found.audio_channels == int(row["channels"]), row["file"]
        assert found.sha256 == row["sha256"]
        assert found.bytes == int(row["bytes"])


def test_a_plain_film_is_known_from_its_packets(plain: Path) -> None:
    found = probe(plain)
    assert (found.width_px, found.height_px, found.fps) == (64, 64, 25)
    assert found.frame_times_s == pytest.approx(np.arange(200) / 25)
    assert (found.start_s, found.end_s) == pytest.approx((0, 8), abs=0.03)
    assert (found.audio_rate_hz, found.audio_channels) == (48_000, 1)
    assert (found.video_codec, found.audio_codec) == ("h264", "aac")
    assert found.bytes == plain.stat().st_size


@pytest.mark.parametrize(
    ("content", "kind", "word"),
    [
        (b"", "empty", "0 bytes"),
        (b"Hello, this is a note about a video.\n", "not_media", "text"),
        ("Это просто текст, не видео.\n".encode() * 40, "not_media", "text"),
        (b"<!DOCTYPE html>\n<title>404</title>", "not_media", "web page"),
        (b"\n\n <HTML><body>Sign in</body></HTML>", "not_media", "web page"),
        (b'{"error": "not found"}', "not_media", "text"),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/clip.ts\n", "not_media", "text"),
        (b"ffconcat version 1.0\nfile plain.mp4\n", "not_media", "text"),
        (bytes(range(256)) * 40, "not_media", "opened"),
        (b"\x00" * 5000, "not_media", "opened"),
    ],
    ids=["empty", "text", "cyrillic", "html", "HTML", "json", "m3u8", "concat", "noise", "zeros"],
)
def test_what_is_no_media_is_refused(tmp_path: Path, content: bytes, kind: str, word: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    error = _refused(path)
    assert error.kind == kind
    assert word in error.message


def test_a_playlist_never_opens_what_it_names(tmp_path: Path, plain: Path) -> None:
    shutil.copy(plain, tmp_path / "secret.mp4")
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:8,\nsecret.mp4\n#EXT-X-ENDLIST\n")
    assert _refused(path).kind == "not_media"
    padded = tmp_path / "padded.m3u8"  # a zero byte, so that it is no plain text
    padded.write_bytes(path.read_bytes() + b"\x00" * 64)
    assert _refused(padded).kind == "not_media"


def test_a_picture_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "clip.png"
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "rgb24"
        grey = np.full((32, 32, 3), 90, np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
    for name in ("clip.png", "clip.mp4"):
        assert _refused(path.rename(tmp_path / name)).kind == "not_video"
        path = tmp_path / name


@pytest.mark.parametrize(
    ("name", "args", "kind"),
    [
        ("silent.mp4", "-an -c:v copy", "no_audio"),
        ("blind.mp4", "-vn -c:a copy", "no_video"),
        ("song.m4a", "-vn -c:a copy", "no_video"),
        ("still.mp4", "-frames:v 1 -c:v copy -c:a copy", "one_picture"),
        ("still.mkv", "-frames:v 1 -c:v copy -c:a copy", "one_picture"),
    ],
)
def test_what_lacks_sound_or_moving_pictures_is_refused(
    convert: Callable[..., None], plain: Path, tmp_path: Path, name: str, args: str, kind: str
) -> None:
    convert(plain, tmp_path / name, args)
    assert _refused(tmp_path / name).kind == kind


def test_a_file_that_lost_its_end_is_truncated(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    whole, half = tmp_path / "whole.mp4", tmp_path / "half.mp4"
    convert(plain, whole, "-c copy -movflags +faststart")
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    error = _refused(half)
    assert error.kind == "truncated"
    assert "of 200 pictures" in error.message


def test_a_file_that_lost_its_index_is_truncated(plain: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.mp4"
    half.write_bytes(plain.read_bytes()[: plain.stat().st_size // 2])
    error = _refused(half)
    assert error.kind == "truncated"
    assert "index" in error.message


def test_a_matroska_file_that_lost_its_end_is_truncated(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    whole, rest = tmp_path / "whole.mkv", tmp_path / "rest.mkv"
    convert(plain, whole, "-stream_loop 3 -i -c copy")
    content = whole.read_bytes()
    rest.write_bytes(content[: len(content) // 4])
    assert probe(whole).duration_s == pytest.approx(32, abs=0.2)
    error = _refused(rest)
    assert error.kind == "truncated"
    assert "declares 32" in error.message


def test_a_clip_ends_with_the_shorter_of_sound_and_picture(tmp_path: Path) -> None:
    path = tmp_path / "short.mp4"
    frames = np.full((75, 32, 32, 3), 90, np.uint8)
    encode.write(path, frames, 25, sine(1.2), 16_000)
    found = probe(path)
    assert found.end_s == pytest.approx(1.2, abs=0.07)
    assert found.frame_times_s[-1] == pytest.approx(74 / 25)
    assert found.declared_duration_s == pytest.approx(3, abs=0.01)


def test_sound_and_picture_that_never_meet_are_refused(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    apart = tmp_path / "apart.mkv"
    convert(plain, apart, "-vf trim=end=2 -af atrim=start=4 -c:v libx264 -c:a flac")
    assert _refused(apart).kind == "no_overlap"


def test_joined_recordings_are_refused_for_their_clock(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    convert(plain, tmp_path / "one.ts", "-c copy")
    twice = tmp_path / "twice.ts"
    twice.write_bytes((tmp_path / "one.ts").read_bytes() * 2)
    error = _refused(twice)
    assert error.kind == "clock_jump"
    assert "-8.0 s" in error.message or "-7.9 s" in error.message


def test_the_default_sound_is_taken(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    path = tmp_path / "two.mkv"
    twice = "-map 0:v -map 0:a -map 0:a -disposition:a:0 0 -disposition:a:1 default"
    convert(plain, path, f"{twice} -c copy")
    assert probe(path).audio_index == 2


def test_a_cover_picture_is_no_video_stream(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    cover, song, both = (tmp_path / name for name in ("cover.jpg", "song.mp4", "both.mp4"))
    convert(plain, cover, "-frames:v 1 -update 1")
    covered = f"-i {cover} -i -c copy -map 1:a -map 0:v -disposition:v:0 attached_pic"
    convert(plain, song, covered)
    convert(plain, both, f"{covered} -map 1:v")
    assert "cover art" in _refused(song).message
    assert probe(both).video_codec == "h264"


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp4",
        'it\'s a "quoted" name; $(echo x) & more.mp4',
        "Клип 音声付き é.mp4",
        "..%2F..%2Fetc%2Fpasswd.mp4",
        "frame-%03d.mp4",
        "two  spaces and dots...v1.mp4",
        "http:--host.mp4",
        "a:b.mp4",
        "line\nbreak.mp4",
        ".hidden.mp4",
        "video.mp4.part",
        "*.mp4",
    ],
)
def test_any_name_will_do(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shutil.copy(plain, tmp_path / name)
    assert probe(tmp_path / name).duration_s > 7
    monkeypatch.chdir(tmp_path)
    assert probe(Path(name)).duration_s > 7


def test_a_name_that_is_no_text_will_do(plain: Path, tmp_path: Path) -> None:
    name = tmp_path / os.fsdecode(b"latin-\xe9.mp4")
    shutil.copy(plain, name)
    assert probe(name).duration_s > 7


def test_what_is_gone_is_unreadable(tmp_path: Path) -> None:
    assert _refused(tmp_path / "gone.mp4").kind == "unreadable"
    assert _refused(tmp_path).kind == "unreadable"


def test_a_sideways_phone_video_stands_upright(
    convert: Callable[..., None], film: Callable[..., Any], tmp_path: Path
) -> None:
    wide = film("wide.mp4", "-vf scale=96:64 -c:v libx264 -c:a aac").path
    convert(wide, tmp_path / "turned.mp4", "-display_rotation 90 -i -c copy")
    turned: Probe = probe(tmp_path / "turned.mp4")
    assert (turned.width_px, turned.height_px) == (64, 96)


def test_pixels_that_are_not_square_are_counted_as_shown(
    convert: Callable[..., None], plain: Path, tmp_path: Path
) -> None:
    convert(plain, tmp_path / "wide.mp4", "-vf setsar=2 -c:v libx264 -c:a copy")
    found = probe(tmp_path / "wide.mp4")
    assert (found.width_px, found.height_px) == (128, 64)


def test_a_large_file_shows_signs_of_life(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = probe(plain).sha256
    signs: list[int] = []
    monkeypatch.setattr(probing, "CHUNK_BYTES", 1000)
    monkeypatch.setattr(packets, "BEAT", 50)
    assert probe(plain, lambda: signs.append(1)).sha256 == whole
    assert len(signs) > -(-plain.stat().st_size // 1000) + 200 // 50
