"""Markdown from values: tables, and the templates in `cards/release`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table, or an empty text when it has no rows.

    >>> print(table(["state", "clips"], [("kept", 2), (None, 0.123456)]))
    | state | clips |
    |---|---|
    | kept | 2 |
    | – | 0.1235 |
    """  # noqa: RUF002 - the dash is what the table shows
    lines = [_line(row) for row in rows]
    return "\n".join([_line(heading), "|" + "---|" * len(heading), *lines]) if lines else ""


def render(template: str, **values: Any) -> str:
    """Fill a template of `cards/release`; a name it lacks is an error, not a gap."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.folder("cards") / "release"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(**values)


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: object) -> str:
    if value is None:
        return "–"  # noqa: RUF001 - a dash, as tables have it
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:.0f}"
    return " ".join(str(value).split()).replace("|", "\\|")
