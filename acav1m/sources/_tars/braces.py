"""Write out `{000..012}` and `{a,b}` as a shell does."""

from __future__ import annotations

import re
from collections.abc import Iterator

_BRACES = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)\.\.(\d+)(?:\.\.(\d+))?")


def is_pattern(text: str) -> bool:
    """Whether braces in it stand for several texts.

    >>> is_pattern("{0..9}.tar"), is_pattern("{a,b}.tar"), is_pattern("{one}.tar")
    (True, True, False)
    """
    return any(_choices(found[1]) for found in _BRACES.finditer(text))


def expand(text: str) -> Iterator[str]:
    """Stream what a text with braces stands for, in its order; braces around one thing stay.

    >>> list(expand("{08..10}-{a,b}.tar"))
    ['08-a.tar', '08-b.tar', '09-a.tar', '09-b.tar', '10-a.tar', '10-b.tar']
    """
    for found in _BRACES.finditer(text):
        choices = _choices(found[1])
        if choices:
            for choice in choices:
                yield from (
                    f"{text[: found.start()]}{choice}{rest}" for rest in expand(text[found.end() :])
                )
            return
    yield text


def _choices(inside: str) -> list[str] | _Numbers | None:
    numbers = _RANGE.fullmatch(inside)
    if numbers:
        return _Numbers(*numbers.groups())
    return inside.split(",") if "," in inside else None


class _Numbers:
    """Numbers from one to another, as many digits as the longer one is written with."""

    def __init__(self, first: str, last: str, step: str | None) -> None:
        width = max(len(first), len(last)) if "0" in (first[0], last[0]) else 0
        low, high, by = int(first), int(last), max(1, int(step or 1))
        self._numbers = range(low, high + 1, by) if low <= high else range(low, high - 1, -by)
        self._width = width

    def __iter__(self) -> Iterator[str]:
        return (f"{number:0{self._width}}" for number in self._numbers)
