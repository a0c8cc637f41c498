"""The documentation says what the code does, or this fails."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
import typer.main

from acav1m import plan
from acav1m.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def docs():
    spec = importlib.util.spec_from_file_location("docs", ROOT / "tests" / "docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", ["README.md", "cards/embedded.md", "recipes/recipe.schema.json"])
def test_the_generated_parts_are_fresh(docs, path):
    found, made = (ROOT / path).read_text(encoding="utf-8"), docs.documents()[ROOT / path]
    assert found == made, "run `make docs`"


def test_every_document_with_generated_parts_is_tested(docs):
    assert {str(path.relative_to(ROOT)) for path in docs.documents()} == {
        "README.md",
        "cards/embedded.md",
        "recipes/recipe.schema.json",
    }


def test_the_benchmark_in_the_documents_is_the_one_that_make_runs():
    found = json.loads((ROOT / "metadata" / "bench" / "curation.json").read_text())
    [asked] = re.findall(r"acav1m bench curation (.*?) --out", (ROOT / "Makefile").read_text())

    assert f"--seed {found['seed']} --count {found['clips']}" in asked
    assert "timing" not in found


def test_the_benchmark_of_the_agent_is_the_one_that_make_runs():
    found = json.loads((ROOT / "metadata" / "bench" / "agent.json").read_text())
    [asked] = re.findall(r"acav1m bench agent (.*?) --out", (ROOT / "Makefile").read_text())

    assert f"--seed {found['seed']} --count {found['clips']}" in asked
    assert (found["planner"]["name"], found["model"]) == ("rules", "embedded")


@pytest.mark.parametrize("command", sorted(typer.main.get_command(app).commands))
def test_every_command_has_help_and_is_in_the_readme(command):
    assert typer.main.get_command(app).commands[command].help
    assert f"acav1m {command}" in README


def test_the_readme_recipe_is_right(tmp_path):
    [text] = re.findall(r"```yaml\n(name: barks.*?)```", README, re.DOTALL)
    (tmp_path / "videos.csv").write_text("path,start_s,end_s\na.mp4,0,10\n")
    path = tmp_path / "barks.yaml"
    path.write_text(text.replace("videos.csv", str(tmp_path / "videos.csv")))

    from acav1m.check import check

    assert check(plan.read(path)).examples == 1


def test_the_two_commands_are_make_targets():
    makefile = (ROOT / "Makefile").read_text()

    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_citation_has_the_version_of_the_package():
    from acav1m import __version__

    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text()
    assert f"\n## {__version__}\n" in (ROOT / "CHANGELOG.md").read_text()
