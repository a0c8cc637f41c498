"""`checksums.sha256`: one line a file, as `sha256sum -c` reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.release import layout, tar

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path) -> dict[str, str]:
    """Hash every file of the release as it lies on disk; return the checksums by path."""
    found = {path: of(folder / path) for path in files(folder)}
    lines = [f"{checksum}  {path}\n" for path, checksum in found.items()]
    (folder / layout.CHECKSUMS).write_text("".join(lines), encoding="utf-8")
    return found


def read(folder: Path) -> dict[str, str]:
    """The checksums a release states, by path."""
    lines = (folder / layout.CHECKSUMS).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("  ") for line in lines)
    return {path: checksum for checksum, _, path in pairs}


def of(path: Path) -> str:
    """Checksum of a file."""
    with path.open("rb") as file:
        return tar.sha256(file)


def files(folder: Path) -> list[str]:
    """Paths of all files of a release but the list of checksums itself, sorted."""
    every = (path for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
    names = (path.relative_to(folder).as_posix() for path in every)
    return sorted(name for name in names if name != layout.CHECKSUMS)
