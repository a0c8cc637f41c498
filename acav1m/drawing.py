"""Rows and values drawn for people, and as JSON for machines."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from decimal import Decimal
from io import StringIO
from typing import TYPE_CHECKING, Any
from unicodedata import category

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

NO_TERMINAL_WIDTH = 200
"""Columns of text for a table that goes into a file or a pipe."""


def rows(table: pa.Table) -> str:
    """A query's result: a table where the terminal is wide enough, else a line a value."""
    width = shutil.get_terminal_size((NO_TERMINAL_WIDTH, 24)).columns
    names = [_plain(name) for name in table.column_names]
    cells = [[_cell(value) for value in row.values()] for row in table.to_pylist()]
    least = [max(map(_longest_word, column)) for column in zip(names, *cells, strict=True)]
    fits = sum(least) + 3 * len(names) + 1 <= width  # each column has a rule and two spaces
    drawn = _grid(names, cells, least, width) if fits else _records(names, cells)
    return f"{drawn}{table.num_rows} row{'' if table.num_rows == 1 else 's'}"


def shown(value: object) -> str:
    r"""A value on one line; unknown is said in words.

    >>> shown(0.30000000000000004), shown(None), shown("two\nlines")
    ('0.3', 'null', 'two lines')
    """
    return "null" if value is None else _cell(value)


def json_line(data: Mapping[str, Any]) -> str:
    """One JSON object on one line; what JSON has no number for is null.

    >>> json_line({"score": float("nan"), "hours": Decimal("1.50"), "caption": "ü"})
    '{"score": null, "hours": 1.5, "caption": "ü"}'
    """
    return json.dumps(_jsonable(data), ensure_ascii=False, allow_nan=False, default=str)


def _grid(names: list[str], cells: list[list[str]], least: list[int], width: int) -> str:
    drawn = Table()
    for name, min_width in zip(names, least, strict=True):
        drawn.add_column(Text(name), min_width=min_width)
    for row in cells:
        drawn.add_row(*map(Text, row))
    file = StringIO()
    Console(file=file, width=width, color_system=None).print(drawn)
    return file.getvalue()


def _longest_word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _records(names: list[str], cells: list[list[str]]) -> str:
    wide = max(map(len, names))
    lines = []
    for number, row in enumerate(cells, 1):
        lines.append(f"row {number}")
        pairs = zip(names, row, strict=True)
        lines += [f"  {name:<{wide}}  {cell}".rstrip() for name, cell in pairs]
    return "".join(f"{line}\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return "" if value is None else _plain(str(value))


def _plain(text: str) -> str:
    """Text on one line, without signs that would steer the terminal."""
    return "".join(" " if category(sign) in ("Cc", "Cs", "Zl", "Zp") else sign for sign in text)


def _jsonable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(inner) for inner in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
