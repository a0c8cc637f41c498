"""The figures of a benchmark as rows of a table, backends side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.bench.trials import CLEAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIXED = ("defect", "strength", "clips", "score")
BESIDE = " / "
UNKNOWN = "–"  # noqa: RUF001 - a dash, as tables have it


def heading() -> list[str]:
    """Names of the columns."""
    return [*FIXED, *(name for name, _ in _figures({}))]


def rows(figures: Mapping[str, Any]) -> list[list[str]]:
    """A row for the clips as they were and one for each defect and strength, all cells as text.

    Where backends differ their figures stand side by side, in their order.
    """
    usual = [backend["clean"] for backend in figures["backends"].values()]
    found = [[CLEAN, UNKNOWN, str(usual[0]["clips"]), UNKNOWN, *_cells(usual)]]
    for defect, strengths in figures["defects"].items():
        for strength, one in strengths.items():
            each = [b["defects"][defect][strength] for b in figures["backends"].values()]
            fixed = [defect, strength, str(one["clips"]), one["score"].removesuffix("_raw")]
            found.append([*fixed, *_cells(each)])
    return found


def _cells(each: Sequence[Mapping[str, Any]]) -> list[str]:
    """The figures of all backends, side by side."""
    cells = zip(*([cell for _, cell in _figures(told)] for told in each), strict=True)
    return list(map(_side_by_side, cells))


def _side_by_side(cells: tuple[str, ...]) -> str:
    return cells[0] if len(set(cells)) == 1 else BESIDE.join(cells)


def _figures(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each figure of one backend."""
    return [
        ("AUC (95 %)", _interval(told.get("auc"), told.get("auc_95"))),
        ("recall at 5 %", _share(told.get("recall_at_5fpr"))),
        ("rejected", _share(told.get("rejected_share"))),
        ("of clean", _share(told.get("false_rejected_share"))),
        ("offset error", _milliseconds(told.get("offset_error_ms"))),
        ("where sure", _sure(told)),
        ("in step then", _share(told.get("realigned_within_80ms"))),
        ("moved", _moved(told)),
    ]


def _interval(value: float | None, reach: list[float] | None) -> str:
    if value is None or reach is None:
        return UNKNOWN
    return f"{value:.3f} ({reach[0]:.2f} to {reach[1]:.2f})"


def _share(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0%}".replace("%", " %")


def _milliseconds(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.0f} ms"


def _sure(told: Mapping[str, Any]) -> str:
    """The offset error where the finder is sure, and how often that is."""
    if told.get("offset_error_confident_ms") is None:
        return UNKNOWN
    return f"{_milliseconds(told['offset_error_confident_ms'])} ({_share(told['confident_share'])})"


def _moved(told: Mapping[str, Any]) -> str:
    """How many had their sound moved, and how many are further off for it."""
    moved, worse = _share(told.get("moved_share")), _share(told.get("made_worse"))
    return moved if worse == UNKNOWN else f"{moved}, {worse} worse"
