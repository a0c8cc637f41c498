"""Containers that cannot be sought exactly are copied into one that can."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acav1m.media.cut import cut
from acav1m.media.probe import probe
from acav1m.media.remux import ZERO_S, seekable
from acav1m.recipe import Cut

LONG_GROUPS = "-c:v libx264 -bf 3 -g 300 -c:a aac"


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
def test_what_can_be_sought_is_used_as_it_is(
    film: Callable[..., Any], tmp_path: Path, suffix: str
) -> None:
    path = film(f"plain{suffix}").path
    found = probe(path)
    assert seekable(path, found, tmp_path) == (path, found)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["stream.ts", "disc.mpg", "flash.flv", "plain.avi"])
def test_the_copy_keeps_every_time(film: Callable[..., Any], tmp_path: Path, name: str) -> None:
    codecs = {".ts": LONG_GROUPS, ".flv": LONG_GROUPS, ".mpg": "-c:v mpeg2video -bf 2 -c:a mp2"}
    path = film(name, codecs.get(Path(name).suffix, "")).path
    given = probe(path)
    copy, found = seekable(path, given, tmp_path)
    assert copy.parent == tmp_path
    assert (found.start_s, found.end_s, found.sha256) == (given.start_s, given.end_s, given.sha256)
    read = probe(copy)
    times_s = read.frame_times_s + read.zero_s - ZERO_S
    assert len(times_s) == len(given.frame_times_s)
    assert np.abs(times_s - given.frame_times_s).max() < 0.002


def test_a_recording_that_begins_inside_a_group_starts_at_its_first_key_picture(
    film: Callable[..., Any], tmp_path: Path
) -> None:
    whole = film("stream.ts", LONG_GROUPS).path.read_bytes()
    packets = [whole[at : at + 188] for at in range(0, len(whole), 188)]
    path = tmp_path / "late.ts"
    path.write_bytes(b"".join(packets[:3] + packets[len(packets) // 8 :]))
    copy, found = seekable(path, probe(path), tmp_path)
    assert found.frame_times_s[0] > 0.2
    made = cut(copy, found, found.start_s, found.start_s + 1.5, tmp_path / "cut", Cut(min_s=1))
    assert made.start_s == pytest.approx(found.frame_times_s[0])


def test_a_cut_is_the_same_with_the_copy_made_before_it(
    film: Callable[..., Any], tmp_path: Path
) -> None:
    path = film("stream.ts", LONG_GROUPS).path
    found = probe(path)
    copied = seekable(path, found, tmp_path)
    made = [
        cut(source, of, 3.3, 5.1, tmp_path / "cut", Cut(min_s=1))
        for source, of in ((path, found), copied)
    ]
    assert made[0] == made[1]
    assert made[0].start_s == pytest.approx(3.3, abs=0.021)
    assert made[0].decode_errors == 0


def test_a_copy_is_not_copied_again(film: Callable[..., Any], tmp_path: Path) -> None:
    path = film("stream.ts", LONG_GROUPS).path
    copied = seekable(path, probe(path), tmp_path)
    assert seekable(*copied, tmp_path / "none") == copied
