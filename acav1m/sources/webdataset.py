"""Videos inside tars: WebDataset shards on this disk, on a server, or in a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from acav1m.errors import AcavError
from acav1m.sources import _ahead, _fields, _pieces, _remote
from acav1m.sources._tars import offers, places
from acav1m.steps import Candidate, Columns, Fetched, RemoteSource, Sighting

if TYPE_CHECKING:
    from acav1m.net.network import Network

AT_ONCE = 8
"""Tars that are listed at a time, where each answer takes its time."""


class Webdataset(RemoteSource):
    """Offer the videos inside tars of samples (WebDataset), wherever they lie.

    `path` is a tar, a folder of them, a glob, or braces (`shards/{000..012}.tar`) on this disk,
    or such a URL: http and https (the server must know Range), and with fsspec `s3://`, `gs://`
    and others, with `storage` as the options of its file system (never published). Each tar is
    read where it lies, and of a video only its own bytes are brought.

    A sample is the members in a row whose names are the same up to the first dot. Each video in it
    is offered; `media` says what their names end in, if not as videos do. Of a `.json` member the
    fields become metadata, and `.txt` becomes `source_caption`: as many as the first samples have,
    less those that the package finds out itself. `metadata` names columns and types instead
    (`{topic: str, score: float, tags: list[str]}`), `{}` for none. `license` holds for all whose
    JSON names none. What a tar should hold and does not, being cut off or damaged, fails with that
    reason.
    """

    found_by: ClassVar[Literal["source_uri", "fetched_url"] | None] = "fetched_url"
    example: ClassVar[dict[str, Any]] = {"path": "shards/{000..012}.tar"}

    path: str
    media: str | None = None
    metadata: Mapping[str, _fields.Name] | None = None
    license: str | None = None
    storage: Mapping[str, Any] = Field(default={}, repr=False)

    _columns: Columns | None = PrivateAttr(default=None)

    @property
    def is_remote(self) -> bool:
        """Whether the tars are not on this disk."""
        return places.scheme(self.path) != "file"

    def columns(self) -> Columns:
        """What is named, else what the first samples have."""
        if self._columns is None and self.metadata is not None:
            self._columns = {name: _fields.TYPES[kind] for name, kind in self.metadata.items()}
        if self._columns is None:
            with self._tars() as tars:
                self._columns = offers.columns(tars, self._offer())
        return self._columns

    def root(self) -> Path | None:
        """The folder that is looked through, if it is one of this disk."""
        if self.is_remote or places.absolute(self.path).is_file():
            return None
        return places.root_of(self.path)

    def published(self) -> dict[str, Any]:
        """Its identity without keys, and of a path on this disk the last name only."""
        options = self.model_dump(mode="json", exclude={"storage"})
        bare = places.without_query(self.path)
        shown = bare if self.is_remote else PurePath(bare).name
        return {**self.identity(), "options": {**options, "path": shown}}

    def candidates(self) -> Iterator[Candidate]:
        """Stream the videos tar by tar, in the order of their names."""
        offer, columns = self._offer(), self.columns()
        why: str | None = "`media` says what their names end in"
        with self._tars() as tars:
            lists = (partial(offers.candidates, tar, offer, columns) for tar in tars)
            for candidate in _ahead.in_order(lists, AT_ONCE if self.is_remote else 1):
                why = None if why is None else offers.why_not(candidate)
                yield candidate
        if why is not None:
            what = f"videos that end in {self.media}" if self.media else "videos"
            shown = places.without_query(self.path)
            raise AcavError(f"{places.OPTION}: {shown} holds no {what}: {why}")

    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        """Its bytes, copied out of a tar of this disk."""
        if self.is_remote:
            return super().fetch(candidate, folder)
        piece = _pieces.located(candidate.locator)
        return Fetched(_pieces.from_disk(piece, folder, candidate.stamp))

    def bring(
        self,
        candidates: Sequence[Candidate],
        folder: Path,
        network: Network,
        alive: Callable[[], None],
    ) -> Fetched:
        """Have just its bytes come."""
        one = candidates[0]
        piece = _pieces.located(one.locator)
        if places.scheme(piece.where) not in ("http", "https"):
            store = places.store(piece.where, self.storage)
            path = _pieces.from_store(
                piece, folder, network, alive, key=one.uri, store=store, stamp=one.stamp
            )
            return Fetched(path, facts={"fetched_url": places.without_query(piece.where)})
        got = _pieces.from_server(piece, folder, network, alive, key=one.uri, own={})
        facts = {"fetched_url": places.without_query(got.final_url), "fetched_etag": got.etag}
        return Fetched(got.path, facts=facts)

    def look(self, url: str, network: Network, alive: Callable[[], None]) -> Sighting | None:
        """Ask the tar's server for its first bytes."""
        return _pieces.holder(url, network, alive)

    def _offer(self) -> offers.Offer:
        described = self.metadata is None or bool(self.metadata)
        return offers.Offer("sources.webdataset", self.media, self.license, described)

    @contextmanager
    def _tars(self) -> Iterator[Iterator[offers.Tar]]:
        scheme = places.scheme(self.path)
        if scheme == "file":
            yield places.on_disk(self.path)
        elif scheme in ("http", "https"):
            with _remote.asking(self._network) as network:
                yield places.on_servers(self.path, network.fetcher)
        else:
            yield places.in_stores(self.path, self.storage)
