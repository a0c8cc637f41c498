"""The benchmark of lists counts what it planted, and lists are read in memory with a bound."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from acav1m.bench import listing


def test_repeats_are_planted_as_said(tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    repeats = listing.write(path, 2000)
    rows = pq.read_table(path)
    assert (rows.num_rows, repeats) == (2000, 100)
    assert len({(row["id"], row["start_s"]) for row in rows.to_pylist()}) == 1900
    assert {len(name) for name in rows["id"].to_pylist()} == {11}


@pytest.mark.slow
def test_each_kind_of_list_is_measured_beside_the_floor() -> None:
    found = listing.figures(rows=2000, kinds=("csv", "parquet"), rounds=1)
    assert [one["kind"] for one in found["lists"]] == ["csv", "parquet"]
    assert all(one["repeats"] == 100 and one["ratio"] > 0 for one in found["lists"])
    said = listing.text(found)
    assert "csv" in said
    assert "100 repeats found" in said


FEWER, MOST = 50_000, 150_000
DRIVER = """
import resource, sys
from pathlib import Path
from acav1m import downloads, listing
from acav1m.found import Found
from acav1m.plan import resolve
from acav1m.sql import connection
from acav1m.work import Work

connection.MEMORY, downloads.SORTED_ROWS = "48MB", 20_000  # in step with the list, a small one
path, limit, folder = sys.argv[1:]
recipe = {"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"}
plan = resolve({**recipe, "sources": {"youtube": {"path": path}}})
with Work(Path(folder)) as work:
    listing.write(plan, work.listing, int(limit), work.scratch)
    known = Found(plan, work)
    left, (count, rows) = downloads.left(known), downloads.todo(known)
    together = lambda row: row["candidate"]["uri"]
    parts = work.parts({"is": "x", "options": {}}, rows, 256, together=together)
    given = 0
    for part in parts:
        given += part.rows
        work.finished(part)
    assert left.rows == count == given, (left, count, given)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    """Once, listing and what is to do were sorted in memory, several times the list's own size."""
    duckdb.execute(f"""
        COPY (
            SELECT substr(md5((range // 3)::VARCHAR), 1, 11) AS id, range % 3 AS start_s,
                range % 3 + 1 AS end_s, repeat('a word ', 70) || range AS said
            FROM range({MOST})
        ) TO '{tmp_path}/list.csv'
    """)

    def peak_mb(rows: int) -> float:
        words = [DRIVER, tmp_path / "list.csv", rows, tmp_path / f"work-{rows}"]
        command = [sys.executable, "-c", *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(done.stdout)

    list_mb = (tmp_path / "list.csv").stat().st_size * (1 - FEWER / MOST) / 1e6
    assert peak_mb(MOST) - peak_mb(FEWER) < 0.6 * list_mb
