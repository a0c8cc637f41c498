"""AVAgent: plan an edit of the sound, make it, look whether it helped, until all is well."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Any, ClassVar

from pydantic import Field, field_validator

from acav1m import resources
from acav1m.agent import action as actions
from acav1m.agent.attempt import Story
from acav1m.agent.named import Named, choices, planner_of
from acav1m.agent.settings import Settings
from acav1m.clip import Clip
from acav1m.errors import AcavError
from acav1m.steps import Editor, Look

PACKAGES = {"pywt": "PyWavelets", "python_stretch": "python-stretch"}
"""What actions need, by the name it is imported by; other versions may give other sound."""


class Avagent(Settings, Editor):
    """Mend noise, timing, loudness and blanks by eight actions, kept only where scores rise.

    The agent of AVAgent (Mo and Song): a planner is told of the clip, at most one action against
    noise and one of coordination are tried, and what the recipe's aligners then say decides. The
    scores are the calibrated columns named by `alignment` and `temporal`, beside how sound the
    audio is by itself; a clip all of whose known scores reach `threshold` is left alone, and so is
    one for which the SQL of `only_if` does not hold. `planner` is `rules`, or another planner, with
    its options as in `planner: {local: {model: DIR}}`.

    The planner is asked up to `max_cycles` times, and not again once `max_seconds` are over.
    After an attempt that is not taken and has a score below `restart_below` it goes on from the
    original, else from the best sound so far. `accept` is `no_worse` (a score below the threshold
    makes at least `min_progress` of its way there, and none falls by more than `tolerance`, or
    than `exchange` times the greatest rise) or `both` (alignment and temporal score rise).
    `target_lufs` is the loudness that is asked for.

    Each worker of a build loads its own planner. A language model on this machine (`local`) wants
    `--workers 1`, or as many as there is room for, and a `--memory` above what it takes.

    No edit may leave more than `max_missing_share` of the clip silent, bring more than
    `max_clipped_share` more of the samples to full scale, or make the sound fall by more than
    `max_fall_lu`.
    """

    version: ClassVar[int] = 1
    """Goes up when the loop, its guards, or what is heard of a sound leads to other edits."""

    planner: Named = Field(default="rules", json_schema_extra=choices)
    alignment: str = "instance_score"
    temporal: str = "temporal_score"

    @field_validator("planner")
    @classmethod
    def _is_a_planner(cls, asked: Named) -> Named:
        planner_of(asked)
        return asked

    @field_validator("alignment", "temporal")
    @classmethod
    def _is_a_score(cls, column: str) -> str:
        about = resources.columns().get(column)
        if about and (about["type"], about["range"]) != ("double", [0, 1]):
            raise ValueError(f"'{column}' is no score from 0 to 1")
        return column

    def needs(self) -> tuple[str, ...]:
        return self.alignment, self.temporal

    def uses(self) -> tuple[str, ...]:
        from acav1m.agent import observe

        return tuple(sorted(observe.columns(self.alignment, self.temporal)))

    def identity(self) -> dict[str, Any]:
        """With what plans, what acts, and what acts are made with."""
        acts = {name: actions.load(name).version for name in actions.names()}
        packages = {package: _version(package) for package in PACKAGES.values()}
        made = planner_of(self.planner).identity()
        return super().identity() | {"planner": made, "actions": acts, "packages": packages}

    def published(self) -> dict[str, Any]:
        """Its identity, a planner's folders by their last names only."""
        found: dict[str, Any] = _without_folders(self.identity())
        return found

    def packages(self) -> tuple[str, ...]:
        return *PACKAGES.values(), *planner_of(self.planner).packages

    def setup(self) -> None:
        """Load the planner, and see that all actions can be done.

        Raises:
            AcavError: A package or a model is missing.
        """
        for module, package in PACKAGES.items():
            try:
                import_module(module)
            except ModuleNotFoundError:
                told = f"editors.avagent needs {package}: pip install 'acav1m[agent]'"
                raise AcavError(told) from None
        planner_of(self.planner).setup()

    def edit(self, clip: Clip, look: Look, alive: Callable[[], None]) -> Story:
        from acav1m.agent.loop import repair

        return repair(
            clip,
            planner_of(self.planner),
            look,
            Settings(**{name: getattr(self, name) for name in Settings.model_fields}),
            alignment=self.alignment,
            temporal=self.temporal,
            alive=alive,
        )


def _without_folders(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _without_folders(value) for key, value in found.items()}
    if isinstance(found, list):
        return list(map(_without_folders, found))
    if isinstance(found, str) and PurePath(found).is_absolute():
        return PurePath(found).name
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
