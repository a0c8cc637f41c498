"""Ask for a URL over HTTP: paced, checked, led on by redirects, tried again in time."""

from __future__ import annotations

import random
import time
from functools import partial
from http.client import HTTPException, RemoteDisconnected
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from acav1m import __version__
from acav1m.net import robots
from acav1m.net.address import Addresses
from acav1m.net.answer import Answer
from acav1m.net.connection import Connections
from acav1m.net.limits import Limits
from acav1m.net.outcome import FetchError, of_exception
from acav1m.net.patience import patiently
from acav1m.net.target import Target, follow, parse

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

    from acav1m.net.connection import Connection
    from acav1m.net.gate import Gate

T = TypeVar("T")
USER_AGENT = f"{robots.TOKEN}/{__version__} (builds video datasets; respects X-Robots-Tag: noai)"
REDIRECTS = (301, 302, 303, 307, 308)


class Asker:
    """Asks, from any number of threads.

    The connections are our own, so that the address that was checked is the one connected to, and
    no read outlasts its limit.
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
        self._lines = _lines(
            {
                "User-Agent": user_agent,
                "Accept": "video/*, audio/*, application/octet-stream;q=0.9, */*;q=0.5",
                "Accept-Encoding": "identity",
            }
        )
        self._sleep = sleep
        self._jitter = jitter

    def ask(
        self,
        url: str,
        more: Callable[[], dict[str, str]],
        take: Callable[[Answer, Target, int], T],
        *,
        own: Mapping[str, str] = MappingProxyType({}),
        key: str | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> T:
        """Ask for a URL, wherever redirects lead, until `take` makes something of an answer.

        `more` gives headers for each request; those in `own` (a key, say) are never sent to
        another host or port than the URL's, nor without TLS if that has it. `take` gets answers
        that do not refuse themselves to us, of whatever status, with who gave it and the number
        of the try; it reads the body.

        Raises:
            FetchError: It cannot be had; also what `take` raises for good.
            Blocked: It is us who are refused.
        """
        target = parse(url)

        def once(attempt: int) -> T:
            taken = partial(self._take, take, attempt)
            return self._attempt(target, more, own, taken, key or url, alive)

        return patiently(once, self.limits, alive, self._sleep, self._jitter)

    def close(self) -> None:
        """Close idle connections."""
        self._connections.close()

    def _attempt(
        self,
        target: Target,
        more: Callable[[], dict[str, str]],
        own: Mapping[str, str],
        take: Callable[[Answer, Target], T | Target],
        key: str,
        alive: Callable[[], None],
    ) -> T:
        home = target.origin
        for _ in range(self.limits.redirects + 1):
            headers = {**more(), **own} if own else more()
            try:
                with self.gate.visit(target.netloc, key, alive):
                    result = self._visit(target, headers, take)
            except FetchError as error:
                if target.origin == home:
                    raise
                raise error.led_by(f"a redirect led to {target.netloc}") from error
            if not isinstance(result, Target):
                return result
            target = result
            if target.origin != home:
                own = {}  # nor is a key sent again where others lead back
        raise FetchError("redirect_loop", f"is redirected over {self.limits.redirects} times")

    def _visit(
        self, target: Target, more: dict[str, str], take: Callable[[Answer, Target], T | Target]
    ) -> T | Target:
        """Ask once: what was wanted, or where it is."""
        connection, answer = self._connections.take(target), None
        try:
            answer = self._ask(connection, target, more)
            connection = answer.connection
            return take(answer, target)
        except (OSError, HTTPException) as error:
            known = of_exception(error)
            if known is None:
                raise
            raise known from error
        finally:
            if answer is not None and answer.reusable:
                self._connections.give_back(connection)
            else:
                connection.close()

    def _ask(self, connection: Connection, target: Target, more: dict[str, str]) -> Answer:
        """Send a request; a used connection may have been closed meanwhile, then on a new one."""
        lines = self._lines + _lines(more) if more else self._lines
        used = connection.inflow is not None
        try:
            return Answer(*connection.ask(target, lines), connection)
        except (RemoteDisconnected, ConnectionError):
            connection.close()
            if not used:
                raise
        fresh = self._connections.fresh(target)
        try:
            return Answer(*fresh.ask(target, lines), fresh)
        except BaseException:
            fresh.close()
            raise

    def _take(
        self,
        take: Callable[[Answer, Target, int], T],
        attempt: int,
        answer: Answer,
        target: Target,
    ) -> T | Target:
        """What is made of an answer, or where it redirects to."""
        location = answer.fields.get("location")
        if answer.status in REDIRECTS and location:
            answer.leftover()
            return self._follow(target, location)
        asked = answer.refusal() if self._respect_noai else None
        if asked is not None:
            raise FetchError("noai", f"its server asks not to be used: {asked}")
        return take(answer, target, attempt)

    @staticmethod
    def _follow(target: Target, location: str) -> Target:
        try:
            return follow(target, location)
        except FetchError as error:
            raise error.led_by("a redirect leads there") from error


def _lines(headers: Mapping[str, str]) -> str:
    """Header fields as they are sent, each with the end of its line."""
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
