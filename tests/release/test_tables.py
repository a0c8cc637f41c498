from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.release import tables


def test_type_that_a_release_does_not_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="'when' is timestamp"):
        tables.public(pa.table({"when": pa.array([], pa.timestamp("s"))}))


def test_nan_in_a_list_is_refused() -> None:
    scores = pa.array([[0.5, float("nan")]])
    with pytest.raises(ValueError, match="'scores' holds NaN"):
        tables.public(pa.table({"scores": scores}))


def test_null_and_empty_list_stay_apart(tmp_path: Path) -> None:
    table = pa.table({"scores": pa.array([None, [], [0.5, None]], pa.list_(pa.float64()))})
    tables.write(tables.public(table), tmp_path / "t.parquet")
    found = pq.read_table(tmp_path / "t.parquet").column("scores").to_pylist()
    assert found == [None, [], [0.5, None]]


def test_numbers_are_stored_stream_split(tmp_path: Path) -> None:
    table = pa.table({"state": ["kept"] * 9, "lufs": [float(n) for n in range(9)]})
    tables.write(table, tmp_path / "t.parquet")
    group = pq.read_metadata(tmp_path / "t.parquet").row_group(0)
    assert "BYTE_STREAM_SPLIT" in group.column(1).encodings
    assert group.column(0).compression == group.column(1).compression == "ZSTD"


def test_duckdb_finds_the_nulls_of_every_column(tmp_path: Path) -> None:
    one = {"said": "late", "n": 1, "share": 0.5, "is": True, "list": ["late"]}
    table = pa.Table.from_pylist([one, dict.fromkeys(one), one, dict.fromkeys(one), one])
    tables.write(table, tmp_path / "t.parquet")
    for column in one:
        rows = duckdb.sql(f"""FROM '{tmp_path / "t.parquet"}' WHERE "{column}" IS NULL""")
        assert len(rows.fetchall()) == 2, column


def test_state_divides_released_from_left_out() -> None:
    table = pa.table({"state": ["kept", "flagged", "rejected", "failed"]})
    assert tables.released(table).column("state").to_pylist() == ["kept", "flagged"]
    assert tables.left_out(table).column("state").to_pylist() == ["rejected", "failed"]
