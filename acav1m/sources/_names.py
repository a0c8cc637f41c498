"""What files are called: on this disk any bytes, in a release text that names no folder of ours."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

ENCODED = "file://"
"""How the locator of a path begins whose bytes are no text; any other begins with `/`."""

_ODD = {0xDC00 + byte: f"%{byte:02X}" for byte in range(0x80, 0x100)}
"""Python's stand-ins for bytes that are no text (surrogates), as they look in a URL."""

_CONTROLS = {code: f"%{code:02X}" for code in (*range(0x20), 0x7F)}


def text(path: Path) -> str:
    r"""The path, with the bytes that are no text as in a URL.

    >>> text(Path("x\udcff.mp4"))
    'x%FF.mp4'
    """
    return path.as_posix().translate(_ODD)


def printable(name: str) -> str:
    r"""A name from elsewhere, with what is no text or would move a terminal as in a URL.

    >>> printable("../x\n\udcff.mp4")
    '../x%0A%FF.mp4'
    """
    return name.translate(_ODD | _CONTROLS)


def is_text(path: Path) -> bool:
    """Whether JSON, Parquet and people can read the path; Linux takes any bytes for a name."""
    return text(path) == path.as_posix()


def uri(written: str, path: Path, folder: Path) -> str:
    """How the list names a file; of an absolute path elsewhere, nothing but the name."""
    if path.is_relative_to(folder):
        return text(path.relative_to(folder))
    return path.name if Path(written).is_absolute() else Path(os.path.normpath(written)).as_posix()


def elsewhere(written: str, path: Path, folder: Path) -> str:
    """Tell apart files elsewhere that share a name, size and time, without saying where they are.

    Their keys would else follow the order of the list, and metadata would change sides with it.
    """
    if path.is_relative_to(folder) or not Path(written).is_absolute():
        return ""
    return "-" + hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def locator(path: Path) -> str:
    """An absolute path as text that leads back to it."""
    return str(path) if is_text(path) else ENCODED + quote_from_bytes(os.fsencode(path))


def located(found: str) -> Path:
    """The path that a locator stands for."""
    if found.startswith(ENCODED):
        return Path(os.fsdecode(unquote_to_bytes(found.removeprefix(ENCODED))))
    return Path(found)


def under_a_plain_name(path: Path, folder: Path) -> Path:
    """Link to the file: not every decoder can be given bytes that are no text."""
    link = folder / "source"
    link.symlink_to(path)
    return link
