"""Downloads survive a real server that misbehaves, and say the truth when they do not."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import socket
import ssl
import subprocess
from email.message import Message
from pathlib import Path

import pytest

from acav1m.media.probe import probe
from acav1m.net import robots
from acav1m.net.address import Addresses
from acav1m.net.asker import USER_AGENT
from acav1m.net.host import Pace
from acav1m.net.outcome import FetchError

LOCAL = ("127.0.0.1/32",)


@pytest.fixture
def to(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "clip.mp4"


def left(to: Path) -> set[str]:
    """Names of what is in the folder."""
    return {path.name for path in to.parent.iterdir()}


def test_a_file_comes_whole_and_is_described(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.good())
    got = fetcher().fetch(url, to)
    assert to.read_bytes() == serving.MEDIA
    assert got.sha256 == hashlib.sha256(serving.MEDIA).hexdigest()
    assert (got.path, got.bytes, got.attempts) == (to, len(serving.MEDIA), 1)
    assert (got.content_type, got.etag, got.final_url) == ("video/mp4", '"one"', url)
    assert left(to) == {"clip.mp4"}
    asked = server.headers[0]
    assert asked["User-Agent"] == USER_AGENT
    assert asked["Accept-Encoding"] == "identity"
    assert "Range" not in asked


def test_a_real_clip_can_be_opened(server, serving, fetcher, to, clips):
    content = (clips / "d002.mp4").read_bytes()
    fetcher().fetch(server.url("/a.mp4", serving.good(content)), to)
    assert probe(to).sha256 == hashlib.sha256(content).hexdigest()


def test_a_file_of_undeclared_length_comes_whole(server, serving, fetcher, to):
    fetcher().fetch(server.url("/a.mp4", serving.chunked()), to)
    assert to.read_bytes() == serving.MEDIA


@pytest.mark.parametrize(
    ("code", "kind", "tries"),
    [
        (400, "bad_request", 1),
        (401, "private", 1),
        (403, "blocked", 2),
        (404, "not_found", 1),
        (410, "removed", 1),
        (429, "rate_limited", 6),
        (451, "geo_blocked", 1),
        (500, "server_error", 4),
        (503, "server_error", 4),
    ],
)
def test_a_status_is_the_reason_and_only_what_may_pass_is_tried_again(
    server, serving, fetcher, to, code, kind, tries
):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", serving.status(code, b"sorry")), to)
    assert caught.value.kind == kind
    assert str(code) in caught.value.message
    assert (caught.value.attempts, server.asked["/a.mp4"]) == (tries, tries)
    assert left(to) == set()


def test_no_more_tries_are_made_than_are_wanted(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.status(503))
    with pytest.raises(FetchError) as caught:
        fetcher(limits={"tries": 2}).fetch(url, to)
    assert (caught.value.attempts, server.asked["/a.mp4"]) == (2, 2)


def test_a_passing_failure_is_passed(server, serving, fetcher, to, clock):
    url = server.url("/a.mp4", serving.status(500), serving.broken(0), serving.good())
    assert fetcher().fetch(url, to).attempts == 3
    assert to.read_bytes() == serving.MEDIA
    assert len(clock.slept) >= 2


def test_back_off_grows_and_is_jittered(server, serving, fetcher, to, clock):
    url = server.url("/a.mp4", serving.status(500))
    with pytest.raises(FetchError):
        fetcher(jitter=lambda: 1.0).fetch(url, to)
    assert sum(clock.slept) == 1 + 2 + 4
    clock.slept.clear()
    with pytest.raises(FetchError):
        fetcher(jitter=lambda: 0.0).fetch(url, to)
    assert sum(clock.slept) == 0.5 + 1 + 2


@pytest.mark.parametrize("code", [429, 503])
def test_retry_after_is_obeyed_up_to_a_cap(server, serving, fetcher, to, clock, code):
    wanted = serving.status(code, Retry_After="30")
    start_s = clock()
    fetcher().fetch(server.url("/a.mp4", wanted, serving.good()), to)
    assert 30 <= clock() - start_s < 40
    start_s = clock()
    endless = serving.status(code, Retry_After="99999")
    fetcher(Pace(retry_after_cap_s=100)).fetch(server.url("/b.mp4", endless, serving.good()), to)
    assert 100 <= clock() - start_s < 110


def test_signs_of_life_are_given_while_waiting(server, serving, fetcher, to):
    wanted = serving.status(429, Retry_After="30")
    lives: list[int] = []
    url = server.url("/a.mp4", wanted, serving.good())
    fetcher().fetch(url, to, alive=lambda: lives.append(1))
    assert len(lives) >= 30


def test_what_broke_is_gone_on_with(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.broken(700_000), serving.good())
    got = fetcher().fetch(url, to)
    assert to.read_bytes() == serving.MEDIA
    assert got.sha256 == hashlib.sha256(serving.MEDIA).hexdigest()
    assert server.headers[1]["Range"] == "bytes=700000-"
    assert server.headers[1]["If-Range"] == '"one"'
    assert left(to) == {"clip.mp4"}


def test_a_reset_is_gone_on_with_too(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.broken(500_000, reset=True), serving.good())
    fetcher().fetch(url, to)
    assert to.read_bytes() == serving.MEDIA


def test_another_fetcher_goes_on_after_a_kill(server, serving, fetcher, to):
    """What a killed process leaves is what one leaves that gave up."""
    url = server.url("/a.mp4", *[serving.broken(300_000, reset=True)] * 4, serving.good())
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(url, to)
    assert caught.value.kind in ("reset", "truncated")
    assert left(to) == {"clip.mp4.part", "clip.mp4.part.json"}
    there = to.with_name("clip.mp4.part").stat().st_size
    assert there > 0
    got = fetcher().fetch(url, to)
    assert server.headers[-1]["Range"] == f"bytes={there}-"
    assert got.sha256 == hashlib.sha256(serving.MEDIA).hexdigest()
    assert left(to) == {"clip.mp4"}


def test_a_changed_file_is_begun_again(server, serving, fetcher, to):
    other = serving.MEDIA[::-1]
    new = serving.good(other, etag='"two"')
    fetcher().fetch(server.url("/a.mp4", serving.broken(700_000), new), to)
    assert "Range" in server.headers[1]
    assert to.read_bytes() == other


def test_a_server_that_ignores_ranges_is_begun_again(server, serving, fetcher, to):
    async def whole(_):
        from aiohttp import web

        return web.Response(body=serving.MEDIA, headers={"ETag": '"one"'})

    fetcher().fetch(server.url("/a.mp4", serving.broken(700_000), whole), to)
    assert to.read_bytes() == serving.MEDIA


@pytest.mark.parametrize(
    "span", ["bytes 0-1048587/1048588", "bytes 700000-1/7", "nonsense", "pages 700000-1/1048588"]
)
def test_another_part_than_was_asked_for_is_not_taken(server, serving, fetcher, to, span):
    wrong = serving.status(206, serving.MEDIA[:100], Content_Range=span)
    url = server.url("/a.mp4", serving.broken(700_000), wrong, serving.good())
    fetcher().fetch(url, to)
    assert to.read_bytes() == serving.MEDIA
    assert "Range" not in server.headers[2]


def test_a_part_that_was_whole_already_is_taken(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.good())
    to.with_name("clip.mp4.part").write_bytes(serving.MEDIA)
    notes = {"url": url, "validator": '"one"', "total": len(serving.MEDIA)}
    to.with_name("clip.mp4.part.json").write_text(json.dumps(notes))
    got = fetcher().fetch(url, to)
    assert (got.bytes, to.read_bytes()) == (len(serving.MEDIA), serving.MEDIA)


def test_a_part_that_is_too_long_is_begun_again(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.good())
    to.with_name("clip.mp4.part").write_bytes(serving.MEDIA + b"more")
    notes = {"url": url, "validator": '"one"', "total": len(serving.MEDIA)}
    to.with_name("clip.mp4.part.json").write_text(json.dumps(notes))
    fetcher().fetch(url, to)
    assert to.read_bytes() == serving.MEDIA


@pytest.mark.parametrize("notes", ["", "[1]", '{"url": "http://other.example/"}', None])
def test_a_part_of_nobody_knows_what_is_begun_again(server, serving, fetcher, to, notes):
    to.with_name("clip.mp4.part").write_bytes(b"something else")
    if notes is not None:
        to.with_name("clip.mp4.part.json").write_text(notes)
    fetcher().fetch(server.url("/a.mp4", serving.good()), to)
    assert to.read_bytes() == serving.MEDIA
    assert left(to) == {"clip.mp4"}


def test_fewer_bytes_than_declared_are_no_file(server, serving, fetcher, to):
    with pytest.raises(FetchError, match="1000 bytes came of the 1048588 that") as caught:
        fetcher().fetch(server.url("/a.mp4", serving.broken(1000, etag="")), to)
    assert caught.value.kind == "truncated"
    assert caught.value.transient
    assert left(to) == set()


def test_more_bytes_than_declared_are_no_file(server, serving, fetcher, to):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 5000\r\n\r\n"
    with pytest.raises(FetchError, match="more bytes came") as caught:
        fetcher().fetch(server.url("/a.mp4", serving.raw(head + serving.MEDIA[:6000])), to)
    assert caught.value.kind == "truncated"
    assert left(to) == set()


@pytest.mark.parametrize(
    ("content", "content_type", "kind"),
    [
        (b"<!DOCTYPE html><html>gone</html>", "video/mp4", "not_media"),
        (b"  <HTML>" + b"x" * 20_000, "text/html", "not_media"),
        (b'{"error": "expired"}', "application/json", "not_media"),
        (b"#EXTM3U\nhttp://elsewhere.example/", "video/mp4", "not_media"),
        (b"", "video/mp4", "not_media"),
        (b"<html>Please solve this CAPTCHA</html>", "text/html", "bot_check"),
    ],
)
def test_what_is_no_media_is_not_kept(server, serving, fetcher, to, content, content_type, kind):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", serving.good(content, content_type)), to)
    assert caught.value.kind == kind
    assert left(to) == set()


def test_a_page_is_refused_before_the_rest_of_it_comes(server, serving, fetcher, to):
    endless = serving.drip(serving.PAGE + b" " * 10**7, piece=50_000, every_s=0.01)
    with pytest.raises(FetchError, match="web page"):
        fetcher().fetch(server.url("/a.mp4", endless), to)
    assert left(to) == set()


def test_media_under_another_type_is_media(server, serving, fetcher, to):
    fetcher().fetch(server.url("/a.mp4", serving.good(content_type="text/plain")), to)
    assert to.read_bytes() == serving.MEDIA


@pytest.mark.parametrize(
    ("code", "body", "headers"),
    [(403, b"<html>are you not a robot?</html>", {}), (503, b"", {"cf_mitigated": "challenge"})],
)
def test_a_refusal_that_asks_who_we_are_is_a_bot_check(
    server, serving, fetcher, to, code, body, headers
):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", serving.status(code, body, **headers)), to)
    assert caught.value.kind == "bot_check"


def test_never_answering_is_a_timeout(server, serving, fetcher, to):
    with pytest.raises(FetchError) as caught:
        fetcher(limits={"idle_s": 0.1}).fetch(server.url("/a.mp4", serving.silent()), to)
    assert (caught.value.kind, caught.value.attempts) == ("timeout", 3)


def test_dripping_bytes_is_a_timeout(server, serving, fetcher, to):
    limits = {"slow_s": 0.2, "slowest_bytes_per_s": 10_000.0}
    drip = serving.drip(every_s=0.05)
    with pytest.raises(FetchError, match=r"too slowly: \d+ bytes/s over 0.2 s") as caught:
        fetcher(limits=limits).fetch(server.url("/a.mp4", drip), to)
    assert caught.value.kind == "timeout"


def test_dripping_headers_is_a_timeout(server, serving, fetcher, to):
    drip = serving.raw(b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 99, every_s=0.05)
    limits = {"answer_s": 0.3}
    with pytest.raises(FetchError, match="time for it is over") as caught:
        fetcher(limits=limits).fetch(server.url("/a.mp4", drip), to)
    assert caught.value.kind == "timeout"


def test_a_download_has_an_end(server, serving, fetcher, to):
    limits = {"max_s": 0.3, "slowest_bytes_per_s": 0.0}
    for answer in (serving.drip(every_s=0.02), serving.endless()):
        with pytest.raises(FetchError, match="time for it is over") as caught:
            fetcher(limits=limits).fetch(server.url("/a.mp4", answer), to)
        assert caught.value.kind == "timeout"


def test_size_is_limited_by_what_is_declared_and_by_what_comes(server, serving, fetcher, to):
    small = fetcher(limits={"max_bytes": 500_000})
    for answer in (serving.good(), serving.chunked()):
        with pytest.raises(FetchError, match="limit is 500000") as caught:
            small.fetch(server.url("/a.mp4", answer), to)
        assert caught.value.kind == "too_big"
        assert left(to) == set()


def test_a_compressed_body_is_inflated(server, serving, fetcher, to):
    fetcher().fetch(server.url("/a.mp4", serving.compressed(serving.MEDIA)), to)
    assert to.read_bytes() == serving.MEDIA


def test_what_is_no_coding_is_taken_as_it_is(server, serving, fetcher, to):
    told = serving.good(**{"Content-Encoding": "aws-chunked"})
    fetcher().fetch(server.url("/a.mp4", told), to)
    assert to.read_bytes() == serving.MEDIA


def test_a_compressed_bomb_is_defused(server, serving, fetcher, to):
    bomb = serving.MEDIA[:24] + bytes(30 * 10**6)
    with pytest.raises(FetchError, match="bytes inflate to over") as caught:
        fetcher().fetch(server.url("/a.mp4", serving.compressed(bomb)), to)
    assert caught.value.kind == "too_big"
    assert left(to) == set()


def test_a_compressed_page_is_a_page_still(server, serving, fetcher, to):
    with pytest.raises(FetchError, match="web page"):
        fetcher().fetch(server.url("/a.mp4", serving.compressed(serving.PAGE)), to)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda s: s.compressed(s.MEDIA, "br"), "not_media"),
        (lambda s: s.status(200, s.MEDIA, Content_Encoding="gzip"), "truncated"),
        (
            lambda s: s.status(200, gzip.compress(s.MEDIA)[:-9], Content_Encoding="gzip"),
            "truncated",
        ),
    ],
)
def test_what_cannot_be_inflated_is_refused(server, serving, fetcher, to, answer, kind):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", answer(serving)), to)
    assert caught.value.kind == kind


def test_redirects_are_followed(server, serving, fetcher, to):
    end = server.url("/end.mp4", serving.good())
    server.url("/two", serving.redirect("end.mp4", 307))
    got = fetcher().fetch(server.url("/one", serving.redirect("/two", 301)), to)
    assert (got.final_url, got.attempts) == (end, 1)
    assert to.read_bytes() == serving.MEDIA


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.2/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.2]/",
        "http://2130706434/",
        "http://0x7f.2/",
        "file:///etc/passwd",
        "http://user:word@127.0.0.1/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(server, serving, fetcher, to, where):
    with pytest.raises(FetchError, match="may not be fetched") as caught:
        fetcher().fetch(server.url("/a.mp4", serving.redirect(where)), to)
    assert caught.value.kind == "refused_address"
    assert not caught.value.transient
    assert caught.value.attempts == 1


def test_nothing_private_is_asked_at_all(server, serving, fetcher, to):
    url = server.url("/a.mp4", serving.good())
    with pytest.raises(FetchError, match=r"127\.0\.0\.1, a loopback address"):
        fetcher(addresses=Addresses()).fetch(url, to)
    assert not server.asked


def test_a_redirect_loop_ends(server, serving, fetcher, to):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", serving.redirect("/a.mp4")), to)
    assert caught.value.kind == "redirect_loop"
    assert server.asked["/a.mp4"] == 11


def test_the_address_that_was_checked_is_the_one_connected_to(server, serving, fetcher, to):
    """A name that is public when checked and private when connected to would get in."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    url = server.url("/a.mp4", serving.good()).replace("127.0.0.1", "rebinding.example")
    addresses = Addresses(LOCAL, resolve=lambda host, port: next(answers))
    one = fetcher(addresses=addresses)
    one.fetch(url, to)
    assert server.headers[0]["Host"] == f"rebinding.example:{server.port}"
    one._connections.close()
    with pytest.raises(FetchError, match=r"rebinding\.example is at 127\.0\.0\.2"):
        one.fetch(url, to)


def test_a_name_that_is_not_found_is_a_failure_of_dns(fetcher, to):
    def nowhere(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(FetchError, match="Name or service not known") as caught:
        fetcher(addresses=Addresses(resolve=nowhere)).fetch("http://media.example/a.mp4", to)
    assert (caught.value.kind, caught.value.attempts) == ("dns", 3)


def test_nobody_listening_is_a_reset(fetcher, to):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchError, match="refused") as caught:
        fetcher().fetch(f"http://127.0.0.1:{port}/a.mp4", to)
    assert (caught.value.kind, caught.value.attempts) == ("reset", 4)


def test_garbage_is_a_reset(server, serving, fetcher, to):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", serving.raw(b"SSH-2.0-OpenSSH\r\n")), to)
    assert caught.value.kind == "reset"


def test_one_address_that_does_not_answer_leaves_the_others(server, serving, fetcher, to):
    addresses = Addresses(("127.0.0.0/8",), resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    url = server.url("/a.mp4", serving.good()).replace("127.0.0.1", "two.example")
    assert fetcher(addresses=addresses).fetch(url, to).attempts == 1


def test_a_connection_serves_many_files(server, serving, fetcher, to):
    one = fetcher()
    ports = set()

    async def answer(request):
        ports.add(request.transport.get_extra_info("peername")[1])
        return await serving.good()(request)

    for _ in range(5):
        one.fetch(server.url("/a.mp4", answer), to)
    assert len(ports) == 1


def test_a_refusal_leaves_the_connection_for_others(server, serving, fetcher, to):
    one = fetcher()
    ports = []

    async def answer(request):
        ports.append(request.transport.get_extra_info("peername")[1])
        return await serving.status(404, b"none here")(request)

    for _ in range(3):
        with pytest.raises(FetchError, match="404"):
            one.fetch(server.url("/a.mp4", answer), to)
    assert len(ports) == 3
    assert len(set(ports)) == 1


def test_a_used_connection_that_was_closed_costs_no_try(server, serving, fetcher, to):
    one = fetcher()
    one.fetch(server.url("/a.mp4", serving.good()), to)
    gone = server.url("/b.mp4", serving.raw(b""), serving.good())
    assert one.fetch(gone, to).attempts == 1
    assert server.asked["/b.mp4"] == 2


@pytest.mark.parametrize(
    "line",
    [
        "noai",
        "noimageai",
        "noindex",
        "all, noai",
        "NoAI",
        "none",
        "acav1m: noai",
        "unavailable_after: Wed, 03 Dec 2025 13:09:53 GMT, noai",
    ],
)
def test_a_server_that_asks_not_to_be_used_is_not(server, serving, fetcher, to, line):
    url = server.url("/a.mp4", serving.good(**{"X-Robots-Tag": line}))
    with pytest.raises(FetchError, match="X-Robots-Tag") as caught:
        fetcher().fetch(url, to)
    assert (caught.value.kind, caught.value.transient) == ("noai", False)
    assert left(to) == set()
    assert fetcher(respect_noai=False).fetch(url, to).bytes == len(serving.MEDIA)


@pytest.mark.parametrize(
    "line",
    ["all", "nofollow", "otherbot: noai", "otherbot: all, noai", "max-snippet: 5, nosnippet"],
)
def test_what_is_said_to_others_or_of_something_else_does_not_count(line):
    headers = Message()
    headers["X-Robots-Tag"] = line
    assert robots.refusal(headers) is None


def test_every_line_counts_and_so_does_the_tdm_protocol():
    headers = Message()
    headers["X-Robots-Tag"] = "otherbot: noai"
    headers["X-Robots-Tag"] = "noai"
    assert robots.refusal(headers) == "X-Robots-Tag: noai"
    reserved = Message()
    reserved["tdm-reservation"] = "1"
    assert robots.refusal(reserved) == "TDM-Reservation: 1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """Key and certificate of media.example, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "media.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=media.example", "-addext", "subjectAltName=DNS:media.example"]
    files = ["-keyout", path, "-out", path.with_suffix(".crt")]
    subprocess.run([*make, *names, *files], check=True, capture_output=True)
    with path.open("ab") as file:
        file.write(path.with_suffix(".crt").read_bytes())
    return path


def test_tls_proves_the_name_though_an_address_is_connected_to(
    serving, fetcher, to, certificate, clock
):
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate)
    names = []
    ours.sni_callback = lambda sock, name, context: names.append(name)
    theirs = ssl.create_default_context(cafile=str(certificate))
    addresses = Addresses(LOCAL, resolve=lambda host, port: ["127.0.0.1"])
    one = fetcher(addresses=addresses, tls=theirs, limits={"idle_s": 0.5})
    with serving.Server(ours) as server:
        server.url("/a.mp4", serving.broken(400_000), serving.good())
        got = one.fetch(f"https://media.example:{server.port}/a.mp4", to)
        assert got.sha256 == hashlib.sha256(serving.MEDIA).hexdigest()
        assert set(names) == {"media.example"}
        with pytest.raises(FetchError) as caught:
            one.fetch(f"https://other.example:{server.port}/a.mp4", to)
        assert (caught.value.kind, caught.value.transient) == ("bad_certificate", True)
        server.url("/b.mp4", serving.silent())
        with pytest.raises(FetchError, match=r"no byte for 0\.5 s"):
            one.fetch(f"https://media.example:{server.port}/b.mp4", to)
        plain = f"http://media.example:{server.port}/a.mp4"
        with pytest.raises(FetchError) as caught:
            one.fetch(plain, to)
        assert caught.value.kind in ("reset", "bad_request")


@pytest.mark.parametrize(
    ("location", "message"),
    [
        (
            "http://10.0.0.1/",
            "the address may not be fetched: 10.0.0.1, a private address; network.allow_private "
            "(--allow-private) allows it; a redirect led to 10.0.0.1",
        ),
        (
            "file:///etc/passwd",
            "the address may not be fetched: the scheme is file; http and https may be "
            "fetched; a redirect leads there",
        ),
    ],
)
def test_a_failure_says_that_a_redirect_led_to_it(server, serving, fetcher, to, location, message):
    with pytest.raises(FetchError) as caught:
        fetcher().fetch(server.url("/a.mp4", serving.redirect(location)), to)
    assert (caught.value.kind, caught.value.message) == ("refused_address", message)
