"""Which files of a repository are meant, and what they are."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from acav1m.errors import AcavError, did_you_mean
from acav1m.sources._hub.client import OPTION
from acav1m.sources._hub.repo import matches
from acav1m.sources._suffixes import is_video
from acav1m.sources._tars.braces import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from acav1m.sources._hub.repo import File, Repo

Kind = Literal["tar", "video", "parquet"]
DESCRIBING = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
"""What lies beside plain videos and says more of them, as `datasets` reads it."""


class Wanted(NamedTuple):
    """What a recipe says of the files."""

    files: str | None
    config: str | None
    split: str | None


class Chosen(NamedTuple):
    """The files that are meant, which are all of one kind."""

    kind: Kind
    files: Callable[[], Iterator[File]]
    describing: list[File]


def chosen(repo: Repo, wanted: Wanted) -> Chosen:
    """Find out what the files are.

    Raises:
        AcavError: There are none, or of several kinds.
    """
    meant, counts = _meant(repo, wanted), Counter[Kind]()
    describing: list[File] = []
    for file in repo.files():
        if PurePosixPath(file.path).name in DESCRIBING:
            describing.append(file)
        kind = kind_of(file.path)
        if kind is not None and meant(file.path):
            counts[kind] += 1
    kind = _one(repo, wanted, counts)
    return Chosen(
        kind,
        lambda: (f for f in repo.files() if kind_of(f.path) == kind and meant(f.path)),
        describing if kind == "video" else [],
    )


def kind_of(path: str) -> Kind | None:
    """What a file is by its name.

    >>> kind_of("a/b.tar"), kind_of("c.webm"), kind_of("README.md")
    ('tar', 'video', None)
    """
    if is_video(path):
        return "video"
    return {".tar": "tar", ".parquet": "parquet"}.get(PurePosixPath(path).suffix.lower())  # type: ignore[return-value]


def _one(repo: Repo, wanted: Wanted, counts: Counter[Kind]) -> Kind:
    if not counts:
        which = ", ".join(f"{name}: {value}" for name, value in wanted._asdict().items() if value)
        which = f" ({which})" if which else ""
        raise AcavError(f"{OPTION}: {repo.name} holds no tar, Parquet or video{which}")
    if counts["tar"] and counts["video"]:
        raise AcavError(
            f"{OPTION}: {repo.name} holds {counts['tar']} tars and {counts['video']} videos; "
            "say which are meant, say `files: '*.tar'`"
        )
    return "tar" if counts["tar"] else "video" if counts["video"] else "parquet"


def _meant(repo: Repo, wanted: Wanted) -> Callable[[str], bool]:
    if wanted.files is not None:
        patterns = list(expand(wanted.files))
        return lambda path: matches(path, patterns) and _is_of(path, wanted.split)
    config = _config(repo, wanted)
    if config is not None:
        said = _said(repo, config, wanted.split)
        return lambda path: matches(path, said)
    folder = "" if wanted.config is None else f"{wanted.config}/"
    return lambda path: path.startswith(folder) and _is_of(path, wanted.split)


def _is_of(path: str, split: str | None) -> bool:
    """Whether a path names the split, as `datasets` tells by names."""
    if split is None:
        return True
    return re.search(rf"(?:^|[/_.\- ]){re.escape(split)}(?:[/_.\- ]|\d|$)", path) is not None


def _config(repo: Repo, wanted: Wanted) -> dict[str, Any] | None:
    """The config of the card that is meant; None where the card says nothing of files."""
    said = [c for c in repo.configs if c.get("data_files") or c.get("data_dir")]
    known = {str(c.get("config_name", "default")): c for c in said}
    if wanted.config is not None and known and wanted.config not in known:
        near = did_you_mean(wanted.config, known)
        raise AcavError(f"{OPTION}.config: {repo.name} has no '{wanted.config}'{near}")
    if wanted.config is not None or len(known) < 2:
        return known.get(wanted.config or next(iter(known), ""))
    first = next((c for n, c in known.items() if c.get("default") or n == "default"), None)
    if first is None:
        raise AcavError(f"{OPTION}.config: {repo.name} has {', '.join(known)}; name one")
    return first


def _said(repo: Repo, config: dict[str, Any], split: str | None) -> list[str]:
    """Patterns of a config's files: a text, a list of texts, or by split."""
    given = config.get("data_files") or f"{config['data_dir']}/*"
    listed = given if isinstance(given, list) else [given]
    by_split: dict[str, list[str]] = {}
    for one in listed:
        name, path = (one.get("split"), one.get("path")) if isinstance(one, dict) else (None, one)
        paths = path if isinstance(path, list) else [path]
        by_split.setdefault(str(name or "train"), []).extend(str(p) for p in paths)
    if split is not None and split not in by_split:
        near = did_you_mean(split, by_split)
        raise AcavError(f"{OPTION}.split: {repo.name} has no '{split}'{near}")
    return [p for name, paths in by_split.items() if split in (None, name) for p in paths]
