from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from acav1m.release import layout

NEURIPS = (
    "rai:dataLimitations",
    "rai:dataBiases",
    "rai:personalSensitiveInformation",
    "rai:dataUseCases",
    "rai:dataSocialImpact",
    "rai:hasSyntheticData",
    "prov:wasDerivedFrom",
    "prov:wasGeneratedBy",
)


@pytest.fixture(scope="module")
def about(release: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release / layout.CROISSANT).read_text(encoding="utf-8"))
    return found


def test_it_conforms_to_croissant_and_rai(about: dict[str, Any]) -> None:
    assert about["conformsTo"][0] == "http://mlcommons.org/croissant/1.1"
    assert about["datePublished"] == "2024-05-06"
    assert about["license"] == "https://spdx.org/licenses/CC-BY-4.0.html"
    assert about["creator"][0]["affiliation"]["name"] == "Nowhere"


def test_minimal_responsible_ai_fields_are_there(about: dict[str, Any]) -> None:
    assert all(about[name] not in (None, "", []) for name in NEURIPS)


def test_unanswered_field_says_so_and_answered_one_quotes(about: dict[str, Any]) -> None:
    assert "Not answered by the maintainers yet" in about["rai:dataBiases"]
    assert about["rai:dataUseCases"] == "To test the release."


def test_every_column_is_a_described_field(about: dict[str, Any], release: Path) -> None:
    fields = {records["@id"]: records["field"] for records in about["recordSet"]}
    for name, path in (("clips", layout.metadata("train")), ("rejected", layout.REJECTED)):
        assert [f["name"] for f in fields[name]] == pq.read_schema(release / path).names
        assert all(field["description"] for field in fields[name])


def test_number_of_files_does_not_grow_with_the_shards(about: dict[str, Any]) -> None:
    tars = [f for f in about["distribution"] if f.get("contentUrl", "").endswith(".tar")]
    assert len(tars) == 1
