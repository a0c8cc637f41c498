"""Hundreds of downloads through a whole build, a third of which go wrong in every way."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from acav1m.net.outcome import KINDS

FILES = 500
BAD = 150
OPTIONS = "{allow_private: [127.0.0.1/32], connections: 8, idle_s: 3, tries: 2}"


def plant(server: Any, serving: Any, films: Any) -> dict[str, str]:
    """Give the server its files; what must become of each, by URL."""
    rng = random.Random(1729)
    bad = serving.misbehaviours(films(0))
    names = list(bad)
    planted = {}
    for number, index in enumerate(rng.sample(range(FILES), FILES)):
        if index < BAD:
            kind, answer = bad[names[index % len(names)]]
            answers = () if isinstance(answer, str) else (answer,)
            url = server.url(f"/{number}.mp4", *answers) if answers else f"{answer}?{number}"
        else:
            content = films(number)
            moods = [(serving.good(content),), *serving.moods(content).values()]
            at = index % 120
            kind, url = "ok", server.url(f"/{number}.mp4", *moods[at if at < len(moods) else 0])
        planted[url] = kind
    return planted


def table(planted: dict[str, str], rows: dict[str, dict[str, Any]]) -> Counter[tuple[str, str]]:
    """How many that were planted so ended so."""
    ended = {row["source_uri"]: row["error_kind"] or "ok" for row in rows.values()}
    return Counter((kind, ended.pop(url, "lost")) for url, kind in planted.items())


@pytest.mark.slow
def test_every_row_ends_as_it_was_planted_and_only_what_may_pass_is_asked_again(
    server: Any, serving: Any, films: Any, building: Any
) -> None:
    planted = plant(server, serving, films)
    building.lists(*planted)
    network = f"network={OPTIONS}"

    rows = building.built("--set", network)

    confused = table(planted, rows)
    for (was, ended), count in sorted(confused.items()):
        print(f"{was:16}{ended:16}{count}")
    assert len(rows) == FILES
    assert all(was == ended for was, ended in confused), confused
    assert {kind for kind, _ in confused} == {
        "ok",
        *(k for k, _ in serving.misbehaviours(b"").values()),
    }
    failed = [row for row in rows.values() if row["state"] == "failed"]
    assert all(row["fetch_attempts"] == min(KINDS[row["error_kind"]].tries, 2) for row in failed)
    assert all(row["error_transient"] is KINDS[row["error_kind"]].transient for row in failed)

    passing = {
        u.partition(f":{server.port}")[2]
        for u, k in planted.items()
        if k != "ok" and KINDS[k].transient
    }
    for number, path in enumerate(sorted(passing)):
        server.url(path, serving.good(films(FILES + number)))
    before = Counter(server.asked)
    rows = building.built("--set", network, "--retry", "transient")

    assert Counter(server.asked) - before == dict.fromkeys(passing, 1)
    left = {
        k: n for k, n in Counter(planted.values()).items() if k != "ok" and not KINDS[k].transient
    }
    assert Counter(row["error_kind"] for row in rows.values() if row["error_kind"]) == left
