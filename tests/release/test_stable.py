"""A release without editors has the bytes that it always had.

A change here is one that alters built data: the changelog says so first, then these change.
"""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pyarrow as pa
import pytest

from acav1m.release.write import Content, write

SHA256 = {
    "DATASHEET.md": "dd999ff0a0031cf7",
    "NOTICE.md": "26c162f9b4ba88b8",
    "README.md": "e318240dd9188bce",
    "REMOVALS.md": "0383c98f62a03455",
    "CITATION.cff": "507bfca2695868f2",
    "shards.txt": "76842c504202dfd1",
    "data/test-00000.tar": "18b83648119e20ed",
    "data/train-00000.tar": "e14ed3b9120a58e7",
    "data/train-00001.tar": "3ce12fa732317320",
    "data/train-00002.tar": "69ccc2705843883f",
    "data/validation-00000.tar": "9544e2e238065fe6",
}
"""Of files that no library's version has a say in; of each the first 16 digits."""


@pytest.fixture
def plain(content: Content, tmp_path: Path) -> Content:
    """The tests' content with media whose bytes no encoder decides."""
    media, rows = {}, content.ledger.to_pylist()
    for row in rows:
        if row["mp4_sha256"] is None:
            continue
        media[row["clip_id"]] = tmp_path / row["clip_id"]
        for kind in ("mp4", "flac"):
            held = f"{kind} of {row['clip_id']}".encode()
            (tmp_path / f"{row['clip_id']}.{kind}").write_bytes(held)
            row |= {f"{kind}_bytes": len(held)}
            row |= {f"{kind}_sha256": hashlib.sha256(held).hexdigest()}
    ledger = pa.Table.from_pylist(rows, content.ledger.schema)
    return dataclasses.replace(content, ledger=ledger, media=media)


def test_files_are_what_they_were(plain: Content, tmp_path: Path) -> None:
    write(plain, tmp_path / "out")
    found = {
        path.relative_to(tmp_path / "out").as_posix(): hashlib.sha256(path.read_bytes())
        for pattern in ("*.md", "CITATION.cff", "shards.txt", "data/*.tar")
        for path in sorted((tmp_path / "out").glob(pattern))
    }
    assert {name: one.hexdigest()[:16] for name, one in found.items()} == SHA256


def test_there_is_no_trace_of_edits(release: Path) -> None:
    names = {path.relative_to(release).as_posix() for path in release.rglob("*")}
    assert not [name for name in names if "edit" in name]
    for name in ("README.md", "DATASHEET.md", "croissant.json"):
        assert "orig" not in (release / name).read_text(encoding="utf-8").replace("origin", "")
