"""What a check found, counted: for people, and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acav1m.availability.verdict import ASKED, STATES
from acav1m.calibration.evidence import proportion
from acav1m.sql import connect

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


@dataclass(frozen=True)
class Report:
    """How many sources are in which state, and why."""

    known: int
    """Sources in all; more than were chosen in a sample."""

    counts: Mapping[str, Mapping[str, int]]
    """By state, and in it by kind; what has no kind counts under an empty one."""

    seed: int | None = None
    """Of the sample, None where all were chosen."""

    states: tuple[str, ...] = tuple(STATES)
    shared: tuple[str, ...] = ASKED
    """The states that shares are of."""

    def of(self, state: str) -> int:
        """How many are in a state."""
        return sum(self.counts.get(state, {}).values())

    @property
    def chosen(self) -> int:
        """How many were looked at, or would have been."""
        return sum(map(self.of, self.states))

    @property
    def whole(self) -> int:
        """What shares are of."""
        return sum(map(self.of, self.shared))

    def json(self) -> dict[str, Any]:
        """Counts, shares, and for a sample their 95 % intervals by Wilson."""
        return {
            "sources": self.known,
            "chosen": self.chosen,
            "seed": self.seed,
            "shares_of": self.whole,
            "states": {state: self._state(state) for state in self.states},
        }

    def _state(self, state: str) -> dict[str, Any]:
        kinds = {kind: count for kind, count in self.counts.get(state, {}).items() if kind}
        found: dict[str, Any] = {"count": self.of(state), "kinds": kinds}
        if state not in self.shared or not self.whole:
            return found
        share = proportion(self.of(state), self.whole)
        found["share"] = round(share.value, 6)
        if self.seed is not None:
            found |= {"low": round(share.low, 6), "high": round(share.high, 6)}
        return found

    def text(self) -> str:
        """A line a state."""
        lines = [self._about()]
        for state, one in self.json()["states"].items():
            if one["count"] or state in self.shared:
                lines.append(_line(state, one))
        return "\n".join(lines)

    def _about(self) -> str:
        if self.seed is None:
            return f"{self.chosen} sources"
        drawn = f"drawn with seed {self.seed}; shares with 95 % intervals (Wilson)"
        return f"{self.chosen} of {self.known} sources, {drawn}"


def tallied(found: pa.Table, known: int, seed: int | None, **states: tuple[str, ...]) -> Report:
    """Count rows by their columns `state` and `kind`."""
    with connect() as connection:
        connection.register("found", found)
        rows = connection.execute("""
            SELECT state, coalesce(kind, ''), count(*) FROM found
            GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
        """).fetchall()
    counts: dict[str, dict[str, int]] = {}
    for state, kind, count in rows:
        counts.setdefault(state, {})[kind] = count
    return Report(known, counts, seed if found.num_rows < known else None, **states)


def _line(state: str, one: Mapping[str, Any]) -> str:
    share = f"{one['share']:7.1%}" if "share" in one else " " * 7
    between = f"  ({one['low']:.1%} to {one['high']:.1%})" if "low" in one else ""
    kinds = ", ".join(f"{kind} {count}" for kind, count in one["kinds"].items())
    shown = f"{state.replace('_', ' '):<14} {one['count']:>8} {share}{between}"
    return f"{shown}  {kinds}".rstrip()
