"""What may become of a download: the kinds of failure, and how HTTP and sockets tell of them."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING

from acav1m.errors import ClipError
from acav1m.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Kind:
    """One class of failure."""

    means: str
    tries: int = 1
    """How often in all it is tried before it is given up; over once only for transient ones."""

    transient: bool = False
    """Another try, now or another day, may succeed."""

    us: bool = False
    """Where all candidates fail this way, it is us that are refused, not the candidates."""


QUOTED = 100
"""Characters of what others said, at most, in a message."""


def _passing(means: str, tries: int, *, us: bool = False) -> Kind:
    return Kind(means, tries, transient=True, us=us)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "removed": Kind("its owner or the site took it away"),
        "private": Kind("only those its owner named may see it"),
        "members_only": Kind("only paying members may see it"),
        "age_gated": Kind("only a signed-in adult may see it"),
        "geo_blocked": Kind("it is not offered here"),
        "live": Kind("it is a live or coming broadcast, not yet a video"),
        "copyright": Kind("it was taken down on a claim of copyright"),
        "drm": Kind("it is encrypted against copying"),
        "not_found": Kind("there is nothing at this address"),
        "refused_address": Kind("the address is none that may be fetched"),
        "redirect_loop": Kind("it redirects for ever"),
        "bad_request": Kind("the server refuses the request for another reason"),
        "not_media": Kind("what came is no media"),
        "too_big": Kind("it is over the size limit"),
        "too_long": Kind("it is over the duration limit"),
        "opted_out": Kind("its owner asked not to be in datasets, in a list"),
        "noai": Kind("its server asks not to be used for this, in a header"),
        "rate_limited": _passing("we asked too often (429)", 6, us=True),
        "server_error": _passing("the server failed (5xx)", 4),
        "timeout": _passing("nothing came in time, or too slowly", 3),
        "reset": _passing("the connection was refused, cut or garbled", 4),
        "dns": _passing("the host's name was not found", 3, us=True),
        "bad_certificate": _passing("the server cannot prove who it is", 1),
        "bot_check": _passing("the site wants proof that we are no robot", 2, us=True),
        "truncated": _passing("fewer bytes came than were declared", 4),
        "blocked": _passing("access is denied (403), to this file or to us", 2, us=True),
        "extractor": _passing("yt-dlp does not understand the site; a newer one may", 1),
    }
)
"""All there are. Kinds that are not here come of media that was fetched (`no_audio` ...)."""


class FetchError(ClipError):
    """A download that failed, with what the ledger and the gate need to know of it."""

    def __init__(
        self,
        kind: str,
        message: str,
        *,
        retry_after_s: float | None = None,
        attempts: int = 1,
        us: bool | None = None,
    ) -> None:
        said = " ".join(printable(message).split())  # servers' own words are among it
        super().__init__(kind, said, transient=KINDS[kind].transient)
        self.retry_after_s = retry_after_s
        self.attempts = attempts
        self.us = KINDS[kind].us if us is None else us
        """Whether this very failure counts towards the stop rule."""

    def led_by(self, redirect: str) -> FetchError:
        """The same failure, where only a redirect led to it."""
        said = f"{self.message}; {redirect}"
        return FetchError(
            self.kind, said, retry_after_s=self.retry_after_s, attempts=self.attempts, us=self.us
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (self.kind, self.message, self.retry_after_s, self.attempts, self.us))


def _rebuilt(
    kind: str, message: str, retry_after_s: float | None, attempts: int, us: bool
) -> FetchError:
    return FetchError(kind, message, retry_after_s=retry_after_s, attempts=attempts, us=us)


_BY_STATUS = {
    401: "private",
    402: "members_only",
    403: "blocked",
    404: "not_found",
    407: "blocked",
    408: "timeout",
    410: "removed",
    421: "server_error",
    425: "server_error",
    429: "rate_limited",
    451: "geo_blocked",
    999: "bot_check",  # not in any standard; what some large sites send to robots
}


def of_status(
    status: int, reason: str = "", retry_after: str | None = None, now: datetime | None = None
) -> FetchError:
    """The failure that a status other than 2xx tells of."""
    kind = _BY_STATUS.get(status, "server_error" if status >= 500 else "bad_request")
    said = " ".join(filter(None, [str(status), reason[:QUOTED] or _phrase(status)]))
    wait_s = retry_after_s(retry_after, now) if status in (429, 503) else None
    return FetchError(kind, f"{KINDS[kind].means}: HTTP {said}", retry_after_s=wait_s)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def retry_after_s(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or a date (RFC 9110, 10.2.3).

    >>> retry_after_s("7")
    7.0
    >>> retry_after_s("soon") is None
    True
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def of_exception(error: Exception) -> FetchError | None:
    """The failure that an exception of a socket, of TLS or of `http.client` tells of.

    None for any other: a full disk, say, is no failure of the download.
    """
    said = str(error) or type(error).__name__
    match error:
        case socket.gaierror():
            # With "no such name" somebody answered, so our own way to the name servers is open.
            ours = error.errno != socket.EAI_NONAME
            return FetchError("dns", f"{KINDS['dns'].means}: {error.strerror}", us=ours)
        case TimeoutError():
            return FetchError("timeout", f"{KINDS['timeout'].means}: {said}")
        case ssl.SSLCertVerificationError():
            why = f"{KINDS['bad_certificate'].means}: {error.verify_message}"
            return FetchError("bad_certificate", why)
        case http.client.IncompleteRead():
            return FetchError("truncated", "the connection ended inside the body")
        case http.client.BadStatusLine() if not isinstance(error, ConnectionError):
            no_http = f"it answers what is no HTTP, {str(error)[:40]!r}"
            return FetchError("reset", f"{KINDS['reset'].means}: {no_http}")
        case ssl.SSLError() | ConnectionError() | http.client.HTTPException():
            return FetchError("reset", f"{KINDS['reset'].means}: {said}")
        case OSError() if error.errno in _UNREACHABLE:
            return FetchError("reset", f"{KINDS['reset'].means}: {error.strerror}")
    return None


_UNREACHABLE = frozenset(
    {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
)
