"""Drop clips that did not decode cleanly."""

from __future__ import annotations

from pydantic import Field

from acav1m.steps import Filter


class Corrupt(Filter):
    """Keep a clip over which the decoder complained at most `max_errors` times.

    >>> Corrupt().keeps(decode_errors=1)
    False
    """

    max_errors: int = Field(default=0, ge=0)

    def keep(self) -> str:
        return f"decode_errors <= {self.max_errors}"
