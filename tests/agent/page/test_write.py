"""The page: whole by itself, and nothing of what it shows becomes a part of it."""

import html
import json
from base64 import b64decode
from html.parser import HTMLParser

import pytest

from acav1m.agent.page import write
from acav1m.errors import AcavError

FILES = {
    "index.html",
    "story.json",
    "before.mp4",
    "before.flac",
    "after.mp4",
    "after.flac",
    "spectrograms.png",
    "waveforms.png",
    "scores.png",
}


class Page(HTMLParser):
    """Every tag and link of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.text = [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        assert not [name for name, _ in attributes if name.startswith("on")]
        self.links += [value for name, value in attributes if name in ("src", "href")]

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def out(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page") / "out"
    write.write(report, folder)
    return folder


@pytest.fixture(scope="module")
def page(out):
    return Page((out / "index.html").read_text(encoding="utf-8"))


def test_everything_is_there(out):
    made = {path.name: path.read_bytes() for path in out.iterdir()}

    assert made.keys() == FILES
    assert made["before.flac"] != made["after.flac"]
    told = json.loads(made["story.json"])
    assert told["story"]["result"] == "edited"
    assert told["temporal_scores"] == {"before": [0.1, None], "after": [0.9, 1.0]}


def test_the_page_needs_only_the_files_beside_it(page):
    pictures = [link for link in page.links if link.startswith("data:")]
    rest = set(page.links) - set(pictures)

    assert rest == {"before.mp4", "before.flac", "after.mp4", "after.flac"}
    assert len(pictures) == 3
    for link in pictures:
        assert b64decode(link.removeprefix("data:image/png;base64,"))[:4] == b"\x89PNG"


def test_captions_reasons_and_names_are_only_text(report, page):
    assert "script" not in page.tags
    assert page.tags.count("img") == 3
    for said in (report.video, report.story.reason, report.story.observation.audio_caption):
        assert said in page.text
    assert "refused: it mutes" in page.text
    assert "what now?" in page.text


def test_the_page_says_what_scores_mean(page):
    assert "Scores go from 0 to 1, from 0.85 on good enough:" in page.text
    assert "temporal: whether it is heard when it is seen" in page.text


def test_the_same_report_gives_the_same_bytes_and_what_is_left_of_another_goes(
    report, out, kept, tmp_path
):
    for name in ("story.json", "after.mp4", "after.flac"):
        (tmp_path / name).write_text("old")
    write.write(kept, tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    write.write(report, tmp_path)
    for path in out.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()

    assert left == FILES - {"after.mp4", "after.flac"}
    assert "after" not in Page(page).links
    assert "kept as it came" in html.unescape(page)


@pytest.mark.parametrize("name", ["thesis.docx", "mine.png", "index.html"])
def test_among_what_is_not_ours_nothing_is_written(report, tmp_path, name):
    (tmp_path / name).write_text("kept")
    with pytest.raises(AcavError, match=f"holds {name}, which is no page of ours"):
        write.write(report, tmp_path)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["kept"]
