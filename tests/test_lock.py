"""The lock names all that decided a release, and no folder of this machine."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pytest

from acav1m import plan
from acav1m.lock import lock

RECIPE: dict[str, Any] = {
    "name": "t",
    "version": "1.0.0",
    "about": "A test.",
    "license": "CC0-1.0",
    "sources": {"synthetic": {}},
    "aligners": {"instance": {}, "temporal": {}},
}


def locked(*overrides: str, **more: Any) -> dict[str, Any]:
    return lock(plan.resolve(RECIPE | more), overrides, None)


def test_an_editor_is_named_with_all_that_it_edits_with() -> None:
    found = locked(editors={"avagent": {"threshold": 0.8}})

    editor = found["steps"]["editors"]["avagent"]
    assert editor["options"]["threshold"] == 0.8
    assert editor["planner"]["name"] == "rules"
    assert editor["actions"]["wiener"] >= 1
    assert found["tools"]["PyWavelets"] == version("PyWavelets")
    assert found["tools"]["python-stretch"] == version("python-stretch")


def test_who_edits_nothing_names_no_such_tools() -> None:
    found = locked()

    assert found["steps"]["editors"] == {}
    assert not {"PyWavelets", "python-stretch"} & found["tools"].keys()


@pytest.mark.parametrize(
    ("override", "told"),
    [
        ("editors.avagent.planner.local.model=/home/ada/llama", "…planner.local.model=llama"),
        (
            "editors.avagent.planner={local: {model: /home/ada/llama, adapter: '/home/b'}}",
            "planner={local: {model: llama, adapter: 'b'}}",
        ),
        ("editors.avagent.only_if=lufs /2 < -20", "editors.avagent.only_if=lufs /2 < -20"),
    ],
)
def test_overrides_show_no_folders(override: str, told: str) -> None:
    [found] = locked(override)["overrides"]

    assert found.endswith(told.removeprefix("…"))
    assert "/home" not in found
