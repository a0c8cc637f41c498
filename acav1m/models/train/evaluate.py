"""Measure weights on clips nobody trained on, through the steps a build runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.aligners.instance import Instance
from acav1m.aligners.language import Language
from acav1m.aligners.temporal import Temporal
from acav1m.calibration.evidence import auc, calibration_error
from acav1m.calibration.map import applied
from acav1m.captioners.embedded import Embedded as Captions
from acav1m.models import describe, embedded
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acav1m.calibration.map import Calibration
    from acav1m.steps import Aligner, Measure
    from acav1m.synth.scene import Rendered

Row = dict[str, Any]
ALIGNERS: tuple[Aligner, ...] = (Language(), Instance(), Temporal())
STEPS: tuple[Measure, ...] = (Captions(), *ALIGNERS)
SOURCE = Language(against="source_caption")

SURE = 0.8
"""Confidence from which an offset counts as found."""

RIGHT_S = 0.08


@dataclass(frozen=True)
class Trial:
    """The same held-out clips, as they are and with one defect each: raw scores."""

    true: Sequence[Row]
    swapped: Sequence[Row]
    dubbed: Sequence[Row]
    shifted: Sequence[Row]
    shifted_250_ms: Sequence[Row]
    wrong_caption: Sequence[Row]


def renders(clips: int, seed: int) -> list[Rendered]:
    """So many clips, events in turn."""
    return [_render(number, seed) for number in range(clips)]


def attempt(clean: Sequence[Rendered], steps: Sequence[Measure] = STEPS) -> Trial:
    """Score the clips as they are, and once with each defect."""

    def planted(defect: str, **options: Any) -> list[Row]:
        return [score(plant(one, defect, one.seed, **options), steps) for one in clean]

    return Trial(
        true=[score(one, steps) for one in clean],
        swapped=planted("swapped"),
        dubbed=planted("dubbed"),
        shifted=[score(_shifted(one), steps) for one in clean],
        shifted_250_ms=planted("shifted", offset_s=0.25),
        wrong_caption=planted("wrong_caption"),
    )


def score(rendered: Rendered, steps: Sequence[Measure] = STEPS) -> Row:
    """Run captioner and aligners over one clip; the columns, and the truth."""
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)
    clip.columns["source_caption"] = rendered.caption
    for step in steps:
        clip.columns.update(step.measure(clip))
    if "caption" in clip.columns:
        clip.columns["source_score_raw"] = SOURCE.measure(clip)["language_score_raw"]
    return {
        **clip.columns,
        "event": rendered.event,
        "offset_s": rendered.defect_options.get("offset_s", 0.0),
        "true_audio_caption": rendered.audio_caption,
        "true_visual_caption": rendered.visual_caption,
    }


def figures(trial: Trial, maps: Mapping[str, Calibration]) -> dict[str, float]:
    """Figures of merit of the weights in use, with these maps from raw scores."""
    return {
        "clips": len(trial.true),
        **_separation(trial),
        **_offsets(trial),
        **_captions(trial),
        **_calibration(trial, maps),
    }


def _render(number: int, seed: int) -> Rendered:
    names = scene.events()
    rng = np.random.default_rng([seed, number])
    return scene.render(names[number % len(names)], int(rng.integers(2**31)))


def _shifted(one: Rendered) -> Rendered:
    """Shift by half a second to two, either way."""
    rng = np.random.default_rng([one.seed, 4])
    offset_s = round(float(rng.uniform(0.5, 2.0)) * float(rng.choice((-1, 1))), 3)
    return plant(one, "shifted", one.seed, offset_s=offset_s)


def _separation(trial: Trial) -> dict[str, float]:
    """AUC of each score: true clips against the defect it is for."""

    def area(column: str, bad: Sequence[Row]) -> float:
        return auc(known(trial.true, column), known(bad, column))

    return {
        "instance_auc_swapped": area("instance_score_raw", trial.swapped),
        "instance_auc_dubbed": area("instance_score_raw", trial.dubbed),
        "language_auc_swapped": area("language_score_raw", trial.swapped),
        "language_auc_wrong_caption": area("source_score_raw", trial.wrong_caption),
        "language_null_share": _null_share(trial.true, "language_score_raw"),
        "temporal_auc_shifted_500_ms": area("temporal_score_raw", trial.shifted),
        "temporal_auc_shifted_250_ms": area("temporal_score_raw", trial.shifted_250_ms),
        "temporal_second_auc_shifted_500_ms": area("temporal_scores_raw", trial.shifted),
        "temporal_auc_swapped": area("temporal_score_raw", trial.swapped),
        "visible_event_auc_swapped": area("visible_event_score_raw", trial.swapped),
    }


def _offsets(trial: Trial) -> dict[str, float]:
    """How far found offsets of shifted clips are from the truth."""
    rows = [row for row in trial.shifted if row["sync_offset_s"] is not None]
    error_s = np.array([abs(row["sync_offset_s"] - row["offset_s"]) for row in rows])
    sure = np.array([row["sync_confidence"] >= SURE for row in rows])
    return {
        "offset_median_error_s": float(np.median(error_s)),
        "offset_sure_share": float(sure.sum() / len(trial.shifted)),
        "offset_sure_right": float((error_s[sure] <= RIGHT_S).mean()) if sure.any() else 0.0,
    }


def _captions(trial: Trial) -> dict[str, float]:
    """Share of clips whose caption names the event, and whose caption is the true sentence."""
    model = embedded.load()

    def share(right: Callable[[Row], bool]) -> float:
        return float(np.mean([right(row) for row in trial.true]))

    return {
        f"{kind}_caption_{what}": share(right)
        for kind in ("audio", "visual")
        for what, right in (
            ("event_accuracy", lambda row, kind=kind: _names_event(model, row, kind)),
            ("exact", lambda row, kind=kind: _caption(row, kind) == row[f"true_{kind}_caption"]),
        )
    }


def _calibration(trial: Trial, maps: Mapping[str, Calibration]) -> dict[str, float]:
    """Share of scores on the right side of 0.5, and the expected calibration error."""
    wrong = {"other": trial.swapped, "shift": trial.shifted}
    found: dict[str, float] = {}
    for aligner in ALIGNERS:
        for column, raw in aligner.calibrated.items():
            good, bad = known(trial.true, raw), known(wrong[aligner.mismatch[column]], raw)
            truth = np.repeat([1, 0], [len(good), len(bad)])
            predicted = np.array(applied(maps[column], [*good, *bad]))
            found[f"{column}_accuracy"] = float(np.mean((predicted >= 0.5) == truth))
            found[f"{column}_ece"] = calibration_error(predicted, truth)
    return found


def known(rows: Sequence[Row], column: str) -> list[float]:
    """The values of a column, entry by entry where it holds lists, without unknown ones."""
    values: list[Any] = []
    for row in rows:
        values += row[column] if isinstance(row[column], list) else [row[column]]
    return [value for value in values if value is not None]


def _null_share(rows: Sequence[Row], column: str) -> float:
    return float(np.mean([row[column] is None for row in rows]))


def _caption(row: Row, kind: str) -> str | None:
    found: str | None = row[f"{kind}_caption"]
    return found


def _names_event(model: embedded.Embedded, row: Row, kind: str) -> bool:
    said = _caption(row, kind)
    return said is not None and describe.event_of(model, kind, said) == row["event"]
