"""How to build, as opposed to what: none of it changes the release."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from acav1m.engines import Limits


@dataclass(frozen=True)
class How:
    """How to build, as opposed to what: none of it changes the release."""

    work: Path | None = None
    workers: int | None = None
    max_failed: float | None = None
    retry: str | None = None
    """Failures of earlier runs to try again: `transient`, `all`, or a kind such as `timeout`."""

    limits: Limits = field(default_factory=Limits)


AS_USUAL = How()
