"""The commands `acav1m agent make-data`, `train` and `eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acav1m.commands.options import Json, Seed, Workers
from acav1m.commands.output import show, user_errors

Data = Annotated[Path, typer.Argument(metavar="DATA", help="A file that make-data wrote.")]


@user_errors
def make_data(
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="Where the examples go.")],
    clips: Annotated[
        str | None,
        typer.Option("--clips", metavar="DIR", help="Clean videos in place of rendered clips."),
    ] = None,
    count: Annotated[int, typer.Option("--count", min=9, help="How many examples.")] = 1800,
    seed: Seed = 0,
    recipe: Annotated[
        Path | None,
        typer.Option("--recipe", help="Whose steps observe: quickstart, or local with --clips."),
    ] = None,
    workers: Workers = None,
) -> None:
    """Plant faults in clean clips, and pair what is observed with the plan that undoes it."""
    from acav1m import plan
    from acav1m.agent.train import about, data
    from acav1m.progress import RichProgress

    about.check(out)
    found = plan.read(recipe or Path("local" if clips else "quickstart"))
    request = data.Request(count=count, seed=seed, clips=clips)
    made = data.make(found, request, workers=workers, progress=RichProgress())
    show(about.write(out, found, request, made))


@user_errors
def train(
    data: Data,
    out: Annotated[Path, typer.Option("--out", help="Folder for adapter, card and metrics.")],
    model: Annotated[
        str,
        typer.Option("--model", help="A folder, a repository of the hub, or tiny: a random one."),
    ] = "tiny",
    revision: Annotated[
        str | None, typer.Option("--revision", help="Commit of the repository.")
    ] = None,
    epochs: Annotated[
        float | None, typer.Option("--epochs", min=0.01, help="How often all are seen: 3, tiny 6.")
    ] = None,
    steps: Annotated[
        int | None, typer.Option("--steps", min=1, help="Batches, in place of --epochs.")
    ] = None,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Examples in a batch.")] = 16,
    rate: Annotated[
        float | None, typer.Option("--rate", help="Highest learning rate: 2e-4, tiny 3e-3.")
    ] = None,
    rank: Annotated[
        int | None, typer.Option("--rank", min=1, help="Rank of the adapters: 16, tiny 64.")
    ] = None,
    variants: Annotated[
        int, typer.Option("--variants", min=0, help="Changed copies of each example, learnt too.")
    ] = 4,
    qlora: Annotated[
        bool, typer.Option("--qlora", help="Keep the base in 4 bits; needs a GPU.")
    ] = False,
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Fine-tune a causal language model to plan, by LoRA; the same seed gives the same adapter."""
    from acav1m import drawing
    from acav1m.agent.train import training
    from acav1m.progress import RichProgress

    request = training.Request(
        data=data,
        model=model,
        revision=revision,
        epochs=epochs,
        steps=steps,
        batch=batch,
        rate=rate,
        rank=rank,
        variants=variants,
        quantised=qlora,
        seed=seed,
    )
    metrics = training.train(request, out, RichProgress())
    show(drawing.json_line(metrics) if as_json else training.text(metrics, out))


@user_errors
def evaluate(
    data: Data,
    planner: Annotated[
        list[str],
        typer.Option(
            "--planner", help="rules, random, '{local: {model: DIR, adapter: DIR}}'. Repeatable."
        ),
    ],
    split: Annotated[
        str, typer.Option("--split", help="Which examples: test, validation or train.")
    ] = "test",
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N examples.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Report how often planners choose the right actions and parameters, side by side."""
    from acav1m import drawing
    from acav1m.agent.train import evaluating, table
    from acav1m.progress import RichProgress

    found = evaluating.run(data, planner, split, limit, RichProgress())
    show(drawing.json_line(found) if as_json else table.text(found))
