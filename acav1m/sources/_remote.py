"""What sources on the network share: where a list lies, and how others are asked to list."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from acav1m.errors import AcavError
from acav1m.sources import _lists
from acav1m.sources._lists import sniff

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.net.network import Network


def place(option: str, path: str) -> Path:
    """The list, from the root of the disk.

    Raises:
        AcavError: There is none.
    """
    found = Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100, PTH111 - as in `files`
    if not _lists.is_list(found):
        kinds = ", ".join(sniff.READERS)
        raise AcavError(f"{option}: {found} is no list ({kinds})")
    return found


@contextmanager
def asking(options: Mapping[str, Any]) -> Iterator[Network]:
    """A network for listing, with the rules of a recipe's section `network`."""
    from acav1m.recipe import Network as Options
    from acav1m.stages.fetch import network_of

    try:
        how = Options.model_validate(options)
    except ValidationError:  # the recipe's own validation complains of it
        how = Options()
    with TemporaryDirectory(prefix="acav1m-", ignore_cleanup_errors=True) as folder:
        network = network_of(Path(folder), how)
        try:
            yield network
        finally:
            network.close()
