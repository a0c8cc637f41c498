"""One small benchmark, run once: four clips, two faults, and all that is told of it."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from acav1m.agent.planners.random import Random
from acav1m.bench.agent import judge, markdown, running, table, text, write
from acav1m.bench.agent.policies import ACCEPTED, NONE, PLANNER, RANDOM
from acav1m.bench.agent.running import Asked, agent
from acav1m.cli import app
from acav1m.drawing import json_line
from acav1m.errors import AcavError

GRADES = ("offset 0.5 s", "gain 12 dB")


@pytest.fixture(scope="module")
def asked():
    return Asked(planner=running.planner_named("rules"), seed=5, count=4, grades=GRADES)


@pytest.fixture(scope="module")
def report(asked):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge, "TAKES", 2)
        return agent(asked, workers=2)


@pytest.mark.slow
def test_every_clip_is_tried_with_every_fault_by_every_policy(report):
    assert report.figures["clips"] == 4
    assert {grade: one["trials"] for grade, one in report.figures["grades"].items()} == {
        "offset 0.5 s": 4,
        "gain 12 dB": 4,
    }
    assert {row["grade"] for row in report.rows} == {"clean", *GRADES}
    for row in report.rows:
        assert row["policies"].keys() == {NONE, PLANNER, RANDOM, ACCEPTED}


@pytest.mark.slow
def test_what_was_planted_is_what_nobody_mends(report):
    grades = report.figures["grades"]
    late = grades["offset 0.5 s"]["policies"][NONE]
    assert (late["mean"], late["within_share"], late["edited_share"]) == (500, 0, 0)
    assert grades["gain 12 dB"]["policies"][NONE]["mean"] == pytest.approx(12, abs=3)
    clean = [row["policies"][NONE] for row in report.rows if row["grade"] == "clean"]
    assert all((one["si_sdr_db"], one["loudness_error_lu"]) == (60, 0) for one in clean)


@pytest.mark.slow
def test_rules_mend_loudness_and_chance_does_not(report):
    found = report.figures["grades"]["gain 12 dB"]
    assert found["policies"][PLANNER]["mean"] < 1
    assert found["ahead"][RANDOM]["mean"] > 3
    assert found["ahead"][RANDOM]["sure"]


@pytest.mark.slow
def test_clean_clips_are_counted_as_harm_for_chance(report):
    assert report.figures["harm"][RANDOM]["touched_share"] == 1
    assert report.figures["harm"][PLANNER]["clips"] == 4


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_with_one_worker_or_two(report, asked, monkeypatch):
    monkeypatch.setattr(judge, "TAKES", 2)
    assert json_line(agent(asked, workers=1).figures) == json_line(report.figures)


@pytest.mark.slow
def test_a_report_is_written_with_pictures_and_no_clock(report, tmp_path):
    write.write(report, tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {"agent.json", "agent.md", "recovery.png", "recovery.svg"}
    assert sum(name.startswith("sound-") for name in names) == len(GRADES)
    told = json.loads((tmp_path / "out" / "agent.json").read_text())
    assert told == json.loads(json_line(report.figures))
    assert "cpu" not in json.dumps(told)
    write.write(report, tmp_path / "out")
    (tmp_path / "out" / "mine.txt").write_text("kept")
    with pytest.raises(AcavError, match=r"holds mine\.txt"):
        write.check(tmp_path / "out")


@pytest.mark.slow
def test_tables_have_a_row_for_each_and_mark_what_is_sure(report):
    made = table.recovery(report.figures)
    assert [row[0] for row in made.rows] == list(GRADES)
    assert all(len(row) == len(made.heading) for row in made.rows)
    lead = dict(zip(made.heading, made.rows[1], strict=True))["ahead of random"]
    assert lead.endswith(table.SURE)
    for made, _ in markdown.sections(report.figures):
        assert made.rows
        assert all(len(row) == len(made.heading) for row in made.rows)


@pytest.mark.slow
def test_times_are_told_and_not_among_the_figures(report):
    assert any("CPU seconds in the loop" in line for line in text.took(report))
    assert "CPU" not in markdown.text(report.figures)


@pytest.mark.slow
def test_the_command_prints_one_object_and_the_times_elsewhere(report, monkeypatch):
    told = []

    def instead(what, folder, **how):
        told.append((what, how["workers"]))
        return report

    monkeypatch.setattr(running, "agent", instead)
    words = ["--seed", "5", "--count", "4", "--json", "--planner", "{random: {seed: 3}}"]
    found = CliRunner().invoke(app, ["bench", "agent", *words])
    assert found.exit_code == 0
    assert json.loads(found.stdout)["clips"] == 4
    assert found.stdout.count("\n") == 1
    assert "CPU seconds" in found.stderr
    [(what, workers)] = told
    assert (what.planner, what.seed, what.count, workers) == (Random(seed=3), 5, 4, None)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--planner", "rulse"], "--planner rulse: no planner 'rulse'; did you mean 'rules'?"),
        (["--planner", "{random: {sead: 1}}"], "random.sead: no such option; did you mean 'seed'?"),
        (["--planner", "["], "neither a name nor one with options in YAML"),
        (["--model", "embed"], "--model embed: no such model; did you mean 'embedded'?"),
        (["--count", "2"], "--count 2: at least 4 clips"),
        (["--clips", "/nowhere"], "--clips: /nowhere is neither a folder"),
    ],
)
def test_wrong_words_are_answered_in_a_line(words, said):
    found = CliRunner().invoke(app, ["bench", "agent", *words])
    assert found.exit_code == 2
    assert found.stdout == ""
    [line] = found.stderr.splitlines()
    assert line.startswith("acav1m: ")
    assert said in line


def test_clips_that_cannot_be_tried_at_all_are_an_error(asked):
    rows = [{"key": "a", "lost": "silent: no sound"}]
    gathered = running.gather.rendered(1, 4)
    with pytest.raises(AcavError, match="no clip could be tried; a: silent: no sound"):
        running._report(replace(asked, count=4), gathered, rows)
