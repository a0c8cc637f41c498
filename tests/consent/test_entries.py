"""What entries of opt-out lists name, however they are written."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acav1m.consent import entries, marks
from acav1m.consent.marks import Mark
from acav1m.consent.outs import of_clip, of_video

ID = "jNQXAC9IVRw"
CHANNEL = "UC4QobU6STFB0P71PMvOGN5A"
SHA256 = "ab" * 32
SAME_VIDEO = [
    ID,
    f"https://www.youtube.com/watch?v={ID}",
    f"http://m.youtube.com/watch?feature=share&v={ID}&t=3",
    f"https://youtu.be/{ID}?t=3",
    f"https://www.youtube.com/shorts/{ID}/",
]
SAME_PAGE = [
    "https://example.org/a%20b/c.mp4",
    "http://www.example.org:80/a b/c.mp4#t=3",
    "HTTPS://EXAMPLE.org:443/a%20b/c.mp4/",
    "example.org/a%20b/c.mp4",
]
SAME_CHANNEL = [
    "@Some_One",
    "https://www.youtube.com/@some_one",
    "https://www.youtube.com/c/Some_One/videos",
    "http://m.youtube.com/user/SOME_ONE?x=1",
]


def _names(entry: str, **row: str) -> bool:
    """Whether an entry that stands alone names a video or clip."""
    known = {*of_video(row), *of_clip(row)}
    return bool(known & set(entries.read("any", entry)))


@pytest.mark.parametrize("entry", SAME_VIDEO)
def test_one_video_of_youtube(entry: str) -> None:
    for uri in SAME_VIDEO[1:]:
        assert _names(entry, source_uri=uri)
        assert not _names(entry, source_uri=uri.replace(ID, "AAAAAAAAAAA"))


@pytest.mark.parametrize("entry", SAME_PAGE)
def test_one_address(entry: str) -> None:
    for uri in SAME_PAGE[:3]:
        assert _names(entry, source_uri=uri)
        assert _names(entry, source_uri="https://elsewhere.org/", fetched_url=uri)
    assert not _names(entry, source_uri="https://example.org/a%20b/d.mp4")
    assert not _names(entry, source_uri="https://example.org:8080/a%20b/c.mp4")


@pytest.mark.parametrize("entry", ["example.org", "*.Example.org", "https://www.example.org/"])
def test_a_domain_and_all_in_it(entry: str) -> None:
    for host in ("example.org", "www.example.org", "a.b.example.org:8080"):
        assert _names(entry, source_uri=f"https://{host}/x.mp4")
    for host in ("notexample.org", "example.org.evil.com", "org"):
        assert not _names(entry, source_uri=f"https://{host}/x.mp4")


@pytest.mark.parametrize("entry", SAME_CHANNEL)
def test_one_channel(entry: str) -> None:
    [named] = entries.read("any", entry)
    assert named == Mark("party", "some_one")
    assert all(marks.of_party(name) == named for name in [*SAME_CHANNEL, "some_one", "Some_One "])


def test_a_channel_by_its_id() -> None:
    [named] = entries.read("any", CHANNEL)
    assert named == marks.of_party(f"https://www.youtube.com/channel/{CHANNEL}")


def test_a_page_of_a_site_that_nobody_knows_may_be_of_an_uploader() -> None:
    page = "https://videos.example/user123/"
    assert marks.of_party(page) in set(entries.read("any", page))


@pytest.mark.parametrize("column", ["source_sha256", "mp4_sha256", "flac_sha256"])
def test_a_checksum(column: str) -> None:
    assert _names(SHA256.upper(), **{column: SHA256})
    assert not _names("cd" * 32, **{column: SHA256})


@pytest.mark.parametrize("entry", ["a/b.mp4", "clip.mov", "v1_0_2000", "synth-drum-0001"])
def test_names_of_files_and_ids(entry: str) -> None:
    assert _names(entry, source_uri=entry)
    assert _names(entry, clip_id=entry)
    assert not _names(entry, source_uri=f"{entry}x")


@pytest.mark.parametrize(
    "uri",
    [
        f"https://example.org/v/{ID}.mp4",
        f"https://example.org/v/{ID}?x=1",
        f"folder/{ID}_30_40.mp4",
        f"{ID}_000030.webm",
        f"shard-0.tar#{ID}.mp4",
        f"https://example.org/shard-0.tar#a/{ID}_1000_2000.mp4",
    ],
)
def test_an_id_in_the_name_of_a_file(uri: str) -> None:
    assert _names(ID, source_uri=uri)
    assert not _names("AAAAAAAAAAA", source_uri=uri)
    assert not _names("folder", source_uri=uri)


@pytest.mark.parametrize("tar", ["shard-0.tar", "https://example.org/shard-0.tar"])
def test_a_tar_and_what_is_in_it(tar: str) -> None:
    assert _names(tar, source_uri=f"{tar}#a.mp4")
    assert _names(f"{tar}#a.mp4", source_uri=f"{tar}#a.mp4")
    assert not _names(f"{tar}#a.mp4", source_uri=f"{tar}#b.mp4")


def test_common_names_of_files_are_no_ids() -> None:
    assert not _names("video", source_uri="https://example.org/video.mp4")


@pytest.mark.parametrize("entry", ["Some Channel", "one,two", 'x"y'])
def test_an_entry_without_a_shape_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match="'channel'"):
        entries.read("any", entry)


@pytest.mark.parametrize(
    ("kind", "text"), [("sha256", "abc"), ("domain", "no domain"), ("domain", "")]
)
def test_an_entry_of_another_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        entries.read(kind, text)


@pytest.mark.parametrize(("column", "near"), [("chanel", "channel"), ("domian", "domain")])
def test_a_misspelt_column_is_refused(column: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"did you mean '{near}'"):
        entries.meaning(column)


def test_other_columns_are_passed_over() -> None:
    assert entries.meaning("reason") is None
    assert entries.meaning("date") is None
    assert entries.meaning("Uploader_ID") == "channel"


@given(st.text(), st.sampled_from(["id", "url", "channel"]))
def test_any_text_can_be_read(text: str, kind: str) -> None:
    assert list(entries.read(kind, text))
    list(of_video({"source_uri": f"https://{text}"}))
