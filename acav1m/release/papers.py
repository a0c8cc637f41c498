"""The short papers beside the data: citation, licences, removals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from acav1m.release import licences, markdown

if TYPE_CHECKING:
    from acav1m.recipe import Creator, Recipe
    from acav1m.release.facts import Facts


def citation(recipe: Recipe) -> str:
    """Return CITATION.cff (1.2.0, type dataset); says nothing the recipe does not."""
    about: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it as below.",
        "type": "dataset",
        "title": recipe.name,
        "version": recipe.version,
        "abstract": recipe.about.strip(),
        "authors": [_author(creator) for creator in recipe.creators]
        or [{"name": f"The makers of {recipe.name}"}],
    }
    if recipe.date:
        about["date-released"] = recipe.date.isoformat()
    if recipe.url:
        about["url"] = recipe.url
    if recipe.keywords:
        about["keywords"] = list(recipe.keywords)
    about |= _license(recipe.license)
    return yaml.safe_dump(about, sort_keys=False, allow_unicode=True)


def notice(recipe: Recipe, facts: Facts) -> str:
    """Return NOTICE.md: code, metadata and media licences, kept apart."""
    return markdown.render(
        "NOTICE.md.j2", recipe=recipe, facts=facts, license_url=licences.url(recipe.license)
    )


def removals(recipe: Recipe) -> str:
    """Return REMOVALS.md: whom to write to, and what to name."""
    return markdown.render("REMOVALS.md.j2", recipe=recipe)


def _author(creator: Creator) -> dict[str, str]:
    author = {"name": creator.name}
    if creator.orcid:
        author["orcid"] = f"https://orcid.org/{creator.orcid}"
    if creator.url:
        author["website"] = creator.url
    return author


def _license(license: str) -> dict[str, str]:
    known, url = licences.spdx(license), licences.url(license)
    if known:
        return {"license": known}
    return {"license-url": url} if url else {}
