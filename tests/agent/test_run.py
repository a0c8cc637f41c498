"""One video outside of any build."""

import json
from pathlib import Path

import av
import numpy as np
import pytest

from acav1m.agent.run import Asked, read, run
from acav1m.clip import Clip
from acav1m.errors import AcavError, RecipeError
from acav1m.synth import level, scene
from acav1m.testing import from_arrays, grey

WITH_RULES = ["editors.avagent.max_cycles=2"]


def made_of(event: str, folder: Path, *, late_s: float = 0.0, snr_db: float | None = None) -> Path:
    """A video with sound that comes late, under white noise."""
    truth = scene.render(event, 11, seconds=5.0)
    sound = scene.heard(event, 11, 5.0, truth.rate_hz, start_s=-late_s, length_s=5.0)
    if snr_db is not None:
        noise = np.random.default_rng(4).standard_normal(sound.size)
        sound = level.over(sound, noise, snr_db)
    from_arrays(truth.frames, truth.fps, sound, truth.rate_hz, folder=folder)
    return folder / "clip.mp4"


@pytest.mark.slow
def test_noise_goes_and_late_sound_is_moved_where_it_belongs(tmp_path):
    video = made_of("hammer", tmp_path, late_s=0.5, snr_db=5)
    (tmp_path / "made").mkdir()
    report = run(Asked(video), read(None, WITH_RULES), tmp_path / "made")
    story = report.story

    assert story.result == "edited"
    edits = {edit.action: edit.parameters for edit in story.transform.edits}
    assert abs(edits["speed"]["start_s"] - 0.5) < 0.04
    assert len(edits) == 2
    assert story.after.temporal > 0.85 > story.before.temporal
    original, edited = (Clip(stem).audio() for stem in (report.before, report.after))
    assert np.array_equal(report.sounds[0], original)
    assert np.array_equal(report.sounds[1], edited)
    assert np.abs(story.transform.replay(original, 16_000) - edited).max() <= 1 / 32768
    assert max(report.per_second[0]) < max(report.per_second[1])
    assert json.loads(json.dumps(report.as_dict()))["story"]["attempts"]


@pytest.mark.slow
def test_a_clean_clip_is_kept_and_some_seconds_of_it_will_do(tmp_path):
    video = made_of("hammer", tmp_path)
    (tmp_path / "made").mkdir()
    how = read(Path("local"), WITH_RULES)
    report = run(Asked(video, 0.5, 3.5), how, tmp_path / "made")

    assert (report.start_s, report.end_s, report.recipe) == (0.48, 3.5, "local 0.1.0")
    assert report.story.result == "not_needed"
    assert report.after is None
    assert np.array_equal(*report.sounds)


def test_a_recipe_without_an_editor_gets_one():
    for recipe in (None, Path("local")):
        name, editor = read(recipe, ["editors.avagent.threshold=0.7"]).editor
        assert (name, editor.threshold) == ("avagent", 0.7)
        assert read(recipe).editor[1].threshold == 0.85


def test_a_planner_is_a_name_or_has_options():
    assert read(None, planner="rules").editor[1].planner == "rules"
    with pytest.raises(RecipeError, match="did you mean 'rules'"):
        read(None, planner="rule")
    with pytest.raises(RecipeError, match="no such option"):
        read(None, planner="{rules: {mode: fast}}")


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.mp4", "no such file"), ("", "is a folder"), ("mute.mp4", "no sound stream")],
)
def test_what_is_no_video_with_sound_is_one_line(tmp_path, name, said):
    with av.open(str(tmp_path / "mute.mp4"), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width = stream.height = 64
        for picture in grey(1):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    with pytest.raises(AcavError, match=said) as caught:
        run(Asked(tmp_path / name), read(None), tmp_path)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert len(str(caught.value).splitlines()) == 1
