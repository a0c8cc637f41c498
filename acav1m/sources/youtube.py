"""Videos of YouTube, and of any site that yt-dlp knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from acav1m.errors import AcavError
from acav1m.sources import _lists, _remote
from acav1m.sources._youtube import pages, ytdlp
from acav1m.sources._youtube.corpora import CORPORA
from acav1m.sources._youtube.corpora import rows as corpus_rows
from acav1m.steps import Candidate, Columns, Fetched, RemoteSource, Sighting

if TYPE_CHECKING:
    from acav1m.net.network import Network

HERE_ONLY = ("cookies", "proxy", "extractor_args", "more")
"""Options that are nobody's business: they may hold keys, and decide nothing of a release."""


class Youtube(RemoteSource):
    """Fetch videos of YouTube, or of other sites that yt-dlp knows, by their ids or pages.

    `path` is a list in CSV, TSV, JSONL or Parquet with a column `id` or `url` (and `start_s`,
    `end_s`, `license`; further columns become metadata), or with `layout` one as it is published:
    `audioset`, `vggsound`, `acav100m` or `panda70m`. Or `ids` names ids and pages themselves.
    `license` holds for all that name none.

    By `policy`, `whole` brings whole videos, `section` only what a clip needs (few bytes, but
    YouTube throttles it), `auto` a section only of videos over `whole_below_s` of which it is less
    than half, and only as long as wholes of the same site are not sooner there. `max_height` and
    `format_sort` choose among the formats (yt-dlp's `format` does in full), `max_duration_s`
    refuses longer videos. `cookies` is a cookies file (else the one that the environment variable
    ACAV1M_COOKIES names), `proxy` a URL (empty for none, also where the environment names one;
    sections come through plain HTTP proxies only), `rate_limit` bytes per second, `sleep_s` what to
    wait before each video and `sleep_requests_s` between requests; `extractor_args` are yt-dlp's
    (`{youtube: {player_client: [web], po_token: [...]}}`), and `more` any further option of its
    library but those that say where files go or what is run. None of these is published.
    """

    found_by: ClassVar[Literal["source_uri", "fetched_url"] | None] = "source_uri"
    example: ClassVar[dict[str, Any]] = {"ids": ["jNQXAC9IVRw"]}

    path: str | None = None
    ids: tuple[str, ...] = ()
    layout: Literal["plain", "audioset", "vggsound", "acav100m", "panda70m"] = "plain"
    license: str | None = None
    policy: Literal["auto", "section", "whole"] = "auto"
    whole_below_s: float = Field(default=1200.0, ge=0)
    max_height: int | None = Field(default=480, ge=16)
    format: str | None = None
    format_sort: tuple[str, ...] = ("ext:mp4:m4a",)
    max_duration_s: float | None = Field(default=None, gt=0)
    cookies: str | None = None
    proxy: str | None = None
    rate_limit: int | None = Field(default=None, ge=1)
    sleep_s: float | None = Field(default=None, ge=0)
    sleep_requests_s: float | None = Field(default=None, ge=0)
    extractor_args: Mapping[str, Mapping[str, tuple[str, ...]]] = {}
    more: Mapping[str, Any] = {}

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.ids) == (self.path is not None):
            raise ValueError("name either a list (`path`) or ids and pages (`ids`)")
        return self

    def columns(self) -> Columns:
        """The list's further columns."""
        if self.path is None:
            return {}
        if self.layout != "plain":
            return CORPORA[self.layout].adds
        place, what = self._plain()
        return _lists.metadata(_lists.columns(place, what), what)

    def published(self) -> dict[str, Any]:
        """Its identity without what may hold keys, and with the last name of `path` only."""
        options = self.model_dump(mode="json", exclude=set(HERE_ONLY))
        name = None if self.path is None else PurePath(self.path).name
        return {**self.identity(), "options": {**options, "path": name}}

    def candidates(self) -> Iterator[Candidate]:
        """Stream the clips in the order of the list."""
        empty = True
        for listed_in, what, row in self._rows():
            empty = False
            yield self._candidate(listed_in, what, row)
        if empty:
            raise AcavError(f"sources.youtube.path: {self.path} holds no videos")

    def errand(self, candidate: Candidate) -> str:
        """Clips of a video share it, unless each is brought alone."""
        alone = self.policy == "section"
        return f"{candidate.locator} {candidate.start_s} {candidate.end_s}" if alone else ""

    def bring(
        self,
        candidates: Sequence[Candidate],
        folder: Path,
        network: Network,
        alive: Callable[[], None],
    ) -> Fetched:
        """Have yt-dlp bring the video, or a stretch that holds all these clips."""
        from acav1m.net import videos

        url = candidates[0].locator
        stretch = ytdlp.stretch(candidates)
        found = videos.bring(url, folder, stretch, ytdlp.way(self), network, alive)
        return ytdlp.fetched(found)

    def look(self, url: str, network: Network, alive: Callable[[], None]) -> Sighting:
        """Have yt-dlp read the page."""
        from acav1m.net import videos

        seen = videos.look(url, ytdlp.way(self), network, alive)
        return Sighting(seen.page, duration_s=seen.duration_s)

    def is_brought_whole(self, duration_s: float | None) -> bool:
        """By `policy`; `auto` may bring a stretch of a long video."""
        if self.policy == "auto":
            return duration_s is not None and duration_s <= self.whole_below_s
        return self.policy == "whole"

    def _place(self) -> Path:
        assert self.path is not None
        return _remote.place("sources.youtube.path", self.path)

    def _plain(self) -> tuple[Path, str]:
        """The list, and which of its columns says which video."""
        place = self._place()
        return place, "url" if "url" in _lists.names(place) else "id"

    def _rows(self) -> Iterator[tuple[Path, str, dict[str, Any]]]:
        if self.path is None:
            yield from ((Path("ids"), "id", {"id": one}) for one in self.ids)
        elif self.layout == "plain":
            place, what = self._plain()
            yield from ((place, what, row) for row in _lists.rows(place, what))
        else:
            place = self._place()
            yield from ((place, "id", row) for row in corpus_rows(place, self.layout))

    def _candidate(self, listed_in: Path, what: str, row: dict[str, Any]) -> Candidate:
        page = pages.page(listed_in, (row[what] or "").strip())
        start_s, end_s = _lists.span(listed_in, page, row)
        return Candidate(
            uri=page,
            locator=page,
            start_s=start_s,
            end_s=end_s,
            license=row.get("license") or self.license,
            metadata=_lists.metadata(row, what),
        )
