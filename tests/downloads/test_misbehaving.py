"""Hundreds of downloads through a whole build, a third of which go wrong in every way."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from acav1m.net.outcome import KINDS

FILES = 500
BAD = 150
TRIES = 2
NETWORK = f"network={{allow_private: [127.0.0.1/32], connections: 8, idle_s: 3, tries: {TRIES}}}"


class Planted:
    """Files that are served, and what must become of each."""

    def __init__(self, server: Any, serving: Any, films: Any) -> None:
        self.server, self.serving, self.films = server, serving, films
        self.kinds: dict[str, str] = {}
        self.bad = serving.misbehaviours(films(0))
        for number, index in enumerate(random.Random(1729).sample(range(FILES), FILES)):
            name = list(self.bad)[index % len(self.bad)]
            url = self._wrong(number, name) if index < BAD else self._good(number, index)
            self.kinds[url] = self.bad[name][0] if index < BAD else "ok"

    def _wrong(self, number: int, name: str) -> str:
        _, answer = self.bad[name]
        if isinstance(answer, str):
            return f"{answer}?{number}"
        return self.server.url(f"/{number}.mp4", answer)

    def _good(self, number: int, index: int) -> str:
        content = self.films(number)
        moods = {"": (self.serving.good(content),), **self.serving.moods(content)}
        name = dict(enumerate(moods)).get(index % 120, "")
        return self.server.url(f"/{number}.mp4", *moods[name])

    def recover(self) -> None:
        """Have all that failed served from now on."""
        for number, path in enumerate(list(self.server.answers)):
            if self.kinds[self._url(path)] != "ok":
                self.server.url(path, self.serving.good(self.films(FILES + number)))

    def asked(self) -> Counter[str]:
        """How often each URL was asked for."""
        return Counter({self._url(path): times for path, times in self.server.asked.items()})

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    def failing(self, *, transient: bool) -> dict[str, str]:
        """Those of which nothing comes, with their kinds."""
        kinds = self.kinds.items()
        return {u: k for u, k in kinds if k != "ok" and KINDS[k].transient is transient}


@pytest.fixture
def planted(server: Any, serving: Any, films: Any) -> Planted:
    """A host with its files."""
    return Planted(server, serving, films)


def ended(rows: dict[str, dict[str, Any]]) -> dict[str, str]:
    """What became of each URL."""
    assert len(rows) == FILES
    return {row["source_uri"]: row["error_kind"] or "ok" for row in rows.values()}


def show_confusion(planted: dict[str, str], found: dict[str, str]) -> None:
    """Print how many that were planted so ended so."""
    counts = Counter((kind, found.get(url, "lost")) for url, kind in planted.items())
    for (was, came), count in sorted(counts.items()):
        print(f"{was:16}{came:16}{count}")


@pytest.mark.slow
def test_every_row_ends_as_it_was_planted_and_only_what_may_pass_is_asked_again(
    planted: Planted, building: Any
) -> None:
    building.lists(*planted.kinds)

    rows = building.built("--set", NETWORK)
    show_confusion(planted.kinds, ended(rows))
    assert ended(rows) == planted.kinds
    for row in rows.values():
        if (kind := row["error_kind"]) is not None:
            assert row["fetch_attempts"] == min(KINDS[kind].tries, TRIES)
            assert row["error_transient"] is KINDS[kind].transient

    planted.recover()
    before = planted.asked()
    rows = building.built("--set", NETWORK, "--retry", "transient")
    assert planted.asked() - before == dict.fromkeys(planted.failing(transient=True), 1)
    failed = {url: kind for url, kind in ended(rows).items() if kind != "ok"}
    assert failed == planted.failing(transient=False)
