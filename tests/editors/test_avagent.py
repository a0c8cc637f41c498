"""The agent as a recipe names it."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from pydantic import ValidationError

from acav1m.agent import action as actions
from acav1m.agent import planner as planners
from acav1m.agent.settings import Settings
from acav1m.editors.avagent import Avagent
from acav1m.errors import AcavError


def avagent(**options: Any) -> Avagent:
    return Avagent.model_validate(options)


def test_its_options_are_those_of_the_loop_and_whom_it_asks() -> None:
    beside = {"only_if", "planner", "alignment", "temporal"}
    assert set(Avagent.model_fields) == set(Settings.model_fields) | beside
    assert avagent(threshold=0.5).threshold == 0.5
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        avagent(threshold=2)


def test_its_schema_knows_every_planner_and_its_options() -> None:
    by_name, with_options = Avagent.model_json_schema()["properties"]["planner"]["anyOf"]
    assert by_name["enum"] == planners.names()
    for name in planners.names():
        own = with_options["properties"][name]["anyOf"][0]
        assert set(own["properties"]) == set(planners.load(name).model_fields)


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": 0.8},
        {"planner": "random"},
        {"planner": {"rules": {"min_confidence": 0.7}}},
        {"alignment": "language_score"},
    ],
)
def test_its_identity_tells_all_that_decides(changed: dict[str, Any]) -> None:
    assert avagent(**changed).identity() != avagent().identity()


def test_its_identity_tells_who_plans_and_who_acts() -> None:
    found = avagent(planner={"random": {"seed": 7}}).identity()
    assert found["planner"]["options"] == {"seed": 7}
    assert set(found["actions"]) == set(actions.names())
    assert avagent(planner={"rules": None}).identity()["planner"]["name"] == "rules"


def test_other_versions_of_actions_and_packages_are_another_identity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = avagent().identity()
    monkeypatch.setattr(actions.load("wiener"), "version", 99)
    assert avagent().identity() != before
    monkeypatch.undo()
    monkeypatch.setattr("acav1m.editors.avagent.version", lambda _: "0.0.1")
    assert avagent().identity() != before


def test_the_lock_shows_no_folder_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = {"model": "/home/ada/models/llama", "listed": ["/home/ada/x", "a/b"]}
    monkeypatch.setattr(Avagent, "identity", lambda self: {"planner": folder})
    assert avagent().published() == {"planner": {"model": "llama", "listed": ["x", "a/b"]}}


def test_it_names_the_packages_that_decide() -> None:
    assert set(avagent().packages()) == {"PyWavelets", "python-stretch"}


def test_a_missing_package_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_stretch", None)
    with pytest.raises(AcavError, match=r"needs python-stretch: pip install 'acav1m\[agent\]'$"):
        avagent().setup()


def test_a_planner_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[object] = []
    monkeypatch.setattr(planners.load("random"), "setup", lambda self: loaded.append(self))
    avagent(planner={"random": {"seed": 3}}).setup()
    avagent(planner={"random": {"seed": 3}}, threshold=0.3).setup()
    assert loaded[0] is loaded[1]


def test_it_uses_what_the_observation_is_made_of() -> None:
    step = avagent(temporal="visible_event_score")
    assert step.needs() == ("instance_score", "visible_event_score")
    assert {"audio_caption", "sync_offset_s", "visible_event_score"} <= set(step.uses())
