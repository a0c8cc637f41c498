"""How sources are looked at; what becomes of whole checks is tried in `downloads`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acav1m.availability.job import SUBJECT
from acav1m.availability.look import Looker
from acav1m.net.network import Network
from acav1m.sources.webdataset import Webdataset


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path / "gate", allow_private=("127.0.0.1/32",))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("status", "state", "kind"), [(None, "available", None), (404, "gone", "not_found")]
)
def test_a_file_that_holds_many_videos_is_asked_once(
    server: Any,
    serving: Any,
    tmp_path: Path,
    network: Network,
    status: int | None,
    state: str,
    kind: str | None,
) -> None:
    answer = serving.good() if status is None else serving.status(status)
    url = server.url("/shard.tar", answer)
    looker = Looker({"webdataset": Webdataset(path=url)}, tmp_path)
    for name in ("a.mp4", "b.mp4"):
        row = dict.fromkeys(SUBJECT) | {"source": "webdataset", "uri": f"shard.tar#{name}"}
        found = looker.found(row | {"recorded_url": url}, network, lambda: None)
        assert (found["state"], found["kind"]) == (state, kind)
    assert server.asked["/shard.tar"] == 1
