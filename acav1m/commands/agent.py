"""The commands `acav1m agent ...`."""

from __future__ import annotations

import typer

agent = typer.Typer(
    help="Mend sound so that it fits its picture (AVAgent).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
