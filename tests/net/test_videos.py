"""The real yt-dlp in its own process, against a real server: what it brings, and how it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from acav1m.errors import AcavError
from acav1m.media import encode, ffmpeg
from acav1m.net.limits import Limits
from acav1m.net.network import Network
from acav1m.net.outcome import FetchError
from acav1m.net.videos import Seen, Video, Way, bring, look

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
        url: str,
        span: tuple[float, float] | None = None,
        way: Way | None = None,
        opted_out: Callable[[Iterable[str]], str | None] | None = None,
        **limits: Any,
    ) -> Video:
        folder = tmp_path / "brought"
        folder.mkdir(exist_ok=True)
        network = Network(
            tmp_path / "gate", limits=Limits(**limits), allow_private=("127.0.0.1/32",)
        )
        network.opted_out = opted_out
        try:
            return bring(url, folder, span, way or Way(), network, sleep=lambda _: None)
        finally:
            network.close()
            assert not [p for p in psutil.Process().children() if "ytdlp" in str(p.cmdline())]

    return made


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Seen]:
    """Look at a video of this machine."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "plugins")

    def made(url: str, way: Way | None = None) -> Seen:
        network = Network(tmp_path / "gate", allow_private=("127.0.0.1/32",))
        try:
            return look(url, way or Way(), network, sleep=lambda _: None)
        finally:
            network.close()

    return made


@pytest.fixture
def other() -> Iterator[socket.socket]:
    """Somebody at an address of this machine that is not allowed."""
    with socket.create_server(("127.0.0.2", 0)) as listening:
        listening.setblocking(False)
        yield listening


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


def test_a_folder_may_be_named_from_the_present_one(
    server: Any, serving: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    network = Network(Path("gate"), allow_private=("127.0.0.1/32",))
    url = server.url("/x.mp4", serving.good())
    found = bring(url, Path("folder"), None, Way(), network)
    network.close()
    assert found.path == Path("folder/source.mp4")
    assert found.path.read_bytes() == serving.MEDIA


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
    ("stretches", "wholes", "longest_s", "stretch"),
    [(1.0, 100.0, None, False), (1.0, 100.0, 20.0, True), (50.0, 100.0, None, True)],
)
def test_the_whole_is_brought_where_it_is_sooner_there(
    server: Any,
    serving: Any,
    streams: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stretches: float,
    wholes: float,
    longest_s: float | None,
    stretch: bool,
) -> None:
    """5 s of 30 s, at so many seconds of media a second."""
    monkeypatch.syspath_prepend(Path(__file__).parent / "plugins")
    url = imitation(server, serving, two_streams(server, serving, streams))
    network = Network(tmp_path / "gate", allow_private=("127.0.0.1/32",))
    host = f"127.0.0.1:{server.port}"
    network.speeds.came(host, stretches, 1.0, whole=False)
    network.speeds.came(host, wholes, 1.0, whole=True)
    way = Way(whole_below_s=10, max_duration_s=longest_s)
    found = bring(url, tmp_path, (12.0, 15.0), way, network)
    network.close()
    assert (found.begins_s is not None) is stretch
    known = {True: wholes, False: stretches}
    assert network.speeds.of(host, whole=stretch) == known[stretch]  # the other one did not come
    assert network.speeds.of(host, whole=not stretch) != known[not stretch]


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
    [("silent", {"max_s": 2.0}, "timeout"), ("endless", {"max_bytes": 3_000_000}, "too_big")],
)
def test_it_is_ended_when_it_takes_too_much(
    server: Any, serving: Any, fetched: Any, name: str, limits: Any, kind: str
) -> None:
    media = server.url("/x.mp4", getattr(serving, name)())
    url = imitation(server, serving, {"url": media, "ext": "mp4"})
    with pytest.raises(FetchError) as raised:
        fetched(url, **limits)
    assert raised.value.kind == kind


def test_what_is_put_together_counts_once(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    url = imitation(server, serving, two_streams(server, serving, streams))
    size = fetched(url).path.stat().st_size
    (fetched(url).path).unlink()
    assert fetched(url, max_bytes=size).path.stat().st_size == size
    with pytest.raises(FetchError) as raised:
        fetched(url, max_bytes=size - 1)
    assert raised.value.kind == "too_big"


def test_what_is_left_of_another_stretch_is_not_taken_for_this_one(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    url = imitation(server, serving, two_streams(server, serving, streams))
    early = fetched(url, (5.0, 6.0), Way(policy="section"))
    late = fetched(url, (12.0, 15.0), Way(policy="section"))
    late.path.with_name("source-11.0-16.0.fp.mp4.part").write_bytes(b"cut off" * 1000)
    whole = fetched(url, (12.0, 15.0), Way(policy="whole"))
    assert early.begins_s < 6 < 10 < late.begins_s
    assert whole.begins_s is None
    assert len(_sound(whole.path)) >= SECONDS * RATE_HZ


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


WHOSE = {
    "channel_id": "UC1",
    "channel": "A Channel",
    "uploader_id": "@handle",
    "uploader": "A Channel",
    "uploader_url": "https://site.example/@handle",
    "creators": ["A Channel", "A Guest"],
}
NAMES = ("UC1", "@handle", "A Channel", "https://site.example/@handle", "A Guest")


def test_what_a_page_says_comes_with_the_video(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    page = two_streams(server, serving, streams) | WHOSE | {"license": "by-sa"}
    found = fetched(imitation(server, serving, page))
    assert (found.id, found.site, found.duration_s) == ("one", "Imitation", SECONDS)
    assert (found.license, found.uploader, found.names) == ("by-sa", "UC1", NAMES)


@pytest.mark.parametrize(("span", "policy"), [(None, "whole"), ((12.0, 15.0), "section")])
def test_nothing_is_brought_of_whose_owner_opted_out(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any, span: Any, policy: Any
) -> None:
    url = imitation(server, serving, two_streams(server, serving, streams) | WHOSE)
    asked = []

    def opted_out(names: Iterable[str]) -> str | None:
        asked.append(tuple(names))
        return "is in no.txt, line 3"

    with pytest.raises(FetchError) as raised:
        fetched(url, span, Way(policy=policy), opted_out)
    assert (raised.value.kind, raised.value.message) == ("opted_out", "is in no.txt, line 3")
    assert asked == [NAMES]
    assert server.asked == {"/imitation/one": 1}


def test_who_did_not_opt_out_is_brought(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    url = imitation(server, serving, two_streams(server, serving, streams) | WHOSE)
    assert fetched(url, opted_out=lambda _: None).path.exists()


def test_a_failure_of_the_one_who_is_asked_is_not_swallowed(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    def opted_out(_: Iterable[str]) -> str | None:
        raise AcavError("the list is gone")

    with pytest.raises(AcavError, match="the list is gone"):
        fetched(
            imitation(server, serving, two_streams(server, serving, streams)), None, None, opted_out
        )


def test_a_look_asks_for_no_media(
    server: Any, serving: Any, streams: dict[str, bytes], seen: Any
) -> None:
    page = two_streams(server, serving, streams) | WHOSE | {"license": "by-sa"}
    found = seen(imitation(server, serving, page), Way(max_duration_s=1, format="webm"))
    assert found == Seen("one", "Imitation", found.page, SECONDS, "by-sa", "UC1", NAMES)
    assert server.asked == {"/imitation/one": 1}


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ({"error": "Video unavailable. This video has been removed by the uploader"}, "removed"),
        ({"url": "http://127.0.0.1:1/x.mp4", "is_live": True}, "live"),
    ],
)
def test_a_look_fails_as_a_download_would(
    server: Any, serving: Any, seen: Any, page: Any, kind: str
) -> None:
    with pytest.raises(FetchError) as raised:
        seen(imitation(server, serving, page))
    assert raised.value.kind == kind


@pytest.mark.parametrize("how", ["fetched", "seen"])
def test_a_page_of_several_videos_is_refused_before_any_is_brought(
    server: Any, serving: Any, streams: dict[str, bytes], how: str, request: Any
) -> None:
    films = [
        server.url(f"/{name}.mp4", serving.good(streams["film.mp4"])) for name in ("a", "b", "c")
    ]
    with pytest.raises(FetchError, match="several videos") as raised:
        request.getfixturevalue(how)(imitation(server, serving, {"videos": films}))
    assert raised.value.kind == "not_media"
    assert server.asked == {"/imitation/one": 1, "/a.mp4": 1}  # to see what that is


def test_a_film_with_a_hole_is_not_brought(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any
) -> None:
    here = server.url("/a.mp4", serving.good(streams["film.mp4"]))
    gone = server.url("/b.mp4", serving.status(404))
    listed = f"#EXTM3U\n#EXTINF:30,\n{here}\n#EXTINF:30,\n{gone}\n#EXT-X-ENDLIST\n"
    media = server.url("/x.m3u8", serving.good(listed.encode(), "application/x-mpegurl"))
    with pytest.raises(FetchError) as raised:
        fetched(imitation(server, serving, {"url": media, "ext": "mp4", "protocol": "m3u8_native"}))
    assert raised.value.kind == "not_found"


def leading(server: Any, serving: Any, to: str, how: str) -> str:
    """A page that leads to an address in some way."""
    stream = {"format_id": "x", "ext": "mp4", "vcodec": "h264", "acodec": "aac"}
    match how:
        case "the page redirects":
            return str(server.url("/watch", serving.redirect(to)))
        case "what is asked for as a browser would redirects":
            pytest.importorskip("curl_cffi")
            at = server.url("/x.js", serving.redirect(to))
            return imitation(server, serving, {"guised": at, "url": at})
        case "what the page asks for redirects":
            return str(server.url("/imitation/one", serving.redirect(to)))
        case "the stream is there":
            return imitation(server, serving, {"duration": 30, "formats": [stream | {"url": to}]})
        case "the stream redirects":
            at = server.url("/x.mp4", serving.redirect(to))
            return imitation(server, serving, {"duration": 30, "formats": [stream | {"url": at}]})
    segments = f"#EXTM3U\n#EXT-X-TARGETDURATION:30\n#EXTINF:30,\n{to}\n#EXT-X-ENDLIST\n"
    at = server.url("/x.m3u8", serving.good(segments.encode(), "application/x-mpegurl"))
    formats = [stream | {"url": at, "protocol": "m3u8_native"}]
    return imitation(server, serving, {"duration": 30, "formats": formats})


PAGES = ["the page redirects", "what the page asks for redirects"]
PAGES += ["what is asked for as a browser would redirects"]
STREAMS = ["the stream is there", "the stream redirects", "a segment is there"]


@pytest.mark.parametrize(
    ("how", "policy"),
    [*((how, "whole") for how in PAGES + STREAMS), *((how, "section") for how in STREAMS)],
)
def test_no_way_leads_to_an_address_that_is_not_public(
    server: Any, serving: Any, fetched: Any, other: Any, how: str, policy: Any
) -> None:
    """Pages and whole videos come by Python, stretches by ffmpeg."""
    to = f"http://127.0.0.2:{other.getsockname()[1]}/x.mp4"
    with pytest.raises(FetchError) as raised:
        fetched(leading(server, serving, to, how), (12.0, 15.0), Way(policy=policy))
    assert raised.value.kind == "refused_address"
    assert "127.0.0.2, a loopback address" in raised.value.message
    with pytest.raises(BlockingIOError):
        other.accept()


@pytest.mark.parametrize(
    ("to", "why", "policy"),
    [
        ("http://169.254.169.254/latest", "169.254.169.254, a link-local address", "whole"),
        ("https://10.0.0.1/x.mp4", "10.0.0.1, a private address", "section"),
        ("rtmp://127.0.0.1/x", "scheme is rtmp", "section"),
        ("file:///etc/passwd", "scheme is file", "whole"),
    ],
)
def test_streams_lead_to_the_public_web_only(
    server: Any, serving: Any, fetched: Any, to: str, why: str, policy: Any
) -> None:
    url = leading(server, serving, to, "the stream is there")
    with pytest.raises(FetchError) as raised:
        fetched(url, (12.0, 15.0), Way(policy=policy))
    assert raised.value.kind == "refused_address"
    assert why in raised.value.message


@pytest.mark.parametrize(
    ("code", "kind"), [(403, "blocked"), (404, "not_found"), (503, "server_error")]
)
def test_why_a_stretch_failed_is_what_ffmpeg_was_answered(
    server: Any, serving: Any, fetched: Any, code: int, kind: str
) -> None:
    media = server.url("/x.mp4", serving.status(code))
    with pytest.raises(FetchError) as raised:
        fetched(
            leading(server, serving, media, "the stream is there"), (12.0, 15.0), Way("section")
        )
    assert raised.value.kind == kind
    assert str(code) in raised.value.message


@pytest.mark.parametrize("policy", ["whole", "section"])
def test_a_proxy_of_the_users_own_looks_the_names_up(
    server: Any, serving: Any, streams: dict[str, bytes], fetched: Any, policy: Any
) -> None:
    """The server stands for a proxy: it is asked for whole URLs of a host without an address."""
    proxy = server.url("/p.mp4", serving.good(streams["film.mp4"])).removesuffix("/p.mp4")
    said = {"duration": 30, "url": "http://media.invalid/p.mp4", "ext": "mp4"}
    server.url("/imitation/one", serving.good(json.dumps(said).encode(), "application/json"))
    way = Way(policy=policy, more={"proxy": proxy})
    found = fetched("http://media.invalid/imitation/one", (12.0, 15.0), way)
    assert found.path.stat().st_size > 1000
    assert {one["Host"] for one in server.headers} == {"media.invalid"}


def test_past_a_proxy_that_ffmpeg_does_not_use_nothing_is_brought(
    server: Any,
    serving: Any,
    streams: dict[str, bytes],
    fetched: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A proxy for https alone: yt-dlp goes directly to http, and the whole comes by yt-dlp."""
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    url = imitation(server, serving, two_streams(server, serving, streams))
    assert fetched(url, (12.0, 15.0), Way(policy="section")).begins_s is None


ECHOED = {
    "ratelimit": 50_000_000,
    "sleep_interval": 0.1,
    "max_sleep_interval": 0.2,
    "sleep_interval_requests": 0.1,
    "format_sort": ["res:144"],
    "format": "b",
    "retries": 1,
    "js_runtimes": {"node": {"path": "/opt/node"}},
    "http_headers": {"X-Own": "yes"},
}


def test_options_reach_yt_dlp_and_arguments_its_extractors(
    server: Any, serving: Any, seen: Any
) -> None:
    asked = {"options": [*ECHOED], "arguments": ["player_client", "po_token"]}
    page = {"url": "http://127.0.0.1:1/x.mp4", "ext": "mp4", "echo": asked}
    arguments = {"player_client": ["web", "tv"], "po_token": ["web.gvs+KEY"]}
    way = Way(
        format="b",
        format_sort=("res:144",),
        more={
            **{name: value for name, value in ECHOED.items() if not name.startswith("format")},
            "extractor_args": {"imitation": arguments},
        },
    )
    said = json.loads(seen(imitation(server, serving, page), way).license)
    assert said.pop("format") == "b*/bv*/ba*"  # a look takes any
    assert said.pop("http_headers")["X-Own"] == "yes"
    assert (
        said == {n: v for n, v in ECHOED.items() if n not in ("format", "http_headers")} | arguments
    )
    assert server.headers[-1]["X-Own"] == "yes"


def test_an_option_that_the_library_does_not_have_is_named(
    server: Any, serving: Any, seen: Any
) -> None:
    url = imitation(server, serving, {"error": "x"})
    with pytest.raises(
        AcavError, match="no option 'rate_limit'; did you mean 'ratelimit'"
    ) as raised:
        seen(url, Way(more={"rate_limit": 5}))
    assert not isinstance(raised.value, FetchError)


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
