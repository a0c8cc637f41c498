"""A lock is foreign input, and a list has to be told how to be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from acav1m.availability import settings
from acav1m.errors import AcavError, RecipeError


def locked(**sources: dict[str, Any]) -> dict[str, Any]:
    made = {name: {"version": 1, "options": options} for name, options in sources.items()}
    return {
        "steps": {"sources": made},
        "recipe": {"network": {"allow_private": True, "respect_noai": False}},
    }


def test_a_lock_steers_nothing_but_what_it_may() -> None:
    options = {"ids": ["jNQXAC9IVRw"], "max_height": 360, "proxy": "http://10.0.0.1:80"}
    hostile = {"more": {"postprocessors": [{"key": "Exec", "exec_cmd": "touch x"}]}}
    found = settings.of_release(locked(youtube=options | hostile), ["network.rate_per_s=2"])

    told = found.json()["sources"]["youtube"]
    assert (told["max_height"], told["proxy"], told["more"]) == (360, None, {})
    assert (found.network.allow_private, found.network.respect_noai) == (False, True)
    assert found.network.rate_per_s == 2


def test_sources_that_cannot_be_asked_are_none() -> None:
    found = settings.of_release(locked(strange={}, synthetic={"clips": 3}), [])
    assert found.sources["strange"] is None
    assert found.sources["synthetic"] is not None


def test_every_wrong_override_is_told_with_the_nearest() -> None:
    with pytest.raises(RecipeError) as caught:
        settings.of_release(
            locked(urls={"path": "media.csv"}),
            ["network.conections=2", "sources.url.path=x", "cut.seconds=3", "network.tries=0"],
        )
    said = "\n".join(caught.value.complaints)
    assert "network.conections: no such option; did you mean 'connections'?" in said
    assert "sources.url: no such source here; did you mean 'urls'?" in said
    assert "cut: only sources and network matter here" in said
    assert "network.tries: " in said


@pytest.mark.parametrize(
    ("source", "layout", "said"),
    [
        (None, None, "if it is a list, add --source urls"),
        ("youtub", None, "did you mean 'youtube'"),
        ("urls", "vggsound", "only --source youtube knows layouts"),
        ("youtube", "vgg", "layout: Input should be"),
    ],
)
def test_how_a_list_is_read_must_be_said(source: str, layout: str, said: str) -> None:
    with pytest.raises(AcavError, match=said):
        settings.of_list(Path("list.csv"), source, layout, [])
