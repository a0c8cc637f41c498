"""What the library is given; that it gets there is tried in `test_videos`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acav1m.errors import AcavError
from acav1m.net.ytdlp.options import FFMPEG, OURS, Notes, options

pytest.importorskip("yt_dlp")


def given(folder: Path, direct: bool = True, **task: Any) -> dict[str, Any]:
    whole = {"format": "b", "format_sort": ["ext"], "max_bytes": 5, "cookies": None, "more": {}}
    return options({"folder": str(folder), **whole, **task}, Notes(), direct=direct)


def test_the_users_own_options_come_last(tmp_path: Path) -> None:
    assert given(tmp_path)["retries"] == 3
    assert given(tmp_path, more={"retries": 9})["retries"] == 9


def test_what_ffmpeg_may_open_stays_when_it_is_told_more(tmp_path: Path) -> None:
    more = {"external_downloader_args": {"default": ["-x"]}}
    assert given(tmp_path, more=more)["external_downloader_args"] == {**FFMPEG, "default": ["-x"]}


def test_no_proxy_is_used_but_the_users(tmp_path: Path) -> None:
    assert given(tmp_path)["proxy"] == ""
    assert "proxy" not in given(tmp_path, direct=False)
    assert given(tmp_path, direct=False, more={"proxy": "http://x"})["proxy"] == "http://x"


def test_cookies_are_copied_for_nobody_else_to_read(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("secret")
    copy = Path(given(tmp_path, cookies=str(tmp_path / "mine"))["cookiefile"])
    assert copy.read_text() == "secret"
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "hint"), [("rate_limit", "; did you mean 'ratelimit'?"), ("qqqq", "$")]
)
def test_an_option_that_there_is_not_is_named(tmp_path: Path, name: str, hint: str) -> None:
    with pytest.raises(AcavError, match=f"no option '{name}'{hint.replace('?', '[?]')}"):
        given(tmp_path, more={name: 1})


@pytest.mark.parametrize("name", sorted(OURS))
def test_where_files_go_and_what_runs_is_not_the_users(tmp_path: Path, name: str) -> None:
    with pytest.raises(AcavError, match=f"'{name}' is not to be changed"):
        given(tmp_path, more={name: "x"})
