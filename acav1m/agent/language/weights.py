"""Where a language model or an adapter comes from, and what proves that it is the same one."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError
from acav1m.media.cut import sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMIT = re.compile(r"[0-9a-f]{40}")

MODEL_FILES = (".safetensors", ".bin", ".json", ".jinja", ".model", ".txt")
"""Weights, settings, chat template and vocabulary; a note beside them changes no answer."""


def proof(name: str, revision: str | None) -> str:
    """A folder's checksum, or the pinned commit of a repository on the Hugging Face hub.

    Raises:
        AcavError: There is no such folder, or nothing pins the repository.
    """
    folder = _folder(name)
    if folder.is_dir():
        return _checksum(folder, tuple(_stamps(folder)))
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise AcavError(f"{name}: no such folder")
    if revision is None or not COMMIT.fullmatch(revision):
        raise AcavError(
            f"{name}: no folder here, so a repository of the hub: name the commit "
            "(40 hexadecimal digits) as its revision, for a branch may change"
        )
    return revision


def at(name: str, revision: str | None) -> Mapping[str, Any]:
    """What `from_pretrained` is told to find it: no code of the repository's own is run."""
    folder = _folder(name)
    if folder.is_dir():
        return {"pretrained_model_name_or_path": str(folder), "local_files_only": True}
    return {"pretrained_model_name_or_path": name, "revision": revision}


def _folder(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # of a home that nobody has
        return Path(name)


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    found = [path for path in sorted(folder.iterdir()) if path.suffix in MODEL_FILES]
    return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in found]


@cache  # gigabytes: read anew only where a file has changed
def _checksum(folder: Path, stamps: tuple[tuple[str, int, int], ...]) -> str:
    whole = hashlib.sha256()
    for name, _, _ in stamps:
        whole.update(f"{name} {sha256(folder / name)}\n".encode())
    return whole.hexdigest()
