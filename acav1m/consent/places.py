"""Where the opt-out lists of a recipe are."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from acav1m.consent.marks import is_url


def local(given: str) -> Path:
    """A list of this disk, from its root."""
    return Path(os.path.abspath(os.path.expanduser(given)))  # noqa: PTH100, PTH111 - as in `files`


def complaints(places: tuple[str, ...]) -> list[str]:
    """About lists of this disk that are not there; those of the web show when they are fetched."""
    found = [(number, _complaint(given)) for number, given in enumerate(places)]
    return [f"consent.opt_out[{number}]: {wrong}" for number, wrong in found if wrong]


def _complaint(given: str) -> str | None:
    if is_url(given) or local(given).is_file():
        return None
    scheme, sign, _ = given.partition("://")
    if sign:
        return f"the scheme is {scheme}; lists are files, or come over http and https"
    path = local(given)
    return f"no such file: {path}{_near(path)}"


def _near(path: Path) -> str:
    names = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, names, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
