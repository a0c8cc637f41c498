"""Fine-tune a language model to plan, and put what came of it into a folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from acav1m.agent.train import card, example, tiny, variants
from acav1m.agent.train.lora import Lora
from acav1m.errors import AcavError
from acav1m.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from acav1m.agent.train.example import Example
    from acav1m.agent.train.fit import Course

BASE = "base"
"""Folder of the tiny model, within that of its adapter."""

METRICS = "metrics.json"
PACKAGES = ("torch", "transformers", "peft")


TINY_LORA = Lora(64, 64, 0.0, embeddings=True)
TINY_RATE, TINY_EPOCHS, TINY_QUESTIONS = 3e-3, 6.0, 1.0
"""For a model that knows nothing before, not even how to copy a number."""

RATE, EPOCHS = 2e-4, 3.0


@dataclass(frozen=True)
class Request:
    """What is trained on what, and how; what is None follows from the model."""

    data: Path
    model: str = tiny.NAME
    """A folder, a repository of the Hugging Face hub, or `tiny`."""
    revision: str | None = None
    epochs: float | None = None
    steps: int | None = None
    """Instead of epochs."""
    batch: int = 16
    rate: float | None = None
    """The highest learning rate."""
    rank: int | None = None
    variants: int = 4
    """Of each example, as `variants` makes them; learnt beside it."""
    quantised: bool = False
    seed: int = 0

    @property
    def lora(self) -> Lora:
        """What is trained of the model."""
        usual = TINY_LORA if self.model == tiny.NAME else Lora()
        rank = self.rank or usual.rank
        alpha = usual.alpha * rank // usual.rank
        return replace(usual, rank=rank, alpha=alpha, quantised=self.quantised)

    def course(self, count: int) -> Course:
        """How long it goes on, with so many examples."""
        from acav1m.agent.train.fit import Course

        knows = self.model != tiny.NAME
        epochs = self.epochs or (EPOCHS if knows else TINY_EPOCHS)
        steps = self.steps or max(1, round(epochs * count / self.batch))
        rate = self.rate or (RATE if knows else TINY_RATE)
        return Course(steps, self.batch, rate, self.seed, 0.0 if knows else TINY_QUESTIONS)


def train(request: Request, out: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Train, write adapter, tokenizer, card and metrics into `out`, and return the metrics.

    Raises:
        AcavError: Data, model, a package or a GPU is missing, or the data are too long for it.
    """
    from acav1m.agent.language import loading

    loading.require()
    examples = example.read(request.data)
    learnt, judged = _of("train", examples), _of("validation", examples)
    if not learnt:
        raise AcavError(f"{request.data}: no example is for training (split: train)")
    learnt = list(variants.varied(learnt, request.variants, request.seed))
    out.mkdir(parents=True, exist_ok=True)
    name = str(_tiny(request, learnt, out)) if request.model == tiny.NAME else request.model
    metrics = _trained(request, name, learnt, judged, out, progress or Progress())
    (out / METRICS).write_text(json.dumps(metrics, indent=1) + "\n", encoding="utf-8")
    (out / "README.md").write_text(card.card(metrics), encoding="utf-8")
    return metrics


def _of(split: str, examples: Sequence[Example]) -> list[Example]:
    return [one for one in examples if one.split == split]


def _tiny(request: Request, learnt: Sequence[Example], out: Path) -> Path:
    tiny.make(out / BASE, learnt, request.seed)
    return out / BASE


def _trained(
    request: Request,
    name: str,
    learnt: Sequence[Example],
    judged: Sequence[Example],
    out: Path,
    progress: Progress,
) -> dict[str, Any]:
    from acav1m.agent.train import fit, lora

    model, tokenizer = lora.load(name, request.revision, request.lora)
    pad = tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id
    most = getattr(model.config, "max_position_embeddings", None)
    pairs = fit.pairs(tokenizer, learnt, most)
    course = request.course(len(pairs))
    with progress.stage("train", course.steps):
        losses = fit.fit(model, pairs, course, pad=pad, told=lambda _: progress.row(0))
    held = fit.pairs(tokenizer, judged, most)
    left = fit.mean_loss(model, held, batch=request.batch, pad=pad) if held else None
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return _metrics(request, course, losses, left) | {
        "examples": {"train": len(learnt), "validation": len(judged)},
        "variants": request.variants,
        "parameters": _sizes(model),
    }


def _metrics(
    request: Request, course: Course, losses: Sequence[float], left: float | None
) -> dict[str, Any]:
    from acav1m.media.cut import sha256
    from acav1m.models.train.fit import curve

    return {
        "model": request.model,
        "revision": request.revision,
        "data": {"file": request.data.name, "sha256": sha256(request.data)},
        "lora": asdict(request.lora),
        "course": asdict(course),
        "loss": curve(losses),
        "validation_loss": left,
        "versions": {package: version(package) for package in PACKAGES},
    }


def _sizes(model: Any) -> dict[str, int]:
    every = [(one.numel(), one.requires_grad) for one in model.parameters()]
    return {"all": sum(n for n, _ in every), "trained": sum(n for n, grad in every if grad)}


def text(metrics: Mapping[str, Any], out: Path) -> str:
    """What came of it, in two lines."""
    loss, left, sizes = metrics["loss"], metrics["validation_loss"], metrics["parameters"]
    held = "" if left is None else f", {left:.4f} on validation"
    return (
        f"{out}: {sizes['trained']:,} of {sizes['all']:,} parameters trained, "
        f"loss {loss[0]:.4f} to {loss[-1]:.4f}{held}\n"
        f"measure it by acav1m agent eval {metrics['data']['file']} --planner rules "
        f"--planner '{asked(metrics, out)}'"
    )


def asked(metrics: Mapping[str, Any], out: Path) -> str:
    """How a recipe or a command line names the planner."""
    model = out / BASE if metrics["model"] == tiny.NAME else metrics["model"]
    revision = f", revision: {metrics['revision']}" if metrics["revision"] else ""
    return f"{{local: {{model: {model}{revision}, adapter: {out}}}}}"
