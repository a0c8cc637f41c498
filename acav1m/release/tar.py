"""Tar files that are the same bytes each time, and say where every payload lies.

USTAR without extended headers: one 512-byte header a member, so a payload begins right behind
its header, and any reader can fetch it with `os.pread` or an HTTP range.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from hashlib import _Hash
    from pathlib import Path
    from types import TracebackType

HEADER_BYTES = 512
LONGEST_NAME = 100
"""More would need USTAR's prefix field or an extended header."""


@dataclass(frozen=True)
class Payload:
    """Where one member's bytes lie in its tar, and their checksum."""

    offset: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Member:
    """One file found in a tar."""

    name: str
    offset: int
    size: int
    file: IO[bytes]


class Writer:
    """Writes one tar, hashing what goes in and what comes out."""

    def __init__(self, path: Path) -> None:
        self._out = _Hashed(path.open("wb"))
        self._tar = tarfile.open(  # noqa: SIM115 - closed by close()
            fileobj=cast("IO[bytes]", self._out), mode="w", format=tarfile.USTAR_FORMAT
        )

    def add(self, name: str, file: IO[bytes], size: int) -> Payload:
        """Copy `size` bytes of `file` in as member `name`.

        Raises:
            ValueError: The name does not fit a plain USTAR header.
        """
        if not name.isascii() or len(name) > LONGEST_NAME:
            raise ValueError(f"{name!r} is no plain ASCII name of at most {LONGEST_NAME} signs")
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = size, 0, 0o644
        offset = self._tar.offset + HEADER_BYTES
        source = _Hashed(file)
        self._tar.addfile(info, cast("IO[bytes]", source))
        return Payload(offset, size, source.hash.hexdigest())

    def add_bytes(self, name: str, content: bytes) -> Payload:
        """Add a member from memory."""
        return self.add(name, io.BytesIO(content), len(content))

    def close(self) -> str:
        """Finish the tar and return its sha256."""
        self._tar.close()
        self._out.file.close()
        return self._out.hash.hexdigest()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._out.file.close()


def members(path: Path) -> Iterator[Member]:
    """Stream the members of a tar; each `file` must be read before the next is asked for."""
    with tarfile.open(path, "r:") as tar:
        for info in tar:
            file = tar.extractfile(info)
            if file is None:
                raise tarfile.TarError(f"{info.name} is no plain file")
            yield Member(info.name, info.offset_data, info.size, file)


def sha256(file: IO[bytes]) -> str:
    """Checksum of what is left to read of a file."""
    found = hashlib.sha256()
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


class _Hashed:
    """A binary file that hashes all that passes through it in either direction."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.hash: _Hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.hash.update(data)
        return data

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self.file.write(data)

    def tell(self) -> int:
        return self.file.tell()
