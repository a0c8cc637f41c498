"""Write the figures into the embedded model's card: `python -m acav1m.models.card CARD`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from acav1m.errors import AcavError
from acav1m.models.shipped import WEIGHTS

BEGIN, END = "<!-- figures from metrics.json -->", "<!-- end of figures -->"

ROWS = {
    "instance_auc_swapped": "instance: own sound or another event's, AUC",
    "instance_auc_dubbed": "instance: own sound or music, AUC",
    "instance_score_accuracy": "instance: right side of 0.5 (swapped)",
    "instance_score_ece": "instance: calibration error",
    "language_auc_swapped": "language: own sound or another event's, AUC",
    "language_auc_wrong_caption": "language: right or wrong source caption, AUC",
    "language_null_share": "language: share of true clips without a score",
    "language_score_accuracy": "language: right side of 0.5 (swapped)",
    "language_score_ece": "language: calibration error",
    "temporal_auc_shifted_500_ms": "temporal: in step or 0.5 to 2 s off, AUC",
    "temporal_auc_shifted_250_ms": "temporal: in step or 0.25 s late, AUC",
    "temporal_second_auc_shifted_500_ms": "temporal, a single second: 0.5 to 2 s off, AUC",
    "temporal_auc_swapped": "temporal: own sound or another event's, AUC",
    "temporal_score_accuracy": "temporal: right side of 0.5 (0.5 to 2 s)",
    "temporal_score_ece": "temporal: calibration error",
    "temporal_scores_accuracy": "temporal, a single second: right side of 0.5",
    "temporal_scores_ece": "temporal, a single second: calibration error",
    "visible_event_auc_swapped": "visible event: own sound or another event's, AUC",
    "visible_event_score_accuracy": "visible event: right side of 0.5 (swapped)",
    "visible_event_score_ece": "visible event: calibration error",
    "offset_median_error_s": "offset of sound 0.5 to 2 s off: median error, s",
    "offset_sure_share": "offset: share found with a confidence of 0.8 or more",
    "offset_sure_right": "offset: of these, right within 0.08 s",
    "audio_caption_event_accuracy": "caption of the sound names the event",
    "audio_caption_exact": "caption of the sound is the true sentence",
    "visual_caption_event_accuracy": "caption of the picture names the event",
    "visual_caption_exact": "caption of the picture is the true sentence",
}


def figures(metrics: dict[str, Any]) -> str:
    """Render the figures as Markdown."""
    training, held_out = metrics["training"], metrics["held_out"]
    table = "\n".join(f"| {said} | {held_out[name]:.3f} |" for name, said in ROWS.items())
    return f"""
    python -m acav1m.models.train --seed {training["seed"]} --clips {training["clips"]} \
--wild {training["wild_clips"]} --steps {training["steps"]} \
--timing-steps {training["timing_steps"]} --held-out {training["calibration_clips"]} --out DIR

{training["parameters"]:,} parameters, {training["bytes"] / 1e6:.1f} MB of ONNX.
Mean loss over tenths of the run: towers {_tenths(metrics["loss_curve"])}; \
timing {_tenths(metrics["timing_loss_curve"])}.
Measured on {held_out["clips"]} clips of a seed used neither to train nor to calibrate, \
each encoded, decoded and scored as in a build:

| held out | figure |
| --- | --- |
{table}

"""


def _tenths(curve: list[float]) -> str:
    """Thin a loss curve to ten numbers.

    >>> _tenths([2.0, 1.0] * 10)
    '1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5'
    """
    return ", ".join(f"{part.mean():.3g}" for part in np.array_split(np.array(curve), 10))


def refreshed(card: str, metrics: dict[str, Any]) -> str:
    """Return the card with its figures replaced.

    Raises:
        AcavError: The card has no place for figures.
    """
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise AcavError(f"model card: lines {BEGIN!r} and {END!r} must enclose the figures")
    return f"{before}{begin}\n{figures(metrics)}{end}{after}"


def shipped_metrics() -> dict[str, Any]:
    """Return what was measured when the shipped weights were trained."""
    metrics: dict[str, Any] = json.loads((WEIGHTS / "metrics.json").read_text())
    return metrics


def main(path: Path) -> None:
    """Rewrite the figures of the card at `path`."""
    path.write_text(refreshed(path.read_text(), shipped_metrics()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
