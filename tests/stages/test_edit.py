"""A clip whose sound is edited, or not, by an editor that does as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from acav1m.agent.actions.volume import Volume
from acav1m.agent.attempt import Attempt, Story
from acav1m.agent.observation import Observation
from acav1m.agent.scores import Scores
from acav1m.agent.transform import Transform
from acav1m.clip import Clip
from acav1m.errors import ClipError
from acav1m.media import decode
from acav1m.media.cut import sha256
from acav1m.media.revoice import replayed
from acav1m.stages.edit import Edit
from acav1m.steps import Editor, Look
from acav1m.testing import flash_and_beep

LOUDER = Transform.of(Volume(target_lufs=-16.0))


class Told(Editor):
    """Does what it is told to, once it has looked."""

    story: Story
    fails: str | None = None

    def needs(self) -> tuple[str, ...]:
        return ("lufs",)

    def edit(self, clip: Clip, look: Look, alive: Callable[[], None]) -> Story:
        assert look(clip)["lufs"] is not None
        alive()
        if self.fails:
            raise ClipError(self.fails, "will not do", transient=self.fails == "busy")
        return self.story


def story(
    transform: Transform, result: Any = "edited", attempts: tuple[Attempt, ...] = ()
) -> Story:
    silent = Observation(duration_s=3.0)
    scores = Scores(soundness=0.9)
    return Story(
        result=result,
        reason="because",
        transform=transform,
        before=scores,
        after=scores,
        observation=silent,
        attempts=attempts,
    )


def unanswered(cause: str | None) -> Attempt:
    return Attempt(
        cycle=1,
        planner="openai",
        base=Transform(),
        plan=None,
        cause=cause,
        transform=None,
        before=Scores(),
        after=None,
        accepted=False,
        outcome="no plan",
        observation=Observation(duration_s=3.0),
        seconds=1.0,
    )


@pytest.fixture
def job(tmp_path: Path) -> Edit:
    avagent = {"name": "avagent", "options": {}}
    return Edit(avagent, {"measures.loudness": {}}, {}, 128, str(tmp_path / "store"))


def run(job: Edit, clip: Clip, editor: Editor) -> dict[str, Any]:
    job.editor = editor
    cut = {"clip_id": clip.clip_id, "start_s": 20.0, "end_s": 23.0, "duration_s": 3.0}
    cut |= {"cut_shift_s": 0.01, "cut_skew_s": 0.002, "decode_errors": 1}
    cut |= {"flac_sha256": sha256(clip.flac), "flac_bytes": clip.flac.stat().st_size}
    about = {"key": "k-0", "candidate": "k", "media": "k/k/clip", "video_id": "v"}
    stem = str(clip.mp4.with_suffix(""))
    row = {"key": "k-0+0ms-e1", "stem": stem, "columns": {}, "clip": about | cut}
    beats: list[int] = []
    [found] = job.run(row, lambda: beats.append(1))
    json.dumps(found, allow_nan=False)  # it goes through a journal
    job.commit("part", [found])
    [read] = job.store.read().to_pylist()
    return read


@pytest.fixture(scope="module")
def clip() -> Clip:
    return flash_and_beep((0.5, 1.2, 2.0), seconds=3.0)


def test_an_edited_clip_is_a_new_clip_in_the_place_of_the_old(job: Edit, clip: Clip) -> None:
    found = run(job, clip, Told(story=story(LOUDER)))

    assert (found["edit_result"], found["edit_reason"], found["edit_attempts"]) == (
        *("edited", "because"),
        0,
    )
    assert Transform.model_validate_json(found["edit_transform"]) == LOUDER
    new = job.store.folder / "media" / found["media"]
    flac, mp4 = (new.with_name(f"{new.name}.{suffix}") for suffix in ("flac", "mp4"))
    assert np.array_equal(decode.flac(flac) * 32768, replayed(LOUDER, clip.audio()))
    assert (found["flac_sha256"], found["mp4_sha256"]) == (sha256(flac), sha256(mp4))
    assert found["orig_flac_sha256"] == sha256(clip.flac)
    assert found["orig_flac_bytes"] == clip.flac.stat().st_size
    assert found["orig_media"] == "k/k/clip"
    same = (
        "candidate",
        "clip_id",
        "start_s",
        "end_s",
        "cut_shift_s",
        "cut_skew_s",
        "decode_errors",
    )
    assert [found[column] for column in same] == ["k", "clip", 20.0, 23.0, 0.01, 0.002, 1]
    assert Story.model_validate_json(found["story"]) == story(LOUDER)


@pytest.mark.parametrize("result", ["not_needed", "no_action", "not_better"])
def test_a_clip_left_alone_gets_no_files(job: Edit, clip: Clip, result: str) -> None:
    found = run(job, clip, Told(story=story(Transform(), result)))

    assert (found["edit_result"], found["edit_reason"]) == (result, "because")
    assert (found["media"], found["edit_transform"], found["orig_flac_sha256"]) == (None,) * 3
    assert not (job.store.folder / "media").exists()


@pytest.mark.parametrize("cause", ["the server is dead", None])
def test_a_planner_that_gave_no_answer_may_be_asked_again(
    job: Edit, clip: Clip, cause: str | None
) -> None:
    found = run(job, clip, Told(story=story(Transform(), "no_action", (unanswered(cause),))))

    assert (found["edit_result"], found["edit_attempts"]) == ("no_action", 1)
    told = (found["error_kind"], found["error_message"], found["error_transient"])
    assert told == (("no_answer", cause, True) if cause else (None, None, None))


def test_a_clip_that_cannot_be_edited_says_why(job: Edit, clip: Clip) -> None:
    found = run(job, clip, Told(story=story(LOUDER), fails="stubborn"))

    assert (found["edit_result"], found["edit_reason"]) == ("failed", "stubborn: will not do")
    assert (found["error_stage"], found["error_kind"]) == ("edit", "stubborn")
    assert not found["error_transient"]
    assert (found["media"], found["story"], found["edit_attempts"]) == (None, None, None)


def test_a_sound_that_cannot_be_written_is_no_edit(
    job: Edit, clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ClipError("timeout", "ffmpeg took longer than 20 s", transient=True)

    monkeypatch.setattr("acav1m.media.ffmpeg.run", broken)
    found = run(job, clip, Told(story=story(LOUDER)))

    assert (found["edit_result"], found["error_kind"]) == ("failed", "timeout")
    assert found["error_transient"]
    assert (found["media"], found["edit_transform"], found["orig_flac_bytes"]) == (None,) * 3


def test_a_clip_that_takes_its_worker_down_is_not_lost(job: Edit, clip: Clip) -> None:
    row = {"key": "k-0+0ms-e1", "clip": {"key": "k-0", "media": "k/k/clip", "clip_id": "clip"}}
    [found] = job.lost(row, "memory", "took more than 6.4 GB of memory")

    assert (found["key"], found["clip_id"]) == ("k-0+0ms-e1", "clip")
    assert found["edit_result"] == "failed"
    assert found["edit_reason"] == "memory: took more than 6.4 GB of memory"
    assert found["error_transient"]
