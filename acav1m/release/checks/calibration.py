"""Every calibrated value follows from its raw one by the map that the release states."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from acav1m.calibration import report
from acav1m.calibration.apply import mapped
from acav1m.calibration.map import from_json
from acav1m.release import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pyarrow.dataset as ds

FAR = 1e-9
"""Machines may differ in the last bits of an exponential."""


def check(folder: Path, tables: Mapping[str, ds.Dataset]) -> Iterator[str]:
    """Calibrate the raw columns again, and look for the same figures on the card."""
    path = folder / layout.CALIBRATION / report.JSON
    if not path.is_file():  # a release without aligners has none; checksums miss one that is lost
        return
    found = json.loads(path.read_text(encoding="utf-8"))
    if f"\n{report.table(found)}\n" not in (folder / layout.README).read_text(encoding="utf-8"):
        yield f"{layout.README}: its table of calibration is not that of {path.name}"
    for column, one in found["columns"].items():
        for name in ("metadata", "rejected"):
            if name in tables:
                table = tables[name].to_table([one["raw"], column])
                if not _follows(table[one["raw"]], table[column], one):
                    yield f"{name}: {column} is not {one['raw']} by the map of {path.name}"


def _follows(raw: pa.ChunkedArray, stated: pa.ChunkedArray, one: Mapping[str, Any]) -> bool:
    expected = mapped(raw, from_json(one["map"]) if one["map"] else None)
    found = stated.combine_chunks()
    if pa.types.is_list(found.type):  # entry by entry
        if not pc.list_value_length(found).equals(pc.list_value_length(expected)):
            return False
        found, expected = found.flatten(), expected.flatten()
    gap = pc.max(pc.abs(pc.subtract(found, expected))).as_py()
    return bool(found.is_null().equals(expected.is_null())) and (gap is None or gap <= FAR)
