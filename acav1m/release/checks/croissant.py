"""`croissant.json` names files and columns that exist, and mlcroissant can read its records."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from acav1m.release import checksums, layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow.dataset as ds

_READ_ALL = """
import sys, mlcroissant
dataset = mlcroissant.Dataset(sys.argv[1])
for records in dataset.metadata.record_sets:
    try:
        if next(iter(dataset.records(records.id)), None) is None:
            print(f"{records.id} has no record")
    except Exception as error:
        reason = error.__cause__ or error
        print(f"{records.id}: {str(reason).splitlines()[0]}")
"""
"""Runs in a process of its own: mlcroissant reads where to cache when it is imported."""


def check(folder: Path, tables: Mapping[str, ds.Dataset]) -> Iterator[str]:
    """Check the structure, then have mlcroissant read a record of every set, if installed."""
    about = json.loads((folder / layout.CROISSANT).read_text(encoding="utf-8"))
    broken = False
    for finding in (*_files(folder, about), *_columns(about, tables)):
        broken = True
        yield f"{layout.CROISSANT}: {finding}"
    if not broken and is_readable_here():
        yield from (f"{layout.CROISSANT}: {finding}" for finding in _read_all(folder))


def is_readable_here() -> bool:
    """Whether mlcroissant is installed."""
    return importlib.util.find_spec("mlcroissant") is not None


def _files(folder: Path, about: Mapping[str, Any]) -> Iterator[str]:
    for file in about["distribution"]:
        path = file.get("contentUrl")
        if path is None:
            continue
        if not (folder / path).is_file():
            yield f"{path} is listed but missing"
        elif checksums.of(folder / path) != file.get("sha256"):
            yield f"{path} is listed with another checksum"


def _columns(about: Mapping[str, Any], tables: Mapping[str, ds.Dataset]) -> Iterator[str]:
    record_sets = {records["@id"]: records for records in about["recordSet"]}
    for name, table in (("clips", "metadata"), ("rejected", "rejected"), ("edits", "edits")):
        found = set(tables[table].schema.names) if table in tables else set()
        if name not in record_sets:
            if found and tables[table].count_rows():
                yield f"the record set {name} is missing"
            continue
        stated = {field["source"]["extract"]["column"] for field in record_sets[name]["field"]}
        yield from (f"{name} has no column {column!r}" for column in sorted(stated - found))
        yield from (f"{name} leaves out {column!r}" for column in sorted(found - stated))


def _read_all(folder: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="acav1m-") as cache:
        done = subprocess.run(
            [sys.executable, "-c", _READ_ALL, str((folder / layout.CROISSANT).resolve())],
            env=os.environ | {"CROISSANT_CACHE": cache},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        return [f"mlcroissant cannot read it: {last[0]}"]
    return done.stdout.splitlines()
