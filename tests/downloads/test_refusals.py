"""Builds that are refused write nobody off, and nobody leads a build to private places."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest


def closing(serving: Any, server: Any, after: int, content: bytes) -> Any:
    """A file, until so many requests were answered by the server; then 403."""
    good, denied = serving.good(content), serving.status(403)

    async def answer(request: Any) -> Any:
        return await (good if server.asked.total() <= after else denied)(request)

    return answer


@pytest.mark.slow
def test_a_server_that_refuses_all_stops_the_build_once_and_writes_nobody_off(
    server: Any, serving: Any, films: Any, building: Any
) -> None:
    alone = server.url("/alone.mp4", serving.status(403))
    paths = [f"/{n}.mp4" for n in range(60)]
    urls = [server.url(p, closing(serving, server, 30, films(n))) for n, p in enumerate(paths)]
    building.lists(alone, *urls)

    stopped = building.run()

    assert stopped.returncode == 2
    said = stopped.stderr.splitlines()[-1]
    assert said.startswith(f"acav1m: 127.0.0.1:{server.port}: all of the last 4 candidates failed")
    assert said.endswith(
        "run the same command again: it continues, and none of these counts as gone"
    )
    assert stopped.stderr.count("candidates failed") == 1
    assert not building.out.exists()
    served = {path for path in paths if server.asked[path] == 1}

    before = server.asked.total()
    assert building.run().returncode == 2
    assert server.asked.total() - before <= 12  # three probes, each tried twice, and what was alone

    for number, path in enumerate(paths):
        server.url(path, serving.good(films(number)))
    before = Counter(server.asked)
    rows = building.built()
    assert {u: r["error_kind"] for u, r in rows.items() if r["state"] != "kept"} == {
        f"{alone}#0": "blocked"
    }
    assert len(rows) == 61
    again = {path for path in served if server.asked[path] > 1}
    assert len(again) <= 8, "media that were there when the build stopped"


def test_nobody_is_led_to_a_private_address(
    server: Any, serving: Any, films: Any, building: Any
) -> None:
    led = {
        server.url(f"/{n}", serving.redirect(f"http://{where}/")): where
        for n, where in enumerate(serving.NOT_PUBLIC)
    }
    plain = "http://10.0.0.1/clip.mp4"
    here = server.url("/here.mp4", serving.good(films(0)))
    building.lists(*led, plain, here)

    rows = building.built()

    ended = {u.partition("#")[0]: r for u, r in rows.items()}
    assert ended.pop(here)["state"] == "kept"
    assert {r["error_kind"] for r in ended.values()} == {"refused_address"}
    assert all(not r["error_transient"] for r in ended.values())
    for url, where in led.items():
        message = ended[url]["error_message"]
        assert where.strip("[]") in message
        assert "a redirect le" in message
    assert "redirect" not in ended[plain]["error_message"]
    assert "--allow-private" in ended[plain]["error_message"]


def test_a_flag_allows_private_addresses(
    server: Any, serving: Any, films: Any, building: Any
) -> None:
    url = server.url("/here.mp4", serving.good(films(0)))
    building.lists(url)

    rows = building.built("--set", "network.allow_private=false", "--allow-private")

    assert {row["state"] for row in rows.values()} == {"kept"}
