"""Read what a tar holds and where, from its headers alone; a break in it is never passed over.

Python's `tarfile` takes a damaged header for the end of the archive, and so would lose what is
behind it without a word. Formats: ustar, GNU and pax (POSIX.1-2024, "pax", and the GNU tar manual).
"""

from __future__ import annotations

import re
import tarfile
from typing import TYPE_CHECKING, Literal, NamedTuple

from acav1m.errors import AcavError, ClipError
from acav1m.sources._names import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.sources._reading import Window

BLOCK = 512
LONGEST_HEADER_BYTES = 1 << 20
MOST_ZEROS = 1 << 20
"""So much padding may lie between archives that were put one behind the other."""

_LENGTH = re.compile(rb"(\d{1,7}) ")
_SIZE = re.compile(r"[0-9]{1,19}")
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_BEFORE = (*_PAX, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_LINKS = (tarfile.LNKTYPE, tarfile.SYMTYPE)
_PACKED = {
    b"\x1f\x8b": "gunzip",
    b"BZh": "bunzip2",
    b"\xfd7zXZ": "unxz",
    b"\x28\xb5\x2f\xfd": "unzstd",
}


class Member(NamedTuple):
    """A file in a tar."""

    name: str
    offset: int
    size: int
    kind: Literal["file", "link", "sparse"] = "file"


class Break(ClipError):
    """Here a tar cannot be read on; `member` is the file that the break is in, if it is known."""

    def __init__(self, kind: str, message: str, member: str | None = None) -> None:
        super().__init__(kind, message)
        self.member = member

    def __reduce__(self) -> tuple[object, ...]:
        return (Break, (self.kind, self.message, self.member))


def members(file: Window) -> Iterator[Member]:
    """Stream the files that are there whole; folders and devices are none.

    Raises:
        Break: It is no tar, damaged, or ends too soon.
        AcavError: It is compressed, and so cannot be read at any place.
    """
    if not file.size:
        raise Break("broken_tar", "is empty (0 bytes)")
    at, zeros, always, more = 0, 0, _Extended(), _Extended()
    refuse_packed(file.read(0, 8))
    while len(block := file.read(at, BLOCK)) == BLOCK:
        if not block.strip(b"\0"):
            zeros, at = zeros + BLOCK, at + BLOCK
            if zeros > MOST_ZEROS:
                raise Break("broken_tar", _left(file, at, f"{zeros} zero bytes in a row"))
            continue
        zeros = 0
        info = _header(file, at, block)
        begin = at + BLOCK
        if info.type in _BEFORE:
            extended = always if info.type == tarfile.XGLTYPE else more
            at = _end(begin, info.size)
            extended.read(file, begin, info)
            continue
        member = _member(info, begin, always | more)
        more = _Extended()
        at = begin if info.type in _LINKS or info.isdev() else _end(begin, member.size)
        if begin + (at > begin) * member.size > file.size:
            raise Break("truncated", _ends(file, f"inside {printable(member.name)}"), member.name)
        if info.type in (*_FILES, *_LINKS, tarfile.GNUTYPE_SPARSE):
            yield member
    if block or not zeros:
        raise Break("truncated", _ends(file, "without the mark that ends a tar"))


class _Extended(dict[str, str]):
    """What headers before a member's own say of it."""

    def read(self, file: Window, begin: int, info: tarfile.TarInfo) -> None:
        if info.size > LONGEST_HEADER_BYTES:
            raise Break("broken_tar", _left(file, begin, f"a header of {info.size} bytes"))
        content = file.read(begin, info.size)
        if len(content) < info.size:
            raise Break("truncated", _ends(file, "inside a header"))
        if info.type == tarfile.GNUTYPE_LONGNAME:
            self["path"] = _text(content.partition(b"\0")[0])
        elif info.type != tarfile.GNUTYPE_LONGLINK:
            self._pax(file, begin, content)

    def _pax(self, file: Window, begin: int, content: bytes) -> None:
        """Records of the form `length key=value` and a line's end."""
        at, end = 0, len(content.rstrip(b"\0"))
        while at < end:
            length = _LENGTH.match(content, at)
            first, at = (length.end(), at + int(length[1])) if length else (at, at)
            key, found, value = content[first:at].partition(b"=")
            if not found or not value.endswith(b"\n"):
                raise Break("broken_tar", _left(file, begin, "an extended header of no known form"))
            self[_text(key)] = _text(value[:-1])


def refuse_packed(head: bytes) -> None:
    """Raise for what is compressed as a whole.

    Raises:
        AcavError: It is.
    """
    for mark, tool in _PACKED.items():
        if head.startswith(mark):
            raise AcavError(f"is compressed, so its members cannot be found one by one; {tool} it")


def _header(file: Window, at: int, block: bytes) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        if not at:
            raise Break("broken_tar", f"is no tar: {error}") from error
        raise Break("broken_tar", _left(file, at, str(error))) from error
    if info.size < 0:
        raise Break("broken_tar", _left(file, at, "a negative size"))
    return info


def _member(info: tarfile.TarInfo, begin: int, said: Mapping[str, str]) -> Member:
    size = said.get("size", "")
    is_sparse = info.type == tarfile.GNUTYPE_SPARSE or any(k.startswith("GNU.sparse") for k in said)
    kind: Literal["file", "link", "sparse"] = "sparse" if is_sparse else "file"
    return Member(
        said.get("GNU.sparse.name") or said.get("path") or info.name,
        begin,
        int(size) if _SIZE.fullmatch(size) else info.size,
        "link" if info.type in _LINKS else kind,
    )


def _end(begin: int, size: int) -> int:
    return begin + -(-size // BLOCK) * BLOCK


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _left(file: Window, at: int, why: str) -> str:
    return f"the tar is damaged at byte {at} ({why}); {file.size - at} bytes from there are unread"


def _ends(file: Window, where: str) -> str:
    return f"the tar ends {where}, at byte {file.size}: it is cut off, and more may be missing"
