"""Which sources are asked and how: out of a release's lock, or as the user names a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from acav1m import complaints, steps
from acav1m.content import override
from acav1m.errors import AcavError, RecipeError, did_you_mean
from acav1m.lock import HIDDEN
from acav1m.recipe import Network
from acav1m.release import lock
from acav1m.steps import RemoteSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from acav1m.steps import Source

LISTS = ("urls", "youtube")
"""Sources that can read a list and be asked for what is on it."""


@dataclass(frozen=True)
class Settings:
    """Sources by name, None for those that cannot be asked, and how the network is."""

    sources: Mapping[str, Source | None]
    network: Network = field(default_factory=Network)

    def json(self) -> dict[str, Any]:
        """As workers are told."""
        return {
            "sources": {
                name: None if source is None else source.model_dump(mode="json")
                for name, source in self.sources.items()
            },
            "network": self.network.model_dump(mode="json"),
        }


def of_release(locked: Mapping[str, Any], overrides: Sequence[str]) -> Settings:
    """The sources of a release, by its lock.

    A lock is foreign input: of its options, none that may hold keys or steer yt-dlp is taken, and
    nothing of its section `network`, which says what may be asked.

    Raises:
        RecipeError: An override is wrong, or the release's options are unknown here.
    """
    published = lock.sources(locked)
    options = {name: _kept(name, one) for name, one in published.items()}
    return _made(options, overrides)


def of_list(
    path: Path, source: str | None, layout: str | None, overrides: Sequence[str]
) -> Settings:
    """One source that reads a list.

    Raises:
        AcavError: It is not said how to read the list, or an override is wrong.
    """
    source = source or ("youtube" if layout else None)
    if source is None:
        raise AcavError(
            f"{path} is no release; if it is a list, add --source urls or --source youtube"
        )
    if source not in LISTS:
        raise AcavError(f"--source {source}: no list is read by it{did_you_mean(source, LISTS)}")
    if layout is not None and source != "youtube":
        raise AcavError(f"--layout {layout}: only --source youtube knows layouts")
    options = {"path": str(path)} | ({} if layout is None else {"layout": layout})
    return _made({source: options}, overrides)


def _kept(name: str, published: Mapping[str, Any]) -> dict[str, Any] | None:
    """Options of a source that can be asked, None of another."""
    try:
        step = steps.load("sources", name)
    except RecipeError:
        return None  # of another package, which is not here
    if issubclass(step, RemoteSource) and step.found_by is None:
        return None
    return {option: value for option, value in published.items() if option not in HIDDEN}


def _made(sources: Mapping[str, dict[str, Any] | None], overrides: Sequence[str]) -> Settings:
    content: dict[str, Any] = {
        "sources": {
            name: dict(options) for name, options in sources.items() if options is not None
        },
        "network": {},
    }
    wrong = override(content, overrides)
    wrong += [f"--set {key}: only sources and network matter here" for key in [*content][2:]]
    wrong += [
        f"--set sources.{name}: no such source here{did_you_mean(name, sources)}"
        for name in content["sources"].keys() - sources.keys()
    ]
    made: dict[str, Source | None] = dict.fromkeys(sources)
    for name, options in content["sources"].items():
        if name in sources:
            made[name] = _source(name, options, wrong)
    network = _network(content["network"], wrong)
    if wrong:
        raise RecipeError(wrong)
    return Settings(made, network)


def _source(name: str, options: Any, wrong: list[str]) -> Source | None:
    step = steps.load("sources", name)
    try:
        return step.model_validate(options)  # type: ignore[return-value]
    except ValidationError as error:
        wrong += complaints.of_step(error, f"sources.{name}", step.model_fields)
    return None


def _network(options: Any, wrong: list[str]) -> Network:
    try:
        return Network.model_validate(options)
    except ValidationError as error:
        wrong += complaints.of_step(error, "network", Network.model_fields)
    return Network()
