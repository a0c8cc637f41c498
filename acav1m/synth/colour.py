"""Named colours, so that a caption can say what is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from numpy.random import Generator

    RGB = tuple[int, int, int]

NAMED: dict[str, RGB] = {
    "red": (214, 40, 40),
    "orange": (240, 130, 30),
    "yellow": (245, 205, 50),
    "green": (50, 160, 70),
    "teal": (30, 150, 150),
    "blue": (45, 95, 210),
    "purple": (130, 65, 175),
    "pink": (235, 120, 170),
    "white": (238, 238, 234),
    "brown": (130, 84, 48),
    "grey": (130, 134, 140),
}


class Paint(NamedTuple):
    """A colour and its name."""

    name: str
    rgb: RGB


def pick(rng: Generator, *names: str) -> Paint:
    """Draw one of the named colours (all when none is named), a little off its standard tone."""
    name = str(rng.choice(names or tuple(NAMED)))
    red, green, blue = (int(c) for c in rng.integers(-14, 15, 3))
    tone = NAMED[name]
    return Paint(name, (_byte(tone[0] + red), _byte(tone[1] + green), _byte(tone[2] + blue)))


def shade(rgb: RGB, gain: float) -> RGB:
    """Darken (below 1) or lighten (above 1, towards white).

    >>> shade((100, 0, 200), 0.5)
    (50, 0, 100)
    """
    if gain <= 1:
        return (_byte(rgb[0] * gain), _byte(rgb[1] * gain), _byte(rgb[2] * gain))
    return blend(rgb, (255, 255, 255), gain - 1)


def blend(a: RGB, b: RGB, share: float) -> RGB:
    """Go from `a` (share 0) to `b` (share 1)."""
    keep = 1 - share
    return (
        _byte(a[0] * keep + b[0] * share),
        _byte(a[1] * keep + b[1] * share),
        _byte(a[2] * keep + b[2] * share),
    )


def article(noun: str) -> str:
    """Put "a" or "an" before it.

    >>> article("orange ball")
    'an orange ball'
    """
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _byte(value: float) -> int:
    return int(min(max(value, 0), 255))
