"""Builds of what a misbehaving server on the loopback interface has."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from acav1m.media import encode

RECIPE = """
name: fetched
version: 0.1.0
about: Clips that came over the network.
license: CC0-1.0
date: 2026-11-21
sources: {{urls: {{path: {list}}}}}
network: {{allow_private: [127.0.0.1/32], stop_after: 4, pause_s: 0.2, ahead: 4}}
cut: {{seconds: 1, min_s: 0.5}}
measures: {{probe: {{}}}}
"""


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make the bytes of a small video, other ones for each seed."""
    folder = tmp_path_factory.mktemp("films")

    def made(seed: int, seconds: float = 1.0) -> bytes:
        path = folder / f"{seed}-{seconds}.mp4"
        if not path.exists():
            rng = np.random.default_rng(seed)
            pictures = rng.integers(0, 255, (round(seconds * 10), 32, 32, 3), np.uint8)
            sound = rng.normal(0, 0.1, round(seconds * 16_000)).astype(np.float32)
            encode.write(path, pictures, 10, sound, 16_000)
        return path.read_bytes()

    return made


@pytest.fixture(scope="session")
def films(film: Any) -> Any:
    """Make the bytes of many small videos, all different, of which only some were rendered."""

    def made(number: int) -> bytes:
        note = struct.pack(">I4sQ", 16, b"free", number)  # players skip a box of this type
        content: bytes = film(number % 8) + note
        return content

    return made


class Building:
    """One list, one recipe, any number of builds of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.list = folder / "list.csv"
        self.recipe = folder / "recipe.yaml"
        self.recipe.write_text(RECIPE.format(list=self.list))
        self.out = folder / "out"
        self.work = folder / "work"

    def command(self, *words: str) -> list[str]:
        """The command line of a build."""
        options = ["--out", str(self.out), "--work", str(self.work), "--workers", "2", "--json"]
        return [sys.executable, "-m", "acav1m", "build", str(self.recipe), *options, *words]

    def lists(self, *rows: str, header: str = "url") -> None:
        """Write the list."""
        self.list.write_text("\n".join([header, *rows]) + "\n")

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Build."""
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False)

    def built(self, *words: str) -> dict[str, dict[str, Any]]:
        """Build; the ledger by uri."""
        done = self.run(*words)
        assert done.returncode == 0, done.stderr
        return self.ledger()

    def ledger(self) -> dict[str, dict[str, Any]]:
        """Rows by uri and start."""
        rows = pq.read_table(self.work / "ledger.parquet").to_pylist()
        return {f"{row['source_uri']}#{row['start_s'] or 0:g}": row for row in rows}


@pytest.fixture
def building(tmp_path: Path) -> Building:
    """A build about to be made."""
    return Building(tmp_path)
