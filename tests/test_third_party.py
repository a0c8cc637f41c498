"""Another package's step is found, checked and run like our own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

FILTER = '''
from acav1m.steps import Filter


class Brief(Filter):
    """Reject a clip longer than `max_s`."""

    max_s: float = 1.0

    def keep(self) -> str:
        return f"duration_s <= {self.max_s}"
'''


@pytest.fixture
def elsewhere(tmp_path) -> Path:
    """A package on disk as pip would leave it."""
    site = tmp_path / "site"
    info = site / "brief_steps-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "brief_steps.py").write_text(FILTER)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: brief-steps\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[acav1m.steps]\nfilters.brief = brief_steps:Brief\n")
    return site


def acav1m(site: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "acav1m", *words],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_in_the_list_of_steps(elsewhere):
    [entry] = json.loads(acav1m(elsewhere, "steps", "filters.brief", "--json").stdout)

    assert entry["help"] == "Reject a clip longer than `max_s`."


def test_a_recipe_may_name_it(elsewhere, tmp_path):
    recipe = tmp_path / "brief.yaml"
    recipe.write_text(
        "name: brief\nversion: 1.0.0\nabout: Brief.\nlicense: CC0-1.0\n"
        "sources: {synthetic: {clips: 2, seconds: 2}}\ncut: {seconds: 2, min_s: 1}\n"
        "filters: {brief: {}}\nexamples: [{duration_s: 2.0, reject: brief}]\n"
    )

    assert "1 examples hold" in acav1m(elsewhere, "check", str(recipe)).stdout
    built = acav1m(elsewhere, "build", str(recipe), "--out", str(tmp_path / "out"), "--json")
    assert json.loads(built.stdout)["rejected_by"] == {"brief": 2}


def test_what_is_no_step_is_refused_in_one_line(elsewhere, tmp_path):
    (elsewhere / "brief_steps.py").write_text("Brief = 3\n")
    recipe = tmp_path / "brief.yaml"
    recipe.write_text("filters: {brief: {}}\n")

    done = acav1m(elsewhere, "check", str(recipe))

    assert done.returncode == 2
    assert "acav1m: filters.brief: entry point gives 3, not a step" in done.stderr
