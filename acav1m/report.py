"""What a build ends with, as numbers, as JSON and as a table for people."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from acav1m.failures import examples, passing
from acav1m.recipe import SPLITS

if TYPE_CHECKING:
    import pyarrow as pa

STATES = ("kept", "flagged", "rejected", "failed")


@dataclass
class Report:
    """Counts of one build: `seen` is the sum of the four states."""

    name: str
    version: str
    release: Path
    candidates: int = 0
    repeats: int = 0
    """Candidates that were listed again; what came of the first came of them, without any work."""

    seen: int = 0
    kept: int = 0
    flagged: int = 0
    rejected: int = 0
    failed: int = 0
    decoded: int = 0
    """Clips decoded in this run; what was cached was not."""

    rejected_by: dict[str, int] = field(default_factory=dict)
    flagged_by: dict[str, int] = field(default_factory=dict)
    failed_by: dict[str, int] = field(default_factory=dict)
    failed_as: dict[str, str] = field(default_factory=dict)
    """A message of each kind of failure."""

    failed_passing: int = 0
    """Failures that may pass: `--retry transient` tries them again."""

    realign_outcomes: dict[str, int] = field(default_factory=dict)
    """Clips whose sound was to be moved, by what came of it: `realigned`, `not_tried` ..."""

    edit_results: dict[str, int] = field(default_factory=dict)
    """Clips given to the editor, by what came of it: `edited`, `not_needed` ..."""

    splits: dict[str, int] = field(default_factory=dict)
    """Released clips of each split that has any."""

    calibrated: dict[str, str] = field(default_factory=dict)
    """By calibrated column, what its probabilities rest on."""

    bugs: list[str] = field(default_factory=list)
    """What went wrong in a step itself, each once."""

    stage_seconds: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0

    def count(self, ledger: pa.Table) -> None:
        """Fill in the counts from the ledger.

        Raises:
            AssertionError: The states do not add up to the rows: a bug.
        """
        self.seen = ledger.num_rows
        states = _tally(ledger["state"])
        for state in STATES:
            setattr(self, state, states.pop(state, 0))
        if states or self.kept + self.flagged + self.rejected + self.failed != self.seen:
            raise AssertionError(f"states do not add up: {states}, {self}")
        self.rejected_by = _tally(pc.list_flatten(ledger["rejected_by"]))
        flagged = ledger.filter(pc.equal(ledger["state"], "flagged"))
        self.flagged_by = _tally(pc.list_flatten(flagged["flags"]))
        self.failed_by = _tally(ledger["error_kind"])
        self.failed_as, self.failed_passing = examples(ledger), passing(ledger)
        self.realign_outcomes = _tally(ledger["realign_outcome"])
        self.edit_results = _tally(ledger["edit_result"])
        splits = _tally(ledger["split"])
        self.splits = {split: splits[split] for split in SPLITS if split in splits}
        bugs = ledger.filter(pc.equal(ledger["error_kind"], "bug"))["error_message"].to_pylist()
        self.bugs = sorted({*bugs, *_bugs(ledger)})

    def json(self) -> dict[str, Any]:
        """As one JSON object."""
        return {**asdict(self), "release": str(self.release)}


def _bugs(ledger: pa.Table) -> list[str]:
    """What editors stumbled over, which cost no clip but its edit."""
    failed = ledger.filter(pc.equal(ledger["edit_result"], "failed"))["edit_reason"].to_pylist()
    return [reason.removeprefix("bug: ") for reason in failed if reason.startswith("bug: ")]


def _tally(column: Any) -> dict[str, int]:
    counts = pc.value_counts(column.drop_null()).to_pylist()
    return {
        c["values"]: c["counts"] for c in sorted(counts, key=lambda c: (-c["counts"], c["values"]))
    }
