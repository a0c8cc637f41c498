"""What is made of a page's facts."""

from __future__ import annotations

from typing import Any

import pytest

from acav1m.net.ytdlp import page
from acav1m.net.ytdlp.page import Refused


@pytest.mark.parametrize(
    "info", [{"is_live": True}, {"live_status": "is_upcoming"}, {"live_status": "post_live"}]
)
def test_broadcasts_are_no_videos_yet(info: dict[str, Any]) -> None:
    with pytest.raises(Refused) as raised:
        page.check(info)
    assert raised.value.kind == "live"


@pytest.mark.parametrize("info", [{}, {"live_status": "was_live"}, {"n_entries": 1}])
def test_a_video_is_one(info: dict[str, Any]) -> None:
    page.check(info)


def test_the_only_entry_is_the_video() -> None:
    assert page.only({"entries": [None, {"id": "x"}]}) == {"id": "x"}
    assert page.only({"id": "x"}) == {"id": "x"}
    assert page.only(None) == {}


def test_every_stream_must_come_by_the_web() -> None:
    fine, other = {"url": "HTTPS://host/x"}, {"url": "rtmp://host/x"}
    page.check_streams({"requested_formats": [fine, fine]})
    with pytest.raises(Refused, match="scheme is rtmp"):
        page.check_streams({"requested_formats": [fine, other]})


def test_an_uploader_is_named_once_in_each_way_and_by_its_most_lasting_id() -> None:
    info = {"channel": "A", "uploader": "A", "uploader_id": "@a", "channel_id": "UC1", "id": 1}
    said = page.said(info | {"creators": ["B", "A"]})
    assert said["names"] == ["UC1", "@a", "A", "B"]
    assert said["uploader"] == "UC1"
    assert page.said({"uploader_id": "@a"})["uploader"] == "@a"
    assert page.said({"uploader_url": "https://x/a", "uploader": "A"})["uploader"] == "https://x/a"
    assert page.said({"uploader": "A"})["uploader"] is None  # a name that others may bear, too
