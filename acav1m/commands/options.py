"""Arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Worker processes; by default one a core."),
]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N candidates.")]
Retry = Annotated[
    str | None,
    typer.Option("--retry", help="Failures to try again: transient, all, or a kind."),
]
AllowPrivate = Annotated[
    bool,
    typer.Option(
        "--allow-private",
        help="Fetch also from addresses that are not public (this network's); what was refused "
        "before, with --retry refused_address.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="What is drawn at random.")]
