"""Datasets of the Hub: the real client and our own fetcher against a server that answers as it."""

from __future__ import annotations

import io
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.errors import AcavError, ClipError
from acav1m.net.network import Network
from acav1m.sources.hub import Hub
from acav1m.steps import Candidate, Fetched

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 4
HERE = ["127.0.0.1/32", "::1/128"]


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    made = Network(tmp_path / "gate", allow_private=tuple(HERE))
    yield made
    made.close()


def made(**options: Any) -> Hub:
    source = Hub(repo="org/name", **options)
    source.ask_by({"allow_private": HERE, "tries": 1})
    return source


def brought(source: Hub, one: Candidate, folder: Path, network: Network) -> Fetched:
    inside = folder / str(abs(hash(one.uri)))
    inside.mkdir(parents=True, exist_ok=True)
    return source.bring([one], inside, network, lambda: None)


def tar(**members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as file:
        for name, content in members.items():
            info = tarfile.TarInfo(name.replace("_", "."))
            info.size = len(content)
            file.addfile(info, io.BytesIO(content))
    return out.getvalue()


def parquet(table: pa.Table, **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out, **options)
    return out.getvalue()


def test_tars_are_read_where_they_lie(hub: Any, tmp_path: Path, network: Network) -> None:
    hub.token = "hf_key"
    hub.gated = "auto"
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text("hf_key")
    hub.holds(
        {
            "data/train-0.tar": tar(a_json=b'{"n": 1}', a_mp4=VIDEO),
            "data/test-0.tar": tar(b_mp4=VIDEO),
            "README.md": b"about",
        }
    )
    source = made(split="train")

    [one] = source.candidates()

    assert one.uri == "hf://datasets/org/name/data/train-0.tar#a.mp4"
    assert one.metadata == {"n": 1}
    got = brought(source, one, tmp_path, network)
    assert got.path.read_bytes() == VIDEO
    commit = hub.commit
    wanted = f"{hub.endpoint}/datasets/org/name/resolve/{commit}/data/train-0.tar"
    assert got.facts["fetched_url"] == wanted
    assert source.published()["commit"] == commit
    for headers in hub.server.headers:
        named = {name.lower() for name in headers}
        is_hub = headers["Host"].startswith("127.0.0.1")
        assert is_hub or "authorization" not in named, "the token is the Hub's alone"
    said = json.dumps([source.published(), source.identity(), dict(got.facts), one.__dict__])
    assert "hf_key" not in said
    assert "secret" not in said


def test_where_a_file_is_redirected_to_is_asked_from_then_on(hub: Any) -> None:
    members = {f"{n}_mp4": VIDEO * 1000 for n in range(6)}
    hub.holds({"x.tar": tar(**members)})
    source = made(metadata={})
    assert len(list(source.candidates())) == 6
    assert hub.server.asked[f"/datasets/org/name/resolve/{hub.commit}/x.tar"] == 1
    assert hub.server.asked[f"/cdn/{hub.commit}/x.tar"] > 5


@pytest.mark.parametrize("name", ["x.tar", "x.mp4", "x.parquet"])
def test_the_card_names_a_licence_for_what_names_none(hub: Any, name: str) -> None:
    contents = {"x.tar": tar(a_mp4=VIDEO), "x.mp4": VIDEO, "x.parquet": parquet(_videos())}
    hub.card = {"license": "cc-by-4.0"}
    hub.holds({name: contents[name]})
    assert {c.license for c in made(files=name, column="clip").candidates()} == {"cc-by-4.0"}
    own = made(files=name, column="clip", license="CC0-1.0")
    assert {c.license for c in own.candidates()} == {"CC0-1.0"}


def test_a_branch_becomes_a_commit_once(hub: Any, tmp_path: Path, network: Network) -> None:
    hub.holds({"a.mp4": VIDEO})
    source = made()
    [one] = source.candidates()
    hub.holds({"a.mp4": VIDEO + b"later"}, hub.later)
    assert brought(source, one, tmp_path, network).path.read_bytes() == VIDEO
    assert source.published()["commit"] == hub.commit
    [again] = made().candidates()
    assert (again.uri, again.stamp != one.stamp) == (one.uri, True)


def _videos(**more: Any) -> pa.Table:
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    rows = [
        {"bytes": VIDEO + b"0", "path": "zero.webm"},
        {"bytes": VIDEO + b"1", "path": None},
        {"bytes": None, "path": "two.mp4"},
        {"bytes": VIDEO * 3000, "path": "../../three.mp4"},
        {"bytes": VIDEO + b"4", "path": "four.mp4"},
    ]
    said = {"label": ["a", "b", None, "d", "e"], "n": [0, 1, 2, 3, 4]}
    return pa.table({"clip": pa.array(rows, kind), **said, **more})


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_videos_in_parquet_come_a_row_group_at_a_time(
    hub: Any, tmp_path: Path, network: Network, compression: str
) -> None:
    spans: dict[str, Any] = {"start_s": [0.0, None, None, None, 1.0], "end_s": [1.0, *[None] * 4]}
    content = parquet(_videos(**spans), row_group_size=3, compression=compression)
    hub.holds({"data/train.parquet": content})
    source = made(column="clip")
    assert source.columns() == {"label": str, "n": int}

    rows = list(source.candidates())

    uri = "hf://datasets/org/name/data/train.parquet"
    assert [c.uri for c in rows] == [f"{uri}#{n}" for n in range(5)]
    assert [c.metadata["n"] for c in rows] == [0, 1, 2, 3, 4]
    assert [(c.start_s, c.end_s) for c in rows[:2]] == [(0.0, 1.0), (None, None)]
    before = len(hub.server.headers)
    came = {n: brought(source, rows[n], tmp_path, network) for n in (0, 1, 4, 3)}
    assert [came[n].path.read_bytes() for n in (0, 1, 4)] == [VIDEO + b"%d" % n for n in (0, 1, 4)]
    assert came[3].path.read_bytes() == VIDEO * 3000
    assert came[0].path.name == "source.webm"
    assert len(hub.server.headers) - before == 8, "chunk and footer of both groups, redirected"
    with pytest.raises(ClipError, match="its row holds no video"):
        brought(source, rows[2], tmp_path, network)
    inside = {p.relative_to(tmp_path).parts[0] for p in tmp_path.rglob("*three*")}
    assert inside == set()


def test_rows_of_a_group_are_neighbours_where_locators_are_sorted(hub: Any) -> None:
    """As a build does: else each of its parts would bring every group."""
    hub.holds({"x.parquet": parquet(_videos(), row_group_size=2)})
    locators = sorted(c.locator for c in made(column="clip").candidates())
    assert [json.loads(one)["group"] for one in locators] == [0, 0, 1, 1, 2]


def test_the_column_that_datasets_marks_is_taken(hub: Any) -> None:
    marked = {"info": {"features": {"n": {"_type": "Value"}, "clip": {"_type": "Video"}}}}
    table = _videos().replace_schema_metadata({"huggingface": json.dumps(marked)})
    hub.holds({"x.parquet": parquet(table)})
    assert [c.metadata["label"] for c in made().candidates()] == ["a", "b", None, "d", "e"]


def test_parquet_may_name_files_and_addresses(hub: Any, tmp_path: Path, network: Network) -> None:
    other = hub.server.url("/other.mp4", hub.serving.good(VIDEO + b"other"))
    names = ["clips/a.mp4", other, "../../../x/y.mp4", None]
    table = pa.table({"video": names, "topic": ["a", "b", "c", "d"]})
    hub.token = "hf_key"
    (tmp_path / "hf").mkdir()
    (tmp_path / "hf" / "token").write_text("hf_key")
    hub.holds({"x.parquet": parquet(table), "clips/a.mp4": VIDEO})
    source = made(files="*.parquet")
    rows = list(source.candidates())
    assert [c.metadata for c in rows] == [{"topic": t} for t in "abcd"]
    assert brought(source, rows[0], tmp_path, network).path.read_bytes() == VIDEO
    hub.server.headers.clear()
    assert brought(source, rows[1], tmp_path, network).path.read_bytes() == VIDEO + b"other"
    assert "Authorization" not in hub.server.headers[0], "data may not say where the token goes"
    for row, kind in ((rows[2], "refused_address"), (rows[3], "missing")):
        with pytest.raises(ClipError) as caught:
            brought(source, row, tmp_path, network)
        assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metadata.csv", "file_name,topic,start_s\nb.mp4,x,0.5\ndeep/c.mp4,y,\ngone.mp4,z,\n"),
        (
            "metadata.jsonl",
            '{"file_name": "b.mp4", "topic": "x", "start_s": 0.5}\n'
            '{"file_name": "deep/c.mp4", "topic": "y"}\n{"file_name": "gone.mp4", "topic": "z"}\n',
        ),
    ],
)
def test_plain_videos_have_metadata_beside_them(
    hub: Any, tmp_path: Path, network: Network, name: str, text: str
) -> None:
    paths = ("v/a.mp4", "v/b.mp4", "v/deep/c.mp4")
    hub.holds({f"v/{name}": text.encode()} | {p: VIDEO + p.encode() for p in paths})
    source = made(license="CC0-1.0")
    assert source.columns() == {"topic": str}
    rows = {c.uri.removeprefix("hf://datasets/org/name/"): c for c in source.candidates()}
    assert {path: c.metadata["topic"] for path, c in rows.items()} == {
        "v/b.mp4": "x",
        "v/deep/c.mp4": "y",
        "v/gone.mp4": "z",
        "v/a.mp4": None,
    }
    assert (rows["v/b.mp4"].start_s, rows["v/b.mp4"].license) == (0.5, "CC0-1.0")
    got = brought(source, rows["v/deep/c.mp4"], tmp_path, network)
    assert got.path.read_bytes() == VIDEO + b"v/deep/c.mp4"
    with pytest.raises(ClipError) as caught:
        brought(source, rows["v/gone.mp4"], tmp_path, network)
    assert caught.value.kind == "not_found"


CARD = {
    "configs": [
        {"config_name": "small", "data_files": "s/*.mp4"},
        {"config_name": "folder", "data_dir": "l"},
        {
            "config_name": "large",
            "data_files": [
                {"split": "train", "path": ["l/1.mp4", "l/2.mp4"]},
                {"split": "test", "path": "l/3.mp4"},
            ],
        },
    ]
}


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"config": "small"}, "s/1 s/2"),
        ({"config": "large"}, "l/1 l/2 l/3"),
        ({"config": "large", "split": "test"}, "l/3"),
        ({"config": "folder"}, "l/1 l/2 l/3"),
        ({"files": "*/1.mp4"}, "l/1 s/1"),
        ({"files": "s/{2..9}.mp4"}, "s/2"),
    ],
)
def test_the_card_says_which_files_are_meant(hub: Any, options: Any, wanted: str) -> None:
    hub.card = CARD
    hub.holds(
        {
            f"{folder}/{n}.mp4": VIDEO
            for folder in "sl"
            for n in (1, 2, 3)
            if (folder, n) != ("s", 3)
        }
    )
    found = [c.uri.removeprefix("hf://datasets/org/name/") for c in made(**options).candidates()]
    assert found == [f"{name}.mp4" for name in wanted.split()]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, r"sources\.hub\.config: org/name has small, folder, large; name one"),
        ({"config": "smal"}, "has no 'smal'; did you mean 'small'"),
        ({"config": "large", "split": "tests"}, "has no 'tests'; did you mean 'test'"),
        ({"files": "*.mkv"}, r"holds no tar, Parquet or video \(files: \*\.mkv\)"),
        ({"revision": "gone"}, r"sources\.hub\.revision: org/name has no 'gone'; known: main"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(hub: Any, options: Any, complaint: str) -> None:
    hub.card = CARD
    hub.holds({"s/1.mp4": VIDEO})
    with pytest.raises(AcavError, match=complaint):
        made(**options).columns()


def test_what_the_hub_refuses_is_one_line(
    hub: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(**options: Any) -> str:
        with pytest.raises(AcavError) as caught:
            list(Hub(**options).candidates())
        assert "\n" not in str(caught.value)
        return str(caught.value)

    assert "is no name of a repository (org/name)" in refused(repo="a/b/c")
    why = refused(repo="nobody/nothing")
    assert "there is no dataset 'nobody/nothing'" in why
    assert "no token is given: hf auth login" in why
    hub.gated, hub.token = "manual", "right"
    why = refused(repo="org/name")
    assert f"is gated: ask for access at {hub.endpoint}/datasets/org/name; no token" in why
    monkeypatch.setenv("HF_TOKEN", "wrong")
    assert "the token that is given may not see it" in refused(repo="org/name")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert "cannot be reached at http://127.0.0.1:9" in refused(repo="org/name")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert "HF_HUB_OFFLINE is set" in refused(repo="org/name")


def test_several_kinds_of_files_are_not_guessed_at(hub: Any) -> None:
    hub.holds({"a.mp4": VIDEO, "b.tar": tar(c_mp4=VIDEO)})
    with pytest.raises(AcavError, match="holds 1 tars and 1 videos; say which"):
        made().columns()
    assert [c.uri[-5:] for c in made(files="*.tar").candidates()] == ["c.mp4"]


@pytest.mark.parametrize(
    ("column", "complaint"),
    [
        (None, "none of its columns is known to hold videos; name `column`: n"),
        ("m", "no column 'm'"),
    ],
)
def test_parquet_without_videos_is_named(hub: Any, column: str | None, complaint: str) -> None:
    hub.holds({"x.parquet": parquet(pa.table({"n": [1]}))})
    with pytest.raises(AcavError, match=complaint):
        made(column=column).columns()


def test_broken_parquet_is_named(hub: Any) -> None:
    hub.holds({"x.parquet": b"PAR1" + b"\0" * 100})
    with pytest.raises(AcavError, match=r"x\.parquet is no readable Parquet file"):
        made().columns()


def not_utf8() -> pa.Table:
    """Videos with a text of other bytes than it says."""
    raw = pa.array([b"\xff"])
    return pa.table({"video": [VIDEO], "t": pa.Array.from_buffers(pa.string(), 1, raw.buffers())})


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        (not_utf8(), r"hf://\S+/x\.parquet: a text is not UTF-8 .+ leave its column out"),
        (
            pa.table({"video": [VIDEO], "start_s": ["soon"]}),
            r"^sources\.hub: hf://\S+/x\.parquet#0: start_s soon and end_s None$",
        ),
    ],
)
def test_what_is_wrong_in_parquet_is_one_line(hub: Any, table: pa.Table, complaint: str) -> None:
    hub.holds({"x.parquet": parquet(table)})
    with pytest.raises(AcavError, match=complaint):
        list(made().candidates())


@pytest.mark.parametrize("said", [b"{nope", b"[1]", b'{"info": null}', b"[" * 100_000])
def test_marks_of_no_known_form_are_none(hub: Any, said: bytes) -> None:
    table = pa.table({"video": [VIDEO]}).replace_schema_metadata({b"huggingface": said})
    hub.holds({"x.parquet": parquet(table)})
    assert len(list(made().candidates())) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [("metadata.csv", ""), ("metadata.jsonl", "{nope"), ("metadata.csv", "file_name,n\n,1\n")],
)
def test_a_wrong_list_is_named_as_the_hub_does(hub: Any, name: str, text: str) -> None:
    hub.holds({"v/a.mp4": VIDEO, f"v/{name}": text.encode()})
    with pytest.raises(AcavError) as caught:
        list(made().candidates())
    assert str(caught.value).startswith(f"sources.hub: hf://datasets/org/name/v/{name}: ")
    assert "/acav1m-" not in str(caught.value)


def test_without_the_library_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(AcavError, match=r"pip install 'acav1m\[hub\]'"):
        Hub(repo="org/name").columns()
