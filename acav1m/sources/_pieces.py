"""A video inside a bigger file: how a candidate says where it is, and how it is brought here."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from acav1m.errors import ClipError
from acav1m.sources import _names
from acav1m.sources._reading import InStore, OnDisk
from acav1m.sources._suffixes import plain
from acav1m.steps import Sighting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from acav1m.net.http import Got
    from acav1m.net.network import Network

CHUNK_BYTES = 4 << 20
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Piece:
    """Where a video's bytes are."""

    where: str
    """The bigger file: a URL, or the locator of a path."""

    offset: int
    size: int
    name: str
    """Only its end counts; nothing on this disk is ever called so."""

    of: int
    """Bytes of the bigger file."""

    validator: str | None = None
    """What its server knew it by when it was listed."""

    def locator(self) -> str:
        """As text."""
        return json.dumps(vars(self))


def trouble(error: ClipError) -> str:
    """The locator of what cannot be brought, for a reason that is known by now."""
    return json.dumps({"kind": error.kind, "message": error.message})


def refused(locator: str) -> ClipError | None:
    """Why it cannot be brought, if that was known when it was listed."""
    said = json.loads(locator)
    return ClipError(said["kind"], said["message"]) if "kind" in said else None


def located(locator: str) -> Piece:
    """What a locator says.

    Raises:
        ClipError: That it cannot be had.
    """
    why = refused(locator)
    if why is not None:
        raise why
    return Piece(**json.loads(locator))


def from_disk(piece: Piece, folder: Path, stamp: str) -> Path:
    """Copy it out of a file of this disk, if that is as it was when it was listed.

    Raises:
        ClipError: It is gone or changed.
    """
    from acav1m.net.stretch import changed

    file = OnDisk(_names.located(piece.where))
    try:
        if not stamp.startswith(f"{file.stamp}@"):
            raise changed()
        to = folder / plain(piece.name)
        _write(to, piece, file.read, lambda: None)
    finally:
        file.close()
    return to


def from_server(
    piece: Piece,
    folder: Path,
    network: Network,
    alive: Callable[[], None],
    *,
    key: str,
    own: Mapping[str, str],
) -> Got:
    """Ask an HTTP server for these bytes; what a killed worker had of them is gone on with.

    Raises:
        ClipError: They cannot be had.
        Blocked: It is us who are refused.
    """
    from acav1m.net.stretch import Copy, Stretch

    to = folder / plain(piece.name)
    copy = Copy(piece.of, piece.validator)
    part = Stretch(to, piece.where, piece.offset, piece.size, copy)
    return network.fetcher.fetch(piece.where, to, part=part, own=own, key=key, alive=alive)


def holder(
    url: str, network: Network, alive: Callable[[], None], *, own: Mapping[str, str] = NOTHING
) -> Sighting | None:
    """See whether the file that holds media is there; None where no HTTP server has it.

    Its size is not that of the media, and is not told.

    Raises:
        ClipError: It cannot be had.
        Blocked: It is us who are refused.
    """
    if not url.startswith(("http://", "https://")):
        return None
    from acav1m.net.look import look

    head = look(network.fetcher, url, alive, own=own)
    return Sighting(url, etag=head.etag)


def from_store(
    piece: Piece,
    folder: Path,
    network: Network,
    alive: Callable[[], None],
    *,
    key: str,
    store: tuple[Any, str],
    stamp: str,
) -> Path:
    """Read it out of a store that fsspec reaches, paced and tried again as downloads are.

    Raises:
        ClipError: It cannot be had, or has changed.
        Blocked: It is us who are refused.
    """
    from acav1m.net.patience import patiently
    from acav1m.net.stretch import changed

    to = folder / plain(piece.name)
    host = piece.where.partition("://")[2].partition("/")[0] or "store"

    def once(_: int) -> Path:
        with network.gate.visit(host, key, alive):
            file = InStore(*store)
            if not stamp.startswith(f"{file.stamp}@"):
                raise changed()
            _write(to, piece, file.read, alive)
        return to

    return patiently(once, network.limits, alive)


def _write(
    to: Path, piece: Piece, read: Callable[[int, int], bytes], alive: Callable[[], None]
) -> None:
    unfinished = to.with_name(f"{to.name}.part")
    with unfinished.open("wb") as out:
        for at in range(piece.offset, piece.offset + piece.size, CHUNK_BYTES):
            out.write(read(at, min(CHUNK_BYTES, piece.offset + piece.size - at)))
            alive()
        if out.tell() != piece.size:
            raise ClipError("truncated", f"{out.tell()} bytes came of {piece.size}")
    os.replace(unfinished, to)  # noqa: PTH105
