"""Put examples into a file, and beside it how they were made."""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import acav1m
from acav1m.agent import action as actions
from acav1m.agent.planners.rules import Rules
from acav1m.agent.train import example
from acav1m.agent.train.data import called_for
from acav1m.errors import AcavError
from acav1m.synth import scene

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.agent.train.data import Made, Request
    from acav1m.plan import Plan

SUFFIX = ".about.json"


def check(out: Path) -> None:
    """Refuse a place where the file cannot be put, before the work begins.

    Raises:
        AcavError: Its folder is missing or cannot be written to, or it is a folder itself.
    """
    if out.is_dir():
        raise AcavError(f"{out} is a folder; name a file, such as {out / 'data.jsonl'}")
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK | os.X_OK):
        raise AcavError(f"{out.parent}: no folder that can be written to")


def write(out: Path, plan: Plan, request: Request, made: Made) -> str:
    """Write both files, and say what is in them."""
    told = about(plan, request, made)
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    out.with_name(out.name + SUFFIX).write_text(text, encoding="utf-8")
    example.write(out, made.examples)
    splits = ", ".join(f"{count} {split}" for split, count in told["splits"].items())
    left_out = sum(told["left_out"].values())
    return (
        f"{out}: {len(made.examples)} examples of {told['clips']} clips ({splits}); "
        f"{left_out} left out as not observed as planted"
    )


def about(plan: Plan, request: Request, made: Made) -> dict[str, Any]:
    """Seed, versions, recipe, and how many examples there are of what."""
    found = made.examples
    return {
        "seed": request.seed,
        "count": request.count,
        "rendered": request.clips is None,
        "recipe": plan.recipe.name,
        "steps": {label: step.identity() for label, step in plan.lookers.items()},
        "versions": {
            "acav1m": acav1m.__version__,
            "renderer": scene.VERSION,
            "rules": Rules.version,
            "actions": {name: actions.load(name).version for name in actions.names()},
        },
        "examples": len(found),
        "clips": len({one.clip for one in found}),
        "splits": dict(sorted(Counter(one.split for one in found).items())),
        "actions": dict(sorted(Counter(map(called_for, found)).items())),
        "injected": sum(one.injected for one in found),
        "left_out": dict(made.left_out.most_common()),
        "lost": [list(one) for one in made.lost],
    }
