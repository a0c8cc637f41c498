"""Parts of a file come as they were asked for, of the copy that was listed, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from acav1m.errors import ClipError
from acav1m.net.http import Fetcher
from acav1m.net.stretch import Copy, Stretch, read

CONTENT = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 100
COPY = Copy(len(CONTENT), '"one"')


def bring(one: Fetcher, url: str, to: Path, offset: int, length: int, copy: Copy = COPY) -> bytes:
    """Fetch a stretch into a file."""
    return one.fetch(url, to, part=Stretch(to, url, offset, length, copy)).path.read_bytes()


@pytest.mark.parametrize(("offset", "length"), [(0, 50), (100, 5000), (len(CONTENT) - 9, 9)])
def test_just_these_bytes_come(
    server: Any,
    serving: Any,
    fetcher: Callable[..., Fetcher],
    tmp_path: Path,
    offset: int,
    length: int,
) -> None:
    url, one = server.url("/x", serving.good(CONTENT)), fetcher()
    wanted = CONTENT[offset : offset + length]
    assert bring(one, url, tmp_path / "x", offset, length) == wanted
    assert read(one, url, offset, length) == (wanted, COPY, url)
    assert {h["Range"] for h in server.headers} == {f"bytes={offset}-{offset + length - 1}"}


def test_beyond_the_end_there_is_less_or_nothing(
    server: Any, serving: Any, fetcher: Callable[..., Fetcher], tmp_path: Path
) -> None:
    url, one = server.url("/x", serving.good(CONTENT)), fetcher()
    assert read(one, url, len(CONTENT) - 5, 100).content == CONTENT[-5:]
    assert read(one, url, len(CONTENT), 100) == (b"", Copy(len(CONTENT), None), url)
    with pytest.raises(ClipError, match="another part than was asked for"):
        bring(one, url, tmp_path / "x", len(CONTENT), 10)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("whole", "bad_request"), ("other", "changed"), ("longer", "changed"), ("gone", "not_found")],
)
def test_what_is_not_that_part_of_that_copy_is_refused(
    server: Any, serving: Any, fetcher: Callable[..., Fetcher], tmp_path: Path, name: str, kind: str
) -> None:
    answers = {
        "whole": serving.status(200, CONTENT, ETag='"one"'),
        "other": serving.good(CONTENT, etag='"two"'),
        "longer": serving.good(CONTENT + b"x"),
        "gone": serving.status(404),
    }
    url, one = server.url("/x", answers[name]), fetcher()
    for ask in (
        lambda: bring(one, url, tmp_path / "x", 100, 200),
        lambda: read(one, url, 100, 200, COPY),
    ):
        with pytest.raises(ClipError) as caught:
            ask()
        assert caught.value.kind == kind
    assert not (tmp_path / "x").exists()


def test_a_part_that_is_another_is_asked_for_again(
    server: Any, serving: Any, fetcher: Callable[..., Fetcher], tmp_path: Path
) -> None:
    wrong = serving.status(
        206, CONTENT[:200], Content_Range=f"bytes 0-199/{len(CONTENT)}", ETag='"one"'
    )
    url = server.url("/x", wrong, wrong, serving.good(CONTENT))
    assert read(fetcher(), url, 100, 200, COPY).content == CONTENT[100:300]
    url = server.url("/x", wrong, serving.good(CONTENT))
    assert bring(fetcher(), url, tmp_path / "x", 100, 200) == CONTENT[100:300]


def test_what_is_no_media_is_refused_only_where_it_should_be_some(
    server: Any, serving: Any, fetcher: Callable[..., Fetcher], tmp_path: Path
) -> None:
    text = b"a line of text\n" * 1000
    url, one, copy = server.url("/x", serving.good(text)), fetcher(), Copy(len(text), '"one"')
    with pytest.raises(ClipError, match="is a text file"):
        bring(one, url, tmp_path / "x", 15, 150, copy)
    part = Stretch(tmp_path / "x", url, 15, 150, copy, is_media=False)
    assert one.fetch(url, tmp_path / "x", part=part).bytes == 150


def test_keys_go_to_the_first_host_alone(
    server: Any, serving: Any, fetcher: Callable[..., Fetcher]
) -> None:
    with serving.Server() as other:
        away = other.url("/away", serving.redirect(f"http://127.0.0.1:{server.port}/back"))
        server.url("/x", serving.redirect(away))
        url = server.url("/back", serving.good(CONTENT)).replace("/back", "/x")
        came = read(fetcher(), url, 0, 10, None, {"Authorization": "Bearer key"})
        assert came.content == CONTENT[:10]
        assert "Authorization" not in other.headers[0], "another port is another host"
        assert [h.get("Authorization") for h in server.headers] == ["Bearer key", None]
