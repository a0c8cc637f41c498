"""Draw what is left of every fault, by who acted on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.bench.agent.measure import MEASURES
from acav1m.bench.agent.policies import PLANNER, POLICIES
from acav1m.bench.agent.table import CALLED
from acav1m.pictures import drawn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ACROSS = 3
PANEL = (3.6, 2.6)
"""Inches of the panel of one kind of fault."""

COLOURS = dict(zip(POLICIES, ("0.6", "C0", "C3", "C1"), strict=True))


def draw(figures: Mapping[str, Any], out: Path) -> None:
    """Write `recovery`: a panel for each kind of fault, a line for each policy."""
    names = {**CALLED, PLANNER: figures["planner"]["name"]}
    kinds = list(figures["kinds"])
    down = -(-len(kinds) // ACROSS)
    with drawn(out / "recovery", (ACROSS * PANEL[0], down * PANEL[1] + 0.5)) as figure:
        panels = figure.subplots(down, ACROSS, squeeze=False).ravel()
        for axes, kind in zip(panels, kinds, strict=False):
            _panel(axes, kind, figures["grades"], names)
        for axes in panels[len(kinds) :]:
            axes.set_axis_off()
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside upper center", ncols=len(names))


def _panel(axes: Any, kind: str, grades: Mapping[str, Any], names: Mapping[str, str]) -> None:
    mine = {grade: told for grade, told in grades.items() if told["kind"] == kind}
    strengths = [grade.removeprefix(kind).strip() for grade in mine]
    for policy in POLICIES:
        means = [told["policies"][policy]["mean"] for told in mine.values()]
        axes.plot(strengths, means, marker="o", color=COLOURS[policy], label=names[policy])
    axes.set(title=kind, ylabel=MEASURES[kind].unit)
    axes.grid(axis="y", color="0.9")
