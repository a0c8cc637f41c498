"""Where a release goes: taken by one build, written beside it, swapped in whole."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

from acav1m.errors import AcavError
from acav1m.release import layout, lock

if TYPE_CHECKING:
    from acav1m.plan import Plan
    from acav1m.recipe import Recipe


class Place:
    """A folder for a release, absent, empty, or holding an earlier build of the same release.

    The new release grows in `building` beside it. Until the swap the old one stays as it is; a
    kill between the swap's two renames is mended by the next build.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        absolute = Path(os.path.abspath(folder))  # noqa: PTH100 - only a link itself is followed
        self.folder = absolute.resolve() if absolute.is_symlink() else absolute
        self.building = self.folder.with_name(f".{self.folder.name}.building")
        self.recipe = recipe
        self._old = self.folder.with_name(f".{self.folder.name}.old")
        self._lock = -1

    def __enter__(self) -> Self:
        """Take the place, before any work.

        Raises:
            AcavError: It cannot be written, holds something else, or another build has it.
        """
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self._refuse_other_content()
            self._take()
            self._mend()
        except OSError as error:
            raise AcavError(f"--out {self.folder}: {error.strerror}") from error
        return self

    def __exit__(self, *_: object) -> None:
        """Give the place back, and leave nothing unfinished."""
        if self.building.exists():
            shutil.rmtree(self.building)
        os.close(self._lock)

    def swap(self) -> None:
        """Make what was built the release, once all of it is on the disk."""
        for path in self.building.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        if self.folder.exists():
            self.folder.replace(self._old)
        self.building.replace(self.folder)
        if self._old.exists():
            shutil.rmtree(self._old)

    def _take(self) -> None:
        """Lock the building folder itself: the lock goes with the process, however it ends."""
        self.building.mkdir(exist_ok=True)
        self._lock = os.open(self.building, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            raise AcavError(f"--out {self.folder}: another build is writing it") from error

    def _mend(self) -> None:
        """Clear what a killed build left: an unfinished release, or the old one half swapped."""
        for path in self.building.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if self._old.exists() and not self.folder.exists():
            self._old.replace(self.folder)
        elif self._old.exists():
            shutil.rmtree(self._old)

    def _refuse_other_content(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise AcavError(f"--out {self.folder}: is a file; name a folder")
        names = {p.name for p in self.folder.iterdir()} if self.folder.exists() else set()
        if not names:
            return
        if layout.LOCK not in names:
            self._refuse("is not empty and holds no release")
        held = lock.read(self.folder)
        name, version = held.get("name"), held.get("version")
        if (name, version) != (self.recipe.name, self.recipe.version):
            self._refuse(
                f"holds {name} {version}, and a release is only replaced by a new build of "
                f"itself, not by {self.recipe.name} {self.recipe.version}"
            )
        foreign = sorted(names - _own_names(self.folder))
        if foreign:
            self._refuse(f"holds {foreign[0]}, which is no part of the release")

    def _refuse(self, complaint: str) -> None:
        raise AcavError(f"--out {self.folder}: {complaint}; choose another folder")


def _own_names(folder: Path) -> set[str]:
    """Top-level names of a release: what its checksums speak of, and the checksums."""
    sums = folder / layout.CHECKSUMS
    lines = sums.read_text(encoding="utf-8").splitlines() if sums.is_file() else []
    paths = [line.partition("  ")[2] for line in lines]
    return {layout.CHECKSUMS, layout.LOCK, *(path.partition("/")[0] for path in paths)}


def refuse_to_feed_on_itself(plan: Plan, *folders: Path) -> None:
    """A source that holds our own folders would offer our clips as new videos."""
    for name, source in plan.sources.items():
        root = source.root()
        for folder in folders:
            if root is not None and folder.resolve().is_relative_to(root.resolve()):
                raise AcavError(
                    f"sources.{name} would read {folder}, which this build writes; "
                    "choose --out and --work outside of the source"
                )
