"""Three kinds of failure, because three different people act on them.

`AcavError` is for the user (one line, exit code 2), `ClipError` is a row in the ledger and the
build goes on, and anything else is a bug of ours.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class AcavError(Exception):
    """The user can mend this: a wrong recipe, folder, option or release."""


class RecipeError(AcavError):
    """A recipe is wrong; holds every complaint, each with its place and nearest fix."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("\n".join(self.complaints))


class ReleaseError(AcavError):
    """A release is damaged, of another format, or not a release."""


class ClipError(Exception):
    """One clip cannot go on: becomes a `failed` row with this class and message.

    `kind` is a short stable word to group by (`truncated`, `no_audio` ...); `message` says in
    plain words what is wrong with this file; `transient` means another try may succeed.
    """

    def __init__(self, kind: str, message: str, *, transient: bool = False) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.transient = transient

    def __reduce__(self) -> tuple[object, ...]:
        return (_clip_error, (self.kind, self.message, self.transient))


def _clip_error(kind: str, message: str, transient: bool) -> ClipError:
    return ClipError(kind, message, transient=transient)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the nearest known name, or what is known.

    >>> did_you_mean("silense", ["silence", "frozen"])
    "; did you mean 'silence'?"
    >>> did_you_mean("qqq", ["silence", "frozen"])
    '; known: frozen, silence'
    """
    known = sorted(known)
    near = get_close_matches(wrong, known, n=1)
    if near:
        return f"; did you mean '{near[0]}'?"
    return f"; known: {', '.join(known)}" if known else ""
