"""Uploaders as hashes, by a salt that nobody else sees."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from acav1m.consent import columns
from acav1m.consent.salt import VARIABLE, Salt
from acav1m.consent.uploaders import Uploaders
from acav1m.errors import AcavError
from acav1m.steps import Candidate, Fetched

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
