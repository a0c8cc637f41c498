"""Tars of samples: what is in them is offered, what should be and is not fails and says why."""

from __future__ import annotations

import io
import json
import sys
import tarfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acav1m.errors import AcavError, ClipError
from acav1m.net.limits import Limits
from acav1m.net.network import Network
from acav1m.sources._reading import OnDisk, Window
from acav1m.sources._tars import headers
from acav1m.sources.webdataset import Webdataset
from acav1m.steps import Candidate, Fetched

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4


def tar(path: Path, members: dict[str, bytes], format: int = tarfile.USTAR_FORMAT) -> Path:
    """Write a tar."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w", format=format) as out:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    return path


def sample(name: str, **said: Any) -> dict[str, bytes]:
    """A video with JSON beside it."""
    return {f"{name}.json": json.dumps(said).encode(), f"{name}.mp4": VIDEO + name.encode()}


def found(source: Webdataset) -> dict[str, Candidate]:
    return {candidate.uri: candidate for candidate in source.candidates()}


def bytes_of(source: Webdataset, candidate: Candidate, folder: Path) -> bytes:
    return source.fetch(candidate, folder).path.read_bytes()


def trouble(source: Webdataset, candidate: Candidate, folder: Path) -> tuple[str, str]:
    with pytest.raises(ClipError) as caught:
        source.fetch(candidate, folder)
    return caught.value.kind, caught.value.message


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """Three tars of two samples each."""
    for n in range(3):
        both = sample(f"{n}a", topic="x", n=n) | sample(f"{n}b", topic=None, score=0.5)
        tar(tmp_path / "shards" / f"s-{n:03}.tar", both | {f"{n}b.txt": b" A dog. \n"})
    return tmp_path / "shards"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("", "s-000 s-001 s-002"),
        ("s-001.tar", "s-001"),
        ("s-{000..001}.tar", "s-000 s-001"),
        ("s-00{0,2}.tar", "s-000 s-002"),
        ("*-{001,002}.*", "s-001 s-002"),
        ("s-00[12].tar", "s-001 s-002"),
    ],
)
def test_tars_are_found_however_they_are_named(shards: Path, path: str, wanted: str) -> None:
    for prefix in ("", "file://"):
        source = Webdataset(path=f"{prefix}{shards}/{path}")
        names = [c.uri.partition(".tar#")[0] for c in source.candidates()]
        assert sorted(set(names)) == wanted.split()
        assert not source.is_remote


def test_a_sample_is_a_video_with_what_lies_beside_it(shards: Path, tmp_path: Path) -> None:
    source = Webdataset(path=str(shards), license="CC0-1.0")
    assert source.columns() == {"topic": str, "n": int, "score": float, "source_caption": str}
    one, two = list(source.candidates())[:2]
    assert (one.uri, two.uri) == ("s-000.tar#0a.mp4", "s-000.tar#0b.mp4")
    nothing: dict[str, Any] = dict.fromkeys(source.columns())
    assert one.metadata == nothing | {"topic": "x", "n": 0}
    assert two.metadata == nothing | {"score": 0.5, "source_caption": "A dog."}
    assert one.license == "CC0-1.0"
    assert bytes_of(source, two, tmp_path) == VIDEO + b"0b"


def test_the_nearest_description_counts(tmp_path: Path) -> None:
    members = sample("My.Film.2020", n=1) | sample("My.Film.2021", n=2)
    path = tar(tmp_path / "x.tar", members | {"c.json": b'{"n": 3}', "c.1080p.webm": VIDEO})
    rows = {c.uri: c.metadata["n"] for c in Webdataset(path=str(path)).candidates()}
    assert rows == {
        "x.tar#My.Film.2020.mp4": 1,
        "x.tar#My.Film.2021.mp4": 2,
        "x.tar#c.1080p.webm": 3,
    }


def test_metadata_may_be_named_with_types_or_left_out(shards: Path) -> None:
    named = Webdataset(path=str(shards), metadata={"n": "str", "new": "list[str]"})
    assert next(c.metadata for c in named.candidates()) == {"n": "0", "new": None}
    none = Webdataset(path=str(shards), metadata={})
    assert none.columns() == {}
    assert {str(c.metadata) for c in none.candidates()} == {"{}"}


def test_a_value_of_another_type_is_named_with_a_fix(tmp_path: Path) -> None:
    path = tar(
        tmp_path / "x.tar", {k: v for n in range(150) for k, v in sample(f"{n}", n=n).items()}
    )
    with tarfile.open(path, "a") as more:
        content = json.dumps({"n": "many"}).encode()
        for name, inside in (("z.json", content), ("z.mp4", VIDEO)):
            info = tarfile.TarInfo(name)
            info.size = len(inside)
            more.addfile(info, io.BytesIO(inside))
    with pytest.raises(AcavError, match=r"x\.tar#z\.mp4: 'n' is \"many\".* metadata: \{n: str\}"):
        found(Webdataset(path=str(path)))


def test_what_the_package_finds_out_itself_is_left_to_it(tmp_path: Path) -> None:
    said = {"clip_id": "a", "duration_s": 3.0, "motion": 0.1, "license": "MIT", "a b": 1, "ok": 1}
    source = Webdataset(path=str(tar(tmp_path / "x.tar", sample("a", **said))))
    assert source.columns() == {"ok": int}
    [candidate] = source.candidates()
    assert candidate.license == "MIT"


@pytest.mark.parametrize("name", ["../../etc/x.mp4", "/abs/x.mp4", "a\n\x1b[31m.mp4", "Клип é.mp4"])
def test_no_name_in_a_tar_leads_anywhere(tmp_path: Path, name: str) -> None:
    path = tar(tmp_path / "in" / "x.tar", {name: VIDEO}, tarfile.PAX_FORMAT)
    source = Webdataset(path=str(path))
    [candidate] = source.candidates()
    into = tmp_path / "out"
    into.mkdir()
    assert bytes_of(source, candidate, into) == VIDEO
    assert [p.name for p in into.iterdir()] == ["source.mp4"]
    assert candidate.uri.isprintable()
    assert str(tmp_path) not in candidate.uri


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_members_are_where_tarfile_finds_them(tmp_path: Path, format: int) -> None:
    long = "d/" + "n" * (60 if format == tarfile.USTAR_FORMAT else 300) + ".mp4"
    path = tar(tmp_path / "x.tar", {"a.mp4": VIDEO, long: VIDEO * 2, "c.json": b"{}"}, format)
    with tarfile.open(path, "a", format=format) as out:
        for name, kind in (("dir", tarfile.DIRTYPE), ("link.mp4", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            out.addfile(info)
    with tarfile.open(path) as again:
        wanted = [(m.name, m.offset_data, m.size) for m in again if not m.isdir()]
    assert [m[:3] for m in headers.members(Window(OnDisk(path)))] == wanted
    source = Webdataset(path=str(path))
    why = trouble(source, found(source)["x.tar#link.mp4"], tmp_path)
    assert why == ("missing", "is a link in its tar, not a file")


def extended(record: bytes) -> bytes:
    """A tar whose one member has an extended header that holds this."""
    before, own = tarfile.TarInfo("before"), tarfile.TarInfo("a.mp4")
    before.type, before.size, own.size = tarfile.XHDTYPE, len(record), len(VIDEO)
    blocks = [before.tobuf(tarfile.USTAR_FORMAT), record, own.tobuf(tarfile.USTAR_FORMAT), VIDEO]
    return b"".join(block + bytes(-len(block) % 512) for block in blocks) + bytes(1024)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (b"14 path=b.mp4\n", "b.mp4"),
        (b"7 a=bc\n" * 140_000, "a.mp4"),  # each is read once
        (b"5015 size=" + b"9" * 5004 + b"\n", "a.mp4"),
        (b"9" * 5000 + b" path=b.mp4\n", None),
        (b"99 path=b.mp4", None),
        (b"3 path=b.mp4\n", None),
        (b"\xff", None),
    ],
)
def test_extended_headers_are_read_or_are_breaks(
    tmp_path: Path, record: bytes, name: str | None
) -> None:
    tar(tmp_path / "0.tar", sample("x"))
    (tmp_path / "1.tar").write_bytes(extended(record))
    source = Webdataset(path=str(tmp_path), metadata={})
    *_, last = source.candidates()
    if name is None:
        assert trouble(source, last, tmp_path)[0] == "broken_tar"
    else:
        assert last.uri == f"1.tar#{name}"
        assert bytes_of(source, last, tmp_path) == VIDEO


def test_halves_of_characters_become_what_tables_can_hold(tmp_path: Path) -> None:
    said = rb'{"topic": "caf\u00e9 \ud83d", "tags": ["\ud83d\ude00", "\udc00"]}'
    path = tar(tmp_path / "x.tar", {"a.json": said, "a.mp4": VIDEO})
    [candidate] = Webdataset(path=str(path)).candidates()
    assert candidate.metadata == {"topic": "café \ufffd", "tags": ["😀", "\ufffd"]}


def test_tars_put_one_behind_the_other_are_read_to_the_end(tmp_path: Path) -> None:
    one, two = tar(tmp_path / "1.tar", sample("a")), tar(tmp_path / "2.tar", sample("b"))
    (tmp_path / "x.tar").write_bytes(one.read_bytes() + two.read_bytes())
    assert list(found(Webdataset(path=str(tmp_path / "x.tar")))) == ["x.tar#a.mp4", "x.tar#b.mp4"]


def _cut(content: bytes, at: int) -> bytes:
    return content[:at]


def _spoilt(content: bytes, at: int) -> bytes:
    return content[:at] + b"\x55" * 512 + content[at + 512 :]


@pytest.mark.parametrize(
    ("spoil", "at", "good", "name", "kind", "why"),
    [
        (_cut, 7000, ["0.mp4"], "#1.mp4", "truncated", "ends inside 1.mp4, at byte 7000"),
        (_cut, 4096, ["0.mp4"], "", "truncated", "without the mark that ends a tar"),
        (_cut, 4200, ["0.mp4"], "", "truncated", "without the mark that ends a tar"),
        (_spoilt, 4096, ["0.mp4"], "", "broken_tar", "damaged at byte 4096"),
        (_spoilt, 1024, ["0.mp4"], "", "broken_tar", "damaged at byte 1024"),
    ],
)
def test_a_break_fails_and_what_is_before_it_is_offered(
    tmp_path: Path, spoil: Any, at: int, good: list[str], name: str, kind: str, why: str
) -> None:
    big = {
        f"{n}{end}": body for n in range(3) for end, body in ((".json", b"{}"), (".mp4", VIDEO * 2))
    }
    path = tar(tmp_path / "x.tar", big)
    path.write_bytes(spoil(path.read_bytes(), at))
    if at == 1024:
        good = []
    tar(tmp_path / "y.tar", sample("whole"))
    source = Webdataset(path=str(tmp_path / "{x,y}.tar"))

    rows = found(source)

    wanted = [*(f"x.tar#{one}" for one in good), f"x.tar{name}", "y.tar#whole.mp4"]
    assert list(rows) == wanted
    told, message = trouble(source, rows[f"x.tar{name}"], tmp_path)
    assert (told, why in message) == (kind, True), message


@pytest.mark.parametrize(
    ("content", "kind", "why"),
    [
        (b"", "broken_tar", "is empty"),
        (b"<html>" * 1000, "broken_tar", "is no tar"),
        (None, "missing", "no such file"),
    ],
)
def test_a_tar_that_is_none_fails_beside_good_ones(
    tmp_path: Path, content: bytes | None, kind: str, why: str
) -> None:
    tar(tmp_path / "a.tar", sample("whole"))
    if content is not None:
        (tmp_path / "b.tar").write_bytes(content)
    source = Webdataset(path=str(tmp_path / "{a,b}.tar"))
    told, message = trouble(source, found(source)["b.tar"], tmp_path)
    assert (told, why in message) == (kind, True)
    with pytest.raises(AcavError, match=rf"holds no videos: b\.tar: .*{why}"):
        found(Webdataset(path=str(tmp_path / "{b,b}.tar")))


def test_samples_that_are_not_whole_say_so(tmp_path: Path) -> None:
    members = {"a.json": b"{}", "a.flac": b"x", "b.json": b"{oh", "b.mp4": VIDEO}
    members |= {"c.json": b"[]", "c.mp4": VIDEO, "d.mp4": b"", "e.txt": b"\xff", "e.mp4": VIDEO}
    source = Webdataset(path=str(tar(tmp_path / "x.tar", members | sample("z"))))
    rows = found(source)
    assert trouble(source, rows["x.tar#a.json"], tmp_path)[0] == "no_media"
    for name in "bce":
        kind, why = trouble(source, rows[f"x.tar#{name}.mp4"], tmp_path)
        assert (kind, f"{name}." in why) == ("bad_metadata", True)
    assert trouble(source, rows["x.tar#d.mp4"], tmp_path)[0] == "not_media"


def test_other_ends_of_names_may_be_media(tmp_path: Path) -> None:
    path = tar(tmp_path / "x.tar", {"a.video": VIDEO, "a.json": b"{}", "b.seg.video": VIDEO})
    assert list(found(Webdataset(path=str(path), media="video"))) == [
        "x.tar#a.video",
        "x.tar#b.seg.video",
    ]
    with pytest.raises(
        AcavError, match=r"holds no videos that end in avi: x\.tar#a\.video: there "
    ):
        list(Webdataset(path=str(path), media="avi", metadata={}).candidates())


def test_compressed_tars_are_refused_with_a_fix(tmp_path: Path) -> None:
    path = tmp_path / "x.tar.gz"
    with tarfile.open(path, "w:gz") as out:
        out.addfile(tarfile.TarInfo("a.mp4"))
    with pytest.raises(AcavError, match=r"x\.tar\.gz is compressed.*gunzip it"):
        Webdataset(path=str(path)).columns()


@pytest.mark.parametrize("path", ["gone.tar", "gone/{one}.tar"])
def test_what_leads_nowhere_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(AcavError, match="neither a tar nor a folder nor a glob"):
        Webdataset(path=str(tmp_path / path)).columns()


def test_a_tar_that_changed_since_is_not_read(shards: Path, tmp_path: Path) -> None:
    source = Webdataset(path=str(shards))
    rows = found(source)
    tar(shards / "s-000.tar", sample("0a") | sample("new"))
    assert trouble(source, rows["s-000.tar#0a.mp4"], tmp_path)[0] == "changed"
    assert found(source)["s-000.tar#0a.mp4"].stamp != rows["s-000.tar#0a.mp4"].stamp


def test_a_long_tar_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as out:
        for n in range(4_000):
            info = tarfile.TarInfo(f"{n:06}.mp4")
            info.size = 16
            out.addfile(info, io.BytesIO(VIDEO[:16]))
            out.members = []  # type: ignore[assignment] # or Python would keep them all
    source = Webdataset(path=str(path), metadata={})
    next(source.candidates())
    tracemalloc.start()
    assert sum(1 for _ in source.candidates()) == 4_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 3_000_000


def test_no_folder_nor_key_is_published() -> None:
    shown = Webdataset(path="/home/me/x-{0..3}.tar").published()
    assert shown["options"]["path"] == "x-{0..3}.tar"
    shown = Webdataset(path="https://host/a/x.tar?sig=key", storage={"key": "key"}).published()
    assert shown["options"]["path"] == "https://host/a/x.tar"
    assert "key" not in json.dumps(shown)
    assert "secret" not in repr(Webdataset(path="s3://b/x.tar", storage={"key": "secret"}))


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path / "gate", allow_private=("127.0.0.1/32",))
    yield made
    made.close()


def _remote(path: str, **options: Any) -> Webdataset:
    source = Webdataset(path=path, **options)
    source.ask_by({"allow_private": ["127.0.0.1/32"], "tries": 1})
    assert source.is_remote
    return source


def _brought(source: Webdataset, one: Candidate, folder: Path, network: Network) -> Fetched:
    folder.mkdir(exist_ok=True)
    return source.bring([one], folder, network, lambda: None)


def test_of_a_tar_on_a_server_only_pieces_come(
    server: Any, serving: Any, tmp_path: Path, network: Network
) -> None:
    big = {k: v for n in range(4) for k, v in sample(f"{n}", n=n).items()}
    big = {k: v * 400 if k.endswith("mp4") else v for k, v in big.items()}
    content = tar(tmp_path / "x.tar", big).read_bytes()
    url = server.url("/x-0.tar", serving.good(content, "application/x-tar"))
    source = _remote(f"{url.removesuffix('0.tar')}{{0..0}}.tar?key=secret")

    rows = list(source.candidates())

    assert [c.uri for c in rows] == [f"{url}#{n}.mp4" for n in range(4)]
    assert [c.metadata for c in rows] == [{"n": n} for n in range(4)]
    assert len(server.headers) <= 2 * (len(rows) + 2), "an answer a sample, twice"
    before = len(server.headers)
    got = _brought(source, rows[2], tmp_path / "in", network)
    assert got.path.read_bytes() == big["2.mp4"]
    assert len(server.headers) == before + 1
    assert got.facts == {"fetched_url": url, "fetched_etag": '"one"'}


@pytest.mark.parametrize("etag", ['"two"', '"one"'])
def test_a_tar_that_changed_on_its_server_is_not_read(
    server: Any, serving: Any, tmp_path: Path, network: Network, etag: str
) -> None:
    content = tar(tmp_path / "x.tar", sample("a")).read_bytes()
    source = _remote(server.url("/x.tar", serving.good(content)))
    [one] = source.candidates()
    server.url("/x.tar", serving.good(content + b"\0" * 512, etag=etag))
    with pytest.raises(ClipError) as caught:
        _brought(source, one, tmp_path / "in", network)
    assert (caught.value.kind, caught.value.transient) == ("changed", True)


@pytest.mark.parametrize("killed", [False, True])
def test_a_piece_that_broke_off_is_gone_on_with(
    server: Any, serving: Any, tmp_path: Path, network: Network, killed: bool
) -> None:
    video = VIDEO * 1500
    content = tar(tmp_path / "x.tar", {"a.mp4": b"other", "b.mp4": video}).read_bytes()
    source = _remote(server.url("/x.tar", serving.good(content)))
    one = list(source.candidates())[1]
    piece = json.loads(one.locator)
    head = (
        b'HTTP/1.1 206 Partial Content\r\nETag: "one"\r\n'
        + f"Content-Length: {len(video)}\r\n".encode()
        + f"Content-Range: bytes {piece['offset']}-{piece['offset'] + len(video) - 1}/".encode()
        + f"{len(content)}\r\n\r\n".encode()
    )
    half = serving.raw(head + video[:900_000], every_s=0.2)
    server.url("/x.tar", half, serving.good(content))
    if killed:  # another process sees what is left on the disk
        network.fetcher.limits = Limits(tries=1)
        with pytest.raises(ClipError, match="bytes came of"):
            _brought(source, one, tmp_path / "in", network)
    got = _brought(source, one, tmp_path / "in", network)
    assert got.path.read_bytes() == video
    first = int(server.headers[-1]["Range"].removeprefix("bytes=").partition("-")[0])
    assert first > piece["offset"] + 800_000


def test_servers_that_cannot_do_it_are_named(server: Any, serving: Any, tmp_path: Path) -> None:
    content = tar(tmp_path / "x.tar", sample("a")).read_bytes()
    whole = server.url("/whole.tar", serving.status(200, content))
    with pytest.raises(AcavError, match=r"whole\.tar: its server gives whole files only"):
        found(_remote(whole, metadata={}))
    ill = server.url("/ill.tar", serving.status(503))
    with pytest.raises(AcavError, match=r"ill\.tar cannot be listed now: .*503.* goes on later"):
        found(_remote(ill))
    gone, good = server.url("/g0.tar", serving.status(404)), serving.good(content)
    server.url("/g1.tar", good)
    source = _remote(gone.replace("0.tar", "{0,1}.tar"))
    assert trouble(source, found(source)[gone], tmp_path)[0] == "not_found"
    with pytest.raises(AcavError, match=r"holds no videos: .*loopback"):
        found(Webdataset(path=whole, metadata={}))


def test_any_store_of_fsspec_will_do(tmp_path: Path, network: Network) -> None:
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    for n in range(2):
        content = tar(tmp_path / "x.tar", sample(f"{n}", n=n)).read_bytes()
        memory.pipe(f"/bucket/s-{n}.tar", content)
    try:
        for path in ("memory://bucket/s-{0..1}.tar", "memory://bucket/*.tar"):
            source = _remote(path)
            rows = list(source.candidates())
            assert [c.metadata["n"] for c in rows] == [0, 1]
            got = _brought(source, rows[1], tmp_path / "in", network)
            assert got.path.read_bytes() == VIDEO + b"1"
        assert rows[1].uri == f"{got.facts['fetched_url']}#1.mp4"
        memory.pipe("/bucket/s-1.tar", content + b"\0" * 512)
        with pytest.raises(ClipError, match="has changed"):
            _brought(source, rows[1], tmp_path / "in", network)
        memory.rm("/bucket/s-1.tar")
        with pytest.raises(ClipError) as caught:
            _brought(source, rows[1], tmp_path / "in", network)
        assert caught.value.kind == "not_found"
    finally:
        memory.rm("/bucket", recursive=True)


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("nostore://x/y.tar", "nostore:// cannot be opened"), ("adl://x/y.tar", "a package more")],
)
def test_a_store_that_is_not_there_is_named(path: str, complaint: str) -> None:
    pytest.importorskip("fsspec")
    with pytest.raises(AcavError, match=complaint):
        Webdataset(path=path).columns()


def test_without_fsspec_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(AcavError, match=r"s3:// needs fsspec: pip install 'acav1m\[hub\]'"):
        Webdataset(path="s3://bucket/x.tar").columns()
