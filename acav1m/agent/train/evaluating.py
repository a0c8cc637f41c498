"""Evaluate planners on a file of examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from acav1m.agent.train import example
from acav1m.agent.train.evaluate import Figures, evaluate
from acav1m.agent.train.example import Split
from acav1m.errors import AcavError, did_you_mean
from acav1m.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from acav1m.agent.planner import Planner
    from acav1m.agent.train.example import Example


def run(
    data: Path,
    asked: Sequence[str],
    split: str = "test",
    limit: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Figures]:
    """Figures of all planners, by how they were asked for.

    Raises:
        AcavError: There is no such file, split or planner.
    """
    progress = progress or Progress()
    examples = _chosen(data, split)[:limit]
    planners = {told: _planner(told) for told in asked}
    found = {}
    for told, planner in planners.items():
        with progress.stage(planner.name(), len(examples)):
            found[told] = evaluate(planner, examples, lambda: progress.row(0))
    return found


def _chosen(data: Path, split: str) -> list[Example]:
    splits = get_args(Split)
    if split not in splits:
        raise AcavError(f"--split {split}: no such split{did_you_mean(split, splits)}")
    found = [one for one in example.read(data) if one.split == split]
    if not found:
        raise AcavError(f"{data}: no example has split {split}")
    return found


def _planner(told: str) -> Planner:
    import yaml

    from acav1m.agent.named import planner_of

    try:
        return planner_of(yaml.safe_load(told))
    except (yaml.YAMLError, ValueError, AttributeError, TypeError) as error:
        first = str(error).splitlines()[0]
        raise AcavError(f"--planner {told}: {first}") from None
