"""Words of others, made fit to be shown and kept."""

from __future__ import annotations


def printable(text: str) -> str:
    r"""The text less what could garble a terminal, a page or a table: controls, lone surrogates.

    >>> printable("mute\u202e\x1b[2J\ud800 it\n")
    'mute  [2J  it\n'
    """
    return "".join(one if one.isprintable() or one == "\n" else " " for one in text)
