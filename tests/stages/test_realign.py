"""A clip whose sound comes late is cut anew in step, from nothing but itself."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acav1m.clip import Clip, View
from acav1m.media import decode
from acav1m.media.decode import RELEASE_RATE_HZ
from acav1m.stages.realign import Realign
from acav1m.testing import FPS, flash_and_beep

FLASHES_S = (1.2, 2.0, 3.04)
SECONDS = 5.0
VIEW = View(8, 8)


@pytest.fixture
def job(tmp_path: Path) -> Realign:
    return Realign({"min_s": 1}, str(tmp_path / "store"))


def row(clip: Clip, late_s: float, **more: Any) -> dict[str, Any]:
    cut = {"clip_id": clip.clip_id, "start_s": 20.0, "end_s": 25.0, "duration_s": SECONDS}
    cut |= {"cut_shift_s": 0.01, "cut_skew_s": 0.002, "decode_errors": 1}
    about = {"key": "k-0", "candidate": "k", "media": "k/k/x", "video_id": "v"}
    stem = str(clip.mp4.with_suffix(""))
    return {"key": "k-0+500", "sound_late_s": late_s, "stem": stem, "clip": about | cut | more}


def late(late_s: float) -> Clip:
    return flash_and_beep(FLASHES_S, offset_s=late_s, seconds=SECONDS)


def onsets_s(level: np.ndarray, rate_hz: float) -> np.ndarray:
    loud = np.flatnonzero(level > 0.25)
    return loud[np.diff(loud, prepend=-rate_hz) > rate_hz / 5] / rate_hz


@pytest.mark.parametrize("late_s", [0.5, 0.333, -0.5, -0.77])
def test_each_beep_is_on_its_flash(job: Realign, late_s: float) -> None:
    given = late(late_s)
    [made] = job.run(row(given, late_s), lambda: None)
    clip = Clip(job.store.folder / "media" / made["media"])
    light = clip.frames(VIEW).images.mean(axis=(1, 2, 3)) / 255
    flashes_s = onsets_s(light - 0.3, FPS)
    assert len(flashes_s) == 3
    assert onsets_s(clip.audio(), RELEASE_RATE_HZ) == pytest.approx(flashes_s, abs=0.01)
    track = clip.track()
    assert onsets_s(track.samples[0], track.rate_hz) == pytest.approx(flashes_s, abs=0.01)
    assert flashes_s + made["start_s"] - 20 == pytest.approx(FLASHES_S, abs=0.021)


def test_the_row_tells_the_new_span_and_files(job: Realign) -> None:
    clip = late(-0.5)
    [made] = job.run(row(clip, -0.5), lambda: None)
    assert (made["key"], made["candidate"], made["video_id"]) == ("k-0+500", "k", "v")
    assert made["clip_id"] == clip.clip_id
    assert (made["start_s"], made["end_s"]) == (pytest.approx(20.52), 25.0)  # a picture's start
    assert made["duration_s"] == pytest.approx(4.48)
    assert made["cut_shift_s"] == pytest.approx(0.53)
    assert made["cut_skew_s"] == pytest.approx(0.002, abs=0.001)
    assert made["decode_errors"] == 1
    for suffix in ("mp4", "flac"):
        content = (job.store.folder / "media" / f"{made['media']}.{suffix}").read_bytes()
        assert made[f"{suffix}_bytes"] == len(content)
        assert made[f"{suffix}_sha256"] == hashlib.sha256(content).hexdigest()
    heard_s = len(decode.flac(job.store.folder / "media" / f"{made['media']}.flac"))
    assert heard_s / RELEASE_RATE_HZ == pytest.approx(4.48, abs=0.001)
    job.commit("part", [made])
    assert job.store.read()["duration_s"].to_pylist() == [made["duration_s"]]


@pytest.mark.parametrize("late_s", [0.5, -0.333])
def test_the_flac_holds_the_very_samples_of_the_original(job: Realign, late_s: float) -> None:
    clip = late(late_s)
    [made] = job.run(row(clip, late_s), lambda: None)
    found = decode.flac(job.store.folder / "media" / f"{made['media']}.flac")
    first = round((made["start_s"] - 20 + late_s) * RELEASE_RATE_HZ)
    given = decode.flac(clip.flac)[first : first + len(found)]
    assert np.array_equal(found, given)
    assert len(found) == round(made["duration_s"] * RELEASE_RATE_HZ)


def test_the_original_stays_as_it_was(job: Realign) -> None:
    clip = late(0.5)
    before = clip.mp4.read_bytes(), clip.flac.read_bytes()
    job.run(row(clip, 0.5), lambda: None)
    assert (clip.mp4.read_bytes(), clip.flac.read_bytes()) == before


@pytest.mark.parametrize("late_s", [4.02, 7.0, -4.02, -7.0])
def test_when_too_little_is_left_it_says_so(job: Realign, late_s: float) -> None:
    clip = late(0.5)
    [made] = job.run(row(clip, late_s), lambda: None)
    assert (made["error_stage"], made["error_kind"]) == ("realign", "too_short")
    assert made["error_message"].endswith(" s would be left")
    assert made["media"] is None
    job.commit("part", [made])


def test_a_damaged_clip_fails_with_its_reason(job: Realign) -> None:
    clip = late(0.5)
    clip.mp4.write_bytes(b"no film")
    [made] = job.run(row(clip, 0.5), lambda: None)
    assert made["error_kind"] == "not_media"
    [died] = job.lost(row(clip, 0.5), "timeout", "no progress")
    assert (died["key"], died["error_transient"]) == ("k-0+500", True)
