"""Fetch one file over HTTP: checked at every step, resumed where it broke, tried again in time."""

from __future__ import annotations

import http.client
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acav1m import __version__
from acav1m.net import robots
from acav1m.net.address import Addresses
from acav1m.net.answer import Answer
from acav1m.net.connection import Connections
from acav1m.net.limits import Limits
from acav1m.net.outcome import FetchError, of_exception
from acav1m.net.part import Part
from acav1m.net.patience import patiently
from acav1m.net.target import follow, parse

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from acav1m.net.connection import Connection
    from acav1m.net.gate import Gate
    from acav1m.net.target import Target

USER_AGENT = f"{robots.TOKEN}/{__version__} (builds video datasets; respects X-Robots-Tag: noai)"
REDIRECTS = (301, 302, 303, 307, 308)


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


class Fetcher:
    """Fetches files, from any number of threads.

    The standard library reads HTTP/1.1, over connections of our own: the address that was checked
    is the one connected to, no read outlasts its limit, and of the libraries in Python that were
    tried it costs least for small files (`bench/downloads.py` compares with curl).
    """

    def __init__(
        self,
        gate: Gate,
        limits: Limits | None = None,
        *,
        addresses: Addresses | None = None,
        respect_noai: bool = True,
        user_agent: str = USER_AGENT,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.gate = gate
        self.limits = limits or Limits()
        self._connections = Connections(addresses or Addresses(), self.limits, tls)
        self._respect_noai = respect_noai
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "video/*, audio/*, application/octet-stream;q=0.9, */*;q=0.5",
            "Accept-Encoding": "identity",
        }
        self._sleep = sleep
        self._jitter = jitter

    def fetch(
        self,
        url: str,
        to: Path,
        *,
        key: str | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> Got:
        """Fetch a URL into a file, which is there only when it is whole.

        `key` names the candidate in the stop rule's count, where it is not the URL; `alive` is
        called every second or so, also while waiting.

        Raises:
            FetchError: It cannot be had, with the kind and true reason of the last try.
            Blocked: It is us who are refused; nothing can be said of this file.
        """
        target = parse(url)
        part = Part(to, url)

        def once(attempt: int) -> Got:
            try:
                return self._attempt(target, part, key or url, attempt, alive)
            finally:
                part.close()

        try:
            return patiently(once, self.limits, alive, self._sleep, self._jitter)
        except FetchError as error:
            if not (error.transient and part.asks()):
                part.discard()
            raise

    def close(self) -> None:
        """Close idle connections."""
        self._connections.close()

    def _attempt(
        self, target: Target, part: Part, key: str, attempt: int, alive: Callable[[], None]
    ) -> Got:
        for _ in range(self.limits.redirects + 1):
            with self.gate.visit(target.netloc, key, alive):
                result = self._visit(target, part, attempt, alive)
            if isinstance(result, Got):
                return result
            target = result
        raise FetchError("redirect_loop", f"is redirected over {self.limits.redirects} times")

    def _visit(
        self, target: Target, part: Part, attempt: int, alive: Callable[[], None]
    ) -> Got | Target:
        """Ask once: a file, or where it is."""
        connection, kept = self._connections.take(target), False
        answer = None
        try:
            answer = self._ask(connection, target, part.asks())
            connection = answer.connection
            result = self._understand(answer, target, part, attempt, alive)
            kept = answer.reusable
        except (OSError, http.client.HTTPException) as error:
            known = of_exception(error)
            if known is None:
                raise
            raise known from error
        finally:
            if answer is not None:
                answer.close()
            if kept:
                self._connections.give_back(connection)
            else:
                connection.close()
        return result

    def _ask(self, connection: Connection, target: Target, more: dict[str, str]) -> Answer:
        """Send a request; a used connection may have been closed meanwhile, then on a new one."""
        headers = {**self._headers, **more}
        used = connection.wire is not None
        try:
            return Answer(connection.ask(target, headers), connection)
        except (http.client.RemoteDisconnected, ConnectionError):
            connection.close()
            if not used:
                raise
        fresh = self._connections.fresh(target)
        try:
            return Answer(fresh.ask(target, headers), fresh)
        except BaseException:
            fresh.close()
            raise

    def _understand(
        self, answer: Answer, target: Target, part: Part, attempt: int, alive: Callable[[], None]
    ) -> Got | Target:
        fields = answer.fields
        if answer.status in REDIRECTS and fields.get("location"):
            answer.leftover()
            return follow(target, fields["location"])
        asked = answer.refusal() if self._respect_noai else None
        if asked is not None:
            raise FetchError("noai", f"its server asks not to be used: {asked}")
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
