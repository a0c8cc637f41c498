"""The command `acav1m agent run`."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from acav1m.agent import run as module
from acav1m.agent.attempt import Story
from acav1m.agent.observation import Observation
from acav1m.agent.run import Asked, Report
from acav1m.agent.scores import Scores
from acav1m.cli import app
from acav1m.testing import tone


@pytest.fixture
def report():
    clip = tone(seconds=1)
    scores = Scores(alignment=0.9)
    return Report(
        video="a.mp4",
        start_s=0,
        end_s=1,
        recipe="r 1.0.0",
        threshold=0.85,
        story=Story(
            result="not_needed",
            reason="all is well",
            before=scores,
            after=scores,
            observation=Observation(duration_s=1, scores=scores),
        ),
        before=clip.mp4.with_suffix(""),
        after=None,
        sounds=(clip.audio(), clip.audio()),
        per_second=((0.5,), (0.5,)),
    ), clip


@pytest.fixture
def asked(report, monkeypatch):
    """The command, with an agent that has done its work; tells what it was asked."""
    found = []

    def instead(what, how, folder):
        found.append((what, how.editor[1]))
        return report[0]

    monkeypatch.setattr(module, "run", instead)
    return found


def run(*words: object):
    return CliRunner().invoke(app, ["agent", "run", *map(str, words)])


def test_the_dialogue_is_printed(asked):
    done = run("a.mp4", "--start", 2, "--end", 4, "--set", "editors.avagent.threshold=0.6")

    assert done.exit_code == 0
    assert done.stdout.startswith("a.mp4, 0 to 1 s, r 1.0.0\n\nscores (0 to 1")
    assert done.stdout.endswith("not_needed: all is well\n")
    [(what, editor)] = asked
    assert what == Asked(Path("a.mp4"), 2, 4)
    assert (editor.threshold, editor.planner) == (0.6, "rules")


def test_for_machines_it_is_one_object(asked):
    done = run("a.mp4", "--json", "--recipe", "local")
    assert done.stdout.count("\n") == 1
    assert json.loads(done.stdout)["story"]["result"] == "not_needed"


def test_a_folder_gets_the_page(asked, tmp_path):
    assert run("a.mp4", "--out", tmp_path / "out").exit_code == 0
    assert (tmp_path / "out" / "index.html").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--planner", "rule"], "did you mean 'rules'"),
        (["--recipe", "quickstrat"], "did you mean 'quickstart'"),
        (["--set", "editors.avagent.thresholt=1"], "did you mean 'threshold'"),
        (["--recipe", "local", "--set", "aligners={temporal: {}}"], "needs 'instance_score'"),
    ],
)
def test_wrong_words_are_answered_in_a_line(asked, words, said):
    done = run("a.mp4", *words)
    assert (done.exit_code, done.stdout, asked) == (2, "", [])
    assert said in done.stderr
    assert all(line.startswith("acav1m: ") for line in done.stderr.splitlines())


def test_a_video_that_is_not_there_is_one_line(tmp_path):
    done = run(tmp_path / "a.mp4")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"acav1m: {tmp_path / 'a.mp4'}: no such file\n"


def test_a_folder_with_other_things_is_refused_before_the_work(asked, tmp_path):
    (tmp_path / "thesis.docx").write_text("kept")
    done = run("a.mp4", "--out", tmp_path)
    assert (done.exit_code, asked) == (2, [])
    assert "holds thesis.docx, which is no page of ours; choose another" in done.stderr


def test_the_agent_says_what_it_is_for():
    done = CliRunner().invoke(app, ["agent", "--help"])
    assert "AVAgent" in done.stdout
    assert "run" in done.stdout
