"""Where tars lie, from what a recipe says: one, a folder, a glob, braces, or URLs."""

from __future__ import annotations

import glob
import os
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from acav1m.errors import AcavError, ClipError
from acav1m.sources import _names, _walk
from acav1m.sources._reading import InStore, OnDisk, OnServer, asked
from acav1m.sources._tars import braces
from acav1m.sources._tars.offers import Tar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.net.http import Fetcher

OPTION = "sources.webdataset.path"
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)(?:://|::)", re.IGNORECASE)
HERE = ("file", "local")


def scheme(path: str) -> str:
    """How a place is reached.

    >>> scheme("s3://bucket/x.tar"), scheme("file:///x.tar"), scheme("x/{0..9}.tar")
    ('s3', 'file', 'file')
    """
    found = _SCHEME.match(path)
    return "file" if found is None or found[1].lower() in HERE else found[1].lower()


def on_disk(path: str) -> Iterator[Tar]:
    """Tars of this disk, in the order of their names; one of braces need not be there.

    Raises:
        AcavError: It leads nowhere.
    """
    place, root = absolute(path), root_of(path)
    if place.is_dir():
        yield from (_local(found, root) for found in _walk.files(root, ("**", "*.tar"), OPTION))
    elif place.exists():
        yield _local(place, root)
    elif glob.has_magic(str(place)) or braces.is_pattern(str(place)):
        for one in map(Path, braces.expand(str(place))):
            pattern = one.parts[len(root.parts) :]
            named = _walk.files(root, pattern, OPTION) if glob.has_magic(str(one)) else [one]
            yield from (_local(found, root) for found in named)
    else:
        raise AcavError(f"{OPTION}: {_names.text(place)} is neither a tar nor a folder nor a glob")


def root_of(path: str) -> Path:
    """The folder that names of tars count from: the last that is sure to hold them all."""
    place = absolute(path)
    if place.is_dir():
        return place
    sure = place if place.exists() else _first_sure(place)
    return sure.parent if sure == place else sure


def on_servers(path: str, fetcher: Fetcher) -> Iterator[Tar]:
    """Tars on HTTP servers; braces are written out, and there is no glob."""
    for url in braces.expand(path):
        bare = url.partition("#")[0]
        yield Tar(without_query(bare), bare, partial(OnServer, fetcher, bare, {}))


def in_stores(path: str, options: Mapping[str, Any]) -> Iterator[Tar]:
    """Tars in stores that fsspec reaches; globs are the store's own.

    Raises:
        AcavError: The store cannot be reached at all.
    """
    for one in braces.expand(path):
        files, inside = store(one, options)
        is_glob = glob.has_magic(inside)
        named = _globbed(files, inside) if is_glob else [inside]
        for name in named:
            url = files.unstrip_protocol(name) if is_glob else one
            yield Tar(without_query(url), url, partial(InStore, files, name))


def _globbed(files: Any, pattern: str) -> list[str]:
    try:
        return sorted(asked(files.glob, pattern))
    except ClipError as error:
        raise AcavError(f"{OPTION}: {pattern} cannot be looked for: {error.message}") from error


def store(url: str, options: Mapping[str, Any]) -> tuple[Any, str]:
    """The fsspec file system of a URL, and what the file is called there.

    Raises:
        AcavError: A package for it is missing, or there is no such store.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise AcavError(
            f"{OPTION}: {scheme(url)}:// needs fsspec: pip install 'acav1m[hub]'"
        ) from error
    try:
        files, inside = url_to_fs(url, **options)
    except ImportError as error:
        raise AcavError(f"{OPTION}: {scheme(url)}:// needs a package more: {error}") from error
    except (ValueError, TypeError, OSError) as error:
        raise AcavError(f"{OPTION}: {scheme(url)}:// cannot be opened: {error}") from error
    return files, inside


def without_query(url: str) -> str:
    """A URL without what may be a key or a password meant for us alone.

    >>> without_query("https://me:word@host/x.tar?signature=key"), without_query("what?.tar")
    ('https://host/x.tar', 'what?.tar')
    """
    if "://" not in url:
        return url
    return re.sub(r"://[^/@]*@", "://", url.partition("?")[0])


def absolute(path: str) -> Path:
    """Where a local path leads, from the root of the disk."""
    local = urlsplit(path).path if _SCHEME.match(path) else path
    return Path(os.path.abspath(os.path.expanduser(local)))  # noqa: PTH100, PTH111 - as in `files`


def _first_sure(place: Path) -> Path:
    parts = place.parts
    first = next(
        (n for n, p in enumerate(parts) if glob.has_magic(p) or braces.is_pattern(p)), None
    )
    return Path(*parts[:first])


def _local(path: Path, root: Path) -> Tar:
    return Tar(_names.text(path.relative_to(root)), _names.locator(path), partial(OnDisk, path))
