"""Where a source is cut: as asked, at a fixed length, or where its pictures change."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.errors import ClipError
from acav1m.media import encode
from acav1m.media import shots as detection
from acav1m.media.probe import Probe, probe
from acav1m.media.remux import seekable
from acav1m.media.split import EDGE_S, fixed, spans
from acav1m.recipe import Cut

FPS = 25
CHANGES_S = (2.0, 3.52, 3.8)
ANYWHERE = Path("never-opened.mp4")


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of four shots, plainly apart, which begin at 0 and at `CHANGES_S`."""
    path = tmp_path_factory.mktemp("shots") / "shots.mkv"
    colours = np.array([(20, 20, 20), (230, 230, 230), (40, 10, 90), (250, 200, 30)], np.uint8)
    times_s = np.arange(6 * FPS) / FPS
    which = np.searchsorted(CHANGES_S, times_s + 1e-6)
    frames = np.broadcast_to(colours[which][:, None, None], (len(times_s), 64, 64, 3))
    noise = np.random.default_rng(0).normal(0, 0.1, 6 * 48_000).astype(np.float32)
    encode.write(path, frames, FPS, noise, 48_000)
    return path


@pytest.fixture
def found(film: Callable[..., Any]) -> Probe:
    """Media from 0.5 s to 7.5 s."""
    return replace(probe(film("plain.mp4").path), start_s=0.5, end_s=7.5)


@given(
    start_s=st.floats(0, 100),
    length_s=st.floats(0, 200),
    seconds=st.floats(0.5, 60),
    share=st.floats(0.01, 1),
)
def test_fixed_spans_cover_the_stretch_without_overlap(
    start_s: float, length_s: float, seconds: float, share: float
) -> None:
    how = Cut(seconds=seconds, min_s=seconds * share)
    end_s = start_s + length_s
    made = fixed(start_s, end_s, how)
    for begin_s, finish_s in made:
        assert start_s <= begin_s < finish_s <= end_s
        assert how.min_s - 1e-5 <= finish_s - begin_s <= seconds + 1e-6
    for (_, before_s), (after_s, _) in pairwise(made):
        assert after_s == pytest.approx(before_s)
    rest_s = end_s - (made[-1][1] if made else start_s)
    assert rest_s <= how.min_s


def test_a_span_is_cut_as_asked(found: Probe) -> None:
    assert spans(ANYWHERE, found, 2.0, 5.0, Cut(min_s=1)) == [(2.0, 5.0)]


def test_a_span_longer_than_seconds_is_not_divided(found: Probe) -> None:
    assert spans(ANYWHERE, found, 1.0, 7.0, Cut(seconds=2, min_s=1)) == [(1.0, 7.0)]


def test_a_span_without_an_end_is_as_long_as_a_clip(found: Probe) -> None:
    assert spans(ANYWHERE, found, 3.0, None, Cut(seconds=2)) == [(3.0, 5.0)]
    assert spans(ANYWHERE, found, 3.0, None, Cut()) == [(3.0, 7.5)]


def test_a_span_without_a_start_begins_with_the_media(found: Probe) -> None:
    assert spans(ANYWHERE, found, None, 3.0, Cut()) == [(0.5, 3.0)]


def test_a_span_just_off_the_edge_is_moved_to_it(found: Probe) -> None:
    asked = (0.5 - EDGE_S * 0.9, 7.5 + EDGE_S * 0.9)
    assert spans(ANYWHERE, found, *asked, Cut()) == [(0.5, 7.5)]


@pytest.mark.parametrize("asked", [(0.0, 5.0), (5.0, 8.0), (20.0, 30.0)])
def test_a_span_outside_the_media_is_refused(found: Probe, asked: tuple[float, float]) -> None:
    with pytest.raises(ClipError, match=r"run from 0\.50 to 7\.50 s") as caught:
        spans(ANYWHERE, found, *asked, Cut())
    assert caught.value.kind == "outside"


def test_a_beginning_after_the_end_is_refused_as_it_was_asked(found: Probe) -> None:
    for begin_s in (7.5, 100.0):
        with pytest.raises(ClipError, match=rf"from {begin_s:g} s on is asked, but .* 7\.50 s"):
            spans(ANYWHERE, found, begin_s, None, Cut())
    with pytest.raises(ClipError, match=r"4 to 3 s is asked: 0\.00 s, under 2"):
        spans(ANYWHERE, found, 4.0, 3.0, Cut(min_s=2))


def test_too_long_a_span_is_refused(found: Probe) -> None:
    long = replace(found, start_s=0.0, end_s=3600.0)
    assert spans(ANYWHERE, long, 100.0, 700.0, Cut()) == [(100.0, 700.0)]
    for asked in ((0.0, 3600.0), (None, 601.0), (100.0, 700.5)):
        with pytest.raises(ClipError, match="600 s at most") as caught:
            spans(ANYWHERE, long, *asked, Cut())
        assert caught.value.kind == "too_long"


def test_too_short_a_span_is_refused(found: Probe) -> None:
    with pytest.raises(ClipError, match="under 2") as caught:
        spans(ANYWHERE, found, 1.0, 2.5, Cut(min_s=2))
    assert caught.value.kind == "too_short"


@pytest.mark.parametrize("split", ["fixed", "shots"])
def test_too_short_a_video_is_refused(found: Probe, split: Any) -> None:
    with pytest.raises(ClipError) as caught:
        spans(ANYWHERE, found, None, None, Cut(min_s=9, split=split))
    assert caught.value.kind == "too_short"


def test_a_video_is_cut_where_its_pictures_change(shots: Path) -> None:
    how = Cut(seconds=20, min_s=1, split="shots")
    made = spans(shots, probe(shots), None, None, how)
    assert np.array(made) == pytest.approx(np.array([(0, 2.0), (2.0, 3.52), (3.52, 6.0)]), abs=0.01)


def test_looking_for_shots_shows_signs_of_life(
    shots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A film is decoded for longer than a worker may be silent."""
    signs: list[int] = []
    monkeypatch.setattr(detection, "BEAT", 10)
    how = Cut(seconds=20, min_s=1, split="shots")
    spans(shots, probe(shots), None, None, how, lambda: signs.append(1))
    assert len(signs) == 6 * FPS / 10


def test_shots_are_those_of_the_pictures_that_are_cut(shots: Path, tmp_path: Path) -> None:
    """The first picture stream may be a small one that nothing happens in."""
    args = "-f lavfi -i color=s=32x32:r=25:d=6 -map 1:v -map 0:v -map 0:a -c:v libx264 -c:a aac"
    args += " -disposition:v:0 0 -disposition:v:1 default"
    program = imageio_ffmpeg.get_ffmpeg_exe()
    made = [program, "-loglevel", "error", "-i", str(shots), *args.split()]
    subprocess.run([*made, str(tmp_path / "two.mkv")], check=True)
    found = probe(tmp_path / "two.mkv")
    assert found.video_index == 1
    how = Cut(seconds=20, min_s=1, split="shots")
    assert len(spans(tmp_path / "two.mkv", found, None, None, how)) == 3


def test_long_shots_are_divided_and_short_ones_left_out(shots: Path) -> None:
    how = Cut(seconds=1, min_s=0.8, split="shots")
    made = [begin_s for begin_s, _ in spans(shots, probe(shots), None, None, how)]
    assert made == pytest.approx([0, 1, 2.0, 3.52, 4.52], abs=0.01)


def test_no_shot_long_enough_is_an_error(shots: Path) -> None:
    with pytest.raises(ClipError, match="no shot is 5 s long") as caught:
        spans(shots, probe(shots), None, None, Cut(seconds=6, min_s=5, split="shots"))
    assert caught.value.kind == "too_short"


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv", "late.ts"])
def test_shots_count_from_the_same_zero_as_cuts(
    convert: Callable[[Path, Path, str], None], shots: Path, tmp_path: Path, name: str
) -> None:
    """PySceneDetect counts from the first picture, which came 0.4 s after the first sound."""
    convert(shots, tmp_path / name, "-vf trim=start=0.4 -c:v libx264 -c:a aac -output_ts_offset 9")
    path, found = seekable(tmp_path / name, probe(tmp_path / name), tmp_path)
    made = spans(path, found, None, None, Cut(seconds=20, min_s=1, split="shots"))
    zero_s = found.frame_times_s[0] - 0.4
    assert made[1][0] == pytest.approx(zero_s + 2.0, abs=0.002)
    assert made[2][0] == pytest.approx(zero_s + 3.52, abs=0.002)
