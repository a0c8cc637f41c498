"""The figures of the agent's benchmark as rows of tables, all cells as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from acav1m.bench.agent.measure import MEASURES
from acav1m.bench.agent.mixes import PARTS
from acav1m.bench.agent.policies import ACCEPTED, NONE, PLANNER, RANDOM
from acav1m.bench.table import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SURE = " *"
"""Marks a difference whose interval leaves out zero."""

CALLED = {NONE: "as it came", RANDOM: "random", ACCEPTED: "random accepted"}
DIGITS = {"out_of_step_ms": 0, "pitch_error_cents": 0}


class Table(NamedTuple):
    """A heading, and rows as long as it."""

    heading: list[str]
    rows: list[list[str]]


def recovery(figures: Mapping[str, Any]) -> Table:
    """A row for each grade of faults: what is left of it, and how far the planner leads."""
    planner = figures["planner"]["name"]
    names = {**CALLED, PLANNER: planner}
    heading = ["fault", "clips", "measure", *(names[one] for one in (NONE, PLANNER)), "mended"]
    heading += [names[RANDOM], names[ACCEPTED]]
    heading += [f"ahead of {names[one]}" for one in (RANDOM, ACCEPTED)]
    rows = [_recovered(grade, told) for grade, told in figures["grades"].items()]
    return Table(heading, rows)


def leads(figures: Mapping[str, Any]) -> Table:
    """A row for each kind of fault, at all grades: how far the planner leads."""
    names = {**CALLED, PLANNER: figures["planner"]["name"]}
    against = (NONE, RANDOM, ACCEPTED)
    heading = ["fault", "trials", "measure", *(f"ahead of {names[one]}" for one in against)]
    rows = []
    for kind, told in figures["kinds"].items():
        measure = MEASURES[kind]
        digits = DIGITS.get(measure.column, 1)
        cells = [_lead(told["ahead"][one], digits) for one in against]
        rows.append([kind, str(told["trials"]), measure.unit, *cells])
    return Table(heading, rows)


def others(figures: Mapping[str, Any]) -> Table:
    """A row for each kind of fault: what scorers say that reflection did not ask."""
    names = {
        "temporal": f"timing by {_other(figures['model'])}",
        "content": "content by the judge",
    }
    heading = ["fault", "trials", *(f"{name}, {x}" for name in names.values() for x in WAS_NOW)]
    rows = [
        [kind, str(told["trials"]), *(cell for one in names for cell in _changed(told, one))]
        for kind, told in figures["kinds"].items()
    ]
    return Table(heading, rows)


WAS_NOW = ("as it came", "change")


def harm(figures: Mapping[str, Any]) -> Table:
    """A row for each policy: what it does to clean clips."""
    names = {**CALLED, PLANNER: figures["planner"]["name"]}
    heading = [
        "policy",
        "clean clips",
        "touched",
        "SI-SDR of these",
        "loudness error",
        "out of step",
    ]
    return Table(heading, [_harmed(names[one], told) for one, told in figures["harm"].items()])


def mixes(figures: Mapping[str, Any]) -> Table:
    """A row for each scorer and level, a column for each mix of edited and unedited sound."""
    rows = [
        [scorer, level, UNKNOWN if told is None else str(told["pairs"]), *_mixed(told)]
        for scorer, levels in figures["mixes"].items()
        for level, told in levels.items()
    ]
    return Table(["scorer", "score", "N", *PARTS], rows)


def _recovered(grade: str, told: Mapping[str, Any]) -> list[str]:
    measure, policies = MEASURES[told["kind"]], told["policies"]
    digits = DIGITS.get(measure.column, 1)
    mean = {policy: f"{one['mean']:.{digits}f}" for policy, one in policies.items()}
    share = policies[PLANNER].get("within_share")
    return [
        grade,
        str(told["trials"]),
        measure.unit,
        *(mean[one] for one in (NONE, PLANNER)),
        UNKNOWN if share is None else _share(share),
        *(mean[one] for one in (RANDOM, ACCEPTED)),
        *(_lead(told["ahead"][one], digits) for one in (RANDOM, ACCEPTED)),
    ]


def _lead(told: Mapping[str, Any], digits: int) -> str:
    low, high = told["mean_95"]
    mark = SURE if told["sure"] else ""
    return f"{told['mean']:+.{digits}f} ({low:+.{digits}f} to {high:+.{digits}f}){mark}"


def _changed(told: Mapping[str, Any], scorer: str) -> list[str]:
    one = told["other_scorers"][scorer]
    return [UNKNOWN, UNKNOWN] if one is None else [f"{one['before']:.2f}", _lead(one, 2)]


def _harmed(name: str, told: Mapping[str, Any]) -> list[str]:
    low, high = told["touched_share_95"]
    share = f"{_share(told['touched_share'])} ({_share(low)} to {_share(high)})"
    found = told["of_touched"]
    return [
        name,
        str(told["clips"]),
        share,
        _number(found["si_sdr_db"], 1, "dB"),
        _number(found["loudness_error_lu"], 1, "LU"),
        _number(found["out_of_step_ms"], 0, "ms"),
    ]


def _mixed(told: Mapping[str, Any] | None) -> Sequence[str]:
    return [UNKNOWN if told is None else f"{told[mix]:.3f}" for mix in PARTS]


def _other(model: str) -> str:
    from acav1m.bench.agent.scorers import MODELS

    return next(one for one in MODELS if one != model)


def _share(value: float) -> str:
    return f"{value:.0%}".replace("%", " %")


def _number(value: float | None, digits: int, unit: str) -> str:
    return UNKNOWN if value is None else f"{value:.{digits}f} {unit}"
