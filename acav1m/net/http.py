"""Fetch one file over HTTP: checked at every step, resumed where it broke, tried again in time."""

from __future__ import annotations

import http.client
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from acav1m import __version__
from acav1m.net import body, robots
from acav1m.net.address import Addresses
from acav1m.net.connection import Connections
from acav1m.net.limits import Limits, wait
from acav1m.net.outcome import KINDS, FetchError, of_exception, of_status
from acav1m.net.part import Part
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
LEFTOVER_BYTES = 64 * 1024
"""The body of an answer without media is read up to here, so that its connection can go on."""


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

    Standard-library HTTP/1.1 over connections of our own, for three reasons: the address that was
    checked is the one connected to, no read outlasts its limit, and small files come faster than
    through urllib3, httpx or aiohttp (`bench/downloads.py` compares with curl).
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
        attempt = 1
        while True:
            try:
                return self._attempt(target, part, key or url, attempt, alive)
            except FetchError as error:
                part.close()
                error.attempts = attempt
                if attempt >= KINDS[error.kind].tries:
                    if not (error.transient and part.asks()):
                        part.discard()
                    raise
                wait(self._back_off_s(attempt), self._sleep, alive)
                attempt += 1
            finally:
                part.close()

    def close(self) -> None:
        """Close idle connections."""
        self._connections.close()

    def _back_off_s(self, attempt: int) -> float:
        longest_s = min(self.limits.back_off_s * 2.0 ** (attempt - 1), self.limits.back_off_cap_s)
        return longest_s * (0.5 + 0.5 * self._jitter())

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
        connection = self._connections.take(target)
        kept = False
        try:
            response, connection = self._ask(connection, target, part.asks())
            result = self._understand(connection, response, target, part, attempt, alive)
            kept = not response.will_close
            response.close()
        except (OSError, http.client.HTTPException) as error:
            known = of_exception(error)
            if known is None:
                raise
            raise known from error
        finally:
            if kept:
                self._connections.give_back(connection)
            else:
                connection.close()
        return result

    def _ask(
        self, connection: Connection, target: Target, more: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, Connection]:
        """Send a request; a used connection may have been closed meanwhile, then on a new one."""
        headers = {"Host": target.netloc, **self._headers, **more}
        used = connection.wire is not None
        try:
            return self._send(connection, target, headers), connection
        except (http.client.RemoteDisconnected, ConnectionError):
            if not used:
                raise
            connection.close()
            fresh = self._connections.fresh(target)
            return self._send(fresh, target, headers), fresh

    def _send(
        self, connection: Connection, target: Target, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        if connection.wire is None:
            connection.connect()
        assert connection.wire is not None
        start_s = time.monotonic()
        connection.wire.deadline_s = start_s + self.limits.answer_s
        connection.request("GET", target.path, headers=headers)
        response = connection.getresponse()
        connection.wire.deadline_s = start_s + self.limits.max_s
        return response

    def _understand(
        self,
        connection: Connection,
        response: http.client.HTTPResponse,
        target: Target,
        part: Part,
        attempt: int,
        alive: Callable[[], None],
    ) -> Got | Target:
        headers, status = response.headers, response.status
        if status in REDIRECTS and headers.get("Location"):
            self._leftover(response)
            return follow(target, str(headers["Location"]))
        asked = self._respect_noai and robots.refusal(headers)
        if asked:
            raise FetchError("noai", f"its server asks not to be used: {asked}")
        if status == 416 and part.whole(headers):
            self._leftover(response)
        elif status in (200, 203, 206, 416):
            self._take(response, part, alive)
            if connection.surplus(response):
                part.discard()
                raise FetchError("truncated", "more bytes came than were declared")
        else:
            raise self._refused(response)
        size, sha256 = part.size, part.finish()
        return Got(
            path=part.to,
            bytes=size,
            sha256=sha256,
            content_type=headers.get("Content-Type"),
            final_url=target.url,
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
            attempts=attempt,
        )

    def _take(
        self, response: http.client.HTTPResponse, part: Part, alive: Callable[[], None]
    ) -> None:
        """Put the body where it belongs."""
        headers, total = response.headers, body.declared(response)
        encoding = str(headers.get("Content-Encoding", "identity")).strip().lower()
        if response.status == 206 and part.fits(headers) and encoding in ("", "identity"):
            part.go_on()
        elif response.status in (206, 416):
            part.discard()
            raise FetchError("truncated", "the server sends another part than was asked for")
        else:
            part.begin(headers, total, again=encoding in ("", "identity"))
        if total is not None and part.size + total > self.limits.max_bytes:
            raise body.too_big(part.size + total, self.limits)
        came = body.chunks(response, self.limits, alive)
        if encoding not in ("", "identity"):
            came = body.inflated(came, encoding, self.limits)
        body.store(came, part, self.limits, str(headers.get("Content-Type", "")))

    def _refused(self, response: http.client.HTTPResponse) -> FetchError:
        """The failure of an answer without media; a page may say more than its status."""
        retry_after = response.headers.get("Retry-After")
        error = of_status(response.status, response.reason, retry_after)
        page = self._leftover(response)
        challenged = response.headers.get("cf-mitigated") == "challenge"
        if error.kind in ("blocked", "server_error") and (challenged or body.asks_who(page)):
            said = f"{KINDS['bot_check'].means}: HTTP {response.status}"
            return FetchError("bot_check", said, retry_after_s=error.retry_after_s)
        return error

    def _leftover(self, response: http.client.HTTPResponse) -> bytes:
        """Read what is left, if it is little; what is longer, or breaks, costs the connection."""
        try:
            page = response.read(LEFTOVER_BYTES)
        except (OSError, http.client.HTTPException):  # what the status says counts
            page = b""
        response.will_close = response.will_close or len(page) in (0, LEFTOVER_BYTES)
        return page
