"""Measure the shipped model on clips nobody trained on, through the steps a build runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.aligners.instance import Instance
from acav1m.aligners.language import Language
from acav1m.aligners.temporal import Temporal
from acav1m.calibration.evidence import auc, calibration_error
from acav1m.calibration.map import calibrated
from acav1m.captioners.embedded import Embedded as Captions
from acav1m.models import describe, embedded
from acav1m.steps import Aligner
from acav1m.synth import scene
from acav1m.synth.plant import plant
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from acav1m.clip import Clip
    from acav1m.steps import Measure, Value
    from acav1m.synth.scene import Rendered

Row = dict[str, Any]
STEPS: tuple[Measure, ...] = (Captions(), Language(), Instance(), Temporal())


@dataclass(frozen=True)
class Trial:
    """The same held-out clips, as they are and with one defect each."""

    true: Sequence[Row]
    swapped: Sequence[Row]
    dubbed: Sequence[Row]
    shifted: Sequence[Row]
    shifted_250_ms: Sequence[Row]
    wrong_caption: Sequence[Row]


def evaluate(clips: int, seed: int, weights: Path) -> dict[str, float]:
    """Return figures of merit of those weights on so many clips, events in turn."""
    with embedded.using(weights):
        trial = attempt([_render(number, seed) for number in range(clips)])
        return {"clips": clips, **_separation(trial), **_captions(trial), **_calibration(trial)}


def attempt(clean: Sequence[Rendered]) -> Trial:
    """Score the clips as they are, and once with each defect."""

    def planted(defect: str, **options: Any) -> list[Row]:
        return [score(plant(one, defect, one.seed, **options)) for one in clean]

    return Trial(
        true=[score(one) for one in clean],
        swapped=planted("swapped"),
        dubbed=planted("dubbed"),
        shifted=[score(plant(c, "shifted", c.seed, offset_s=_far_s(c.seed))) for c in clean],
        shifted_250_ms=planted("shifted", offset_s=0.25),
        wrong_caption=planted("wrong_caption"),
    )


def score(rendered: Rendered) -> Row:
    """Run captioner and aligners over one clip; the columns, and the event in truth."""
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)
    clip.columns["source_caption"] = rendered.caption
    for step in STEPS:
        clip.columns.update(_scored(step, clip))
    source = _scored(Language(against="source_caption"), clip)
    return {
        **clip.columns,
        "event": rendered.event,
        "true_audio_caption": rendered.audio_caption,
        "true_visual_caption": rendered.visual_caption,
        "source_score": source["language_score"],
    }


def _scored(step: Measure, clip: Clip) -> dict[str, Value]:
    found = dict(step.measure(clip))
    return found | (calibrated(step, found) if isinstance(step, Aligner) else {})


def _render(number: int, seed: int) -> Rendered:
    names = scene.events()
    rng = np.random.default_rng([seed, number])
    return scene.render(names[number % len(names)], int(rng.integers(2**31)))


def _far_s(seed: int) -> float:
    """Shift of half a second to two, either way."""
    rng = np.random.default_rng([seed, 4])
    return round(float(rng.uniform(0.5, 2.0)) * float(rng.choice((-1, 1))), 3)


def _separation(trial: Trial) -> dict[str, float]:
    """AUC of each score: true clips against the defect it is for."""

    def area(column: str, bad: Sequence[Row]) -> float:
        return auc(_known(trial.true, column), _known(bad, column))

    return {
        "instance_auc_swapped": area("instance_score", trial.swapped),
        "instance_auc_dubbed": area("instance_score", trial.dubbed),
        "language_auc_swapped": area("language_score", trial.swapped),
        "language_auc_wrong_caption": area("source_score", trial.wrong_caption),
        "language_null_share": _null_share(trial.true, "language_score"),
        "temporal_auc_shifted_500_ms": area("temporal_score", trial.shifted),
        "temporal_auc_shifted_250_ms": area("temporal_score", trial.shifted_250_ms),
        "temporal_second_auc_shifted_500_ms": auc(_seconds(trial.true), _seconds(trial.shifted)),
        "temporal_auc_swapped": area("temporal_score", trial.swapped),
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


def _calibration(trial: Trial) -> dict[str, float]:
    """Share of scores on the right side of 0.5, and the expected calibration error."""
    kinds = {
        "instance": ("instance_score", trial.swapped),
        "language": ("language_score", trial.swapped),
        "temporal": ("temporal_score", trial.shifted),
    }
    scores = {k: (_known(trial.true, c), _known(bad, c)) for k, (c, bad) in kinds.items()}
    scores["temporal_second"] = (_seconds(trial.true), _seconds(trial.shifted))
    figures: dict[str, float] = {}
    for kind, (good, bad) in scores.items():
        truth = np.repeat([1, 0], [len(good), len(bad)])
        predicted = np.array([*good, *bad])
        figures[f"{kind}_accuracy"] = float(np.mean((predicted >= 0.5) == truth))
        figures[f"{kind}_ece"] = calibration_error(predicted, truth)
    return figures


def _known(rows: Sequence[Row], column: str) -> list[float]:
    return [row[column] for row in rows if row[column] is not None]


def _null_share(rows: Sequence[Row], column: str) -> float:
    return float(np.mean([row[column] is None for row in rows]))


def _seconds(rows: Sequence[Row]) -> list[float]:
    return [score for row in rows for score in row["temporal_scores"] if score is not None]


def _caption(row: Row, kind: str) -> str | None:
    found: str | None = row[f"{kind}_caption"]
    return found


def _names_event(model: embedded.Embedded, row: Row, kind: str) -> bool:
    said = _caption(row, kind)
    return said is not None and describe.event_of(model, kind, said) == row["event"]
