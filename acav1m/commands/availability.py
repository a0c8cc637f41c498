"""The command that says what of a release or a list can still be had."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acav1m.commands.options import Json, Seed, Workers
from acav1m.commands.output import show, user_errors


@user_errors
def availability(
    what: Annotated[
        Path, typer.Argument(metavar="RELEASE|LIST", help="Folder of a release, or a list.")
    ],
    source: Annotated[
        str | None, typer.Option("--source", help="Who reads a list: urls or youtube.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="How youtube reads it: vggsound, audioset ...")
    ] = None,
    root: Annotated[
        Path | None, typer.Option("--root", help="Folder in which local files are looked for.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--bytes", help="Fetch everything, and compare its sha256.")
    ] = False,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Ask for so many only, by chance.")
    ] = None,
    seed: Seed = 0,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="OTHER", help="Compare with a rebuilt release."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="A row a source: .parquet, .csv or .jsonl.")
    ] = None,
    work: Annotated[
        Path | None,
        typer.Option("--work", help="Kept until it is through; by default WHAT.availability."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="How to ask: network.connections=16, sources.youtube.proxy=URL. Repeatable.",
        ),
    ] = None,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Ask addresses that are not public, too.")
    ] = False,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Say what can still be had, has changed, or is gone; without fetching it."""
    from acav1m import drawing

    if against is not None:
        from acav1m.availability.against import against as compare
        from acav1m.availability.against import refuse

        asking = {"source": source, "layout": layout, "root": root, "bytes": whole, "work": work}
        refuse(asking | {"sample": sample, "set": set_, "allow-private": allow_private})
        report = compare(what, against, out)
    else:
        from acav1m.availability.check import Asked, check
        from acav1m.how import How
        from acav1m.progress import RichProgress

        overrides = [*(set_ or []), *(["network.allow_private=true"] if allow_private else [])]
        asked = Asked(what, source, layout, whole, root, sample, seed, tuple(overrides))
        report = check(asked, out, How(work=work, workers=workers), RichProgress())
    show(drawing.json_line(report.json()) if as_json else report.text())
