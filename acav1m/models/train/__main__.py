"""Train the embedded model: `python -m acav1m.models.train --seed 0 --out DIR`."""

from __future__ import annotations

import argparse
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.aligners.temporal import Temporal
from acav1m.models import embedded
from acav1m.models.timing import onset_motion
from acav1m.models.train import corpus, evaluate, export, prior
from acav1m.models.train.fit import fit
from acav1m.models.train.fit_timing import fit_timing
from acav1m.synth import scene
from acav1m.testing import from_arrays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acav1m.calibration.map import Calibration
    from acav1m.synth.scene import Rendered

TUNES = 200
log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Render, train, export, calibrate on one held-out seed and measure on another."""
    options = _options(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    made = corpus.corpus(options.clips, options.wild, options.seed, options.workers)
    log.info("rendered %d clips, %d of known events", len(made.takes), len(made.examples))
    model, curve = fit(
        made.examples,
        corpus.tunes(TUNES, options.seed),
        events=len(scene.events()),
        steps=options.steps,
        seed=options.seed,
    )
    timing, timing_curve = fit_timing(made.takes, steps=options.timing_steps, seed=options.seed)
    gaps = export.export(model, timing, out)
    about = {
        "seed": options.seed,
        "events": scene.events(),
        "captions": corpus.sentences(made.examples),
        "nothing_seen": float(timing.nothing),
    }
    maps = _calibrate(out, about, evaluate.renders(options.held_out, options.seed + 1))
    training = {
        "seed": options.seed,
        "clips": options.clips,
        "wild_clips": options.wild,
        "steps": options.steps,
        "timing_steps": options.timing_steps,
        "calibration_clips": options.held_out,
        "parameters": sum(p.numel() for whole in (model, timing) for p in whole.parameters()),
        "bytes": sum(path.stat().st_size for path in out.glob("*.onnx")),
        "largest_onnx_gap": max(gaps.values()),
    }
    metrics = {
        "training": training,
        "held_out": _measure(out, maps, evaluate.renders(options.held_out, options.seed + 2)),
        "loss_curve": curve,
        "timing_loss_curve": timing_curve,
    }
    (out / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    log.info("%s", json.dumps(metrics["held_out"], indent=1))


def _calibrate(
    out: Path, about: dict[str, Any], held_out: Sequence[Rendered]
) -> dict[str, Calibration]:
    """Write the index with maps fitted on held-out clips, which are returned."""
    export.write_index(out, {**about, "calibration": {}})
    with embedded.using(out):
        maps = prior.maps(evaluate.ALIGNERS, evaluate.attempt(held_out))
    export.write_index(out, {**about, "calibration": _plain(maps)})
    _calibrate_onset_motion(out, held_out)
    return maps


def _calibrate_onset_motion(out: Path, held_out: Sequence[Rendered]) -> None:
    """Write the constants and maps of the backend that learns nothing else."""
    clips = [from_arrays(one.frames, one.fps, one.audio, one.rate_hz) for one in held_out]
    constants: dict[str, Any] = dict(prior.onset_motion_constants(clips))
    path = out / onset_motion.CONSTANTS
    path.write_text(json.dumps(constants, indent=1) + "\n")
    aligner = Temporal(model="onset-motion")
    with onset_motion.using(out):
        maps = prior.maps([aligner], evaluate.attempt(held_out, [aligner]))
    path.write_text(json.dumps(constants | {"calibration": _plain(maps)}, indent=1) + "\n")


def _plain(maps: Mapping[str, Calibration]) -> dict[str, dict[str, float]]:
    return {column: line._asdict() for column, line in maps.items()}


def _measure(
    out: Path, maps: Mapping[str, Calibration], held_out: Sequence[Rendered]
) -> dict[str, float]:
    with embedded.using(out):
        return evaluate.figures(evaluate.attempt(held_out), maps)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="acav1m.models.train", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--clips", type=int, default=1280, help="rendered of known events")
    parser.add_argument("--wild", type=int, default=1600, help="rendered at random")
    parser.add_argument("--steps", type=int, default=1000, help="batches for the towers")
    parser.add_argument("--timing-steps", type=int, default=2400, help="batches for timing")
    parser.add_argument("--held-out", type=int, default=96, help="rendered to calibrate; to test")
    parser.add_argument("--workers", type=int, default=2, help="processes that render")
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
