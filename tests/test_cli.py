"""The command line: one line for what the user can mend, JSON where a machine may read."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import acav1m
from acav1m.cli import app


def run(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_help_imports_nothing_heavy():
    code = (
        "import sys, contextlib, io\n"
        "from acav1m.cli import app\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        "    app(['--help'])\n"
        "heavy = {'numpy', 'pyarrow', 'duckdb', 'av', 'pydantic', 'torch', 'onnxruntime', 'cv2',"
        " 'yaml', 'scipy', 'datasets'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_version():
    assert run("--version").stdout.strip() == acav1m.__version__


def test_a_missing_recipe_is_one_line_with_the_nearest():
    done = run("check", "recipes/quickstrat.yaml")

    assert done.exit_code == 2
    assert "recipes/quickstrat.yaml: No such file or directory; did you mean" in done.stderr
    assert "'quickstart', which ships with acav1m?" in done.stderr


def test_a_bare_name_is_a_recipe_that_ships_with_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert json.loads(run("check", "quickstart", "--json").stdout)["name"] == "acav1m-quickstart"


def test_every_complaint_comes_at_once(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(
        "name: x\nversion: one\nabout: x\nlicence: CC0-1.0\n"
        "sources: {synthetic: {clip: 3}}\nfilters: {silense: {}}\n"
    )
    done = run("check", path)

    assert done.exit_code == 2
    lines = done.stderr.strip().splitlines()
    assert all(line.startswith("acav1m: ") for line in lines)
    assert "acav1m: filters.silense: no such step; did you mean 'silence'?" in lines
    assert "acav1m: licence: no such key; did you mean 'license'?" in lines
    assert "acav1m: sources.synthetic.clip: no such option; did you mean 'clips'?" in lines
    assert any(line.startswith("acav1m: version: ") for line in lines)
    assert "acav1m: license: is missing" in lines


@pytest.mark.parametrize("command", ["verify", "why", "query"])
def test_what_is_no_release_is_one_line(command, tmp_path):
    words = {"verify": [], "why": ["clip"], "query": ["select 1"]}[command]
    done = run(command, tmp_path, *words)

    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "is no release" in done.stderr


def test_steps_as_json_and_as_text_name_the_same():
    entries = json.loads(run("steps", "--json").stdout)
    text = run("steps").stdout

    assert len(entries) > 20
    assert all(f"  {entry['name']}" in text for entry in entries)


def test_an_unknown_step_gets_the_nearest():
    done = run("steps", "silense")

    assert done.exit_code == 2
    assert "silense: no such step; did you mean 'silence'?" in done.stderr


def test_doctor_finds_ffmpeg_and_its_encoders():
    done = run("doctor", "--json")
    findings = {f["what"]: f for f in json.loads(done.stdout)}

    assert not findings["ffmpeg"]["bad"]
    assert "libx264" in findings["ffmpeg"]["says"]


def test_a_reader_that_leaves_early_is_no_error():
    code = (
        "import typer\n"
        "from acav1m.cli import app, show, user_errors\n"
        "@app.command()\n"
        "@user_errors\n"
        "def count():\n"
        "    for number in range(100_000): show(str(number))\n"
        "app(['count'])"
    )
    counting = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert counting.stdout.readline() == b"0\n"
    counting.stdout.close()
    complaint = counting.stderr.read()
    counting.stderr.close()

    assert (counting.wait(), complaint) == (0, b"")
