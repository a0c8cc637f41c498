"""The contract, asked of every step that is found; a new step is covered once its file exists."""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import numpy as np
import pytest
from pydantic import ValidationError

from acav1m import resources, steps
from acav1m.clip import Clip
from acav1m.media import decode
from acav1m.sql import reads
from acav1m.steps import COLUMN_KINDS, KINDS, Editor, Filter, Measure, Selector, Source, Step
from acav1m.testing import FPS, from_arrays, grey, silence, sine, tone

BASES = {"sources": Source, "editors": Editor, "filters": Filter, "selectors": Selector}
TYPES = {
    "string": str,
    "int64": int,
    "double": float,
    "bool": bool,
    "list<double>": list[float],
    "list<string>": list[str],
}


def found(*kinds: str) -> list[tuple[str, str]]:
    return [(kind, name) for kind in kinds for name in steps.names(kind)]


def made(kind: str, name: str) -> Any:
    step = steps.load(kind, name)
    return step(**step.example)


ALL = pytest.mark.parametrize(("kind", "name"), found(*KINDS))
LOOKING = pytest.mark.parametrize(("kind", "name"), found(*COLUMN_KINDS))
DECIDING = pytest.mark.parametrize(("kind", "name"), found("filters", "selectors"))


def test_every_kind_has_steps() -> None:
    assert all(steps.names(kind) for kind in KINDS)


@ALL
def test_it_is_of_its_folders_kind(kind: str, name: str) -> None:
    assert isinstance(made(kind, name), BASES.get(kind, Measure))


@ALL
def test_help_is_a_sentence(kind: str, name: str) -> None:
    assert re.fullmatch(r"[A-Z].*[^ .]\.", steps.load(kind, name).help())


@ALL
def test_every_option_is_explained(kind: str, name: str) -> None:
    step = steps.load(kind, name)
    shared = {field for base in (Step, Editor, Filter, Selector) for field in base.model_fields}
    own = [option for option in step.model_fields if option not in shared]
    assert [option for option in own if f"`{option}`" not in (step.__doc__ or "")] == []


@ALL
def test_options_survive_json(kind: str, name: str) -> None:
    step = made(kind, name)
    again = type(step).model_validate_json(step.model_dump_json())
    assert again == step
    assert again.identity() == step.identity()


@ALL
def test_a_misspelt_option_is_refused(kind: str, name: str) -> None:
    step = steps.load(kind, name)
    with pytest.raises(ValidationError, match="no_such_option"):
        step(**step.example, no_such_option=1)


@pytest.fixture(scope="module")
def stems(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Clips that steps have stumbled over before."""
    frames = np.random.default_rng(0).integers(0, 255, (12, 48, 80, 3), dtype=np.uint8)
    stereo = np.stack([sine(1, rate_hz=48_000), np.zeros(48_000, np.float32)])
    folders = {name: tmp_path_factory.mktemp(name) for name in ("tone", "silence", "one", "stereo")}
    clips = {
        "tone": tone(2, folder=folders["tone"]),
        "silence": silence(2, folder=folders["silence"]),
        "one picture": from_arrays(grey(0.04), FPS, sine(0.04), folder=folders["one"]),
        "stereo": from_arrays(frames, 12.5, stereo, 48_000, folder=folders["stereo"]),
    }
    return {name: clip.mp4.with_suffix("") for name, clip in clips.items()}


@pytest.fixture(params=["tone", "silence", "one picture", "stereo"])
def stem(request: pytest.FixtureRequest, stems: Mapping[str, Path]) -> Path:
    return stems[request.param]


def looked_at(step: Measure, stem: Path) -> Mapping[str, Any]:
    return step.measure(Clip(stem, views=step.views, columns=dict.fromkeys(step.needs())))


@LOOKING
def test_it_returns_what_it_adds(kind: str, name: str, stem: Path) -> None:
    step = made(kind, name)
    step.setup()
    row = looked_at(step, stem)
    assert set(row) == set(step.adds)
    assert [c for c, value in row.items() if not is_a(value, step.adds[c])] == []
    assert [c for c, value in row.items() if not in_range(value, resources.columns()[c])] == []


@LOOKING
def test_it_says_the_same_twice(kind: str, name: str, stem: Path) -> None:
    step = made(kind, name)
    step.setup()
    assert looked_at(step, stem) == looked_at(step, stem)


@LOOKING
def test_its_views_are_all_the_pictures_it_needs(
    kind: str, name: str, stem: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = []
    once = decode.clip
    monkeypatch.setattr(decode, "clip", lambda *args: passes.append(args) or once(*args))
    step = made(kind, name)
    step.setup()
    looked_at(step, stem)
    assert len(passes) <= 1


@pytest.mark.parametrize("name", steps.names("editors"))
def test_an_editor_wants_columns_that_some_step_adds(name: str) -> None:
    editor = made("editors", name)
    assert {*editor.needs(), *editor.uses()} <= resources.columns().keys()
    known = {column: TYPES[about["type"]] for column, about in resources.columns().items()}
    assert reads(editor.only_if, known, windows=False) == set()


@DECIDING
def test_it_reads_only_known_columns(kind: str, name: str) -> None:
    known = {column: TYPES[about["type"]] for column, about in resources.columns().items()}
    expression = made(kind, name).keep()
    assert reads(expression, known, windows=kind == "selectors")


@LOOKING
def test_its_columns_are_in_the_dictionary(kind: str, name: str) -> None:
    adds = steps.load(kind, name).columns()
    assert adds
    for column, column_type in adds.items():
        about = resources.columns()[column]
        assert TYPES[about["type"]] == column_type
        assert about["added_by"] == f"{kind}.{name}"


def test_the_dictionary_lists_no_column_that_nobody_adds() -> None:
    from acav1m.table import CORE_COLUMNS

    added = {"build": set(CORE_COLUMNS)}
    added |= {
        f"{kind}.{name}": set(steps.load(kind, name).columns())
        for kind, name in found(*COLUMN_KINDS)
    }
    added |= {f"sources.{name}": set(made("sources", name).columns()) for _, name in offering()}
    stray = [c for c, about in resources.columns().items() if c not in added[about["added_by"]]]
    assert stray == []


def test_the_columns_of_edits_have_a_dictionary_of_their_own() -> None:
    from acav1m.table import EDITS_COLUMNS

    about = resources.edits()
    assert {column: TYPES[said["type"]] for column, said in about.items()} == EDITS_COLUMNS
    assert list(about) == list(EDITS_COLUMNS)


@pytest.mark.parametrize("column", sorted(resources.columns()))
def test_the_dictionary_says_all_of_a_column(column: str) -> None:
    about = resources.columns()[column]
    assert list(about) == ["meaning", "type", "unit", "range", "added_by"]
    assert about["meaning"].endswith(".")
    assert about["type"] in TYPES
    assert about["range"] is None or len(about["range"]) == 2


def offering() -> Iterator[tuple[str, str]]:
    """Sources whose columns do not depend on a file of the user's."""
    yield from (found_ for found_ in found("sources") if not steps.load(*found_).example)


def is_a(value: Any, column_type: Any) -> bool:
    if value is None:
        return True
    if get_origin(column_type) is list:
        inner = get_args(column_type)[0]
        return isinstance(value, list) and all(is_a(item, inner) for item in value)
    return type(value) is column_type and not (column_type is float and not math.isfinite(value))


def in_range(value: Any, about: Mapping[str, Any]) -> bool:
    if value is None or about["range"] is None:
        return True
    low, high = about["range"]
    numbers = [v for v in (value if isinstance(value, list) else [value]) if v is not None]
    return all((low is None or v >= low) and (high is None or v <= high) for v in numbers)
