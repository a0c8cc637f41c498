"""Commands that tell of this package and this machine."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from acav1m.commands.options import Json
from acav1m.commands.output import show, user_errors


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


@user_errors
def schema() -> None:
    """Print the JSON Schema of recipes, for editors."""
    from acav1m import catalog

    show(json.dumps(catalog.json_schema(), indent=2))


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
