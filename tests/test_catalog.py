"""What a recipe may name is read from the steps themselves, for people, programs and editors."""

from __future__ import annotations

import json

import pytest

from acav1m import catalog, steps
from acav1m.errors import RecipeError
from acav1m.recipe import Recipe
from acav1m.steps import KINDS


def test_every_step_is_in_the_catalogue_once() -> None:
    found = [(entry["kind"], entry["name"]) for entry in catalog.data()]
    assert found == [(kind, name) for kind in KINDS for name in steps.names(kind)]


def test_an_entry_says_what_a_recipe_needs() -> None:
    [entry] = catalog.data("silent_share")
    assert (entry["kind"], entry["name"], entry["version"]) == ("measures", "silent_share", 1)
    assert entry["options"] == {"floor_db": -60.0}
    assert entry["adds"] == {"silent_share": "float"}
    assert entry["help"].endswith(".")
    assert entry["about"].startswith(entry["help"])


def test_lists_are_named_by_what_they_hold() -> None:
    [entry] = catalog.data("aligners.temporal")
    assert entry["adds"]["temporal_scores"] == "list[float]"


def test_what_must_be_given_is_told_from_what_may_be_none() -> None:
    [entry] = catalog.data("sources.files")
    assert entry["required"] == ["path"]
    assert entry["options"]["license"] is None
    assert "  path (must be given)\n" in catalog.text("files")
    assert "  license = None" in catalog.text("files")


def test_a_name_of_two_kinds_gives_both() -> None:
    kinds = {
        entry["name"]: {e["kind"] for e in catalog.data(entry["name"])} for entry in catalog.data()
    }
    assert kinds["shots"] == {"measures"}
    for name, found in kinds.items():
        assert found == {kind for kind in KINDS if name in steps.names(kind)}


def test_an_unknown_name_gives_the_nearest() -> None:
    for wrong, near in (("silense", "silence"), ("filters.silense", "filters.silence")):
        with pytest.raises(RecipeError, match=f"{wrong}: no such step; did you mean '{near}'"):
            catalog.data(wrong)


def test_people_get_a_line_a_step() -> None:
    lines = catalog.text().splitlines()
    assert [line.rstrip(":") for line in lines if not line.startswith(" ")] == list(KINDS)
    assert len(lines) == len(KINDS) + len(catalog.data())
    assert any(line.startswith("  silence ") and line.endswith(".") for line in lines)


def test_it_is_json_through_and_through() -> None:
    entries = json.loads(json.dumps(catalog.data(), allow_nan=False))
    assert [entry["name"] for entry in entries] == [entry["name"] for entry in catalog.data()]
    assert json.loads(json.dumps(catalog.json_schema())) == catalog.json_schema()


def test_the_schema_knows_every_key_and_option() -> None:
    schema = catalog.json_schema()
    assert set(schema["properties"]) == set(Recipe.model_fields)
    for entry in catalog.data():
        known = schema["properties"][entry["kind"]]["properties"][entry["name"]]["anyOf"][0]
        assert set(known["properties"]) == set(entry["options"])
        assert known.get("required", []) == entry["required"]
        assert known["additionalProperties"] is False


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    schema = catalog.json_schema()
    text = json.dumps(schema)
    names = {part.partition('"')[0] for part in text.split("#/$defs/")[1:]}
    assert names <= set(schema["$defs"])


def test_the_schema_refuses_what_a_recipe_may_not_hold() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(catalog.json_schema())
    jsonschema.Draft202012Validator.check_schema(catalog.json_schema())
    right = {"name": "x", "version": "0.1.0", "about": "x", "license": "x"}
    right |= {"sources": {"synthetic": None}, "filters": {"silence": {"max_share": 0.5}}}
    assert validator.is_valid(right)
    for wrong in (
        {"filters": {"silense": {}}},
        {"filters": {"silence": {"max_shere": 0.5}}},
        {"filters": {"silence": {"max_share": "loud"}}},
        {"sources": {"files": {}}},
        {"cut": {"second": 3}},
        {"filter": {}},
    ):
        assert not validator.is_valid(right | wrong), wrong
