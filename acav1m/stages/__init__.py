"""What workers do with a part: `download` makes clips, `analyse` adds columns to them.

Each stage is a job: a row in, result rows out, and a commit of the whole part. Choosing what
still has to be done is the build's part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from acav1m.errors import ClipError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

TRIES = 3
"""A transient trouble (a network disk, say) is tried this often in all."""


def persistent(call: Callable[[], T]) -> T:
    """Call; try again while the trouble is transient.

    Raises:
        ClipError: It is not transient, or stayed.
    """
    for left in reversed(range(TRIES)):
        try:
            return call()
        except ClipError as error:
            if not error.transient or not left:
                raise
    raise AssertionError("unreachable")


def lost(kind: str, reason: str) -> ClipError:
    """How a clip failed whose worker died; limits may be set higher another time."""
    return ClipError(kind, reason, transient=kind in ("timeout", "memory"))


def error_columns(stage: str, error: ClipError) -> dict[str, Any]:
    """A failure as ledger columns."""
    return {
        "error_stage": stage,
        "error_kind": error.kind,
        "error_message": error.message,
        "error_transient": error.transient,
    }
