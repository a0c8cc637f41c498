"""How the options of `youtube` are said to yt-dlp, and what is made of its answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m.errors import AcavError
from acav1m.net.tools import COOKIES
from acav1m.steps import Candidate, Fetched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.net.videos import Video, Way
    from acav1m.sources.youtube import Youtube


def way(source: Youtube) -> Way:
    """How its videos are brought.

    Raises:
        AcavError: The cookies file is missing.
    """
    from acav1m.net import videos

    return videos.Way(
        policy=source.policy,
        whole_below_s=source.whole_below_s,
        max_duration_s=source.max_duration_s,
        format=source.format or _format(source.max_height),
        format_sort=source.format_sort,
        cookies=_cookies(source.cookies),
        more=_more(source),
    )


def stretch(candidates: Sequence[Candidate]) -> tuple[float, float] | None:
    """From the first clip's beginning to the last one's end; None where one has no end."""
    ends_s = [c.end_s for c in candidates if c.end_s is not None]
    if len(ends_s) < len(candidates):
        return None
    return min(c.start_s or 0.0 for c in candidates), max(ends_s)


def fetched(found: Video) -> Fetched:
    """What is known of a video that came."""
    facts: dict[str, Any] = {"fetched_url": found.page, "fetched_license": found.license}
    if found.begins_s is not None and found.duration_s is not None:
        facts["source_duration_s"] = facts["source_declared_duration_s"] = found.duration_s
    own = found.id if found.site == "Youtube" else None
    return Fetched(found.path, own, found.begins_s or 0.0, facts, found.uploader, found.names)


def _more(source: Youtube) -> dict[str, Any]:
    """What goes to yt-dlp under its own names."""
    longest_s = None if source.sleep_s is None else 2 * source.sleep_s
    named = {
        "proxy": source.proxy,
        "ratelimit": source.rate_limit,
        "sleep_interval": source.sleep_s,
        "max_sleep_interval": longest_s,
        "sleep_interval_requests": source.sleep_requests_s,
    }
    arguments = {
        site: {name: list(values) for name, values in given.items()}
        for site, given in source.extractor_args.items()
    }
    known = {name: value for name, value in named.items() if value is not None}
    return {**known, **({"extractor_args": arguments} if arguments else {}), **source.more}


def _cookies(given: str | None) -> str | None:
    """The cookies file."""
    given = given or os.environ.get(COOKIES)
    if given is None:
        return None
    path = Path(given).expanduser()
    if not path.is_file():
        raise AcavError(f"sources.youtube.cookies: no such file: {path}")
    return str(path)


def _format(max_height: int | None) -> str:
    """The best sound, and pictures no higher than are needed, where there are such."""
    if max_height is None:
        return "bv*+ba/b"
    under = f"[height<=?{max_height}]"
    return f"bv*{under}+ba/b{under}/bv*+ba/b"
