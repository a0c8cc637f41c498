"""The command."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from acav1m.bench import curation as module
from acav1m.bench.curation import Asked
from acav1m.cli import app


@pytest.fixture
def run(report, monkeypatch):
    """The command, with a benchmark that was run already; tells what it was asked."""
    asked = []

    def instead(plan, what, folder, **how):
        asked.append((plan.recipe.name, what, how["workers"]))
        return report

    monkeypatch.setattr(module, "curation", instead)
    return lambda *words: (CliRunner().invoke(app, ["bench", "curation", *words]), asked)


@pytest.mark.slow
def test_json_is_one_object_on_stdout(run, report):
    found, asked = run("--seed", "5", "--count", "4", "--json", "--workers", "2")
    told = json.loads(found.stdout)
    assert found.exit_code == 0
    assert found.stdout.count("\n") == 1
    assert told["defects"]["muted"]["planted"]["auc"] == 1.0
    assert told["backends"].keys() == {"signals"}
    assert asked == [("acav1m-quickstart", Asked(seed=5, count=4), 2)]


@pytest.mark.slow
def test_times_are_told_but_are_not_in_the_json(run, report, monkeypatch):
    found, _ = run("--json")
    assert "CPU seconds a clip" in found.stderr
    slower = replace(report, timing={"signals": {"seconds_per_clip": 9.0, "times_real_time": 0.5}})
    monkeypatch.setattr(module, "curation", lambda *_, **__: slower)
    again = CliRunner().invoke(app, ["bench", "curation", "--json"])
    assert "9.00 CPU seconds a clip" in again.stderr
    assert again.stdout == found.stdout


@pytest.mark.slow
def test_a_table_says_who_is_found_and_how_fast(run):
    found, asked = run("--clips", "videos", "--model", "a", "--model", "b")
    assert "wrong_caption" in found.stdout
    assert "CPU seconds a clip" in found.stdout
    assert asked == [("local", Asked(clips="videos", models=("a", "b")), None)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--clips", "/nowhere"], "--clips: /nowhere is neither a folder"),
        (["--count", "2"], "--count 2: at least 4 clips"),
        (["--model", "embed"], "did you mean 'embedded'"),
        (["nosuch.yaml"], "nosuch.yaml"),
    ],
)
def test_wrong_words_are_answered_in_a_line(words, said):
    found = CliRunner().invoke(app, ["bench", "curation", *words])
    assert found.exit_code == 2
    assert found.stdout == ""
    [line] = found.stderr.splitlines()
    assert line.startswith("acav1m: ")
    assert said in line


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("", "is a file; name a folder"),
        ("/below", "is a file; name a folder"),
        ("/thesis.docx", "holds thesis.docx, which is no benchmark; choose another"),
        ("/roc-mine.png", "holds roc-mine.png, which is no benchmark; choose another"),
    ],
)
def test_a_wrong_folder_is_refused_before_the_work(monkeypatch, tmp_path, made, said):
    out = tmp_path / "out"
    if made.startswith(("/thesis", "/roc")):
        out.mkdir()
        (out / made[1:]).write_text("kept")
    else:
        out.write_text("kept")
        out = tmp_path / f"out{made}"
    monkeypatch.setattr(module, "curation", lambda *_, **__: pytest.fail("it went to work"))
    found = CliRunner().invoke(app, ["bench", "curation", "--out", str(out)])
    assert found.exit_code == 2
    [line] = found.stderr.splitlines()
    assert line.startswith(f"acav1m: --out {out}: ")
    assert line.endswith(said)
    assert [path.read_text() for path in tmp_path.rglob("*") if path.is_file()] == ["kept"]
