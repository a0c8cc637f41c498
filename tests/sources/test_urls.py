"""Addresses from a list or from the recipe, with what the list says beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from acav1m.errors import AcavError
from acav1m.sources.urls import Urls
from acav1m.steps import RemoteSource

ONE = "https://example.org/a.mp4"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.csv", f"url,start_s,end_s,license,topic\n{ONE},1,2.5,CC-BY-4.0,bells\n"),
        ("x.tsv", f"url\tstart_s\tend_s\tlicense\ttopic\n{ONE}\t1\t2.5\tCC-BY-4.0\tbells\n"),
        (
            "x.jsonl",
            f'{{"url": "{ONE}", "start_s": 1, "end_s": 2.5, "license": "CC-BY-4.0", '
            '"topic": "bells"}\n',
        ),
    ],
)
def test_a_list_says_where_and_when(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    source = Urls(path=str(tmp_path / name), license="CC0-1.0")

    [candidate] = source.candidates()

    assert source.columns() == {"topic": str}
    assert (candidate.uri, candidate.locator) == (ONE, ONE)
    assert (candidate.start_s, candidate.end_s, candidate.license) == (1.0, 2.5, "CC-BY-4.0")
    assert candidate.metadata == {"topic": "bells"}


def test_addresses_may_stand_in_the_recipe() -> None:
    source = Urls(urls=(ONE, "https://example.org/b.mp4"), license="CC0-1.0")
    assert [c.uri for c in source.candidates()] == [ONE, "https://example.org/b.mp4"]
    assert {c.license for c in source.candidates()} == {"CC0-1.0"}
    assert source.columns() == {}
    assert isinstance(source, RemoteSource)


@pytest.mark.parametrize("options", [{}, {"urls": [ONE], "path": "x.csv"}])
def test_it_wants_one_of_both(options: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="either a list"):
        Urls.model_validate(options)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("path\nx\n", "has no column 'url'; its columns are path"),
        ("url\n", "holds no addresses"),
        (f"url,start_s,end_s\n{ONE},5,4\n", "start_s 5.0 and end_s 4.0"),
        (f"url,n\n,1\n{ONE},2\n", "a row has no url"),
    ],
)
def test_a_wrong_list_is_named(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(AcavError, match=complaint):
        list(Urls(path=str(tmp_path / "x.csv")).candidates())


def test_no_folder_is_published() -> None:
    assert Urls(path="/home/me/x.csv").published()["options"]["path"] == "x.csv"
    assert Urls(urls=(ONE,)).published()["options"]["path"] is None


def test_what_is_no_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(AcavError, match=r"sources\.urls\.path: .* is no list"):
        Urls(path=str(tmp_path)).columns()
