"""The real yt-dlp in its own process, against a real server: what it brings, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from acav1m.media import encode, ffmpeg
from acav1m.net.limits import Limits
from acav1m.net.network import Network
from acav1m.net.outcome import FetchError
from acav1m.net.videos import Video, Way, bring

pytest.importorskip("yt_dlp")
pytestmark = pytest.mark.slow  # yt-dlp takes a second or two to start, each time
SECONDS, RATE_HZ = 30, 16_000


@pytest.fixture(scope="session")
def streams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A film, and its pictures and sound as two files."""
    folder = tmp_path_factory.mktemp("streams")
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 255, (SECONDS * 10, 32, 32, 3), np.uint8)
    sound = rng.normal(0, 0.1, SECONDS * RATE_HZ).astype(np.float32)
    film = folder / "film.mp4"
    encode.write(film, pictures, 10, sound, RATE_HZ)
    for name, options in {"pictures.mp4": ["-an"], "sound.m4a": ["-vn"]}.items():
        command = [ffmpeg.program(), "-v", "error", "-i", film, *options, "-c", "copy"]
        subprocess.run([*map(str, command), str(folder / name)], check=True)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Video]:
    """Bring a video from this machine; nothing but the file may be left of it."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "plugins")

    def made(
        url: str, span: tuple[float, float] | None = None, way: Way | None = None, **limits: Any
    ) -> Video:
        folder = tmp_path / "brought"
        folder.mkdir(exist_ok=True)
        network = Network(
            tmp_path / "gate", limits=Limits(**limits), allow_private=("127.0.0.1/32",)
        )
        try:
            return bring(url, folder, span, way or Way(), network, sleep=lambda _: None)
        finally:
            network.close()
            assert not [p for p in psutil.Process().children() if "ytdlp" in str(p.cmdline())]

    return made


def _sound(path: Path) -> Any:
    """All of a file's sound."""
    form = ["-f", "f32le", "-ac", "1", "-ar", str(RATE_HZ), "-"]
    command = [ffmpeg.program(), "-v", "error", "-i", str(path), "-vn", *form]
    said = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(said, np.float32)


def imitation(server: Any, serving: Any, page: dict[str, Any], name: str = "one") -> str:
    """A page of the imitated site."""
    said = json.dumps(page).encode()
    return str(server.url(f"/imitation/{name}", serving.good(said, "application/json")))


def two_streams(server: Any, serving: Any, streams: dict[str, bytes]) -> dict[str, Any]:
    """Pictures and sound apart, as large sites offer them."""
    pictures = server.url("/p.mp4", serving.good(streams["pictures.mp4"]))
    sound = server.url("/s.m4a", serving.good(streams["sound.m4a"], "audio/mp4"))
    return {
        "duration": SECONDS,
        "formats": [
            {"url": pictures, "format_id": "p", "ext": "mp4", "vcodec": "h264", "acodec": "none"},
            {"url": sound, "format_id": "s", "ext": "m4a", "vcodec": "none", "acodec": "aac"},
        ],
    }


def test_a_plain_file_is_brought_as_it_is(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    url = server.url("/film.mp4", serving.good(streams["film.mp4"]))
    found = fetched(url)
    assert found.path.read_bytes() == streams["film.mp4"]
    assert (found.site, found.begins_s) == ("Generic", None)


def test_both_streams_come_of_one_look_at_the_page(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    url = imitation(server, serving, two_streams(server, serving, streams))
    found = fetched(url)
    assert _sound(found.path).size == pytest.approx(SECONDS * RATE_HZ, abs=2000)
    assert server.asked["/imitation/one"] == 1


@pytest.mark.parametrize("policy", ["section", "auto"])
def test_a_stretch_says_where_it_begins_to_the_sample(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any, tmp_path: Path, policy: Any
) -> None:
    """What is cut from it must be what would have been cut from the whole."""
    url = imitation(server, serving, two_streams(server, serving, streams))
    found = fetched(url, (12.0, 15.0), Way(policy=policy, whole_below_s=10))
    assert found.begins_s is not None
    assert 0 < found.begins_s <= 12
    assert found.path.stat().st_size < len(streams["film.mp4"]) / 2
    (tmp_path / "film.mp4").write_bytes(streams["film.mp4"])
    whole = _sound(tmp_path / "film.mp4")
    part = _sound(found.path)
    at = round((13 - found.begins_s) * RATE_HZ)
    wanted, got = whole[13 * RATE_HZ : 14 * RATE_HZ], part[at - 800 : at + RATE_HZ + 800]
    lag = int(np.argmax(np.correlate(got, wanted, "valid"))) - 800
    assert abs(lag) <= 2


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Private video. Sign in if you've been granted access to this video", "private"),
        ("Video unavailable. This video has been removed by the uploader", "removed"),
        ("Join this channel to get access to members-only content like this video", "members_only"),
    ],
)
def test_what_a_site_complains_of_is_understood(
    server: Any, serving: Any, fetched: Any, message: str, kind: str
) -> None:
    with pytest.raises(FetchError) as raised:
        fetched(imitation(server, serving, {"error": message}))
    assert raised.value.kind == kind
    assert message.partition(".")[0] in raised.value.message


def test_a_bot_check_is_tried_again_and_means_us(server: Any, serving: Any, fetched: Any) -> None:
    url = imitation(server, serving, {"error": "Sign in to confirm you\u2019re not a bot."})
    with pytest.raises(FetchError) as raised:
        fetched(url)
    assert (raised.value.kind, raised.value.us, raised.value.attempts) == ("bot_check", True, 2)
    assert server.asked["/imitation/one"] == 2


@pytest.mark.parametrize(
    ("more", "kind"), [({"is_live": True}, "live"), ({"duration": 900}, "too_long")]
)
def test_what_the_page_says_may_be_enough(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any, more: Any, kind: str
) -> None:
    url = imitation(server, serving, two_streams(server, serving, streams) | more)
    with pytest.raises(FetchError) as raised:
        fetched(url, way=Way(max_duration_s=600))
    assert raised.value.kind == kind
    assert server.asked["/p.mp4"] == 0


@pytest.mark.parametrize(
    ("name", "limits", "kind"),
    [("silent", {"max_s": 4.0}, "timeout"), ("endless", {"max_bytes": 3_000_000}, "too_big")],
)
def test_it_is_ended_when_it_takes_too_much(
    server: Any, serving: Any, fetched: Any, name: str, limits: Any, kind: str
) -> None:
    media = server.url("/x.mp4", getattr(serving, name)())
    url = imitation(server, serving, {"url": media, "ext": "mp4"})
    with pytest.raises(FetchError) as raised:
        fetched(url, **limits)
    assert raised.value.kind == kind


def test_addresses_that_are_not_public_are_refused_before_anything_starts(fetched: Any) -> None:
    with pytest.raises(FetchError, match=r"10\.0\.0\.1, a private address"):
        fetched("http://10.0.0.1/watch")


def test_a_cookies_file_is_used_and_left_as_it_was(
    server: Any, serving: Any, fetched: Any, tmp_path: Path
) -> None:
    cookies = tmp_path / "cookies.txt"
    text = "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tname\tvalue\n"
    cookies.write_text(text)
    with pytest.raises(FetchError):
        fetched(imitation(server, serving, {"error": "x"}), way=Way(cookies=str(cookies)))
    assert server.headers[-1]["Cookie"] == "name=value"
    assert cookies.read_text() == text


BRINGING = """
import sys
from pathlib import Path
from acav1m.net.network import Network
from acav1m.net.videos import Way, bring
folder = Path(sys.argv[2])
network = Network(folder / "gate", allow_private=("127.0.0.1/32",))
bring(sys.argv[1], folder, None, Way(), network)
"""


def test_it_ends_with_the_process_that_wanted_it(server: Any, serving: Any, tmp_path: Path) -> None:
    url = server.url("/x.mp4", serving.silent())
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", BRINGING, url, str(tmp_path)]
    worker = subprocess.Popen(command, env=environment)
    for _ in range(6000):
        if server.asked["/x.mp4"]:
            break
        time.sleep(0.01)
    left = psutil.Process(worker.pid).children(recursive=True)
    assert left
    worker.kill()
    worker.wait()
    _, alive = psutil.wait_procs(left, timeout=20)
    assert alive == []
