"""A wrong recipe is refused in one go, place by place; a right one has keys that hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from acav1m import plan
from acav1m.errors import AcavError, RecipeError
from acav1m.plan import Plan
from acav1m.steps import KINDS

RECIPE: dict[str, Any] = {
    "name": "tiny",
    "version": "0.1.0",
    "about": "Two clips.",
    "license": "CC0-1.0",
    "sources": {"synthetic": {"clips": 2}},
    "measures": {"silent_share": {}, "loudness": {}},
    "captioners": {"embedded": {}},
    "aligners": {"language": {}, "temporal": {}},
    "filters": {"silence": {"max_share": 0.5}},
}

Read = Callable[..., Plan]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write the recipe with these sections changed, and read it with these overrides."""

    def made(changed: Mapping[str, Any] | None = None, *overrides: str) -> Plan:
        path = tmp_path / "recipe.yaml"
        path.write_text(yaml.safe_dump({**RECIPE, **(changed or {})}, sort_keys=False))
        return plan.read(path, overrides)

    return made


def _complaints(read: Read, changed: Mapping[str, Any] | None, *overrides: str) -> list[str]:
    with pytest.raises(RecipeError) as caught:
        read(changed, *overrides)
    return list(caught.value.complaints)


def test_a_right_recipe_gives_its_steps_in_order(read: Read) -> None:
    made = read()
    assert {kind: list(made.steps[kind]) for kind in KINDS if made.steps[kind]} == {
        kind: list(RECIPE[kind]) for kind in KINDS if kind in RECIPE
    }
    assert list(made.lookers) == [
        "measures.silent_share",
        "measures.loudness",
        "captioners.embedded",
        "aligners.language",
        "aligners.temporal",
    ]
    assert {"silent_share", "caption", "event", "clip_id"} <= set(made.columns())


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"filter": {}}, "filter: no such key; did you mean 'filters'?"),
        ({"qqq": 1}, "qqq: no such key; known: about, aligners,"),
        ({"filters": {"silense": {}}}, "filters.silense: no such step; did you mean 'silence'?"),
        ({"sources": {"dailymotion": {}}}, "sources.dailymotion: no such step; known: "),
        (
            {"filters": {"silence": {"max_shere": 1}}},
            "filters.silence.max_shere: no such option; did you mean 'max_share'?",
        ),
        (
            {"filters": {"silence": {"max_share": "loud"}}},
            "filters.silence.max_share: Input should be a valid number",
        ),
        (
            {"filters": {"silence": {"on_fail": "drop"}}},
            "filters.silence.on_fail: Input should be 'reject', 'flag' or 'realign', got 'drop'",
        ),
        ({"cut": {"second": 5}}, "cut.second: no such key; did you mean 'seconds'?"),
        ({"cut": {"seconds": 2, "min_s": 5}}, "cut.min_s: is longer than seconds (2), got 5"),
        ({"cut": {"seconds": 1}}, "cut.min_s: is longer than seconds (1), got 2"),
        (
            {"answers": {"purposes": "x"}},
            "answers.purposes: no such question; did you mean 'purpose'?",
        ),
        ({"date": "2026-02-30"}, "date: Input should be a valid date"),
        ({"cut": {"preset": "fst"}}, "cut.preset: Input should be 'ultrafast', 'superfast', "),
        ({"cut": {"fps": 0.0001}}, "cut.fps: Input should be greater than or equal to 1"),
        (
            {"release": {"splits": {"trains": 1}}},
            "release.splits.trains: no such key; did you mean 'train'?",
        ),
        (
            {"release": {"splits": {"train": 0.5}}},
            "release.splits.test: train, validation and test must add up to 1",
        ),
        ({"creators": [{"nme": "Ada"}]}, "creators.0.nme: no such key; did you mean 'name'?"),
        ({"version": 1}, "version: Input should be a valid string, got 1"),
        ({"name": "Not A Name"}, "name: String should match pattern"),
        ({"sources": {}}, "sources: name at least one source"),
        ({"sources": {"files": {}}}, "sources.files.path: is missing"),
        ({"measures": ["loudness"]}, "measures: Input should be a valid dictionary"),
        ({"measures": {"loudness": 3}}, "measures.loudness: Input should be a valid dictionary"),
        ({"filters": {"where": {"keep_if": "lufs >"}}}, "filters.where: syntax error"),
        (
            {"filters": {"where": {"keep_if": "lusf > -30"}}},
            "filters.where: no column 'lusf'; did you mean 'lufs'?",
        ),
        ({"filters": {"where": {"keep_if": "lufs + 1"}}}, "filters.where: "),
        (
            {"filters": {"where": {"keep_if": "avg(lufs) > 1"}}},
            "filters.where: avg() sees many clips",
        ),
        (
            {"filters": {"where": {"keep_if": "row_number() over () < 9"}}},
            "filters.where: row_number() over (...) sees other clips, which only a selector may",
        ),
        (
            {"selectors": {"balance": {"column": "kind", "clips": 2}}},
            "selectors.balance: no column 'kind'",
        ),
        (
            {"selectors": {"budget": {}}},
            "selectors.budget: say how much: clips, hours or both",
        ),
        (
            {"editors": {"avagent": {}, "louder": {}}},
            "editors.louder: no such step; known: avagent",
        ),
        (
            {"editors": {"avagent": {}}},
            "editors.avagent: needs 'instance_score', which no step adds;"
            " add aligners.instance to the recipe",
        ),
        (
            {"editors": {"avagent": {"only_if": "motion > 0.1"}}},
            "editors.avagent: only_if: no column 'motion'; add measures.motion to the recipe",
        ),
        (
            {"editors": {"avagent": {"only_if": "edit_result IS NULL"}}},
            "editors.avagent: only_if: no column 'edit_result'",
        ),
        (
            {"editors": {"avagent": {"only_if": "count(*) > 1"}}},
            "editors.avagent: only_if: ",
        ),
        (
            {"editors": {"avagent": {"thresholt": 0.9}}},
            "editors.avagent.thresholt: no such option; did you mean 'threshold'?",
        ),
        (
            {"editors": {"avagent": {"planner": {"rules": {"min_ofset_s": 1}}}}},
            "editors.avagent.planner: rules.min_ofset_s: no such option;"
            " did you mean 'min_offset_s'?",
        ),
        (
            {"editors": {"avagent": {"planner": "ruls"}}},
            "editors.avagent.planner: no planner 'ruls'; did you mean 'rules'?",
        ),
        (
            {"editors": {"avagent": {"planner": {}}}},
            "editors.avagent.planner: name one planner, not none",
        ),
        (
            {"editors": {"avagent": {"alignment": "lufs"}}},
            "editors.avagent.alignment: 'lufs' is no score from 0 to 1",
        ),
        (
            {"measures": {"loudness": {}}},
            "filters.silence: no column 'silent_share'; add measures.silent_share to the recipe",
        ),
        (
            {"captioners": {}},
            "aligners.language: reads 'audio_caption', which no step before it adds;"
            " add captioners.embedded to the recipe",
        ),
    ],
)
def test_a_complaint_names_its_place_and_the_nearest_fix(
    read: Read, changed: Mapping[str, Any], complaint: str
) -> None:
    found = _complaints(read, changed)
    assert [c for c in found if c.startswith(complaint)], found
    assert not any("\n" in c for c in found)


def test_every_complaint_comes_at_once(read: Read) -> None:
    wrong = {
        "filter": {},
        "version": "one",
        "cut": {"second": 1},
        "measures": {"silent_shere": {}, "loudness": {"x": 1}},
        "filters": {"silense": {}, "silence": {"max_shere": 1}},
    }
    places = {complaint.partition(":")[0] for complaint in _complaints(read, wrong)}
    assert places == {
        "filter",
        "version",
        "cut.second",
        "measures.silent_shere",
        "measures.loudness.x",
        "filters.silense",
        "filters.silence.max_shere",
    }


def test_what_can_be_known_is_said_beside_other_complaints(read: Read, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("path,a b\na.mp4,1\n")
    wrong = {
        "version": "one",
        "sources": {"synthetic": {}, "files": {"path": str(tmp_path / "list.csv")}},
        "cut": {"seconds": 2, "min_s": 5, "crf": 99},
        "release": {"splits": {"train": 0.5, "sed": 1}},
        "measures": {"silent_share": {"floor": 1}},
        "filters": {"silense": {}, "where": {"keep_if": "lusf > -30 and silent_share > 0"}},
        "selectors": {"budget": {"clips": 2, "order_by": "lusf"}},
    }
    places = [complaint.partition(":")[0] for complaint in _complaints(read, wrong)]
    assert set(places) >= {
        "version",
        "sources.files",
        "cut.min_s",
        "cut.crf",
        "release.splits.test",
        "release.splits.sed",
        "measures.silent_share.floor",
        "filters.silense",
        "filters.where",
    }
    assert places.count("filters.where") == 1, "what silent_share would add is known"


def test_no_column_is_called_missing_that_an_unknown_step_may_add(read: Read) -> None:
    wrong = {"measures": {"mood": {}}, "filters": {"where": {"keep_if": "mood > 1"}}}
    found = _complaints(read, {**wrong, "captioners": {}, "aligners": {}})
    assert [c.partition(":")[0] for c in found] == ["measures.mood"]


def test_a_misspelt_section_is_not_said_of_all_who_read_its_columns(read: Read) -> None:
    found = _complaints(read, {"measures": {}, "measure": {"silent_share": {}}})
    assert [c.partition(":")[0] for c in found] == ["measure"]


def test_a_list_that_cannot_be_read_hides_nothing(read: Read, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file\na.mp4\n")
    source = {"files": {"path": str(tmp_path / "list.csv")}}
    found = _complaints(read, {"sources": source, "version": 1})
    assert [c for c in found if "has no column 'path'" in c]
    assert [c for c in found if c.startswith("version: ")]
    assert len(found) == 2


def test_examples_are_tried_beside_other_complaints(read: Read) -> None:
    wrong = {"version": "one", "examples": [{"silent_share": 0.9}]}
    assert [c.partition(":")[0] for c in _complaints(read, wrong)] == ["version", "examples[0]"]


def test_a_day_is_text_where_no_date_is_asked(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "dates.yaml"
    path.write_text(yaml.safe_dump(RECIPE) + "date: 2026-01-31\nabout2: 2026-01-31\n")
    with pytest.raises(RecipeError, match="about2") as caught:
        plan.read(path)
    assert len(caught.value.complaints) == 1
    assert read({"date": "2026-01-31"}).recipe.date == date(2026, 1, 31)


def test_all_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("name: tiny\n")
    with pytest.raises(RecipeError) as caught:
        plan.read(path)
    missing = ("version", "about", "license", "sources")
    assert caught.value.complaints == tuple(f"{key}: is missing" for key in missing)


def test_a_section_with_every_line_commented_out_is_empty(read: Read) -> None:
    assert not read({"filters": None, "selectors": None}).filters


def test_a_step_without_options_may_be_left_bare(read: Read) -> None:
    assert "measures.motion" in read({"measures": {"motion": None, "silent_share": None}}).lookers


def test_a_lists_columns_may_not_be_taken_already(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    source = {"sources": {"files": {"path": str(path)}}}
    path.write_text("path,clip_id\na.mp4,1\n")
    assert _complaints(read, source) == [
        "sources.files: column 'clip_id' is taken; rename it in the list"
    ]
    path.write_text("path,lufs\na.mp4,-20.5\n")
    assert _complaints(read, source) == ["measures.loudness: adds 'lufs', which is taken"]
    path.write_text("path,mood\na.mp4,calm\n")
    asks = {"filters": {"where": {"keep_if": "mood = 'calm'"}}}
    assert read({**source, **asks}).columns()["mood"] is str


def test_two_sources_may_share_a_column_of_one_type(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    both = {"sources": {"synthetic": {"clips": 2}, "files": {"path": str(path)}}}
    path.write_text("path,event\na.mp4,bell\n")
    assert read(both).columns()["event"] is str
    path.write_text("path,event\na.mp4,4\n")
    [complaint] = _complaints(read, both)
    assert complaint.startswith("sources.files: column 'event' is taken")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: tiny\nfilters: [silence,\n", "line 3: "),
        ("name: tiny\n\tversion: 1\n", "line 2: "),
        ("name: tiny\nname: other\n", "line 2: the key 'name' is there twice"),
        ("cut:\n  seconds: 5\n  seconds: 6\n", "line 3: the key 'seconds' is there twice"),
        ("? [a, b]\n: 1\n", "line 1: "),
        ("name: !!int x\n", "is not YAML"),
        ("- name: tiny\n", "a recipe is a mapping of keys"),
        ("", "a recipe is a mapping of keys"),
        ("\x00", "is not YAML"),
        ("name: !!python/object:os.system {}\n", "line 1: "),
    ],
)
def test_broken_yaml_is_named_by_its_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=r"recipe\.yaml: ") as caught:
        plan.read(path)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_recipe_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    for path in (tmp_path / "quickstrat.yaml", Path("quickstrt")):
        with pytest.raises(AcavError, match=r"No such file.*did you mean 'quickstart"):
            plan.read(path)
    with pytest.raises(AcavError, match="directory"):
        plan.read(tmp_path)
    (tmp_path / "recipe.yaml").write_bytes(b"\xff\xfe\x00n")
    with pytest.raises(AcavError, match="not a text file in UTF-8"):
        plan.read(tmp_path / "recipe.yaml")


def test_set_changes_adds_and_replaces(read: Read) -> None:
    made = read(
        None,
        "cut.seconds=4",
        "filters.silence.max_share=0.25",
        "measures={motion: {}, still: {}, silent_share: {}}",
        "filters.static_picture.min_motion=0.01",
        "release.splits={train: 1, validation: 0, test: 0}",
        "about=a=b",
        "keywords=[one, two]",
        "measures.loudness=",
        "contact=",
    )
    assert made.recipe.cut.seconds == 4
    assert made.filters["silence"].model_dump()["max_share"] == 0.25
    assert made.filters["static_picture"].model_dump()["min_motion"] == 0.01
    assert made.recipe.release.splits.train == 1
    assert made.recipe.keywords == ("one", "two")
    assert "measures.motion" in made.lookers
    assert made.recipe.contact is None


@pytest.mark.parametrize("text", ["/my videos #1", "123", "a: b", "~/x", "- x", "[x", "*.mp4"])
def test_set_takes_text_as_it_is(read: Read, text: str) -> None:
    source = {"sources": {"files": {"path": "."}}}
    made = read(source, f"sources.files.path={text}", f"about={text}", f"answers.purpose={text}")
    assert made.sources["files"].model_dump()["path"] == text
    assert made.recipe.about == text
    assert made.recipe.answers == {"purpose": text}


def test_every_wrong_set_is_named_at_once(read: Read) -> None:
    found = _complaints(read, None, "cut", "date=2020-13-01", "cut.fps=[", "cut.crf=99")
    places = {complaint.partition(":")[0] for complaint in found}
    assert places == {"--set cut", "--set cut.fps=[", "cut.crf", "date"}


def test_a_folder_does_not_hide_a_recipe_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "quickstart").mkdir()
    monkeypatch.chdir(tmp_path)
    assert plan.read(Path("quickstart")).recipe.name.endswith("quickstart")


def test_set_may_fill_a_bare_step(read: Read) -> None:
    made = read({"measures": {"silent_share": None}}, "measures.silent_share.floor_db=-50")
    assert made.lookers["measures.silent_share"].model_dump()["floor_db"] == -50


@pytest.mark.parametrize(
    ("override", "complaint"),
    [
        ("cut.seconds", "--set cut.seconds: write it as path.to.key=value"),
        ("cut.seconds: 5", "--set cut.seconds: 5: write it as path.to.key=value"),
        ("=5", "--set =5: write it as path.to.key=value"),
        ("cut..seconds=5", "--set cut..seconds=5: write it as path.to.key=value"),
        ("name.first=Ada", "--set name.first=Ada: 'name' holds a value, not keys"),
        ("cut.seconds=[", "--set cut.seconds=[: the value is not YAML"),
        ("cut.second=5", "cut.second: no such key; did you mean 'seconds'?"),
        ("cutt.seconds=5", "cutt: no such key; did you mean 'cut'?"),
        ("filters.silense.x=1", "filters.silense: no such step; did you mean 'silence'?"),
        ("name=", "name: Input should be a valid string"),
    ],
)
def test_a_wrong_set_is_refused(read: Read, override: str, complaint: str) -> None:
    assert complaint in _complaints(read, None, override)


def _keys(made: Plan) -> dict[str, str]:
    return {label: made.key(label) for label in ("download", *made.lookers)}


def _changed(read: Read, *overrides: str) -> set[str]:
    before, after = _keys(read()), _keys(read(None, *overrides))
    assert before.keys() == after.keys()
    return {label for label in before if before[label] != after[label]}


ALL = {
    "download",
    "measures.silent_share",
    "measures.loudness",
    "captioners.embedded",
    "aligners.language",
    "aligners.temporal",
}


@pytest.mark.parametrize(
    ("override", "changed"),
    [
        ("filters.silence.max_share=0.1", set()),
        ("filters.silence.on_fail=flag", set()),
        ("selectors.budget.clips=1", set()),
        ("release.clips_per_shard=2", set()),
        ("about=Other words.", set()),
        ("sources.synthetic.clips=9", set()),
        ("measures.silent_share.floor_db=-50", {"measures.silent_share"}),
        ("measures.silent_share.floor_db=-60", set()),
        ("captioners.embedded.min_confidence=0.9", {"captioners.embedded", "aligners.language"}),
        ("aligners.language.against=source_caption", {"aligners.language"}),
        ("cut.crf=30", ALL),
        ("cut.seconds=10", set()),
    ],
)
def test_a_key_changes_with_what_its_results_depend_on_and_nothing_else(
    read: Read, override: str, changed: set[str]
) -> None:
    assert _changed(read, override) == changed


def test_keys_depend_on_no_order(read: Read) -> None:
    def keys(measures: dict[str, Any]) -> dict[str, str]:
        return _keys(read({"measures": measures}))

    silent, still = {"floor_db": -50}, {"hold_s": 0.5, "noise": 0.2}
    forth = keys({"silent_share": silent, "still": still})
    back = keys({"still": dict(reversed(still.items())), "silent_share": silent})
    assert forth == back
    assert len(set(forth.values())) == len(forth)


def test_a_step_of_the_same_options_in_two_places_has_two_keys(read: Read) -> None:
    keys = _keys(read({"measures": {"silent_share": {}, "clipped_share": {}, "motion": {}}}))
    assert len(set(keys.values())) == len(keys)
