"""Files that hold media are looked at; who we are is told to the Hub alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acav1m.net.network import Network
from acav1m.net.outcome import FetchError
from acav1m.sources.hub import Hub
from acav1m.sources.webdataset import Webdataset

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path / "gate", allow_private=("127.0.0.1/32", "::1/128"))
    yield made
    made.close()


def test_the_hub_is_told_who_we_are_and_nobody_else(
    hub: Any, server: Any, serving: Any, tmp_path: Path, network: Network
) -> None:
    hub.token = "hf_key"
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text("hf_key")
    hub.holds({"data/one.mp4": VIDEO})
    there = f"{hub.endpoint}/datasets/org/name/resolve/{hub.commit}/data/one.mp4"
    source = Hub(repo="org/name")

    seen = source.look(there, network, lambda: None)

    assert seen is not None
    assert (seen.url, seen.bytes) == (there, None)
    server.headers.clear()
    foreign = server.url("/foreign.tar", serving.good()).replace("127.0.0.1", "localhost")
    source.look(foreign, network, lambda: None)
    assert [name for name in server.headers[0] if name.lower() == "authorization"] == []
    with pytest.raises(FetchError) as caught:
        source.look(there.replace("one.mp4", "two.mp4"), network, lambda: None)
    assert caught.value.kind == "not_found"


def test_what_no_http_server_has_cannot_be_looked_at(network: Network) -> None:
    source = Webdataset(path="s3://bucket/x.tar")
    assert source.look("s3://bucket/x.tar", network, lambda: None) is None
