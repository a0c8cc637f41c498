"""How commands end: results on stdout, and a line on stderr for what the user can mend."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import typer

F = TypeVar("F", bound=Callable[..., Any])


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
