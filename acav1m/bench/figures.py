"""Figures of one defect at one strength: what its score tells, and what the filters do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.calibration.evidence import auc, auc_interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from acav1m.bench.verdict import Verdict
    from acav1m.engines import Row

    Floats = NDArray[np.float64]

DIGITS = 4
FALSE_REJECTIONS = 0.05
WITHIN_S = 0.08
"""An offset that nobody notices: less than two pictures."""


@dataclass(frozen=True)
class Score:
    """A column to tell damaged clips by, and which way they go."""

    column: str
    when_damaged: str

    def of(self, row: Row) -> float | None:
        """The row's value, turned so that damaged clips are high; None where it is unknown."""
        value = row.get(self.column)
        if value is None:
            return None
        if self.when_damaged == "far":
            return abs(float(value))
        return float(value) if self.when_damaged == "high" else -float(value)


@dataclass(frozen=True)
class Trial:
    """One way a clip was tried, with what was found."""

    clip: str
    video: str
    """Clips of one video are like one another, so intervals take them as one."""

    offset_s: float | None
    columns: Row
    verdict: Verdict
    shift_s: float
    """By how much realigning moved its sound, later if positive."""


def separation(clean: Sequence[Trial], damaged: Sequence[Trial], score: Score) -> dict[str, Any]:
    """How well a score tells damaged from clean; null where a kind has no score at all.

    The interval of the AUC has 95 % and takes all trials of one video as one.
    """
    usual, odd = _known(clean, score), _known(damaged, score)
    if not usual or not odd:
        return {"auc": None, "auc_95": None, "recall_at_5fpr": None}
    raw = np.array([value for _, value in (*odd, *usual)])
    names = [video for video, _ in (*odd, *usual)]
    group = np.unique(names, return_inverse=True)[1].astype(np.int64)
    is_odd = np.arange(len(raw)) < len(odd)
    found = auc_interval(raw, is_odd, group)
    return {
        "auc": rounded(found.value),
        "auc_95": [rounded(found.low), rounded(found.high)],
        "recall_at_5fpr": rounded(sum(value > _limit(usual) for _, value in odd) / len(damaged)),
    }


def plain_auc(clean: Sequence[Trial], damaged: Sequence[Trial], score: Score) -> float | None:
    """The AUC alone, for scores that are not this defect's judge."""
    usual, odd = _known(clean, score), _known(damaged, score)
    if not usual or not odd:
        return None
    return rounded(auc([v for _, v in odd], [v for _, v in usual]))


def offsets(trials: Sequence[Trial], min_confidence: float) -> dict[str, Any]:
    """How far found offsets are from planted ones, overall and where the finder is sure.

    Of the sure ones also how many are in step once realigned.
    """
    found = [t for t in trials if t.columns.get("sync_offset_s") is not None]
    sure = [t for t in found if (t.columns.get("sync_confidence") or 0.0) >= min_confidence]
    right = sum(offset_error_s(t) <= WITHIN_S for t in sure)
    mended = sum(_left_s(t) <= WITHIN_S for t in sure)
    return {
        "offset_error_ms": _median_ms(map(offset_error_s, found)),
        "offset_found_share": _share(len(found), len(trials)),
        "offset_error_confident_ms": _median_ms(map(offset_error_s, sure)),
        "confident_share": _share(len(sure), len(trials)),
        "confident_within_80ms": _share(right, len(sure)),
        "realigned_within_80ms": _share(mended, len(sure)),
    }


def realigning(trials: Sequence[Trial]) -> dict[str, Any]:
    """How many had their sound moved, and how many of known offset are further off for it.

    Sound that is another's or runs at another speed has no place where it would be right.
    """
    known = [t for t in trials if t.offset_s is not None]
    worse = sum(_left_s(t) > abs(t.offset_s or 0.0) + WITHIN_S for t in known)
    return {
        "moved_share": _share(sum(t.shift_s != 0 for t in trials), len(trials)),
        "made_worse": _share(worse, len(known)),
    }


def verdicts(trials: Sequence[Trial]) -> dict[str, Any]:
    """What the filters did, and each of them alone."""
    names = sorted({name for t in trials for name in t.verdict.objections})
    return {
        "rejected_share": _share(sum(t.verdict.rejected for t in trials), len(trials)),
        "objections": {
            name: _share(sum(name in t.verdict.objections for t in trials), len(trials))
            for name in names
        },
    }


def scored_share(trials: Sequence[Trial], score: Score) -> float | None:
    """Share of trials in which the score is known."""
    return _share(len(_known(trials, score)), len(trials))


def offset_error_s(trial: Trial) -> float:
    """How far the found offset is from the planted one."""
    return abs(float(trial.columns["sync_offset_s"]) - (trial.offset_s or 0.0))


def _left_s(trial: Trial) -> float:
    """How far sound and picture are apart in the end."""
    return abs((trial.offset_s or 0.0) + trial.shift_s)


def rounded(value: float) -> float:
    """As many digits as mean anything, and the same ones on every machine."""
    return round(float(value), DIGITS) + 0.0


def _known(trials: Sequence[Trial], score: Score) -> list[tuple[str, float]]:
    told = [(t.video, score.of(t.columns)) for t in trials]
    return [(video, value) for video, value in told if value is not None]


def _limit(usual: Sequence[tuple[str, float]]) -> float:
    """The value that at most one clean clip in twenty exceeds."""
    worst_first = sorted((value for _, value in usual), reverse=True)
    return worst_first[int(FALSE_REJECTIONS * len(worst_first))]


def _median_ms(errors_s: Iterable[float]) -> float | None:
    found = list(errors_s)
    return round(1000 * float(np.median(found)), 1) if found else None


def _share(count: int, of: int) -> float | None:
    return rounded(count / of) if of else None
