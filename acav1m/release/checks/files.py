"""Every file is there, unchanged, and listed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from acav1m.release import checksums, layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LINE = re.compile(r"[0-9a-f]{64}  \S.*")


def check(folder: Path) -> Iterator[str]:
    """Compare the files of a release with its checksums."""
    if not (folder / layout.CHECKSUMS).is_file():
        yield f"{layout.CHECKSUMS} is missing"
        return
    stated, found = checksums.read(folder), checksums.files(folder)
    for path, checksum in stated.items():
        if not _LINE.fullmatch(f"{checksum}  {path}"):
            yield f"{layout.CHECKSUMS} has a broken line: {checksum[:80]!r}"
        elif path not in found:
            yield f"{path} is missing"
        elif (folder / path).is_symlink():
            yield f"{path} is a link, not a file"
        elif checksums.of(folder / path) != checksum:
            yield f"{path} has changed: its checksum differs"
    yield from (f"{path} is no part of the release" for path in found if path not in stated)
