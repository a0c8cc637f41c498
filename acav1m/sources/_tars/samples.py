"""What a tar of samples offers: each video in it, with what lies beside it as metadata.

A sample is what WebDataset takes for one: members in a row whose names are the same up to the
first dot of their last part.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from acav1m.errors import ClipError
from acav1m.sources._names import printable
from acav1m.sources._suffixes import is_video
from acav1m.sources._tars.headers import Break, Member, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from acav1m.sources._reading import Window

LONGEST_BYTES = 16 << 20
"""A JSON or text member longer than this is no description of a video."""


Texts = dict[str, bytes]
"""What the JSON and text members of one sample hold, by their names."""


class Video(NamedTuple):
    """A video in a tar, or why there is none where one should be."""

    name: str | None
    """Its member; None where the trouble is the whole tar's."""

    offset: int
    size: int
    said: dict[str, Any]
    trouble: ClipError | None = None


def videos(file: Window, suffix: str | None, *, described: bool) -> Iterator[Video]:
    """Stream the videos of a tar, and at its end a break, if there is one.

    `suffix` is what media members end in, if not as videos do. Only when they are to be
    `described`, JSON and text members are read.

    Raises:
        AcavError: It is compressed.
    """
    found, sample, broken = members(file), list[Member](), None
    texts: Texts | None = {} if described else None
    while True:
        try:
            member = next(found, None)
        except Break as error:
            broken, member = error, None
        if sample and (member is None or key(member.name) != key(sample[0].name)):
            yield from _of_sample(sample, texts, suffix, cut=broken is not None)
            sample, texts = [], {} if described else None
        if member is None:
            break
        sample.append(member)
        if texts is not None and _describes(member):  # now, for a server is asked in one direction
            texts[member.name] = file.read(member.offset, member.size)
    if broken is not None:
        yield Video(broken.member, 0, 0, {}, broken)


def key(name: str) -> str:
    """What members of one sample have in common.

    >>> key("a/b.orig.flac"), key("./c.d/e.mp4"), key(".f")
    ('a/b', './c.d/e', '.f')
    """
    folder, slash, last = name.rpartition("/")
    return folder + slash + (last.partition(".")[0] or last)


def _of_sample(
    sample: list[Member], texts: Texts | None, suffix: str | None, *, cut: bool
) -> Iterator[Video]:
    """Its videos; where a tar was `cut` inside or behind it, none need be there."""
    media = [m for m in sample if _is_media(m.name, suffix)]
    for member in media:
        try:
            _refuse_indirect(member)
            said = {} if texts is None else _said(member, sample, texts)
        except ClipError as error:
            yield Video(member.name, 0, 0, {}, error)
        else:
            yield Video(member.name, member.offset, member.size, said)
    if not media and not cut and any(m.name.endswith((".json", ".txt")) for m in sample):
        has = ", ".join(sorted(m.name[len(key(m.name)) + 1 :] for m in sample))
        why = f"there is no {suffix or 'video'} beside it, only {has}"
        yield Video(sample[0].name, 0, 0, {}, ClipError("no_media", why))


def _is_media(name: str, suffix: str | None) -> bool:
    if suffix is None:
        return is_video(name)
    return name.lower().endswith(f".{suffix.lower().removeprefix('.')}")


def _refuse_indirect(member: Member) -> None:
    if member.kind == "link":
        raise ClipError("missing", "is a link in its tar, not a file")
    if member.kind == "sparse":
        raise ClipError("unreadable", "is stored as a sparse file, in pieces")
    if not member.size:
        raise ClipError("not_media", "is empty (0 bytes)")


def _describes(member: Member) -> bool:
    is_text = member.name.endswith((".json", ".txt"))
    return is_text and member.kind == "file" and member.size <= LONGEST_BYTES


def _said(member: Member, sample: list[Member], texts: Texts) -> dict[str, Any]:
    """What the JSON and text beside it say."""
    described, text = (_beside(member, sample, suffix) for suffix in (".json", ".txt"))
    said: dict[str, Any] = {}
    if described is not None:
        said |= _json(_content(described, texts), described.name)
    if text is not None:
        said["source_caption"] = _text(_content(text, texts), text.name).strip()
    return said


def _beside(member: Member, sample: list[Member], suffix: str) -> Member | None:
    """The nearest of that kind: `a.b.json` before `a.json` for `a.b.mp4`."""
    stems = {m.name.removesuffix(suffix): m for m in sample if m.name.endswith(suffix)}
    fitting = [stem for stem in stems if member.name.startswith(f"{stem}.")]
    return stems[max(fitting, key=len)] if fitting else None


def _content(member: Member, texts: Texts) -> bytes:
    if member.name not in texts:
        why = f"{printable(member.name)} is a {member.kind} of {member.size} bytes"
        raise ClipError("bad_metadata", f"what lies beside it cannot be read: {why}")
    return texts[member.name]


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ClipError("bad_metadata", f"{printable(name)} beside it is not UTF-8") from error


def _json(content: bytes, name: str) -> dict[str, Any]:
    try:
        found = _mended(json.loads(_text(content, name)))
    except (ValueError, RecursionError) as error:
        raise ClipError(
            "bad_metadata", f"{printable(name)} beside it is no JSON: {error}"
        ) from error
    if not isinstance(found, dict):
        raise ClipError("bad_metadata", f"{printable(name)} beside it is no JSON object")
    return found


def _mended(said: Any) -> Any:
    """Put U+FFFD for halves of characters, which JSON may hold and no table may."""
    text = json.dumps(said, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return said
