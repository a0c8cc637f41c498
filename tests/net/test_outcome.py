"""What HTTP, sockets and TLS tell of becomes the right kind of failure."""

from __future__ import annotations

import errno
import http.client
import pickle
import socket
import ssl
from datetime import UTC, datetime

import pytest

from acav1m.net import outcome
from acav1m.net.outcome import KINDS, FetchError, of_exception, of_status, retry_after_s

PERMANENT = [
    "removed",
    "private",
    "members_only",
    "age_gated",
    "geo_blocked",
    "live",
    "copyright",
    "not_found",
    "refused_address",
    "not_media",
    "too_big",
    "too_long",
    "opted_out",
    "noai",
]
TRANSIENT = [
    "rate_limited",
    "server_error",
    "timeout",
    "reset",
    "dns",
    "bot_check",
    "truncated",
    "blocked",
]


def test_permanent_and_transient_are_as_promised():
    assert not any(KINDS[kind].transient for kind in PERMANENT)
    assert all(KINDS[kind].transient for kind in TRANSIENT)


def test_only_what_may_pass_is_tried_again():
    for name, kind in KINDS.items():
        assert kind.transient or kind.tries == 1, name


def test_what_means_us_is_never_permanent():
    assert all(kind.transient for kind in KINDS.values() if kind.us)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "bad_request"),
        (401, "private"),
        (403, "blocked"),
        (404, "not_found"),
        (408, "timeout"),
        (410, "removed"),
        (418, "bad_request"),
        (429, "rate_limited"),
        (451, "geo_blocked"),
        (500, "server_error"),
        (502, "server_error"),
        (503, "server_error"),
        (599, "server_error"),
        (999, "bot_check"),
    ],
)
def test_a_status_has_its_kind(status, kind):
    error = of_status(status)
    assert error.kind == kind
    assert str(status) in error.message


def test_a_server_may_say_when_to_come_again():
    assert of_status(429, retry_after="12").retry_after_s == 12
    assert of_status(503, retry_after="12").retry_after_s == 12
    assert of_status(404, retry_after="12").retry_after_s is None


def test_retry_after_may_be_a_date():
    now = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
    assert retry_after_s("Thu, 01 Jan 2026 12:01:30 GMT", now) == 90
    assert retry_after_s("Thu, 01 Jan 2026 11:00:00 GMT", now) == 0
    assert retry_after_s("Thursday", now) is None
    assert retry_after_s("-3", now) is None
    assert retry_after_s(None, now) is None


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "dns"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "dns"),
        (TimeoutError("timed out"), "timeout"),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), "reset"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "reset"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "reset"),
        (http.client.RemoteDisconnected("closed without response"), "reset"),
        (http.client.BadStatusLine("x"), "reset"),
        (http.client.IncompleteRead(b""), "truncated"),
        (ssl.SSLError(1, "wrong version number"), "reset"),
    ],
)
def test_an_exception_has_its_kind(error, kind):
    found = of_exception(error)
    assert found is not None
    assert found.kind == kind


def test_a_full_disk_is_no_failure_of_the_download():
    assert of_exception(OSError(errno.ENOSPC, "No space left on device")) is None
    assert of_exception(ValueError("a bug")) is None


def test_a_name_that_somebody_denies_does_not_mean_us():
    again = of_exception(socket.gaierror(socket.EAI_AGAIN, "Temporary failure"))
    none = of_exception(socket.gaierror(socket.EAI_NONAME, "Name or service not known"))
    assert again is not None
    assert none is not None
    assert (again.us, none.us) == (True, False)


def test_a_failure_survives_the_way_between_processes():
    error = FetchError("rate_limited", "too often", retry_after_s=3.0, attempts=2, us=False)
    back = pickle.loads(pickle.dumps(error))
    assert vars(back) == vars(error)
    assert type(back) is FetchError


def test_every_status_that_is_mapped_has_a_kind():
    assert set(outcome._BY_STATUS.values()) <= set(KINDS)


def test_what_is_no_http_is_shown_as_it_is():
    error = of_exception(http.client.BadStatusLine("\x16\x03\x01\x00\x02"))
    assert error is not None
    assert (error.kind, error.message.partition(": ")[2]) == (
        "reset",
        r"it answers what is no HTTP, '\x16\x03\x01\x00\x02'",
    )


def test_what_servers_say_cannot_garble_a_terminal_or_fill_the_ledger():
    error = of_status(404, "\x1b[31mNot\x07\nhere" + "!" * 9999)
    assert "[31mNot here!" in error.message
    assert error.message.isprintable()
    assert len(error.message) < 200
