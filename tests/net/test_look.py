"""Files that are looked at and not brought, on a server that misbehaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

from acav1m.net.gate import Blocked
from acav1m.net.host import Pace
from acav1m.net.http import Fetcher
from acav1m.net.look import look
from acav1m.net.outcome import FetchError

Make = Callable[..., Fetcher]


def fails(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        look(fetcher, url)
    return caught.value.kind


def test_it_hears_what_is_said_and_takes_only_the_beginning(
    server: Any, serving: Any, fetcher: Make
) -> None:
    date = "Sat, 21 Nov 2026 10:00:00 GMT"
    url = server.url("/a.mp4", serving.good(etag='"v1"', **{"Last-Modified": date}))

    head = look(fetcher(), url)

    assert (head.url, head.bytes, head.content_type) == (url, len(serving.MEDIA), "video/mp4")
    assert (head.etag, head.last_modified) == ('"v1"', date)
    assert server.headers[-1]["Range"] == "bytes=0-4095"


def test_where_ranges_mean_nothing_the_rest_is_left(
    server: Any, serving: Any, fetcher: Make
) -> None:
    one = fetcher()
    whole = look(one, server.url("/whole", serving.status(200, serving.MEDIA)))
    unknown = look(one, server.url("/chunked", serving.chunked()))
    without_end = look(one, server.url("/endless", serving.endless()))
    packed = look(one, server.url("/packed", serving.compressed(serving.MEDIA)))

    sizes = [head.bytes for head in (whole, unknown, without_end, packed)]
    assert sizes == [len(serving.MEDIA), None, None, None]


def test_a_connection_goes_on_after_a_part(server: Any, serving: Any, fetcher: Make) -> None:
    one = fetcher()
    for n in range(5):
        look(one, server.url(f"/{n}", serving.good()))
    assert len(server._transports) == 1


def test_redirects_are_followed_and_checked(server: Any, serving: Any, fetcher: Make) -> None:
    url = server.url("/file.mp4", serving.good())
    assert look(fetcher(), server.url("/old", serving.redirect("/file.mp4"))).url == url
    inward = server.url("/in", serving.redirect("http://169.254.169.254/latest"))
    assert fails(fetcher(), inward) == "refused_address"
    assert fails(fetcher(), server.url("/loop", serving.redirect("/loop"))) == "redirect_loop"


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("not_found", lambda s: s.status(404)),
        ("removed", lambda s: s.status(410)),
        ("geo_blocked", lambda s: s.status(451)),
        ("blocked", lambda s: s.status(403)),
        ("server_error", lambda s: s.status(503)),
        ("not_media", lambda s: s.status(200, s.PAGE, Content_Type="video/mp4")),
        ("not_media", lambda s: s.good(s.PAGE, "video/mp4")),
        ("not_media", lambda s: s.status(200)),
        ("not_media", lambda s: s.status(416, Content_Range="bytes */0")),
        ("bot_check", lambda s: s.status(200, b"<html>Are you human? captcha</html>")),
        ("noai", lambda s: s.good(**{"X-Robots-Tag": "noai"})),
        ("truncated", lambda s: s.status(416, Content_Range="bytes */99")),
        ("truncated", lambda s: s.status(206, b"x" * 9, Content_Range="bytes 7-15/99")),
        ("truncated", lambda s: s.broken(100)),
        ("reset", lambda s: s.broken(100, reset=True)),
    ],
)
def test_what_cannot_be_had_says_why(
    server: Any, serving: Any, fetcher: Make, kind: str, answer: Callable[[Any], Any]
) -> None:
    assert fails(fetcher(), server.url("/x.mp4", answer(serving))) == kind


def test_what_passes_is_tried_again(server: Any, serving: Any, fetcher: Make, clock: Any) -> None:
    busy = serving.status(429, Retry_After="7")
    url = server.url("/x.mp4", busy, serving.broken(50, reset=True), serving.good())

    assert look(fetcher(), url).bytes == len(serving.MEDIA)
    assert server.asked["/x.mp4"] == 3
    assert sum(clock.slept) >= 7


def test_whoever_refuses_all_stops_it(server: Any, serving: Any, fetcher: Make) -> None:
    one = fetcher(Pace(stop_after=3, pause_s=5))
    refused = [server.url(f"/{n}", serving.status(403)) for n in range(20)]
    assert fails(one, refused[0]) == "blocked"
    with pytest.raises(Blocked, match="none of these counts as gone"):
        deque((fails(one, url) for url in refused[1:]), maxlen=0)
