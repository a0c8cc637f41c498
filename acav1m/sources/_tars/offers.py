"""What tars offer: candidates, and the columns that lie beside their videos."""

from __future__ import annotations

import itertools
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

from acav1m.errors import AcavError, ClipError
from acav1m.sources import _fields, _pieces
from acav1m.sources._names import printable
from acav1m.sources._pieces import Piece
from acav1m.sources._reading import STEP_BYTES, OnDisk, Window
from acav1m.sources._tars import samples
from acav1m.steps import Candidate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from acav1m.sources._reading import Reading

FIRST = 100
"""Samples that are looked at to learn the columns."""

DISK_STEP_BYTES = 4096
"""On this disk, a small read costs little."""


class Tar(NamedTuple):
    """One tar."""

    uri: str
    where: str
    """A URL, or the locator of a path."""

    open: Callable[[], Reading]


class Offer(NamedTuple):
    """How the samples of tars become candidates."""

    source: str
    """What complaints begin with."""

    suffix: str | None
    license: str | None
    described: bool = True
    """Whether what lies beside videos is read."""


def columns(tars: Iterable[Tar], offer: Offer) -> dict[str, Any]:
    """The columns of the first samples, of the first tar that has any.

    Raises:
        AcavError: A tar cannot be asked for now, or is compressed.
    """
    for tar in tars:
        said = (v.said for v in _videos(tar, offer) if v.trouble is None)
        first = list(itertools.islice(said, FIRST))
        if first:
            return _fields.guessed(first)
    return {}


def candidates(tar: Tar, offer: Offer, columns: Mapping[str, Any]) -> Iterator[Candidate]:
    """Stream a tar's videos; what it should hold and does not becomes a candidate that fails.

    Raises:
        AcavError: It cannot be asked for now, is compressed, or what lies beside a video does not
            fit the columns.
    """
    license = offer.license
    for video, reading in _read(tar, offer):
        uri = tar.uri if video.name is None else f"{tar.uri}#{printable(video.name)}"
        stamp = f"{reading.stamp}@{video.offset}" if reading else ""
        if video.trouble is not None or reading is None:
            assert video.trouble is not None
            unknown = dict.fromkeys(columns)
            yield Candidate(
                uri, _pieces.trouble(video.trouble), stamp=stamp, license=license, metadata=unknown
            )
            continue
        piece = Piece(
            tar.where, video.offset, video.size, video.name or "", reading.size, reading.validator
        )
        own = video.said.get("license")
        yield Candidate(
            uri,
            piece.locator(),
            stamp=stamp,
            license=own if isinstance(own, str) and own else license,
            metadata=_fields.fitted(video.said, columns, f"{offer.source}: {uri}"),
        )


def why_not(candidate: Candidate) -> str | None:
    """Why a candidate cannot be had, if that is known by now."""
    why = _pieces.refused(candidate.locator)
    return None if why is None else f"{candidate.uri}: {why.message}"


def _videos(tar: Tar, offer: Offer) -> Iterator[samples.Video]:
    return (video for video, _ in _read(tar, offer))


def _read(tar: Tar, offer: Offer) -> Iterator[tuple[samples.Video, Reading | None]]:
    """Its videos, with the open tar; a tar that cannot be opened is one trouble."""
    try:
        reading = tar.open()
    except ClipError as error:
        _refuse_passing(tar, offer, error)
        yield samples.Video(None, 0, 0, {}, error), None
        return
    step = DISK_STEP_BYTES if isinstance(reading, OnDisk) else STEP_BYTES
    with closing(reading):
        found = samples.videos(Window(reading, step), offer.suffix, described=offer.described)
        try:
            for video in found:
                yield video, reading
        except ClipError as error:  # of the reading itself: what is broken comes as a video
            _refuse_passing(tar, offer, error)
            yield samples.Video(None, 0, 0, {}, error), reading
        except AcavError as error:
            raise AcavError(f"{offer.source}: {tar.uri} {error}") from error


def _refuse_passing(tar: Tar, offer: Offer, error: ClipError) -> None:
    """What may pass must not write off a whole tar."""
    if error.transient:
        raise AcavError(
            f"{offer.source}: {tar.uri} cannot be listed now: {error.message}; the same command "
            "goes on later"
        ) from error
