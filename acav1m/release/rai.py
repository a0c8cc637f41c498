"""Croissant's responsible-AI fields, from measured facts and the datasheet's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from acav1m.recipe import Recipe
    from acav1m.release.facts import Facts

_ASKED = {
    "rai:dataBiases": ("subpopulations", "future_impact"),
    "rai:personalSensitiveInformation": ("about_people", "identifiable", "sensitive"),
    "rai:dataUseCases": ("purpose", "other_tasks", "not_for"),
    "rai:dataSocialImpact": ("impact", "future_impact"),
    "rai:dataReleaseMaintenancePlan": ("updates", "older_versions"),
}
"""Fields that only people can fill, and the datasheet's questions whose answers they quote."""

_SYNTHETIC = "synthetic"
"""Name of the source that renders its clips."""


def fields(recipe: Recipe, facts: Facts) -> dict[str, Any]:
    """The minimal set NeurIPS asks for and more; an unanswered question is said to be one."""
    return {name: _answered(recipe, ids) for name, ids in _ASKED.items()} | {
        "rai:dataLimitations": _limitations(recipe, facts),
        "rai:dataCollection": "Cut from the videos of these sources by a program: "
        f"{', '.join(recipe.sources)}.",
        "rai:dataPreprocessingProtocol": [
            f"{kind}: {', '.join(getattr(recipe, kind))}"
            for kind in ("measures", "aligners", "editors", "filters", "selectors")
            if getattr(recipe, kind)
        ],
        "rai:machineAnnotationTools": [*recipe.captioners, *recipe.aligners],
        "rai:hasSyntheticData": _SYNTHETIC in recipe.sources
        or bool(recipe.captioners)
        or facts.edited > 0,
        "prov:wasDerivedFrom": list(recipe.sources),
        "prov:wasGeneratedBy": "acav1m, from the recipe and the versions in recipe.lock.yaml",
    }


def _limitations(recipe: Recipe, facts: Facts) -> str:
    failed = facts.states["failed"]
    measured = (
        f"{facts.released} of {facts.seen} candidates were released; filters rejected "
        f"{facts.states['rejected']}, and {failed} could not be processed, so the release is no "
        "random sample of its sources. Scores and captions are machine-made and can err."
    )
    if facts.edited:
        measured += (
            f" The sound of {facts.edited} released clips was edited by a program and is not what "
            "was recorded; edit_result tells which they are."
        )
    return " ".join(
        [measured, *(recipe.answers[key] for key in ("errors",) if key in recipe.answers)]
    )


def _answered(recipe: Recipe, ids: tuple[str, ...]) -> str:
    given = [recipe.answers[key].strip() for key in ids if key in recipe.answers]
    if given:
        return " ".join(given)
    return f"Not answered by the maintainers yet (DATASHEET.md: {', '.join(ids)})."
