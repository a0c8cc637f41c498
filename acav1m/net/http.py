"""Fetch one file over HTTP: resumed where it broke, and there only when it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from acav1m.net.asker import Asker
from acav1m.net.outcome import FetchError
from acav1m.net.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from acav1m.net.answer import Answer
    from acav1m.net.target import Target


@dataclass(frozen=True)
class Got:
    """A file that was fetched, whole."""

    path: Path
    bytes: int
    sha256: str
    content_type: str | None
    final_url: str
    etag: str | None
    last_modified: str | None
    attempts: int


class Fetcher(Asker):
    """Fetches files, from any number of threads.

    A small file costs about what it costs curl (`acav1m bench downloads` compares).
    """

    def fetch(
        self,
        url: str,
        to: Path,
        *,
        part: Part | None = None,
        own: Mapping[str, str] = MappingProxyType({}),
        key: str | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> Got:
        """Fetch a URL into a file, which is there only when it is whole.

        `part` says what of it is wanted, if not all (`stretch.Stretch`). `own` are headers for
        the URL's own host alone. `key` names the candidate in the stop rule's count, where it is
        not the URL; `alive` is called every second or so, also while waiting.

        Raises:
            FetchError: It cannot be had, with the kind and true reason of the last try.
            Blocked: It is us who are refused; nothing can be said of this file.
        """
        part = part or Part(to, url)
        keep = partial(self._keep, part, alive)
        try:
            return self.ask(url, part.asks, keep, own=own, key=key, alive=alive)
        except FetchError as error:
            if not (error.transient and part.asks()):
                part.discard()
            raise
        finally:
            part.close()

    def _keep(
        self,
        part: Part,
        alive: Callable[[], None],
        answer: Answer,
        target: Target,
        attempt: int,
    ) -> Got:
        """Take the body of an answer to the disk."""
        fields = answer.fields
        if answer.status == 416 and part.whole(fields):
            answer.leftover()
        elif answer.status in (200, 203, 206, 416):
            answer.take(part, self.limits, alive)
        else:
            raise answer.failure()
        size, sha256 = part.size, part.finish()
        return Got(
            path=part.to,
            bytes=size,
            sha256=sha256,
            content_type=fields.get("content-type"),
            final_url=target.url,
            etag=fields.get("etag"),
            last_modified=fields.get("last-modified"),
            attempts=attempt,
        )
