"""Every recipe that ships is right: its steps, its columns, its examples and its keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from acav1m import catalog, plan, resources
from acav1m.check import Findings, check

ROOT = Path(__file__).parent.parent / "recipes"
RECIPES = sorted(ROOT.rglob("*.yaml"))
EACH = pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.relative_to(ROOT).as_posix())


def _content(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def _check(path: Path, folder: Path) -> Findings:
    """Check a recipe; where it wants somebody's files, on a folder that holds one."""
    (folder / "a.mp4").write_bytes(b"")
    overrides = [f"sources.files.path={folder}"] if "files" in _content(path)["sources"] else []
    return check(plan.read(path, overrides))


def test_there_are_recipes() -> None:
    assert {"quickstart.yaml", "local.yaml"} <= {path.name for path in RECIPES}
    assert resources.folder("recipes") == ROOT


@EACH
def test_it_is_right_and_its_examples_hold(path: Path, tmp_path: Path) -> None:
    found = _check(path, tmp_path)
    assert found.examples > 0, "a recipe shows by example what it drops"


@EACH
def test_some_example_names_who_objects(path: Path) -> None:
    """An example that holds because no filter was asked would prove nothing."""
    named = [e.get("reject", e.get("flag")) for e in _content(path).get("examples", [])]
    assert [name for name in named if name], "no example names who objects"


@EACH
def test_it_says_how_it_is_run(path: Path) -> None:
    head = path.read_text(encoding="utf-8").partition("\nname:")[0]
    assert head.startswith("# ")
    assert all(line.startswith("#") for line in head.splitlines())


@EACH
def test_its_name_is_its_own(path: Path) -> None:
    names = [_content(other)["name"] for other in RECIPES]
    assert names.count(_content(path)["name"]) == 1


@EACH
def test_editors_accept_it(path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(catalog.json_schema())
    content = json.loads(json.dumps(_content(path), default=str))
    assert not [error.message for error in validator.iter_errors(content)]


@EACH
def test_every_looker_has_a_key_of_its_own(path: Path, tmp_path: Path) -> None:
    made = _check(path, tmp_path).plan
    keys = [made.key(label) for label in ("download", *made.lookers)]
    assert len(set(keys)) == len(keys)
