"""Videos of YouTube, and of any site that yt-dlp knows."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from acav1m.errors import AcavError
from acav1m.net.tools import COOKIES
from acav1m.sources import _lists, _remote
from acav1m.sources._corpora import CORPORA
from acav1m.sources._corpora import rows as corpus_rows
from acav1m.steps import Candidate, Columns, Fetched, RemoteSource, Sighting

if TYPE_CHECKING:
    from acav1m.net.network import Network
    from acav1m.net.videos import Video, Way

ID = re.compile(r"[A-Za-z0-9_-]{11}")
PAGE = "https://www.youtube.com/watch?v="
_OF_PAGE = re.compile(
    r"https?://(?:(?:www|m|music)\.)?(?:youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|embed/|live/)"
    r"|youtu\.be/)([A-Za-z0-9_-]{11})(?![A-Za-z0-9_-])"
)
HERE_ONLY = ("cookies", "proxy", "extractor_args", "more")
"""Options that are nobody's business: they may hold keys, and decide nothing of a release."""


class Youtube(RemoteSource):
    """Fetch videos of YouTube, or of other sites that yt-dlp knows, by their ids or pages.

    `path` is a list in CSV, TSV, JSONL or Parquet with a column `id` or `url` (and `start_s`,
    `end_s`, `license`; further columns become metadata), or with `layout` one as it is published:
    `audioset`, `vggsound`, `acav100m` or `panda70m`. Or `ids` names ids and pages themselves.
    `license` holds for all that name none.

    By `policy`, `whole` brings whole videos, `section` only what a clip needs (few bytes, but
    YouTube throttles it), `auto` a section only of videos over `whole_below_s`. `max_height` and
    `format_sort` choose among the formats (yt-dlp's `format` does in full), `max_duration_s`
    refuses longer videos. `cookies` is a cookies file (else the one that the environment variable
    ACAV1M_COOKIES names), `proxy` a URL, `rate_limit` bytes per
    second, `sleep_s` what to wait before each video and `sleep_requests_s` between requests;
    `extractor_args` are yt-dlp's (`{youtube: {player_client: [web], po_token: [...]}}`), and
    `more` any further option of its library. None of these is published.
    """

    by_uri: ClassVar[bool] = True
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
        stretch = _stretch(candidates)
        found = videos.bring(url, folder, stretch, self._way(), network, alive)
        return _fetched(found)

    def look(self, uri: str, network: Network, alive: Callable[[], None]) -> Sighting:
        """Have yt-dlp read the page."""
        from acav1m.net import videos

        seen = videos.look(uri, self._way(), network, alive)
        return Sighting(seen.page, duration_s=seen.duration_s)

    def is_brought_whole(self, duration_s: float | None) -> bool:
        """By `policy`; `auto` may bring a stretch of a long video."""
        if self.policy == "auto":
            return duration_s is not None and duration_s <= self.whole_below_s
        return self.policy == "whole"

    def _way(self) -> Way:
        from acav1m.net import videos

        return videos.Way(
            policy=self.policy,
            whole_below_s=self.whole_below_s,
            max_duration_s=self.max_duration_s,
            format=self.format or _format(self.max_height),
            format_sort=self.format_sort,
            cookies=_cookies(self.cookies),
            more=self._more(),
        )

    def _more(self) -> dict[str, Any]:
        """What goes to yt-dlp under its own names."""
        named = {
            "proxy": self.proxy,
            "ratelimit": self.rate_limit,
            "sleep_interval": self.sleep_s,
            "max_sleep_interval": None if self.sleep_s is None else 2 * self.sleep_s,
            "sleep_interval_requests": self.sleep_requests_s,
            "extractor_args": {
                site: {name: list(values) for name, values in args.items()}
                for site, args in self.extractor_args.items()
            },
        }
        return {name: value for name, value in named.items() if value} | dict(self.more)

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
        page = _page(listed_in, (row[what] or "").strip())
        start_s, end_s = _lists.span(listed_in, page, row)
        return Candidate(
            uri=page,
            locator=page,
            start_s=start_s,
            end_s=end_s,
            license=row.get("license") or self.license,
            metadata=_lists.metadata(row, what),
        )


def _cookies(given: str | None) -> str | None:
    """The cookies file.

    Raises:
        AcavError: There is none where it should be.
    """
    given = given or os.environ.get(COOKIES)
    if given is None:
        return None
    path = Path(given).expanduser()
    if not path.is_file():
        raise AcavError(f"sources.youtube.cookies: no such file: {path}")
    return str(path)


def _page(listed_in: Path, named: str) -> str:
    """The page of a video; one of YouTube has one address, however it is written."""
    found = _OF_PAGE.match(named)
    if found:
        return PAGE + found[1]
    if ID.fullmatch(named):
        return PAGE + named
    if re.match(r"https?://[^\s/]", named):
        return named
    raise AcavError(f"{listed_in}: {named!r} is neither an id of YouTube nor a URL")


def _format(max_height: int | None) -> str:
    """The best sound, and pictures no higher than are needed, where there are such."""
    if max_height is None:
        return "bv*+ba/b"
    under = f"[height<=?{max_height}]"
    return f"bv*{under}+ba/b{under}/bv*+ba/b"


def _stretch(candidates: Sequence[Candidate]) -> tuple[float, float] | None:
    """From the first clip's beginning to the last one's end; None where one has no end."""
    ends_s = [c.end_s for c in candidates if c.end_s is not None]
    if len(ends_s) < len(candidates):
        return None
    return min(c.start_s or 0.0 for c in candidates), max(ends_s)


def _fetched(found: Video) -> Fetched:
    facts: dict[str, Any] = {"fetched_url": found.page, "fetched_license": found.license}
    if found.begins_s is not None and found.duration_s is not None:
        facts["source_duration_s"] = facts["source_declared_duration_s"] = found.duration_s
    own = found.id if found.site == "Youtube" else None
    return Fetched(found.path, own, found.begins_s or 0.0, facts, found.uploader, found.names)
