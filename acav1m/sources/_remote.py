"""What sources on the network share: where a list lies, and what is said of it elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from acav1m.errors import AcavError
from acav1m.sources import _lists


def place(option: str, path: str) -> Path:
    """The list, from the root of the disk.

    Raises:
        AcavError: There is none.
    """
    found = Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100, PTH111 - as in `files`
    if not _lists.is_list(found):
        kinds = ", ".join(_lists.READERS)
        raise AcavError(f"{option}: {found} is no list ({kinds})")
    return found
