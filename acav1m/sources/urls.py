"""Media at plain addresses: a list of URLs, fetched over http or https."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import model_validator

from acav1m.errors import AcavError
from acav1m.sources import _lists, _remote
from acav1m.sources._suffixes import plain
from acav1m.steps import Candidate, Columns, Fetched, RemoteSource, Sighting

if TYPE_CHECKING:
    from acav1m.net.http import Got
    from acav1m.net.network import Network


class Urls(RemoteSource):
    """Fetch media files from http and https addresses.

    `path` is a list in CSV, TSV, JSONL or Parquet with a column `url`; it may have `start_s` and
    `end_s` in seconds and `license`, and every further column becomes metadata. Or `urls` names
    the addresses themselves. `license` holds for all that name none. The addresses must lead
    straight to media (for pages with players there is `youtube`). How fast hosts are asked, sizes
    and whose wishes are respected stand in the recipe's section `network`.
    """

    found_by: ClassVar[Literal["source_uri", "fetched_url"] | None] = "source_uri"
    example: ClassVar[dict[str, Any]] = {"urls": ["https://example.org/clip.mp4"]}

    path: str | None = None
    urls: tuple[str, ...] = ()
    license: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.urls) == (self.path is not None):
            raise ValueError("name either a list (`path`) or addresses (`urls`)")
        return self

    def columns(self) -> Columns:
        """The list's further columns."""
        if self.path is None:
            return {}
        return _lists.metadata(_lists.columns(self._place(), "url"), "url")

    def published(self) -> dict[str, Any]:
        """Its identity with the last name of `path` only."""
        name = None if self.path is None else PurePosixPath(self.path).name
        return {**self.identity(), "options": {**self.model_dump(mode="json"), "path": name}}

    def candidates(self) -> Iterator[Candidate]:
        """Stream addresses in the order of the list."""
        if self.path is None:
            yield from (self._candidate(Path(), {"url": url}) for url in self.urls)
            return
        place, empty = self._place(), True
        for row in _lists.rows(place, "url"):
            empty = False
            yield self._candidate(place, row)
        if empty:
            raise AcavError(f"sources.urls.path: {place} holds no addresses")

    def bring(
        self,
        candidates: Sequence[Candidate],
        folder: Path,
        network: Network,
        alive: Callable[[], None],
    ) -> Fetched:
        """Fetch the file; what a killed worker had of it is gone on with."""
        url = candidates[0].locator
        got = network.fetcher.fetch(url, folder / _name(url), alive=alive)
        return Fetched(got.path, facts=_facts(url, got))

    def look(self, url: str, network: Network, alive: Callable[[], None]) -> Sighting:
        """Ask for the first bytes."""
        from acav1m.net.look import look

        head = look(network.fetcher, url, alive)
        return Sighting(_unkeyed(url, head.url), head.bytes, head.etag, head.last_modified)

    def _place(self) -> Path:
        assert self.path is not None
        return _remote.place("sources.urls.path", self.path)

    def _candidate(self, listed_in: Path, row: dict[str, Any]) -> Candidate:
        url = (row["url"] or "").strip()
        if not url:
            raise AcavError(f"{listed_in}: a row has no url")
        start_s, end_s = _lists.span(listed_in, url, row)
        return Candidate(
            uri=url,
            locator=url,
            start_s=start_s,
            end_s=end_s,
            license=row.get("license") or self.license,
            metadata=_lists.metadata(row, "url"),
        )


def _name(url: str) -> str:
    """What the file is called; a demuxer that knows no better goes by how it ends.

    >>> _name("https://example.org/a/b.WebM?x=1"), _name("https://example.org/get?id=7")
    ('source.webm', 'source')
    """
    return plain(unquote(urlsplit(url).path))


def _facts(url: str, got: Got) -> dict[str, str | None]:
    """For the ledger."""
    return {
        "fetched_url": _unkeyed(url, got.final_url),
        "fetched_content_type": got.content_type,
        "fetched_etag": got.etag,
        "fetched_last_modified": got.last_modified,
    }


def _unkeyed(url: str, final_url: str) -> str:
    """Where redirects led; to another host without the query, for it may hold a key for us."""
    moved = urlsplit(final_url).netloc != urlsplit(url).netloc
    return final_url.partition("?")[0] if moved else final_url
