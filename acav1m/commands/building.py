"""Commands that build releases of recipes, or say what would become of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from acav1m.commands.options import AllowPrivate, Json, Limit, RecipeFile, Retry, Set, Workers
from acav1m.commands.output import show, user_errors


@user_errors
def build(
    recipe: RecipeFile,
    out: Annotated[Path, typer.Option("--out", help="Folder of the release.")],
    work: Annotated[
        Path | None,
        typer.Option("--work", help="Where findings are kept; by default OUT.work."),
    ] = None,
    set_: Set = None,
    workers: Workers = None,
    limit: Limit = None,
    max_failed: Annotated[
        float | None,
        typer.Option("--max-failed", min=0, max=1, help="Stop when this share of clips fails."),
    ] = None,
    retry: Retry = None,
    timeout_s: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds a clip may hang.")
    ] = 300.0,
    memory_gb: Annotated[
        float, typer.Option("--memory", min=0.1, help="GB of memory one worker may take.")
    ] = 6.0,
    allow_private: AllowPrivate = False,
    as_json: Json = False,
) -> None:
    """Build a release; a killed build continues when run again."""
    from acav1m import plan, summary
    from acav1m.build import build as run
    from acav1m.engines import Limits
    from acav1m.how import How
    from acav1m.progress import RichProgress

    overrides = [*(set_ or []), *(["network.allow_private=true"] if allow_private else [])]
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
    workers: Workers = None,
    limit: Limit = None,
    precision: Annotated[
        float | None,
        typer.Option("--precision", help="Recommend thresholds that give it, such as 0.95."),
    ] = None,
    retry: Retry = None,
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


@user_errors
def plan(
    recipe: RecipeFile,
    out: Annotated[
        Path | None, typer.Option("--out", help="The build's folder; OUT.work says what is done.")
    ] = None,
    work: Annotated[
        Path | None, typer.Option("--work", help="Where a build keeps its findings.")
    ] = None,
    set_: Set = None,
    limit: Limit = None,
    retry: Retry = None,
    as_json: Json = False,
) -> None:
    """Read and count the list: what is listed again, done, and to be downloaded; fetch nothing."""
    from acav1m import drawing
    from acav1m.how import How
    from acav1m.plan import read
    from acav1m.planned import planned
    from acav1m.progress import RichProgress

    how = How(work=work, retry=retry)
    found = planned(read(recipe, set_ or []), out, how, limit=limit, progress=RichProgress())
    show(drawing.json_line(found.json()) if as_json else found.text())
