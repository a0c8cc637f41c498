"""Lists of YouTube clips as well-known corpora publish them, each read by a small adapter.

They are streamed: the whole of Panda-70M is 2 GB of text.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acav1m.errors import AcavError

CLIP_S = 10.0
"""VGGSound says when a clip begins; all of its clips are this long."""

csv.field_size_limit(1 << 24)  # all clips of a long video stand in one field of Panda-70M

WRONG = (
    *(ValueError, TypeError, IndexError, AttributeError, SyntaxError),
    *(RecursionError, MemoryError),
)
"""What the fields of no such line raise; `ast` raises the last two where brackets never end."""

Fields = list[str]


@dataclass(frozen=True)
class Corpus:
    """How one corpus lists its clips."""

    adds: Mapping[str, type]
    """Metadata columns."""

    read: Callable[[Fields], list[dict[str, Any]]]
    """A line's fields to its clips; raises one of `WRONG` for others."""

    header: str | None = None
    """The first field of the line that names the columns, if there is one."""


def rows(path: Path, name: str) -> Iterator[dict[str, Any]]:
    """Stream clips: `id`, `start_s`, `end_s` and the corpus's own columns.

    Raises:
        AcavError: A line is not as in this corpus.
    """
    corpus = CORPORA[name]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, skipinitialspace=True)
            for fields in lines:
                if not fields or fields[0].startswith("#") or fields[0] == corpus.header:
                    continue
                try:
                    yield from corpus.read(fields)
                except WRONG as error:
                    where, why = (
                        f"{path}, line {lines.line_num}",
                        str(error) or type(error).__name__,
                    )
                    raise AcavError(f"{where}: is no line as in {name} ({why})") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AcavError(f"{path}: is not readable as {name}: {error}") from error


def _clip(id_: str, start_s: float, end_s: float, **more: Any) -> dict[str, Any]:
    return {"id": id_, "start_s": start_s, "end_s": end_s, **more}


def _audioset(fields: Fields) -> list[dict[str, Any]]:
    """`YTID, start_seconds, end_seconds, positive_labels`, after three lines of comment."""
    id_, start, end, labels = fields
    return [_clip(id_, float(start), float(end), positive_labels=labels.split(","))]


def _vggsound(fields: Fields) -> list[dict[str, Any]]:
    """`ytid, start, label, split` without a header."""
    id_, start, label, split = fields
    return [_clip(id_, float(start), float(start) + CLIP_S, label=label, source_split=split)]


def _acav100m(fields: Fields) -> list[dict[str, Any]]:
    """`shard, file name, ytid, [start, end]`, as the paper's code writes its output."""
    _, _, id_, segment = fields
    start, end = ast.literal_eval(segment)
    return [_clip(id_, float(start), float(end))]


def _panda70m(fields: Fields) -> list[dict[str, Any]]:
    """`videoID, url, timestamp, caption, matching_score ...`: a line a video, lists inside."""
    id_, _, spans, captions, scores = fields[:5]
    clips = zip(*map(ast.literal_eval, (spans, captions, scores)), strict=True)
    return [
        _clip(
            id_,
            _seconds(start),
            _seconds(end),
            source_caption=str(caption),
            matching_score=float(score),
        )
        for (start, end), caption, score in clips
    ]


def _seconds(clock: str) -> float:
    """Seconds of a time as on a clock.

    >>> _seconds("0:01:02.500")
    62.5
    """
    hours, minutes, seconds = clock.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 6)


CORPORA: Mapping[str, Corpus] = {
    "audioset": Corpus({"positive_labels": list[str]}, _audioset),
    "vggsound": Corpus({"label": str, "source_split": str}, _vggsound),
    "acav100m": Corpus({}, _acav100m),
    "panda70m": Corpus(
        {"source_caption": str, "matching_score": float}, _panda70m, header="videoID"
    ),
}
