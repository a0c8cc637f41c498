"""Results of queries: every value is shown, whatever the width; JSON is JSON."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal

import pyarrow as pa
import pytest

from acav1m import drawing


@pytest.fixture
def width(monkeypatch):
    return lambda columns: monkeypatch.setenv("COLUMNS", str(columns))


def test_what_fits_is_a_table_and_no_word_is_broken(width):
    width(50)
    word, words = "0123456789" * 2, " ".join(["barks"] * 20)
    drawn = drawing.rows(pa.table({"clip_id": [word], "caption": [words]}))

    assert max(map(len, drawn.splitlines())) <= 50
    assert word in drawn
    assert drawn.count("barks") == 20
    assert drawn.endswith("1 row")


def test_what_does_not_fit_has_a_line_a_value(width):
    width(40)
    table = pa.table({f"column_{n}": [f"value {n}", None] for n in range(60)})
    lines = drawing.rows(table).splitlines()

    assert lines[0] == "row 1"
    assert lines[1] == "  column_0   value 0"
    assert lines[60] == "  column_59  value 59"
    assert lines[61:63] == ["row 2", "  column_0"]
    assert lines[-1] == "2 rows"


def test_a_word_wider_than_the_terminal_is_left_whole(width):
    width(40)
    checksum = "f" * 64

    assert f"  sha256  {checksum}\n" in drawing.rows(pa.table({"sha256": [checksum]}))


@pytest.mark.parametrize("columns", [10, 100])
def test_text_cannot_steer_the_terminal_but_may_be_of_any_language(width, columns):
    width(columns)
    text = "[red]:dog: \x1b[31münï\n狗 a b.mp4"

    assert "[red]:dog:  [31münï 狗 a b.mp4" in drawing.rows(pa.table({"uri": [text]}))


def test_a_result_without_rows_shows_its_columns(width):
    width(80)
    drawn = drawing.rows(pa.table({"a": pa.array([], pa.int64())}))

    assert " a " in drawn
    assert drawn.endswith("0 rows")


def test_json_holds_only_what_json_can():
    data = {
        "nan": float("nan"),
        "inside": [{"low": float("-inf")}, 0.5],
        "sum": Decimal(12),
        "share": Decimal("0.25"),
        "day": datetime.date(2020, 1, 2),
        "uri": "ünï 狗.mp4",
    }
    line = drawing.json_line(data)

    def refuse(name):
        raise AssertionError(name)

    assert json.loads(line, parse_constant=refuse) == {
        "nan": None,
        "inside": [{"low": None}, 0.5],
        "sum": 12,
        "share": 0.25,
        "day": "2020-01-02",
        "uri": "ünï 狗.mp4",
    }
    assert "ünï 狗" in line
