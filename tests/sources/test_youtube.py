"""Videos named as people and corpora name them; what of the options is published."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from acav1m.errors import AcavError
from acav1m.sources._youtube import ytdlp
from acav1m.sources._youtube.pages import PAGE
from acav1m.sources.youtube import Youtube
from acav1m.steps import Candidate

ID = "-_abcDEF123"


@pytest.mark.parametrize(
    "named",
    [
        ID,
        f"https://www.youtube.com/watch?v={ID}",
        f"https://youtube.com/watch?list=x&v={ID}&t=9s",
        f"https://youtu.be/{ID}?t=3",
        f"http://m.youtube.com/shorts/{ID}",
        f"https://www.youtube.com/embed/{ID}",
        f"HTTPS://YouTube.com/watch?v={ID}",
    ],
)
def test_a_video_has_one_address_however_it_is_named(named: str) -> None:
    [candidate] = Youtube(ids=(named,)).candidates()
    assert candidate.uri == PAGE + ID


def test_other_sites_keep_theirs() -> None:
    [candidate] = Youtube(ids=("https://vimeo.com/1",)).candidates()
    assert candidate.uri == "https://vimeo.com/1"


@pytest.mark.parametrize("named", ["short", "file:///etc/passwd", f"{ID}x", ""])
def test_what_is_no_video_is_named(named: str) -> None:
    with pytest.raises(AcavError, match="neither an id of YouTube nor a URL"):
        list(Youtube(ids=(named,)).candidates())


CORPORA: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
    "audioset": (
        "# Segments csv created Sun Mar  5 10:54:31 2017\n"
        "# num_ytids=2, num_segs=2, num_unique_labels=5, num_positive_labels=5\n"
        "# YTID, start_seconds, end_seconds, positive_labels\n"
        '--PJHxphWEs, 30.000, 40.000, "/m/09x0r,/t/dd00088"\n'
        '--ZhevVpy1s, 50.000, 60.000, "/m/012xff"\n',
        [
            ("--PJHxphWEs", 30.0, 40.0, {"positive_labels": ["/m/09x0r", "/t/dd00088"]}),
            ("--ZhevVpy1s", 50.0, 60.0, {"positive_labels": ["/m/012xff"]}),
        ],
    ),
    "vggsound": (
        f'{ID},1,people marching,test\n{ID},30,"chicken, crowing",train\n',
        [
            (ID, 1.0, 11.0, {"label": "people marching", "source_split": "test"}),
            (ID, 30.0, 40.0, {"label": "chicken, crowing", "source_split": "train"}),
        ],
    ),
    "acav100m": (
        "# SHARD_NAME,FILENAME,YOUTUBE_ID,SEGMENT\n"
        f'shard-000009,{ID}_292.mp4,{ID},"[292.3329999997, 302.3329999997]"\n',
        [(ID, 292.3329999997, 302.3329999997, {})],
    ),
    "panda70m": (
        "videoID,url,timestamp,caption,matching_score\n"
        f"{ID},https://www.youtube.com/watch?v={ID},"
        "\"[['0:00:04.104', '0:00:09.520'], ['1:00:00.000', '1:00:05.250']]\","
        '"[\'It is a dog.\', ""A man\'s hat.""]","[0.43, 0.5]"\n',
        [
            (ID, 4.104, 9.52, {"source_caption": "It is a dog.", "matching_score": 0.43}),
            (ID, 3600.0, 3605.25, {"source_caption": "A man's hat.", "matching_score": 0.5}),
        ],
    ),
}


@pytest.mark.parametrize("layout", sorted(CORPORA))
def test_corpora_are_read_as_they_are_published(tmp_path: Path, layout: Any) -> None:
    text, wanted = CORPORA[layout]
    (tmp_path / "list.csv").write_text(text)
    source = Youtube(path=str(tmp_path / "list.csv"), layout=layout)

    found = list(source.candidates())

    assert [(c.uri, c.start_s, c.end_s, c.metadata) for c in found] == [
        (PAGE + id_, start_s, end_s, more) for id_, start_s, end_s, more in wanted
    ]
    assert {name for c in found for name in c.metadata} == source.columns().keys()


@pytest.mark.parametrize("layout", sorted(CORPORA))
def test_a_line_of_another_form_is_named(tmp_path: Path, layout: Any) -> None:
    (tmp_path / "list.csv").write_text(CORPORA[layout][0] + "what,is,that\n")
    lines = CORPORA[layout][0].count("\n") + 1
    with pytest.raises(AcavError, match=f"list.csv, line {lines}: is no line as in {layout}"):
        list(Youtube(path=str(tmp_path / "list.csv"), layout=layout).candidates())


@pytest.mark.parametrize(
    ("layout", "line"),
    [
        ("panda70m", f'{ID},u,5,"[1]","[1]"'),
        ("panda70m", f'{ID},u,"[[1, 2]]","[1]","[1]"'),
        ("acav100m", f"x,y,{ID},5"),
        ("acav100m", f"x,y,{ID},{'(' * 5000}"),
        ("acav100m", f"x,y,{ID},{'-' * 200_000}1"),
    ],
)
def test_fields_of_another_form_are_no_crash(tmp_path: Path, layout: Any, line: str) -> None:
    (tmp_path / "list.csv").write_text(line)
    with pytest.raises(AcavError, match=r"line 1: is no line as in \w+ \(.+\)"):
        list(Youtube(path=str(tmp_path / "list.csv"), layout=layout).candidates())


@pytest.mark.parametrize("layout", ["audioset", "vggsound"])
def test_a_mark_of_the_byte_order_is_no_part_of_a_line(tmp_path: Path, layout: Any) -> None:
    text, wanted = CORPORA[layout]
    (tmp_path / "list.csv").write_text(text, encoding="utf-8-sig")
    source = Youtube(path=str(tmp_path / "list.csv"), layout=layout)
    assert [c.uri for c in source.candidates()] == [PAGE + id_ for id_, *_ in wanted]


def test_a_time_that_is_none_is_complained_of(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(f"id,end_s\n{ID},inf\n")
    with pytest.raises(AcavError, match=r"x\.csv: is not a readable list: .+inf"):
        list(Youtube(path=str(tmp_path / "x.csv")).candidates())


@pytest.mark.parametrize("what", ["id", "url"])
def test_plain_lists_have_spans_and_metadata(tmp_path: Path, what: str) -> None:
    (tmp_path / "x.csv").write_text(f"{what},start_s,end_s,license,topic\n{ID},1,2,CC0-1.0,a\n")
    source = Youtube(path=str(tmp_path / "x.csv"))
    assert list(source.candidates()) == [
        Candidate(PAGE + ID, PAGE + ID, 1.0, 2.0, license="CC0-1.0", metadata={"topic": "a"})
    ]
    assert source.columns() == {"topic": str}


def test_ids_of_digits_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id\n00000000001\n")
    [candidate] = Youtube(path=str(tmp_path / "x.csv")).candidates()
    assert candidate.uri == PAGE + "00000000001"


def test_long_lists_are_streamed(tmp_path: Path) -> None:
    with (tmp_path / "x.csv").open("w") as file:
        for index in range(50_000):
            file.write(f'{index:011}, 0.000, 10.000, "/m/09x0r"\n')
    source = Youtube(path=str(tmp_path / "x.csv"), layout="audioset")
    tracemalloc.start()
    assert sum(1 for _ in source.candidates()) == 50_000
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


def test_what_may_hold_keys_is_not_published() -> None:
    secret = {
        "cookies": "/home/me/cookies.txt",
        "proxy": "http://me:word@host",
        "extractor_args": {"youtube": {"po_token": ["web+key"]}},
        "more": {"http_headers": {"X": "key"}},
    }
    shown = Youtube.model_validate({"ids": [ID], **secret}).published()
    assert not secret.keys() & shown["options"].keys()
    assert "key" not in str(shown)


def test_clips_of_a_video_share_it_unless_each_is_brought_alone() -> None:
    one, other = Candidate("u", "u", 0.0, 1.0), Candidate("u", "u", 5.0, 6.0)
    whole, alone = Youtube(ids=(ID,)), Youtube(ids=(ID,), policy="section")
    assert whole.errand(one) == whole.errand(other)
    assert alone.errand(one) != alone.errand(other)


def test_options_go_to_yt_dlp_under_its_own_names() -> None:
    way = ytdlp.way(
        Youtube(
            ids=(ID,),
            policy="section",
            max_height=360,
            format_sort=("res", "ext"),
            proxy="socks5://host",
            rate_limit=1000,
            sleep_s=2,
            sleep_requests_s=0.5,
            extractor_args={"youtube": {"player_client": ("web",), "po_token": ("web.gvs+KEY",)}},
            more={"js_runtimes": {"node": {}}, "ratelimit": 5},
        )
    )
    assert (way.policy, way.format_sort) == ("section", ("res", "ext"))
    assert "[height<=?360]" in way.format
    assert way.more == {
        "proxy": "socks5://host",
        "ratelimit": 5,  # what is said by the library's own name counts
        "sleep_interval": 2,
        "max_sleep_interval": 4,
        "sleep_interval_requests": 0.5,
        "extractor_args": {"youtube": {"player_client": ["web"], "po_token": ["web.gvs+KEY"]}},
        "js_runtimes": {"node": {}},
    }


def test_no_proxy_can_be_asked_for_where_the_environment_names_one() -> None:
    assert ytdlp.way(Youtube(ids=(ID,), proxy="")).more == {"proxy": ""}
    assert ytdlp.way(Youtube(ids=(ID,))).more == {}


def test_cookies_are_the_options_or_else_the_environments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ACAV1M_COOKIES", raising=False)
    assert ytdlp.way(Youtube(ids=(ID,))).cookies is None
    monkeypatch.setenv("ACAV1M_COOKIES", str(tmp_path / "none"))
    with pytest.raises(AcavError, match="no such file"):
        ytdlp.way(Youtube(ids=(ID,)))
    (tmp_path / "mine").touch()
    assert ytdlp.way(Youtube(ids=(ID,), cookies=str(tmp_path / "mine"))).cookies is not None


def test_a_stretch_holds_all_its_clips() -> None:
    one, other = Candidate("u", "u", 3.0, 4.0), Candidate("u", "u", None, 9.0)
    assert ytdlp.stretch([one]) == (3.0, 4.0)
    assert ytdlp.stretch([one, other]) == (0.0, 9.0)
    assert ytdlp.stretch([one, Candidate("u", "u", 5.0, None)]) is None
