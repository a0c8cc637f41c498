"""Uploaders as hashes, by a salt that nobody else sees."""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from acav1m.consent import book, columns
from acav1m.consent.lists import List
from acav1m.consent.salt import VARIABLE, Salt
from acav1m.consent.uploaders import BOOK, Uploaders
from acav1m.errors import AcavError
from acav1m.net.network import Network
from acav1m.net.outcome import FetchError
from acav1m.stages.fetch import SAID, FetchFailed, Fetching
from acav1m.steps import Candidate, Fetched, RemoteSource

SALT = "a salt of many characters"


@pytest.fixture(autouse=True)
def _own_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_a_salt_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first, again = Salt(tmp_path), Salt(tmp_path)
    assert first.hash("x") == again.hash("x") != Salt(tmp_path / "other").hash("x")
    assert re.fullmatch("[0-9a-f]{32}", first.hash("x"))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("salt*")}
    assert modes == {0o600}


def test_the_environments_salt_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SALT)
    hashes = {Salt(tmp_path / name).hash("x") for name in ("one", "two")}
    assert len(hashes) == 1
    assert not any(SALT in path.read_text() for path in tmp_path.rglob("*") if path.is_file())


def test_another_salt_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Salt(tmp_path)
    monkeypatch.setenv(VARIABLE, SALT)
    with pytest.raises(AcavError, match=f"{VARIABLE} is not as when"):
        Salt(tmp_path)
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(AcavError, match="5 characters"):
        Salt(tmp_path)


def test_what_was_fetched_keeps_hashes_alone(tmp_path: Path) -> None:
    found = Fetched(tmp_path / "x", facts={"fetched_url": "u"}, uploader="UC1", parties=("@One",))

    hashed = Uploaders(tmp_path).fetched(found)

    assert (hashed.uploader, hashed.parties) == (None, ())
    assert hashed.facts["fetched_url"] == "u"
    assert hashed.facts["uploader_hash"] == Salt(tmp_path).uploader("UC1")
    marks = hashed.facts["uploader_marks"]
    assert isinstance(marks, list)
    assert len(marks) == 2
    assert hashed.facts["uploader_hash"] not in marks
    assert "UC1" not in repr(hashed)


def test_an_address_that_names_the_uploader_is_not_kept(tmp_path: Path) -> None:
    page = {"fetched_url": "https://videos.example/@One/clips/7"}
    who = Uploaders(tmp_path)
    for uploader, kept in (("one", None), ("clip", page["fetched_url"])):
        found = who.fetched(Fetched(tmp_path / "x", facts=page, uploader=uploader))
        assert found.facts["fetched_url"] == kept


def test_who_is_named_by_nobody(tmp_path: Path) -> None:
    found = Uploaders(tmp_path).fetched(Fetched(tmp_path / "x"))
    assert found.facts == {}
    assert Uploaders(tmp_path).listed(Candidate("u", "u", metadata={"channel": None})) == {}


def test_a_lists_columns_and_a_site_give_the_same(tmp_path: Path) -> None:
    who = Uploaders(tmp_path)
    listed = who.listed(Candidate("u", "u", metadata={"Channel": "One", "channel_id": "UC1"}))
    fetched = who.fetched(Fetched(tmp_path / "x", uploader="UC1", parties=("@one",)))
    assert listed["listed_uploader_hash"] == fetched.facts["uploader_hash"]
    assert listed["listed_uploader_marks"] == fetched.facts["uploader_marks"]


def test_columns_that_name_uploaders_are_private() -> None:
    assert columns.public({"Uploader_URL": str, "channels": int}) == {"channels": int}


class Site(RemoteSource):
    """Brings a file, and says who uploaded it."""

    def candidates(self) -> Any:
        """None of its own."""
        return iter(())

    def bring(
        self, candidates: Sequence[Candidate], folder: Path, network: Network, alive: Any
    ) -> Fetched:
        """Ask first, as one does that learns of names on the way."""
        names = ("UC1", "@One")
        reason = network.opted_out(names) if network.opted_out else None
        if reason:
            raise FetchError("opted_out", reason)
        (folder / "film.mp4").write_text("x")
        return Fetched(folder / "film.mp4", uploader="UC1", parties=names)


def test_a_download_leaves_hashes_and_heeds_lists(tmp_path: Path) -> None:
    candidate = {"uri": "u", "locator": "u"}
    row: dict[str, Any] = {"key": "1", "source": "site", "candidate": candidate}

    def brought(part: str) -> Fetched:
        who = Uploaders(tmp_path / "consent")
        one = Fetching({"site": Site()}, tmp_path / "fetched", tmp_path / "gate", {}, who)
        one.begin(part, [row])
        return one.wait(row, lambda: None)

    assert brought("p").facts["uploader_hash"]
    [said] = (tmp_path / "fetched").rglob(SAID)
    assert "uploader_marks" in said.read_text()
    assert not any(name in said.read_text() for name in ("UC1", "@One", "one"))

    (tmp_path / "list.txt").write_text("@one\n")
    path = tmp_path / "list.txt"
    listed = List(path.name, "consent.opt_out[0]", path, "0" * 64)
    book.write([listed], Salt(tmp_path / "consent"), tmp_path / "consent" / BOOK)
    with pytest.raises(FetchFailed, match=r"its uploader is in the opt-out list list\.txt"):
        brought("q")
