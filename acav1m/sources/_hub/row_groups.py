"""Bring the videos in a row group of a Parquet file: its bytes once, for all of its rows.

Only the chunk that holds the videos and the footer come, into a sparse file of the whole's length,
where they lie as in the whole: so any reader of Parquet reads them, and nothing is held in memory
but a page.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m.errors import ClipError
from acav1m.net.stretch import Copy, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from acav1m.net.network import Network


@dataclass(frozen=True)
class InGroup:
    """Where a row's video is."""

    url: str
    group: int
    row: int
    leaf: str
    chunk: tuple[int, int]
    """Offset and length of the leaf's values in this group."""

    footer: tuple[int, int]
    of: int
    validator: str | None
    name: str
    """Only its end counts."""

    def locator(self) -> str:
        """As text."""
        return json.dumps(vars(self))

    def digest(self) -> str:
        """The same for all rows of a group."""
        what = [self.url, self.validator, self.of, self.group, self.leaf]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:32]


_LOCKS: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
"""By the folder of a group."""


def bring(
    row: InGroup,
    to: Path,
    shared: Path,
    network: Network,
    alive: Callable[[], None],
    *,
    own: Mapping[str, str],
) -> None:
    """Put the video of a row at `to`; what came for it serves other rows from `shared`.

    Raises:
        ClipError: It cannot be had, or there is none in this row.
        Blocked: It is us who are refused.
    """
    group = shared / row.digest()
    here = group / str(row.row)
    with _held(str(group), alive):
        if not here.exists():
            group.mkdir(parents=True, exist_ok=True)
            _extract(row, _sparse(row, group, network, alive, own), group, alive)
        if not here.exists():
            raise ClipError("missing", "its row holds no video")
        os.replace(here, to)  # noqa: PTH105


@contextmanager
def _held(group: str, alive: Callable[[], None]) -> Iterator[None]:
    """One thread brings a group, while others wait for it with signs of life."""
    while not _LOCKS[group].acquire(timeout=1.0):
        alive()
    try:
        yield
    finally:
        _LOCKS[group].release()


def _sparse(
    row: InGroup,
    group: Path,
    network: Network,
    alive: Callable[[], None],
    own: Mapping[str, str],
) -> Path:
    copy, whole = Copy(row.of, row.validator), group / "group.parquet"
    with whole.open("wb") as out:
        out.truncate(row.of)
        for name, (offset, length) in (("chunk", row.chunk), ("footer", row.footer)):
            piece = group / name
            part = Stretch(piece, row.url, offset, length, copy, is_media=False)
            network.fetcher.fetch(row.url, piece, part=part, own=own, key=row.url, alive=alive)
            out.seek(offset)
            with piece.open("rb") as file:
                shutil.copyfileobj(file, out)
            piece.unlink()
    return whole


def _extract(row: InGroup, whole: Path, group: Path, alive: Callable[[], None]) -> None:
    """Write each video of the group to a file that its row's number names."""
    try:
        with pq.ParquetFile(whole, pre_buffer=False, buffer_size=1 << 20) as file:
            batches = file.iter_batches(1, row_groups=[row.group], columns=[row.leaf])
            for number, batch in enumerate(batches):
                content = _content(batch.column(0))
                if content is not None:
                    unfinished = group / f"{number}.part"
                    unfinished.write_bytes(content)
                    unfinished.replace(group / str(number))
                alive()
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's, not the file's
        raise ClipError("truncated", f"its Parquet file cannot be read: {error}") from error
    finally:
        whole.unlink()


def _content(column: pa.Array) -> memoryview | None:
    value = column[0]
    if pa.types.is_struct(column.type):
        value = value["bytes"] if value.is_valid else value
    return memoryview(value.as_buffer()) if value.is_valid else None
