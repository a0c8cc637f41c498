"""The commands `acav1m bench ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acav1m.commands.options import Json, Seed, Set, Workers
from acav1m.commands.output import show, user_errors

bench = typer.Typer(
    help="Measure what is caught: plant known defects and look for them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@bench.command()
@user_errors
def curation(
    recipe: Annotated[
        Path | None,
        typer.Argument(
            metavar="[RECIPE]",
            help="Whose scores and filters: quickstart, or local with --clips, unless named.",
        ),
    ] = None,
    seed: Seed = 0,
    clips: Annotated[
        str | None,
        typer.Option("--clips", metavar="DIR", help="Real videos in place of rendered clips."),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="How many clips; 64 are rendered.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for JSON, Markdown and pictures.")
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", help="What aligners ask. Repeatable: side by side in one table."),
    ] = None,
    set_: Set = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Plant each defect at each strength and report what scores and filters make of it."""
    from tempfile import TemporaryDirectory

    from acav1m import drawing, plan
    from acav1m.bench import text, write
    from acav1m.bench.curation import Asked
    from acav1m.bench.curation import curation as run
    from acav1m.progress import RichProgress

    found = plan.read(recipe or Path("local" if clips else "quickstart"), set_ or [])
    if out is not None:
        write.check(out)
    asked = Asked(seed, count, clips, tuple(model or ()))
    with TemporaryDirectory(prefix="acav1m-bench-") as folder:
        report = run(found, asked, Path(folder), workers=workers, progress=RichProgress())
        if out is not None:
            write.write(report, out)
    if as_json:  # without the times, so that the same seed gives the same bytes
        typer.echo("\n".join(text.took(report)), err=True)
    show(drawing.json_line(report.figures) if as_json else text.text(report))


@bench.command()
@user_errors
def actions(
    seed: Seed = 0,
    as_json: Json = False,
) -> None:
    """Report what each edit of sound gains against noise, and how fast it is."""
    from acav1m import drawing
    from acav1m.bench import actions as measured

    found = {**measured.figures(seed), "timing": measured.timing(seed)}
    show(drawing.json_line(found) if as_json else measured.text(found))


@bench.command()
@user_errors
def agent(
    planner: Annotated[
        str,
        typer.Option("--planner", help="rules, or another; with options: '{local: {model: DIR}}'."),
    ] = "rules",
    seed: Seed = 0,
    clips: Annotated[
        str | None,
        typer.Option("--clips", metavar="DIR", help="Real videos in place of rendered clips."),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="How many clips; 48 are rendered.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for JSON, Markdown and pictures.")
    ] = None,
    model: Annotated[
        str, typer.Option("--model", help="Who times for reflection: embedded, or onset-motion.")
    ] = "embedded",
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Plant faults in sound and report what the agent mends, beside two random controls."""
    from tempfile import TemporaryDirectory

    from acav1m import drawing
    from acav1m.bench.agent import text, write
    from acav1m.bench.agent.running import Asked, planner_named
    from acav1m.bench.agent.running import agent as run
    from acav1m.bench.agent.scorers import model_named
    from acav1m.progress import RichProgress

    asked = Asked(planner_named(planner), seed, count, clips, model_named(model))
    if out is not None:
        write.check(out)
    with TemporaryDirectory(prefix="acav1m-bench-") as folder:
        report = run(asked, Path(folder), workers=workers, progress=RichProgress())
        if out is not None:
            write.write(report, out)
    if as_json:  # without the times, so that the same seed gives the same bytes
        typer.echo("\n".join(text.took(report)), err=True)
    show(drawing.json_line(report.figures) if as_json else text.text(report))


@bench.command(name="list")
@user_errors
def list_(
    rows: Annotated[
        int, typer.Option("--rows", min=100, help="How many ids the list has.")
    ] = 1_000_000,
    rounds: Annotated[int, typer.Option("--rounds", min=1, help="Of which the median counts.")] = 3,
    as_json: Json = False,
) -> None:
    """Measure how fast, and in how much memory, long lists are read and deduplicated."""
    from acav1m import drawing
    from acav1m.bench import listing

    found = listing.figures(rows, rounds=rounds)
    show(drawing.json_line(found) if as_json else listing.text(found))


@bench.command()
@user_errors
def downloads(
    rounds: Annotated[
        int, typer.Option("--rounds", min=1, help="How often each way fetches each set of files.")
    ] = 5,
    count: Annotated[
        int | None,
        typer.Option("--count", min=1, help="Files of each size; by default 400 to 2000."),
    ] = None,
    folder: Annotated[
        Path,
        typer.Option("--folder", metavar="DIR", help="Where they are written, such as /dev/shm."),
    ] = Path(),
    as_json: Json = False,
) -> None:
    """Measure how fast small and large files are fetched, beside curl or aria2c in the same run."""
    from acav1m import drawing
    from acav1m.bench import downloads as measured

    found = measured.figures(measured.cases(count), rounds, folder=folder)
    show(drawing.json_line(found) if as_json else measured.text(found))
