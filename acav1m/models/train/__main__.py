"""Train the embedded model: `python -m acav1m.models.train --seed 0 --clips 960 --out DIR`."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

from acav1m.models.train import corpus, evaluate, export, fit, pairs
from acav1m.synth import scene

if TYPE_CHECKING:
    from collections.abc import Sequence

TUNES = 200
log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Render, train, export, calibrate on one held-out seed and measure on another."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    examples = corpus.examples(options.clips, options.seed, options.workers)
    log.info("rendered %d clips", len(examples))
    model, curve = fit.fit(
        examples,
        corpus.tunes(TUNES, options.seed),
        events=len(scene.events()),
        steps=options.steps,
        seed=options.seed,
    )
    gaps = export.export(model, out)
    held_out = corpus.examples(options.held_out, options.seed + 1, options.workers)
    calibration = pairs.calibrate(model, held_out, options.seed)
    export.write_index(
        out,
        {
            "seed": options.seed,
            "events": scene.events(),
            "captions": corpus.sentences(examples),
            "calibration": {name: line._asdict() for name, line in calibration.items()},
        },
    )
    metrics = {
        "training": {
            "seed": options.seed,
            "clips": options.clips,
            "steps": options.steps,
            "calibration_clips": options.held_out,
            "parameters": sum(p.numel() for p in model.parameters()),
            "bytes": sum(path.stat().st_size for path in out.glob("*.onnx")),
            "largest_onnx_gap": max(gaps.values()),
        },
        "held_out": evaluate.evaluate(options.held_out, options.seed + 2, out),
        "loss_curve": curve,
    }
    (out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    log.info("%s", json.dumps(metrics["held_out"], indent=1))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="acav1m.models.train", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--clips", type=int, default=960, help="rendered for training")
    parser.add_argument("--steps", type=int, default=900, help="batches")
    parser.add_argument("--held-out", type=int, default=64, help="rendered to calibrate; to test")
    parser.add_argument("--workers", type=int, default=1, help="processes that render")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
