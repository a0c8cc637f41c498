"""A benchmark from end to end."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acav1m import plan
from acav1m.bench import gather, markdown, table, write
from acav1m.bench.curation import Asked, curation
from acav1m.errors import AcavError
from acav1m.media import encode
from acav1m.models.card import shipped_metrics
from acav1m.synth import scene
from acav1m.synth.plant import defect_named, defects

pytestmark = pytest.mark.slow


def figure(report, defect, strength):
    return report.figures["defects"][defect][strength]


def test_every_defect_is_tried_at_every_strength(report):
    tried = report.figures["defects"]
    assert sorted(tried) == defects()
    for name in defects():
        assert list(tried[name]) == list(defect_named(name).strengths("bell"))
        assert all(one["clips"] == 4 for one in tried[name].values())


def test_what_the_signal_tells_is_told(report):
    for defect, column in (("muted", "silent_share"), ("frozen", "frozen_share")):
        told = figure(report, defect, "planted")
        assert told["score"] == column
        assert told["auc"] == 1.0
        assert told["auc_by_score"][column] == 1.0
    assert figure(report, "clipped", "24dB")["auc"] > 0.9
    assert figure(report, "shifted", "1s")["auc"] is None


def test_every_trial_is_offered_to_realigning(report, signals):
    """The backend here finds no offset; the figures say that nothing was moved, and of whom."""
    usual = report.figures["backends"]["signals"]["clean"]
    assert (usual["moved_share"], usual["made_worse"]) == (0.0, 0.0)
    assert figure(report, "noisy", "0dB")["made_worse"] == 0.0
    assert figure(report, "swapped", "planted")["moved_share"] == 0.0
    assert figure(report, "swapped", "planted")["made_worse"] is None


def test_the_recipes_filters_judge_and_those_without_an_answer_do_not(report):
    told = figure(report, "muted", "planted")
    assert set(told["objections"]) <= {"silence"}
    assert told["false_rejected_share"] == 0.0
    backend = report.figures["backends"]["signals"]
    assert backend["filters_left_out"] == {"where": ["planted_defect"]}
    assert backend["clean"]["clips"] == 4
    assert "the filter where was not tried: it reads planted_defect" in markdown.text(
        report.figures
    )


def test_the_same_seed_gives_the_same_figures_whatever_the_workers(report, signals, tmp_path):
    again = curation(signals, Asked(seed=5, count=4), tmp_path, workers=1)
    assert json.dumps(again.figures) == json.dumps(report.figures)
    other = curation(signals, Asked(seed=6, count=4), tmp_path / "other", workers=2)
    assert json.dumps(other.figures["defects"]) != json.dumps(report.figures["defects"])


def test_clips_of_a_benchmark_are_not_those_a_model_was_trained_on():
    told = shipped_metrics()["training"]
    trained = {_drawn(told["seed"], number) for number in range(told["clips"])}
    trained |= {_drawn(told["seed"], 5, number) for number in range(told["wild_clips"])}
    trained |= {
        _drawn(told["seed"] + n, k) for n in (1, 2) for k in range(told["calibration_clips"])
    }
    assert len(trained) > told["clips"] + told["wild_clips"]
    seeds = {row["seed"] for seed in (0, 1, 1729) for row in gather.rendered(seed, 96).rows}
    assert not seeds & trained


def _drawn(*entropy):
    return int(np.random.default_rng(entropy).integers(2**31))


def test_times_are_no_figures(report):
    assert report.timing["signals"]["seconds_per_clip"] > 0
    assert "seconds" not in json.dumps(report.figures)


def test_a_report_is_written_with_pictures_and_the_same_bytes_again(report, tmp_path):
    """One defect with offsets and one without are enough to draw; pictures take their time."""
    drawn = {"clean", "muted", "shifted"}
    [trials] = report.trials.values()
    some = {key: tried for key, tried in trials.items() if key[0] in drawn}
    gathered = replace(report.gathered, rows=report.gathered.rows[:2])
    short = replace(report, trials={"signals": some}, gathered=gathered)
    for name in ("one", "two"):
        write.write(short, tmp_path / name)
    one, two = (
        {path.name: path.read_bytes() for path in sorted((tmp_path / name).iterdir())}
        for name in ("one", "two")
    )
    assert one == two
    (tmp_path / "one" / "curves-gone-0001.png").write_bytes(b"of an earlier run")
    (tmp_path / "one" / "curation.md").unlink()
    write.write(short, tmp_path / "one")
    assert {path.name for path in (tmp_path / "one").iterdir()} == one.keys()
    assert json.loads(one["curation.json"]) == json.loads(json.dumps(report.figures))
    assert {"curation.md", "roc-muted.png", "scores-muted.svg", "offsets.png"} <= one.keys()
    assert len([name for name in one if name.startswith("curves-")]) == 2 * 2


def test_backends_that_differ_stand_side_by_side(report):
    one = report.figures["backends"]["signals"]
    worse = json.loads(json.dumps(one))
    worse["defects"]["muted"]["planted"]["recall_at_5fpr"] = 0.25
    several = {**report.figures, "backends": {"a": one, "b": worse}}
    at = table.heading().index("recall at 5 %")
    cells = {row[0]: row[at] for row in table.rows(several) if row[1] == "planted"}
    assert cells["muted"] == "100 % / 25 %"
    assert cells["frozen"] == "100 %"
    assert "model a / b" in markdown.about(several)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(count=3), "--count 3: at least 4 clips are needed"),
        (Asked(clips="/nowhere"), "--clips: /nowhere is neither a folder nor a list nor a glob"),
        (Asked(models=("embedded",)), "--model embedded: no aligner of signals has it"),
    ],
)
def test_what_cannot_be_measured_is_refused(signals, asked, said, tmp_path):
    with pytest.raises(AcavError, match=said):
        curation(signals, asked, tmp_path)


def test_an_unknown_model_names_the_known_ones(tmp_path):
    with pytest.raises(AcavError, match=r"--model embed.*did you mean 'embedded'"):
        curation(plan.read(Path("quickstart")), Asked(models=("embed",)), tmp_path)


@pytest.fixture
def videos(tmp_path):
    """Five videos, a copy of one, one too short, one that is silent, and no video."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for event, seconds in [("bell", 4), ("drum", 5), ("saw", 5), ("ball", 5), ("siren", 5)]:
        _write(folder / f"{event}.mp4", event, seconds)
    (folder / "bell-copy.mp4").write_bytes((folder / "bell.mp4").read_bytes())
    _write(folder / "short.mp4", "bird", 1)
    _write(folder / "mute.mp4", "rain", 5, volume=0)
    (folder / "notes.txt").write_text("no video")
    return folder


def _write(path, event, seconds, volume=1):
    clip = scene.render(event, 8, seconds=seconds, width=64, height=64)
    encode.write(path, clip.frames, clip.fps, clip.audio * volume, clip.rate_hz)


def test_real_clips_are_damaged_too_and_those_left_out_are_named(signals, videos, tmp_path):
    asked = Asked(seed=1, clips=str(videos))
    report = curation(signals, asked, tmp_path / "work", workers=2)
    assert (report.figures["source"], report.figures["clips"]) == ("recorded", 5)
    refused = {one["clip"].split()[0]: one["reason"] for one in report.figures["refused"]}
    assert set(refused) == {"bell.mp4", "short.mp4", "mute.mp4", "notes.txt"}
    assert refused["bell.mp4"] == "the same video is there under another name"
    assert refused["mute.mp4"] == "silent for 100% of it"
    assert figure(report, "muted", "planted")["auc"] == 1.0
    assert figure(report, "swapped", "planted")["clips"] == 5
    assert figure(report, "shifted", "2s")["left_out"]["clips"] == 1
    assert figure(report, "wrong_caption", "planted")["clips"] == 0
    assert "same_class" not in report.figures["defects"]["swapped"]


def test_too_few_real_clips_are_refused_with_the_reasons(signals, videos, tmp_path):
    for name in ("drum", "saw"):
        (videos / f"{name}.mp4").unlink()
    said = r"3 usable clips, at least 4 are needed \(.*; .*; .*; 1 more\)"
    with pytest.raises(AcavError, match=said):
        curation(signals, Asked(clips=str(videos)), tmp_path / "work")
