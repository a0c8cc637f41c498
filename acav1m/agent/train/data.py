"""Make training data: plant faults in clean clips, and pair what is observed with the cure."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from acav1m import looks
from acav1m.agent.observe import columns
from acav1m.agent.train import cases
from acav1m.agent.train.example import Example, Split
from acav1m.bench import gather
from acav1m.bench.work import Workers
from acav1m.errors import AcavError
from acav1m.progress import Progress
from acav1m.synth import scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.random import Generator

    from acav1m.bench.gather import Gathered
    from acav1m.engines import Row
    from acav1m.plan import Plan

ALIGNMENT, TEMPORAL = "instance_score", "temporal_score"
SEEDS = 100_000
"""Seeds of the clips that are rendered here; benchmarks draw others."""

SECONDS = 5.0
CASES_PER_CLIP = 6
ROUNDS = 6
"""How often what was left out is made up for with other clips."""

SPARE = 1.3
SHARES: Mapping[Split, float] = {"test": 0.15, "validation": 0.1}
"""Of the clips; the others are trained on."""


@dataclass(frozen=True)
class Request:
    """What data are made of, beside the recipe."""

    count: int
    seed: int = 0
    clips: str | None = None
    """A folder, glob or list of clean videos; rendered clips where there is none."""


@dataclass
class Made:
    """Examples, and what could not be one: why, and how often."""

    examples: list[Example] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    lost: list[tuple[str, str]] = field(default_factory=list)


def make(
    plan: Plan, request: Request, *, workers: int | None = None, progress: Progress | None = None
) -> Made:
    """Make `count` examples, as many for each action and for none; the same for the same seed.

    Fewer are made where what is planted is not observed in round after round.

    Raises:
        AcavError: There are too few clips, or not even one example came of them.
    """
    with (
        TemporaryDirectory(prefix="acav1m-data-") as folder,
        Workers(workers or os.cpu_count() or 1, Path(folder), progress or Progress()) as crew,
    ):
        recorded = _recorded(plan, request, crew)
        job = _job(plan, recorded)
        made = Made()
        for number in range(ROUNDS):
            rows = list(_rows(request, recorded, number, _missing(request, made)))
            if not rows:
                break
            _take(request, made, crew.run(f"observe {number + 1}", job, rows))
    if not made.examples:
        raise AcavError(_nothing(made))
    return made


def quotas(count: int) -> dict[str, int]:
    """How many examples there are to be for each action and for none."""
    names = cases.wanted()
    return {name: count // len(names) + (k < count % len(names)) for k, name in enumerate(names)}


def split_of(clip: str) -> Split:
    """Where all examples of a clip go."""
    place = crc32(f"split/{clip}".encode()) / 2**32
    for name, share in SHARES.items():
        if place < share:
            return name
        place -= share
    return "train"


def _recorded(plan: Plan, request: Request, crew: Workers) -> Gathered | None:
    if request.clips is None:
        return None
    cut = plan.recipe.cut
    return gather.real(request.clips, cut, crew.folder, request.seed, None, crew.run)


def _job(plan: Plan, recorded: Gathered | None) -> dict[str, Any]:
    wanted = columns(ALIGNMENT, TEMPORAL)
    chosen = looks.steps_for(plan.lookers, wanted)
    return {
        "is": "acav1m.agent.train.observing:Observing",
        "options": {
            "looks": {label: step.model_dump(mode="json") for label, step in chosen.items()},
            "alignment": ALIGNMENT,
            "temporal": TEMPORAL,
            "recordings": recorded and recorded.recordings,
            "twins": recorded.twins if recorded else [],
        },
    }


def _missing(request: Request, made: Made) -> dict[str, int]:
    have = Counter(called_for(one) for one in made.examples)
    return {name: quota - have[name] for name, quota in quotas(request.count).items()}


def called_for(example: Example) -> str:
    """The action that an example is of: that against noise if there is one, or `none`."""
    plan = example.plan
    chosen = plan.noise or plan.coordination
    return chosen.action if chosen else cases.NOTHING


def _rows(
    request: Request, recorded: Gathered | None, number: int, missing: Mapping[str, int]
) -> Iterator[Row]:
    """Clips, each with some cases of what is missing yet."""
    rng = np.random.default_rng([request.seed, number, crc32(b"agent data")])
    some = [name for name, left in missing.items() for _ in range(int(np.ceil(left * SPARE)))]
    drawn = [cases.drawn(some[k], rng) for k in rng.permutation(len(some))]
    clips = _rendered(rng, number) if recorded is None else _shuffled(rng, recorded.rows)
    size = max(CASES_PER_CLIP, -(-len(drawn) // len(recorded.rows)) if recorded else 0)
    for first, clip in zip(range(0, len(drawn), size), clips, strict=False):  # clips to spare
        yield clip | {"cases": [list(case) for case in drawn[first : first + size]]}


def _rendered(rng: Generator, number: int) -> Iterator[Row]:
    """Clips without end, of all events alike."""
    for k in count():
        event, seed = str(rng.choice(scene.events())), int(rng.integers(SEEDS))
        name = f"{event}-{seed}"
        key = f"{name}-{number}-{k}"
        yield {"key": key, "video": name, "event": event, "seed": seed, "seconds": SECONDS}


def _shuffled(rng: Generator, rows: Sequence[Row]) -> Iterator[Row]:
    return (dict(rows[k]) for k in rng.permutation(len(rows)))


def _take(request: Request, made: Made, results: Sequence[Row]) -> None:
    """Take in what came of a round, no more of anything than is wanted."""
    for row in results:
        if "lost" in row:
            made.lost.append((row["key"], row["lost"]))
        elif "left_out" in row:
            made.left_out[row["left_out"]] += 1
        else:
            case = cases.Case(*row["case"])
            if _missing(request, made)[case.wanted] > 0:
                made.examples.append(_example(row, case))


def _example(row: Row, case: cases.Case) -> Example:
    return Example(
        asked=row["asked"],
        plan=row["plan"],
        fault=row["fault"],
        clip=row["video"],
        split=split_of(row["video"]),
        injected=case.injected,
    )


def _nothing(made: Made) -> str:
    reasons = [reason for reason, _ in made.left_out.most_common(3)]
    reasons += [f"{clip}: {reason}" for clip, reason in made.lost[:3]]
    return f"no example came of the clips ({'; '.join(reasons)})"
