"""The command line: parse, call the library, print. Results on stdout, all else on stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

F = TypeVar("F", bound=Callable[..., Any])

app = typer.Typer(
    name="acav1m",
    help="Turn raw video into a dataset whose sound and picture provably belong together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

RecipeFile = Annotated[
    Path, typer.Argument(metavar="RECIPE", help="A recipe in YAML, or the name of ours.")
]
ReleaseFolder = Annotated[Path, typer.Argument(metavar="RELEASE", help="Folder of a release.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, for machines.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Override a recipe value: cut.seconds=5. Repeatable."
    ),
]


def user_errors(command: F) -> F:
    """Show what the user can mend as one line a complaint, and leave with exit code 2."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from acav1m.errors import AcavError, RecipeError

        try:
            return command(*args, **kwargs)
        except RecipeError as error:
            lines = list(error.complaints)
        except AcavError as error:
            lines = [str(error)]
        except OSError as error:
            if error.strerror is None:
                raise
            where = f"{error.filename}: " if error.filename else ""
            lines = [f"{where}{error.strerror}"]
        except KeyboardInterrupt:
            typer.echo("acav1m: stopped; run the same command again to continue", err=True)
            raise typer.Exit(130) from None
        for line in lines:
            typer.echo(f"acav1m: {line}", err=True)
        raise typer.Exit(2)

    return wrapped  # type: ignore[return-value]


def show(result: str) -> None:
    """Print a result on stdout; when nobody reads on (`acav1m query ... | head`), go on quietly."""
    try:
        typer.echo(result)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # Python flushes what is left when it exits
        os.close(nowhere)


@app.command()
@user_errors
def build(
    recipe: RecipeFile,
    out: Annotated[Path, typer.Option("--out", help="Folder of the release.")],
    work: Annotated[
        Path | None,
        typer.Option("--work", help="Where findings are kept; by default OUT.work."),
    ] = None,
    set_: Set = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Worker processes; by default one a core."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N candidates.")
    ] = None,
    max_failed: Annotated[
        float | None,
        typer.Option("--max-failed", min=0, max=1, help="Stop when this share of clips fails."),
    ] = None,
    retry: Annotated[
        str | None,
        typer.Option("--retry", help="Failures to try again: transient, all, or a kind."),
    ] = None,
    timeout_s: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds a clip may hang.")
    ] = 300.0,
    memory_gb: Annotated[
        float, typer.Option("--memory", min=0.1, help="GB of memory one worker may take.")
    ] = 6.0,
    as_json: Json = False,
) -> None:
    """Build a release; a killed build continues when run again."""
    from acav1m import plan, summary
    from acav1m.build import build as run
    from acav1m.engines import Limits
    from acav1m.how import How
    from acav1m.progress import RichProgress

    overrides = set_ or []
    report = run(
        plan.read(recipe, overrides),
        out,
        How(work, workers, max_failed, retry, Limits(timeout_s, int(memory_gb * 1e9))),
        limit=limit,
        overrides=overrides,
        progress=RichProgress(),
    )
    summary.show(report)
    if as_json:
        show(json.dumps(report.json()))


@app.command()
@user_errors
def calibrate(
    recipe: RecipeFile,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report; by default WORK/calibration."),
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option("--work", help="Where findings are kept: a build's, OUT.work or NAME.work."),
    ] = None,
    set_: Set = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Worker processes; by default one a core."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only the first N candidates.")
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option("--precision", help="Recommend thresholds that give it, such as 0.95."),
    ] = None,
    retry: Annotated[
        str | None,
        typer.Option("--retry", help="Failures to try again: transient, all, or a kind."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make probabilities of a recipe's scores on its own clips, and recommend thresholds."""
    from acav1m import drawing, plan, summary
    from acav1m.calibrate import calibrate as run
    from acav1m.how import How
    from acav1m.progress import RichProgress

    overrides = list(set_ or [])
    overrides += [] if precision is None else [f"calibration.precision={precision}"]
    how = How(work=work, workers=workers, retry=retry)
    found = run(plan.read(recipe, overrides), out, how, limit=limit, progress=RichProgress())
    show(drawing.json_line(found.json()) if as_json else summary.calibrated(found))


@app.command()
@user_errors
def check(recipe: RecipeFile, set_: Set = None, as_json: Json = False) -> None:
    """Say what a recipe would do and try its examples; open no media."""
    from acav1m import plan
    from acav1m.check import check as run

    findings = run(plan.read(recipe, set_ or []))
    if as_json:
        show(json.dumps(findings.json()))
    else:
        show(findings.text())


@app.command()
@user_errors
def verify(release: ReleaseFolder, as_json: Json = False) -> None:
    """Prove a release: checksums, counts, Croissant, and that every clip decodes."""
    from acav1m import drawing, summary
    from acav1m.release.verify import verify as run

    report = run(release)
    show(drawing.json_line(report.as_dict()) if as_json else summary.verified(report))
    if not report.ok:
        raise typer.Exit(1)


@app.command()
@user_errors
def why(
    release: ReleaseFolder,
    clip: Annotated[str, typer.Argument(metavar="CLIP", help="A clip_id, source uri or video id.")],
    as_json: Json = False,
) -> None:
    """Tell one clip's whole story: what it is, what was found, and who objected."""
    from acav1m import drawing, summary
    from acav1m.release.inspect import why as run

    story = run(release, clip)
    show(drawing.json_line(story.as_dict()) if as_json else summary.told(story))


@app.command()
@user_errors
def query(
    release: ReleaseFolder,
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="Over clips, metadata, rejected and shards.")
    ],
    as_json: Json = False,
) -> None:
    """Run SQL (DuckDB) over a release's tables."""
    from acav1m import drawing
    from acav1m.release.inspect import query as run

    table = run(release, sql)
    if as_json:
        for row in table.to_pylist():
            show(drawing.json_line(row))
    else:
        show(drawing.rows(table))


@app.command()
@user_errors
def steps(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One step, such as filters.silence.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what a recipe may name, or one step's options and columns."""
    from acav1m import catalog

    if as_json:
        show(json.dumps(catalog.data(name)))
    else:
        show(catalog.text(name))


@app.command()
@user_errors
def schema() -> None:
    """Print the JSON Schema of recipes, for editors."""
    from acav1m import catalog

    show(json.dumps(catalog.json_schema(), indent=2))


@app.command()
@user_errors
def doctor(as_json: Json = False) -> None:
    """Check this machine: ffmpeg and its encoders, packages, cores, disk."""
    from acav1m import doctor as doctor_

    findings = doctor_.examine()
    if as_json:
        show(json.dumps([f.json() for f in findings]))
    else:
        show("\n".join(f.line() for f in findings))
    if any(f.bad for f in findings):
        raise typer.Exit(1)


bench = typer.Typer(
    help="Measure what is caught: plant known defects and look for them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(bench, name="bench")


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
    seed: Annotated[int, typer.Option("--seed", min=0, help="What is drawn at random.")] = 0,
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
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Worker processes; by default one a core."),
    ] = None,
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
    seed: Annotated[int, typer.Option("--seed", min=0, help="What is drawn at random.")] = 0,
    as_json: Json = False,
) -> None:
    """Report what each edit of sound gains against noise, and how fast it is."""
    from acav1m import drawing
    from acav1m.bench import actions as measured

    found = {**measured.figures(seed), "timing": measured.timing(seed)}
    show(drawing.json_line(found) if as_json else measured.text(found))


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Turn raw video into a dataset whose sound and picture provably belong together."""
    if version:
        from acav1m import __version__

        show(__version__)
        raise typer.Exit
