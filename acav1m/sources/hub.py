"""A dataset of the Hugging Face Hub: tars, Parquet with videos, or plain video files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import unquote, urlsplit

from pydantic import PrivateAttr

from acav1m.errors import AcavError
from acav1m.sources import _ahead, _fields, _pieces, _remote
from acav1m.sources._hub import contents
from acav1m.sources._hub.choice import Wanted, chosen
from acav1m.sources._hub.client import OPTION, is_ours, token_headers
from acav1m.sources._hub.contents import Shelf
from acav1m.sources._hub.repo import Repo
from acav1m.sources._suffixes import plain
from acav1m.sources._tars import offers
from acav1m.steps import Candidate, Columns, Fetched, RemoteSource, Sighting

if TYPE_CHECKING:
    from acav1m.net.network import Network

AT_ONCE = 8
"""Tars or Parquet files that are listed at a time."""


class Hub(RemoteSource):
    """Offer the videos of a dataset on the Hugging Face Hub.

    `repo` is its name (`org/name`); `revision` a branch, tag or commit, which becomes a commit
    before anything is listed, and the lock says which. Its files are tars of samples (as for
    `webdataset`; `media` says what media in them end in), Parquet with a column of videos
    (`column`, where it is not marked as such), or plain videos with `metadata.csv`, `.jsonl` or
    `.parquet` beside them. Which of the files are meant say `config` and `split`, by the dataset's
    card or else by their names, or a pattern `files`. A column or a list may have `start_s`,
    `end_s` and `license`; what else it says becomes metadata, less what the package finds out
    itself or no column can hold. `metadata` names columns and their types instead
    (`{topic: str}`, `{}` for none). `license` holds for all that name none, else the card's.

    Where the Hub is, and whose token it is asked with, is as its own library finds it
    (`hf auth login`, HF_TOKEN, HF_ENDPOINT). The token goes to the Hub alone, and into no table.
    """

    found_by: ClassVar[Literal["source_uri", "fetched_url"] | None] = "fetched_url"
    example: ClassVar[dict[str, Any]] = {"repo": "org/name"}

    repo: str
    revision: str = "main"
    config: str | None = None
    split: str | None = None
    files: str | None = None
    column: str | None = None
    media: str | None = None
    metadata: Mapping[str, _fields.Name] | None = None
    license: str | None = None

    _shelf: Shelf | None = PrivateAttr(default=None)
    _columns: Columns | None = PrivateAttr(default=None)

    def columns(self) -> Columns:
        """What is named, else what the files have."""
        if self._columns is None and self.metadata is not None:
            self._columns = {name: _fields.TYPES[kind] for name, kind in self.metadata.items()}
        if self._columns is None:
            self._columns = self._found()
        return self._columns

    def published(self) -> dict[str, Any]:
        """Its identity, with the commit that was read."""
        return {**self.identity(), "commit": self._opened().repo.commit}

    def candidates(self) -> Iterator[Candidate]:
        """Stream the videos in the order of the files."""
        empty: str | None = "they hold no videos"
        for candidate in self._offered():
            empty = None if empty is None else offers.why_not(candidate)
            yield candidate
        if empty is not None:
            raise AcavError(f"{OPTION}: nothing of {self.repo} can be had: {empty}")

    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        """Bring the media of one, and leave nothing beside it."""
        inside = folder / "one"
        inside.mkdir()
        return super().fetch(candidate, inside)

    def bring(
        self,
        candidates: Sequence[Candidate],
        folder: Path,
        network: Network,
        alive: Callable[[], None],
    ) -> Fetched:
        """Have just its bytes come: of a tar, of a row group, or a file."""
        from acav1m.sources._hub import row_groups

        one = candidates[0]
        said = json.loads(one.locator)
        if "leaf" in said:
            row = row_groups.InGroup(**said)
            to = folder / plain(row.name)
            shared = folder.parent / "groups"
            row_groups.bring(row, to, shared, network, alive, own=token_headers())
            return Fetched(to, facts={"fetched_url": row.url})
        if "url" in said:
            return _file(said["url"], folder, network, alive, ours="ours" in said)
        piece = _pieces.located(one.locator)
        got = _pieces.from_server(piece, folder, network, alive, key=one.uri, own=token_headers())
        return Fetched(got.path, facts={"fetched_url": piece.where, "fetched_etag": got.etag})

    def look(self, url: str, network: Network, alive: Callable[[], None]) -> Sighting | None:
        """Ask the Hub for the first bytes of the file that holds them."""
        return _pieces.holder(url, network, alive, own=token_headers() if is_ours(url) else {})

    def _opened(self) -> Shelf:
        """The repository; asked for once."""
        if self._shelf is None:
            repo = Repo(self.repo, self.revision)
            meant = chosen(repo, Wanted(self.files, self.config, self.split))
            self._shelf = Shelf(repo, meant, self.column, self.license or repo.license)
        return self._shelf

    def _offer(self) -> offers.Offer:
        described = self.metadata is None or bool(self.metadata)
        return offers.Offer(OPTION, self.media, self._opened().license, described)

    def _found(self) -> Columns:
        shelf = self._opened()
        if shelf.chosen.kind == "video":
            return contents.described_columns(shelf)
        with _remote.asking(self._network) as network:
            if shelf.chosen.kind == "parquet":
                return contents.parquet_columns(shelf, network.fetcher)
            return offers.columns(contents.tars(shelf, network.fetcher), self._offer())

    def _offered(self) -> Iterator[Candidate]:
        shelf, columns = self._opened(), self.columns()
        if shelf.chosen.kind == "video":
            yield from contents.videos(shelf, columns)
            return
        with _remote.asking(self._network) as network:
            fetcher = network.fetcher
            if shelf.chosen.kind == "tar":
                lists = (
                    partial(offers.candidates, tar, self._offer(), columns)
                    for tar in contents.tars(shelf, fetcher)
                )
            else:
                lists = (
                    partial(contents.parquet_rows, shelf, file, fetcher, columns)
                    for file in shelf.chosen.files()
                )
            yield from _ahead.in_order(lists, AT_ONCE)


def _file(
    url: str, folder: Path, network: Network, alive: Callable[[], None], *, ours: bool
) -> Fetched:
    """A whole file; the token goes along only to where we ourselves say it is."""
    own = token_headers() if ours else {}
    to = folder / plain(unquote(urlsplit(url).path))
    got = network.fetcher.fetch(url, to, own=own, alive=alive)
    return Fetched(got.path, facts={"fetched_url": url.partition("?")[0], "fetched_etag": got.etag})
