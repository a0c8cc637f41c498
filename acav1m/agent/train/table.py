"""Evaluations of planners side by side, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m import drawing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.train.evaluate import Figures

UNITS = {
    "pitch.semitones": "semitones",
    "speed.factor": "",
    "speed.start_s": "s",
    "volume.target_lufs": "LUFS",
}
SHARES = {
    "actions_right": "actions right",
    "invalid": "invalid output",
    "actions_unmoved_by_orders": "actions unmoved by orders in captions",
    "unmoved_by_orders": "actions and parameters unmoved by them",
}


def text(found: Mapping[str, Figures]) -> str:
    """Tables of shares and of errors, with a column for each planner."""
    first = next(iter(found.values()))
    shares = {said: {name: one[key] for name, one in found.items()} for key, said in SHARES.items()}
    shares |= {
        f"right where it is {action}": {
            name: one["by_action"][action] for name, one in found.items()
        }
        for action in first["by_action"]
    }
    told = [
        f"{first['examples']} examples of {first['clips']} clips, with 95 % intervals by Wilson",
        _drawn("share", {said: _cells(row, _share) for said, row in shares.items()}),
    ]
    if errors := _errors(found):
        told += ["Errors of parameters where the action is right: mean, and largest"]
        told += [_drawn("parameter", errors)]
    return "\n".join(told)


def _errors(found: Mapping[str, Figures]) -> dict[str, dict[str, str]]:
    names = sorted({name for one in found.values() for name in one["parameter_errors"]})
    return {
        f"{name} ({UNITS[name]})" if UNITS.get(name) else name: _cells(
            {planner: one["parameter_errors"].get(name) for planner, one in found.items()}, _error
        )
        for name in names
    }


def _drawn(corner: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    import pyarrow as pa

    return drawing.rows(
        pa.Table.from_pylist([{corner: said} | dict(row) for said, row in rows.items()])
    )


def _cells(row: Mapping[str, Any], draw: Any) -> dict[str, str]:
    return {name: "" if one is None else draw(one) for name, one in row.items()}


def _share(one: Mapping[str, float]) -> str:
    return f"{one['share']:.1%} ({one['low']:.1%} to {one['high']:.1%})"


def _error(one: Mapping[str, float]) -> str:
    return f"{one['mean']:.3g}, {one['largest']:.3g}"
