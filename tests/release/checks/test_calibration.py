"""A calibrated value that does not follow from its raw one is found."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from acav1m.calibration.report import JSON, table
from acav1m.release import layout
from acav1m.release.checks import calibration

FOUND = {
    "columns": {
        column: {
            "raw": f"{column}_raw",
            "by": "prior",
            "map": {"kind": "platt", "slope": 1.0, "offset": 0.0},
            "pairs": {"matched": 0, "mismatched": 0},
            "evidence": None,
            "threshold": None,
        }
        for column in ("score", "scores")
    }
}
SOUND = {"score_raw": 0.0, "score": 0.5, "scores_raw": [0.0, None], "scores": [0.5, None]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / layout.CALIBRATION).mkdir()
    (tmp_path / layout.CALIBRATION / JSON).write_text(json.dumps(FOUND))
    (tmp_path / layout.README).write_text(f"# Card\n\n{table(FOUND)}\n")
    return tmp_path


def complaints(folder: Path, **changed: object) -> list[str]:
    rows = pa.Table.from_pylist([SOUND, SOUND | changed])
    return list(calibration.check(folder, {"metadata": ds.dataset(rows)}))


def test_a_sound_release_has_nothing_to_complain_of(folder: Path) -> None:
    assert complaints(folder) == []
    assert complaints(folder, score_raw=None, score=None, scores_raw=None, scores=None) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("score", 0.6), ("score", None), ("scores", [0.5, 0.5]), ("scores", [0.5]), ("scores", [])],
)
def test_a_value_of_another_map_is_found(folder: Path, column: str, value: object) -> None:
    assert complaints(folder, **{column: value}) == [
        f"metadata: {column} is not {column}_raw by the map of calibration.json"
    ]


def test_other_figures_on_the_card_are_found(folder: Path) -> None:
    readme = folder / layout.README
    readme.write_text(readme.read_text().replace("prior", "own clips"))

    assert complaints(folder) == [
        "README.md: its table of calibration is not that of calibration.json"
    ]


def test_a_release_without_aligners_is_sound(tmp_path: Path) -> None:
    assert complaints(tmp_path) == []
