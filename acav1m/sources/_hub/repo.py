"""A dataset repository of the Hugging Face Hub at one commit: its card and its files."""

from __future__ import annotations

import shutil
from fnmatch import fnmatchcase
from functools import cached_property
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import finalize

from acav1m.sources._hub.client import KIND, client, explained

if TYPE_CHECKING:
    from collections.abc import Iterator


class File(NamedTuple):
    """A file of a repository."""

    path: str
    size: int
    version: str
    """Changes when its content does: its SHA-256 where it is large, else git's name of it."""


class Repo:
    """A repository at one commit.

    Raises:
        AcavError: It cannot be had, with the nearest fix.
    """

    def __init__(self, name: str, revision: str) -> None:
        self._api = client()
        self.name = name
        with explained(name, revision):
            info = self._api.dataset_info(name, revision=revision)
            if info.gated:  # everybody may see its list of files, but not the files
                self._api.auth_check(name, repo_type=KIND)
        self.commit: str = info.sha or revision
        card: Any = info.card_data.to_dict() if info.card_data else {}
        configs = card.get("configs")
        self.configs = [c for c in configs if isinstance(c, dict)] if configs else []
        """What its card says of which files belong together."""

        self.license = _license(card)

    def files(self) -> Iterator[File]:
        """Stream its files, in the Hub's order, page by page."""
        with explained(self.name, self.commit):
            tree = self._api.list_repo_tree(
                self.name, recursive=True, revision=self.commit, repo_type=KIND
            )
            for entry in tree:
                size = getattr(entry, "size", None)  # folders have none
                if size is not None:
                    lfs = getattr(entry, "lfs", None)
                    yield File(entry.path, size, lfs.sha256 if lfs else entry.blob_id)

    def url(self, path: str) -> str:
        """Where the file is, at this very commit."""
        from huggingface_hub import hf_hub_url

        return hf_hub_url(
            self.name, path, repo_type=KIND, revision=self.commit, endpoint=self._api.endpoint
        )

    def uri(self, path: str) -> str:
        """How people find it again; the commit stands in the lock."""
        return f"hf://datasets/{self.name}/{path}"

    def local(self, path: str) -> str:
        """Bring a small file here; it is gone when the repository is."""
        with explained(self.name, self.commit):
            options = {"repo_type": KIND, "revision": self.commit, "local_dir": self._folder}
            found: str = self._api.hf_hub_download(self.name, path, **options)
        return found

    @cached_property
    def _folder(self) -> str:
        folder = mkdtemp(prefix="acav1m-")
        finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder


def _license(card: dict[str, Any]) -> str | None:
    """The licence that a card names, if it is one.

    >>> _license({"license": "cc-by-4.0"}), _license({"license": ["other"]}), _license({})
    ('cc-by-4.0', None, None)
    """
    named = card.get("license")
    [one] = named if isinstance(named, list) and len(named) == 1 else [named]
    return one if isinstance(one, str) and one not in ("other", "unknown") else None


def matches(path: str, patterns: list[str]) -> bool:
    """Whether a path fits any pattern; `*` stands for folders too, as in `hf download`.

    >>> matches("data/en/x.tar", ["data/*.tar"]), matches("x.mp4", ["**/*.mp4"])
    (True, True)
    """
    return any(
        fnmatchcase(path, one) or fnmatchcase(path, one.removeprefix("**/")) for one in patterns
    )
