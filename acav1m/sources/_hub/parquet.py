"""Parquet files with a column of videos, read where they lie."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from acav1m.errors import AcavError, ClipError
from acav1m.sources import _fields
from acav1m.sources._reading import Window
from acav1m.table import column_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.sources._reading import Reading

BATCH = 1000
SPAN = {"start_s": float, "end_s": float, "license": str}
FOOTER_TAIL_BYTES = 8
"""The length of the footer and four letters, at the end of every Parquet file."""

_USUAL = ("video", "mp4", "file_name", "path", "url")


class Column(NamedTuple):
    """The column of videos."""

    name: str
    bytes: str | None
    """The leaf that holds their bytes, if any does."""

    path: str | None
    """The leaf that says what they are called, or where they are."""


class Row(NamedTuple):
    """One row, as far as it is read to list it."""

    number: int
    """In the whole file."""

    group: int
    in_group: int
    path: str | None
    fields: dict[str, Any]


class File:
    """A Parquet file that is open.

    Raises:
        AcavError: It is none.
    """

    def __init__(self, reading: Reading, name: str) -> None:
        self.reading, self.name = reading, name
        with _complaining(name):
            self._file = pq.ParquetFile(pa.PythonFile(_Seekable(reading), mode="r"))
        self.schema: pa.Schema = self._file.schema_arrow
        self._leaves = self._file.metadata.row_group(0) if self._file.num_row_groups else None

    def columns(self) -> dict[str, Any]:
        """Columns that may become metadata, with their types."""
        return {
            field.name: kind
            for field in self.schema
            if (kind := column_type(field.type)) is not None and _fields.is_free(field.name)
        }

    def footer(self) -> tuple[int, int]:
        """Where what says where everything is begins, and its length."""
        tail = self.reading.read(self.reading.size - FOOTER_TAIL_BYTES, FOOTER_TAIL_BYTES)
        length = int.from_bytes(tail[:4], "little") + FOOTER_TAIL_BYTES
        return self.reading.size - length, length

    def chunk(self, group: int, leaf: str) -> tuple[int, int]:
        """Where the values of a leaf in a row group lie, and their length."""
        found = self._leaf(group, leaf)
        begin = found.data_page_offset
        if found.dictionary_page_offset is not None:
            begin = min(begin, found.dictionary_page_offset)
        return begin, found.total_compressed_size

    def holds_bytes(self, group: int, leaf: str) -> bool:
        """Whether any value of a leaf is there, as far as is said without reading it."""
        found = self._leaf(group, leaf)
        counts = found.statistics
        return not (counts and counts.has_null_count and counts.null_count == found.num_values)

    def rows(self, column: Column, columns: Mapping[str, Any]) -> Iterator[Row]:
        """Stream all rows, without the bytes of any video.

        Raises:
            AcavError: They cannot be read.
        """
        known = [name for name in (*columns, *SPAN) if name in self.schema.names]
        wanted = [*known, *([column.path] if column.path else [])]
        number = 0
        for group in range(self._file.num_row_groups):
            in_group = 0
            for row in self._group(group, wanted, known):
                path = row.get(column.name) if column.path else None
                path = path.get("path") if isinstance(path, dict) else path
                yield Row(number, group, in_group, path, row)
                number, in_group = number + 1, in_group + 1

    def _group(self, group: int, wanted: list[str], known: list[str]) -> Iterator[dict[str, Any]]:
        if not wanted:
            yield from ({} for _ in range(self._file.metadata.row_group(group).num_rows))
            return
        with _complaining(self.name):
            for batch in self._file.iter_batches(BATCH, row_groups=[group], columns=wanted):
                yield from batch.to_pylist()

    def _leaf(self, group: int, leaf: str) -> Any:
        found = self._file.metadata.row_group(group)
        columns = (found.column(index) for index in range(found.num_columns))
        return next(column for column in columns if column.path_in_schema == leaf)


@contextmanager
def _complaining(name: str) -> Iterator[None]:
    """Say which file it is that cannot be read."""
    try:
        yield
    except ClipError as error:
        raise AcavError(f"{name} cannot be read now: {error.message}") from error
    except UnicodeDecodeError as error:
        why = f"a text is not UTF-8 ({error}); leave its column out: `metadata` names those wanted"
        raise AcavError(f"{name}: {why}") from error
    except (pa.ArrowException, OSError) as error:
        raise AcavError(f"{name} is no readable Parquet file: {error}") from error


def video_column(schema: pa.Schema, named: str | None, where: str) -> Column:
    """The column of videos: as it is named, as `datasets` marks it, or as it is usually called.

    Raises:
        AcavError: There is none, or it holds none.
    """
    if named is not None and named not in schema.names:
        from acav1m.errors import did_you_mean

        near = did_you_mean(named, schema.names)
        raise AcavError(f"{where} has no column '{named}'{near}")
    candidates = [named] if named else [*_marked(schema), *_USUAL]
    for name in candidates:
        found = _column(schema.field(name)) if name in schema.names else None
        if found is not None:
            return found
    has = ", ".join(schema.names)
    raise AcavError(f"{where}: none of its columns is known to hold videos; name `column`: {has}")


def _marked(schema: pa.Schema) -> list[str]:
    """Columns that `datasets` says are videos."""
    try:
        said = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        features = said["info"]["features"].items()
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return []  # of no form that is known, so nothing is marked
    return [n for n, f in features if isinstance(f, dict) and f.get("_type") == "Video"]


def _column(field: pa.Field) -> Column | None:
    name, kind = field.name, field.type
    if pa.types.is_struct(kind):
        inner = {kind.field(i).name for i in range(kind.num_fields)}
        if not inner & {"bytes", "path"}:
            return None
        leaves = [f"{name}.{leaf}" if leaf in inner else None for leaf in ("bytes", "path")]
        return Column(name, *leaves)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return Column(name, name, None)
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return Column(name, None, name) if is_text else None


class _Seekable(io.RawIOBase):
    """A reading as Python's own kind of file."""

    def __init__(self, reading: Reading) -> None:
        self._window, self._at = Window(reading), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._window.size}[whence]
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._window.size - self._at if size < 0 else size
        found = self._window.read(self._at, wanted)
        self._at += len(found)
        return found
