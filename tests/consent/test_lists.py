"""Lists as people write them, of this disk and of a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.consent import book, lists
from acav1m.consent.marks import Mark, of_party
from acav1m.consent.salt import Salt
from acav1m.errors import AcavError, RecipeError
from acav1m.net.network import Network
from acav1m.plan import resolve

Read = Callable[..., list[tuple[Mark, ...]]]


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """Ask this machine, and nothing else that is private."""
    made = Network(tmp_path / "gate", allow_private=("127.0.0.1/32",), respect_noai=False)
    yield made
    made.close()


@pytest.fixture
def read(tmp_path: Path, network: Network) -> Read:
    """Read the entries of a list."""

    def reader(name: str, content: str | None = None) -> list[tuple[Mark, ...]]:
        if content is not None:
            (tmp_path / name).write_text(content, encoding="utf-8")
            name = str(tmp_path / name)
        [one] = lists.had((name,), tmp_path / "lists", network.fetcher)
        return list(one.entries())

    return reader


def test_what_is_a_name_or_a_number_in_a_table_is_no_comment_and_no_type(read: Read) -> None:
    assert read("list.csv", "channel,n\nSmith & Sons #1,2\n") == [(of_party("Smith & Sons #1"),)]
    day = '{"id": "2026-01-01T00:00:00Z"}\n{"id": "AB0E8400-E29B-41D4-A716-446655440000"}\n'
    assert [one.text for [one] in read("list.jsonl", day)] == [
        "2026-01-01T00:00:00Z",
        "AB0E8400-E29B-41D4-A716-446655440000",
    ]


def test_columns_are_known_however_they_are_written(read: Read) -> None:
    rows = "videoId,Channel Title\nabc,\n,Some One\n"
    assert read("list.CSV", rows) == TWO


TWO = [(Mark("id", "abc"),), (of_party("Some One"),)]


@pytest.mark.parametrize("name", ["list.txt", "list", "list.csv", "list.tsv"])
def test_an_entry_a_line(read: Read, name: str) -> None:
    lines = "\ufeff# who asked\nabc\n\n  @Some_One\r\n#x\nhttps://example.org/#part\n"
    assert read(name, lines) == [
        (Mark("id", "abc"),),
        (Mark("party", "some_one"),),
        (Mark("domain", "example.org"),),
    ]


def test_in_text_a_comment_may_follow_an_entry(read: Read) -> None:
    assert read("list.txt", "abc   # in June\n") == [TWO[0]]


def test_one_named_column(read: Read) -> None:
    assert read("list.csv", "channel\nSome One\n") == [(of_party("Some One"),)]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", "id,channel,when\nabc,,2026\n,Some One,2026\n"),
        ("list.csv", '# ours\n"id","channel"\n"abc",\n,"Some One"\n'),
        ("list.tsv", "video_id\tuploader\nabc\t\n\tSome One\n"),
        ("list.jsonl", '{"id": "abc"}\n{"channel": "Some One", "n": 3}\n'),
    ],
)
def test_tables(read: Read, name: str, content: str) -> None:
    assert read(name, content) == TWO


def test_parquet_with_numbers_for_ids(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"id": [7, None], "channel": [None, "Some One"]}), path)
    assert read(str(path)) == [(Mark("id", "7"),), TWO[1]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", "url,chanel\nx,y\n", "did you mean 'channel'"),
        ("list.csv", "a,b\nx,y\n", "none of id, url, channel, domain, sha256"),
        ("list.csv", "abc,2026-01-01\n", "none of id, url, channel, domain, sha256"),
        ("list.csv", "chanel\nSomeOne\n", "did you mean 'channel'"),
        ("list.csv", "id,why\nabc\n", "entry 1: 1 columns, in the first line 2"),
        ("list.csv", "id,id\nabc,\n", "names a column twice"),
        ("list.csv", "id,sha256\nx,y\n", "entry 1: 'y' is no SHA-256"),
        ("list.txt", "abc\nSome One\n", "entry 2: 'Some One' is not an id"),
        ("list.jsonl", "{\n", "is not a readable list"),
        ("list.jsonl", '["abc"]\n', 'entry 1: ["abc"] is neither a text nor an object'),
        ("list.jsonl", '{"id": ["abc"]}\n', "entry 1: ['abc'] is no text"),
        ("list.parquet", "abc", "is not a readable list"),
    ],
)
def test_what_cannot_be_understood_stops_with_its_place(
    read: Read, name: str, content: str, said: str
) -> None:
    with pytest.raises(AcavError, match=re.escape(said)) as error:
        read(name, content)
    assert str(error.value).startswith(f"consent.opt_out[0]: {name} ")
    assert "\n" not in str(error.value)


def test_a_list_that_is_not_there(read: Read, tmp_path: Path) -> None:
    with pytest.raises(AcavError, match=r"consent\.opt_out\[0\]: .*gone\.txt: No such file"):
        read(str(tmp_path / "gone.txt"))


def test_a_recipe_whose_list_is_not_there_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "opt-out.txt").write_text("abc\n")
    recipe = {"name": "x", "version": "0.1.0", "about": "x", "license": "CC0-1.0"}
    wrong = {"opt_out": [str(tmp_path / "optout.txt"), "https://example.org/list"]}
    with pytest.raises(RecipeError) as error:
        resolve({**recipe, "sources": {"synthetic": {"clips": 1}}, "consent": wrong})
    [complaint] = error.value.complaints
    assert complaint.startswith("consent.opt_out[0]: no such file")
    assert complaint.endswith("did you mean 'opt-out.txt'?")


def test_a_list_of_a_server_is_as_it_is_now(read: Read, server: Any, serving: Any) -> None:
    url = server.url("/list.csv", serving.good(b"channel,id\nSome One,\n"))
    assert read(f"{url}?key=1") == [TWO[1]]
    server.url("/list.csv", serving.good(b"channel,id\n,abc\n"))
    assert read(url) == [TWO[0]]


def test_a_page_for_a_list_is_none(read: Read, server: Any, serving: Any) -> None:
    url = server.url("/list", serving.good(b"<!doctype html><p>Please log in"))
    with pytest.raises(AcavError, match="is a web page, not a list"):
        read(url)
    url = server.url("/empty", serving.good(b""))
    with pytest.raises(AcavError, match="is empty"):
        read(url)
    url = server.url("/gone", serving.status(404))
    with pytest.raises(AcavError, match=r"consent\.opt_out\[0\]: http.*/gone cannot be had: .*404"):
        read(f"{url}?key=secret")


def test_a_private_address_is_refused(tmp_path: Path) -> None:
    network = Network(tmp_path / "gate")
    with pytest.raises(AcavError, match=r"cannot be had: the address may not be fetched"):
        list(lists.had(("http://127.0.0.1:9/list",), tmp_path / "lists", network.fetcher))
    network.close()


def test_a_book_says_which_list_and_by_what(tmp_path: Path, network: Network) -> None:
    for name, lines in (("one.txt", "abc\nexample.org\n"), ("two.txt", "abc\n@Some_One\n")):
        (tmp_path / name).write_text(lines)
    places = (str(tmp_path / "one.txt"), str(tmp_path / "two.txt"))
    salt = Salt(tmp_path / "salt")
    book.write(list(lists.had(places, tmp_path / "x", network.fetcher)), salt, tmp_path / "book")

    found = book.Book(tmp_path / "book")

    assert [(one.name, one.entries) for one in found.lists] == [("one.txt", 2), ("two.txt", 2)]
    rows = [
        [Mark("id", "abc")],
        [Mark("id", "abcd"), Mark("domain", "example.org")],
        [salt.party(of_party("some_one"))],
        [of_party("some_one"), Mark("url", "example.org")],
        [],
    ]
    assert found.reasons(rows) == [
        "its id is in the opt-out list one.txt",
        "its domain is in the opt-out list one.txt",
        "its uploader is in the opt-out list two.txt",
        None,
        None,
    ]
    assert b"some_one" not in b"".join(p.read_bytes() for p in (tmp_path / "book").iterdir())


def test_a_book_of_no_entries(tmp_path: Path, network: Network) -> None:
    (tmp_path / "none.txt").write_text("# nobody yet\n")
    found = list(lists.had((str(tmp_path / "none.txt"),), tmp_path / "x", network.fetcher))
    book.write(found, Salt(tmp_path / "salt"), tmp_path / "book")
    assert book.Book(tmp_path / "book").reason([Mark("id", "abc")]) is None


def test_a_book_finds_each_of_many_and_nobody_else(tmp_path: Path, network: Network) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": f"v{n}"}) + "\n" for n in range(0, 20_000, 2)))
    found = list(lists.had((str(path),), tmp_path / "x", network.fetcher))
    book.write(found, Salt(tmp_path / "salt"), tmp_path / "book")
    reasons = book.Book(tmp_path / "book").reasons([[Mark("id", f"v{n}")] for n in range(20_000)])
    assert [n for n, reason in enumerate(reasons) if reason] == list(range(0, 20_000, 2))
