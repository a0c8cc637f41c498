"""What calibration says of one column: its map, how good it is, and what to ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from acav1m.calibration import evidence, fit, thresholds
from acav1m.calibration.map import to_json

if TYPE_CHECKING:
    from acav1m.calibration.evidence import Evidence, Interval
    from acav1m.calibration.fit import Pairs
    from acav1m.calibration.map import Map
    from acav1m.calibration.thresholds import Threshold
    from acav1m.recipe import Calibration as Settings

By = Literal["own clips", "prior", "nothing"]
DIGITS = 6
"""Digits of a figure: what lies beyond differs between machines and tells nobody anything."""

MIN_TO_TELL = 10
"""Clips below which figures would say nothing, and are not made."""

VAIN = (
    "prior: the recipe's clips do not tell matched from mismatched pairs, so a map fitted to them "
    "would say nothing"
)
CELLS = 20
CORNERS = 200
"""Points of a ROC curve that are kept."""


class Question(NamedTuple):
    """A column to calibrate."""

    column: str
    raw: str
    aligner: str
    mismatch: str
    prior: Map | None


class Failed(NamedTuple):
    """Mismatched pairs that could not be scored."""

    pairs: int = 0
    first: str | None = None
    """Why the first of them could not."""


NONE_FAILED = Failed()


@dataclass(frozen=True)
class Outcome:
    """How one column is calibrated, and the evidence on pairs of the recipe's own clips."""

    asked: Question
    by: By
    why: str
    map: Map | None
    clips: int
    """Different clips with a score for their own sound."""

    matched: int
    mismatched: int
    failed: Failed = NONE_FAILED
    evidence: Evidence | None = None
    threshold: Threshold | None = None
    curves: Mapping[str, Any] | None = None
    """ROC and histograms of the raw score, to draw."""

    diagnoses: Mapping[str, Mapping[str, float | int | None]] | None = None
    """By what was done to the sound: how it was scored, for comparison and not for the fit."""

    @property
    def warning(self) -> str | None:
        """What a reader of the scores must know first."""
        if self.evidence is None or self.evidence.separates:
            return None
        auc = self.evidence.auc
        return (
            f"{self.asked.column} does not tell matched from mismatched pairs of these clips "
            f"(AUC {auc.value:.2f}, 95 % from {auc.low:.2f} to {auc.high:.2f}): either the score "
            "cannot tell them, or many of these clips are mismatched as recorded"
        )

    def json(self) -> dict[str, Any]:
        """As JSON, from which all else is drawn and written."""
        proof, wanted = self.evidence, self.threshold
        return {
            "raw": self.asked.raw,
            "aligner": self.asked.aligner,
            "mismatch": self.asked.mismatch,
            "by": self.by,
            "why": self.why,
            "warning": self.warning,
            "map": None if self.map is None else to_json(self.map),
            "clips": self.clips,
            "pairs": {"matched": self.matched, "mismatched": self.mismatched},
            "failed": self.failed._asdict(),
            "evidence": None if proof is None else _rounded(_proof(proof)),
            "threshold": None if wanted is None else _rounded(_wanted(wanted)),
            "diagnoses": _rounded(self.diagnoses or {}),
            "curves": _rounded(self.curves),
        }


def conclude(
    asked: Question,
    pairs: Pairs,
    altered: Mapping[str, Pairs],
    settings: Settings,
    failed: Failed = NONE_FAILED,
) -> Outcome:
    """Choose the map, and judge it by pairs that it was not fitted on.

    Where many clips are mismatched as recorded, a map fitted to them is flat and the prior is not.
    `altered` holds the scores of clips under noise and the like, beside their own.
    """
    clips = len(np.unique(pairs.group[pairs.matched]))
    others = len(np.unique(pairs.group[~pairs.matched]))
    enough = min(clips, others) >= fit.MIN_PAIRS and settings.use == "auto"
    vain = enough and asked.prior is not None and not evidence.separates(pairs)
    fitted = fit.choose(pairs) if enough and not vain else None
    map = fitted.map if fitted else asked.prior
    by: By = "own clips" if fitted else "nothing" if map is None else "prior"
    base = Outcome(
        asked=asked,
        by=by,
        why=VAIN if vain else _why(asked, by, (clips, others), settings),
        map=map,
        clips=clips,
        matched=int(pairs.matched.sum()),
        mismatched=int((~pairs.matched).sum()),
        failed=failed,
    )
    if map is None or min(clips, others) < MIN_TO_TELL:
        return base
    held_out = fitted.held_out if fitted else map.probabilities(pairs.raw)
    asking = {"precision": settings.precision, "mismatched_share": settings.mismatched_share}
    return Outcome(
        **{name: getattr(base, name) for name in _BASE},
        evidence=evidence.weigh(pairs, held_out),
        threshold=thresholds.recommend(pairs, held_out, **asking),
        curves=_curves(pairs),
        diagnoses={name: _diagnosis(some, map) for name, some in altered.items()},
    )


_BASE = ("asked", "by", "why", "map", "clips", "matched", "mismatched", "failed")


def _why(asked: Question, by: By, clips: tuple[int, int], settings: Settings) -> str:
    own, others = clips
    if by == "own clips":
        return f"fitted to {own} clips of the recipe"
    short = f"{own} {'clip' if own == 1 else 'clips'} of {fit.MIN_PAIRS} needed"
    if others < own:
        short += f", {others} of them with a mismatched pair"
    if settings.use == "prior":
        short = "the recipe asks for it"
    if by == "prior":
        return f"prior: {short}"
    return f"null: {short}, and {asked.aligner} ships no prior"


def _diagnosis(pairs: Pairs, map: Map) -> dict[str, float | int | None]:
    own, altered = pairs.raw[pairs.matched], pairs.raw[~pairs.matched]
    return {
        "clips": len(own),
        "scored": len(altered),
        "mean_probability_own": float(map.probabilities(own).mean()) if len(own) else None,
        "mean_probability": float(map.probabilities(altered).mean()) if len(altered) else None,
        "auc": evidence.auc(own, altered) if len(own) and len(altered) else None,
    }


def _curves(pairs: Pairs) -> dict[str, Any]:
    kinds = {"matched": pairs.raw[pairs.matched], "mismatched": pairs.raw[~pairs.matched]}
    edges = np.linspace(pairs.raw.min(), pairs.raw.max() + 1e-9, CELLS + 1)
    counts = {kind: np.histogram(raw, edges)[0].tolist() for kind, raw in kinds.items()}
    levels = np.quantile(pairs.raw, np.linspace(1, 0, CORNERS + 1), method="nearest")
    rates = {k: [float((raw >= x).mean()) for x in levels] for k, raw in kinds.items()}
    roc = dict.fromkeys([(0.0, 0.0), *zip(rates["mismatched"], rates["matched"], strict=True)])
    return {"roc": [list(point) for point in roc], "edges": edges.tolist(), "counts": counts}


def _proof(found: Evidence) -> dict[str, Any]:
    return {
        "auc": found.auc._asdict(),
        "calibration_error": found.calibration_error,
        "brier": found.brier,
        "log_loss": found.log_loss,
        "bins": [None if one is None else one._asdict() for one in found.bins],
    }


def _wanted(found: Threshold) -> dict[str, Any]:
    def told(interval: Interval | None) -> dict[str, float] | None:
        return None if interval is None else interval._asdict()

    return {
        **found._asdict(),
        "precision": told(found.precision),
        "recall": told(found.recall),
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, Mapping):
        return {key: _rounded(inside) for key, inside in value.items()}
    return [_rounded(inside) for inside in value] if isinstance(value, list | tuple) else value
