"""Make the steps that a recipe names, as many as can be made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from acav1m import complaints, steps
from acav1m.errors import RecipeError
from acav1m.recipe import Recipe
from acav1m.steps import KINDS, Measure, RemoteSource, Step


class Making:
    """The steps of a recipe's content, and what is known of those that cannot be made."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.steps: dict[str, dict[str, Step]] = {kind: {} for kind in KINDS}
        self.complaints: list[str] = []
        self.whole = True
        """Whether all steps are made."""
        self.lost: dict[str, Any] = {}
        """Columns that steps with wrong options would add."""
        self.unsure = not content.keys() <= Recipe.model_fields.keys()
        """Whether there are steps of which not even that is known, under a wrong key, say."""
        asked = content.get("network")
        self._network: Mapping[str, Any] = asked if isinstance(asked, Mapping) else {}
        for kind in KINDS:
            self._section(kind, content.get(kind, {}))

    def _section(self, kind: str, section: Any) -> None:
        if not isinstance(section, Mapping):  # the recipe's own validation complains of it
            self._failed(kind, is_known=False)
            return
        for name, options in section.items():
            self._step(kind, str(name), options)

    def _step(self, kind: str, name: str, options: Any) -> None:
        try:
            made = steps.load(kind, name)
            step = made.model_validate({} if options is None else options)
            if isinstance(step, RemoteSource):
                step.ask_by(self._network)
            self.steps[kind][name] = step
        except RecipeError as error:
            self._failed(kind, is_known=False)
            self.complaints += error.complaints
        except ValidationError as error:
            self._failed(kind, is_known=kind != "sources")
            self.lost |= made.columns() if issubclass(made, Measure) else {}
            if options is None or isinstance(options, Mapping):  # else the recipe's own complains
                self.complaints += complaints.of_step(error, f"{kind}.{name}", made.model_fields)

    def _failed(self, kind: str, *, is_known: bool) -> None:
        self.whole = False
        self.unsure |= not is_known and kind not in ("editors", "filters", "selectors")
