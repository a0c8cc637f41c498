"""Some bytes of a file on a server, asked for by Range: into a file, or into memory."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from acav1m.errors import ClipError
from acav1m.net.outcome import FetchError
from acav1m.net.part import Part, validator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acav1m.net.answer import Answer
    from acav1m.net.http import Fetcher
    from acav1m.net.target import Target

_SPAN = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_WHOLE = re.compile(r"bytes \*/(\d+)")


class Copy(NamedTuple):
    """A file as it was when it was looked at first."""

    bytes: int
    validator: str | None
    """Its strong ETag, else its date: what If-Range may hold."""


class Came(NamedTuple):
    """Bytes in memory, and of what."""

    content: bytes
    copy: Copy
    url: str
    """Where they lie, after all redirects."""


class Stretch(Part):
    """The `length` bytes from `offset` on, of this very copy of a file.

    `is_media` says whether the stretch is a file of its own.
    """

    def __init__(
        self, to: Path, url: str, offset: int, length: int, copy: Copy, *, is_media: bool = True
    ) -> None:
        super().__init__(to, f"{url}#{offset}+{length}")
        self.is_media = is_media
        self._offset, self._length, self._copy = offset, length, copy
        self._said: Mapping[str, str] = {}

    def asks(self) -> dict[str, str]:
        """Headers that ask for what is missing."""
        return _asks(self._offset + self.size, self._offset + self._length - 1, self._copy)

    def fits(self, fields: Mapping[str, str]) -> bool:
        """Whether a 206 brings these bytes.

        Raises:
            ClipError: Of another copy.
        """
        self._said = fields
        first = self._offset + self.size
        return _fits(fields, first, self._offset + self._length - 1, self._copy)

    def whole(self, fields: Mapping[str, str]) -> bool:
        """No: a 416 says that the file ends before the stretch does."""
        return False

    def begin(self, fields: Mapping[str, str], total: int | None, *, again: bool) -> None:
        """Refuse the whole file.

        Raises:
            ClipError: It is another copy, or its server knows no parts.
        """
        raise _not_a_part(fields, self._copy)

    def go_on(self) -> None:
        """Append to what is there, if anything is."""
        if self.size:
            super().go_on()
        else:
            super().begin(self._said, self._length, again=True)


def read(
    fetcher: Fetcher,
    url: str,
    offset: int,
    length: int,
    copy: Copy | None = None,
    own: Mapping[str, str] = {},
) -> Came:
    """Read bytes into memory, fewer where the file ends.

    Raises:
        FetchError: They cannot be had.
        ClipError: `changed`: the file is another copy by now.
        Blocked: It is us who are refused.
    """
    last = offset + length - 1

    def take(answer: Answer, target: Target, _: int) -> Came:
        fields = answer.fields
        if answer.status == 416 and (told := _WHOLE.fullmatch(fields.get("content-range", ""))):
            answer.leftover()
            return Came(b"", Copy(int(told[1]), validator(fields)), target.url)
        if answer.status in (200, 203):
            raise _not_a_part(fields, copy)
        if answer.status != 206:
            raise answer.failure()
        return Came(*_taken(answer, offset, last, copy), target.url)

    return fetcher.ask(url, lambda: _asks(offset, last, copy), take, own=own)


def _taken(answer: Answer, offset: int, last: int, copy: Copy | None) -> tuple[bytes, Copy]:
    told = _SPAN.fullmatch(answer.fields.get("content-range", "").strip())
    if told is None or not _fits(answer.fields, offset, min(last, int(told[3]) - 1), copy):
        raise FetchError("truncated", "the server sends another part than was asked for")
    wanted = int(told[2]) - offset + 1
    came = answer.beginning(wanted)
    if len(came) != wanted:
        raise FetchError("truncated", f"{len(came)} bytes came of {wanted}")
    return came, Copy(int(told[3]), validator(answer.fields))


def _asks(first: int, last: int, copy: Copy | None) -> dict[str, str]:
    headers = {"Range": f"bytes={first}-{last}"}
    return headers | ({"If-Range": copy.validator} if copy and copy.validator else {})


def _fits(fields: Mapping[str, str], first: int, last: int, copy: Copy | None) -> bool:
    told = _SPAN.fullmatch(fields.get("content-range", "").strip())
    if told is None:
        return False
    if copy is not None and int(told[3]) != copy.bytes:
        raise changed()
    return (int(told[1]), int(told[2])) == (first, last)


def _not_a_part(fields: Mapping[str, str], copy: Copy | None) -> ClipError:
    if copy is not None and validator(fields) != copy.validator:
        return changed()
    return FetchError("bad_request", "its server gives whole files only, no part of one")


def changed() -> ClipError:
    """The failure of what was changed since it was listed."""
    why = "the file has changed since it was listed; the same command lists it anew"
    return ClipError("changed", why, transient=True)
