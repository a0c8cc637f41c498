"""Measure how lists of many ids are read, counted and deduplicated: time, speed and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from acav1m.sql import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROWS = 1_000_000
KINDS = ("csv", "jsonl", "parquet")
ROUNDS = 3
"""Each way takes turns with the other, so that what else runs slows both."""

REPEATED = 0.05
"""Share of the rows that stand in the list before."""

CLIPS = 3
"""Of each video; of ten seconds each."""

_FLOOR = "import duckdb, sys; duckdb.execute(sys.argv[1])"


class Run(NamedTuple):
    """What a process took, from its start to its end."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    said: str


def figures(rows: int = ROWS, kinds: Sequence[str] = KINDS, rounds: int = ROUNDS) -> dict[str, Any]:
    """What `acav1m plan` takes for a list of each kind, beside DuckDB that copies it to Parquet.

    That is a floor: to read the list and write it down once is the least there is to do.
    """
    found = []
    for kind in kinds:
        with TemporaryDirectory(prefix="acav1m-bench-") as folder:
            found.append({"kind": kind, **_measured(Path(folder), kind, rows, rounds)})
    return {"rows": rows, "rounds": rounds, "lists": found}


def text(found: Mapping[str, Any]) -> str:
    """A line per list."""
    lines = [
        f"`acav1m plan` of {found['rows']:,} ids, median of {found['rounds']} rounds; "
        "floor: DuckDB copies the list to Parquet, in turns with it"
    ]
    for one in found["lists"]:
        lines.append(
            f"{one['kind']:<8}{one['wall_s']:.1f} s ({one['cpu_s']:.1f} s of processor), "
            f"{one['rows_per_s']:,.0f} rows/s, {one['peak_mb']:.0f} MB at most; "
            f"floor {one['floor_s']:.1f} s, {one['floor_peak_mb']:.0f} MB: {one['ratio']:.1f} "
            f"times its time; {one['repeats']:,} repeats found"
        )
    return "\n".join(lines)


def write(path: Path, rows: int) -> int:
    """Write a list of ids of YouTube's form, with clips, labels and repeats; return how many.

    The order of the repeats follows from a hash: the same bytes each time.
    """
    first = rows - round(rows * REPEATED)
    options = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "parquet": "FORMAT parquet"}
    query = f"""
        COPY (
            WITH places AS (
                SELECT range AS row, range::DOUBLE AS place FROM range({first})
                UNION ALL
                SELECT hash(range) % {first}, hash(range) % {first} + hash(range, 1) % 10000 + 0.5
                FROM range({rows - first})
            )
            SELECT substr(translate(to_base64(unhex(md5((row // {CLIPS})::VARCHAR))), '+/', '-_'),
                1, 11) AS id,
                row % {CLIPS} * 10.0 AS start_s, row % {CLIPS} * 10.0 + 10 AS end_s,
                'label ' || row % 309 AS label
            FROM places ORDER BY place, row
        ) TO {quoted(str(path))} ({options[path.suffix[1:]]})
    """
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")  # it would stand before our JSON
        connection.execute(query)
    return rows - first


def _measured(folder: Path, kind: str, rows: int, rounds: int) -> dict[str, Any]:
    path, recipe = folder / f"list.{kind}", folder / "recipe.yaml"
    repeats = write(path, rows)
    recipe.write_text(json.dumps(_recipe(path)), encoding="utf-8")
    copy = f"COPY (FROM {quoted(str(path))}) TO {quoted(str(folder / 'floor.parquet'))}"
    ours, floor = [], []
    for _ in range(rounds):
        floor.append(_run(["-c", _FLOOR, copy]))
        ours.append(_run(["-m", "acav1m", "plan", str(recipe), "--json"]))
    for one in ours:
        said = json.loads(one.said)
        if (said["candidates"], said["repeats"]) != (rows, repeats):
            raise AssertionError(f"{rows} rows with {repeats} repeats are in the list: {said}")
    wall_s = median(one.wall_s for one in ours)
    return {
        "wall_s": wall_s,
        "cpu_s": median(one.cpu_s for one in ours),
        "rows_per_s": rows / wall_s,
        "peak_mb": max(one.peak_mb for one in ours),
        "floor_s": median(one.wall_s for one in floor),
        "floor_peak_mb": max(one.peak_mb for one in floor),
        "ratio": median(a.wall_s / b.wall_s for a, b in zip(ours, floor, strict=True)),
        "repeats": repeats,
    }


def _recipe(path: Path) -> dict[str, Any]:
    told = {"name": "list", "version": "0.1.0", "about": "A list.", "license": "CC0-1.0"}
    return {**told, "sources": {"youtube": {"path": str(path)}}}


def _run(words: Sequence[str]) -> Run:
    """Run Python; peak memory is the process's own, that of its children aside."""
    began_s = time.perf_counter()
    child = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child.stdout:
        said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, child.args)
    unit = 1e6 if sys.platform == "darwin" else 1e3
    took_s = time.perf_counter() - began_s
    return Run(took_s, used.ru_utime + used.ru_stime, used.ru_maxrss / unit, said)
