from __future__ import annotations

from pathlib import Path

import yaml

from acav1m.recipe import Creator, Recipe
from acav1m.release import papers


def test_citation_is_of_a_dataset(release: Path) -> None:
    found = yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert (found["cff-version"], found["type"]) == ("1.2.0", "dataset")
    assert found["authors"] == [{"name": "Ada Example"}]
    assert (found["license"], found["date-released"]) == ("CC-BY-4.0", "2024-05-06")


def test_licence_of_ones_own_is_no_spdx_id(recipe: Recipe) -> None:
    own = recipe.model_copy(update={"license": "https://example.org/terms"})
    found = yaml.safe_load(papers.citation(own))
    assert found["license-url"] == "https://example.org/terms"
    assert "license" not in found


def test_orcid_is_written_as_a_link(recipe: Recipe) -> None:
    ada = Creator(name="Ada", orcid="0000-0001-2345-678X")
    found = yaml.safe_load(papers.citation(recipe.model_copy(update={"creators": (ada,)})))
    assert found["authors"][0]["orcid"] == "https://orcid.org/0000-0001-2345-678X"


def test_notice_keeps_media_licences_apart(release: Path) -> None:
    text = (release / "NOTICE.md").read_text(encoding="utf-8")
    assert "| CC-BY-4.0 | 8 |" in text
    assert "| unknown | 2 |" in text


def test_removals_name_the_contact(release: Path) -> None:
    assert "Write to ada@example.org." in (release / "REMOVALS.md").read_text(encoding="utf-8")
