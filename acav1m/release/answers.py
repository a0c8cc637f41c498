"""The datasheet's answers that need no people: read from the recipe, counted in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.release import edited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.recipe import Recipe
    from acav1m.release.facts import Facts


def measured(recipe: Recipe, facts: Facts, lock: Mapping[str, Any]) -> dict[str, str]:
    """Answers by question id; a question that only people can answer is not among them."""
    found = (
        _composition(recipe, facts)
        | _making(recipe, facts, lock)
        | edited.answers(recipe, facts)
        | _terms(recipe, facts)
    )
    return {key: text for key, text in found.items() if text}


def cut(recipe: Recipe) -> str:
    """How videos became clips, in one sentence."""
    where = " at shot changes" if recipe.cut.split == "shots" else ""
    return (
        f"Whole videos are cut{where} into clips of up to {recipe.cut.seconds:g} s, spans that a "
        f"source names as asked; none is shorter than {recipe.cut.min_s:g} s, and pictures are at "
        f"most {recipe.cut.max_height} lines high."
    )


def _composition(recipe: Recipe, facts: Facts) -> dict[str, str]:
    return {
        "instances": f"One instance is a clip: some seconds of one video with its sound. "
        f"{cut(recipe)}",
        "instance_counts": f"{facts.released} clips from {facts.videos} videos, "
        f"{facts.hours:g} hours.\n\n{facts.tables['states']}",
        "sample": f"The release holds {facts.released} of {facts.seen} candidates that were seen. "
        "Those left out are listed one by one in `rejected/`, with the reasons."
        f"{_opted_out(facts)}",
        "instance_data": "An H.264/AAC mp4, its sound as a 16 kHz mono FLAC, and one row of "
        f"typed columns, all explained in `README.md`.{edited.kept(recipe, facts)}",
        "labels": _captions(recipe),
        "missing": _missing(facts),
        "relations": "Clips of one video share `video_id`; the source is in `source_uri`, and a "
        "rejected duplicate names the clip it repeats in `duplicate_of`.",
        "splits": "Split by source video, never by clip, with the shares and the seed in "
        f"`recipe.lock.yaml`.\n\n{facts.tables['splits']}",
        "errors": _errors(facts),
        "self_contained": "The media of all released clips are in the shards; `source_uri` points "
        "to their origin, which may change or vanish.",
    }


def _opted_out(facts: Facts) -> str:
    found = facts.tables["opted_out"]
    said = "Lists of those who asked not to be in datasets were heeded"
    return f"\n\n{said}; `recipe.lock.yaml` has their checksums:\n\n{found}" if found else ""


def _making(recipe: Recipe, facts: Facts, lock: Mapping[str, Any]) -> dict[str, str]:
    steps = [
        f"{kind.capitalize()}: {', '.join(getattr(recipe, kind))}."
        for kind in ("measures", "captioners", "aligners", "editors", "filters", "selectors")
        if getattr(recipe, kind)
    ]
    version = lock.get("tools", {}).get("acav1m")
    return {
        "mechanisms": f"By a program, from these sources: {', '.join(recipe.sources)}. "
        "`recipe.lock.yaml` has every option and version.",
        "sampling": "By the filters and selectors of the recipe, from columns alone.\n\n"
        + facts.tables["reasons"]
        if facts.tables["reasons"]
        else "",
        "preprocessing": " ".join([cut(recipe), "Both streams were encoded again.", *steps])
        + _realigned(facts)
        + edited.done(facts),
        "software": f"acav1m{f' {version}' if version else ''}, under Apache-2.0.",
    }


def _realigned(facts: Facts) -> str:
    moved = facts.tables["realigned"]
    if not moved:
        return ""
    said = "Sound that filters found early or late was moved where that was sure and helped"
    return f"\n\n{said}:\n\n{moved}"


def _terms(recipe: Recipe, facts: Facts) -> dict[str, str]:
    licenses = facts.tables["licenses"]
    return {
        "creators": ", ".join(
            creator.name + (f" ({creator.affiliation})" if creator.affiliation else "")
            for creator in recipe.creators
        ),
        "terms": f"Metadata and annotations: {recipe.license}. Media: as the `license` column "
        f"says for each clip; see `NOTICE.md`.\n\n{licenses}",
        "contact": recipe.contact or "",
        "distribution_date": recipe.date.isoformat() if recipe.date else "",
    }


def _captions(recipe: Recipe) -> str:
    if not recipe.captioners:
        return "No caption was written; the columns hold measurements, not labels."
    names = ", ".join(recipe.captioners)
    return f"Captions written by machine ({names}); no person has checked them one by one."


def _missing(facts: Facts) -> str:
    missing = facts.tables["missing"]
    if not missing:
        return "No value of any column is missing from a released clip."
    return f"Unknown values are null, of {facts.released} released clips in:\n\n{missing}"


def _errors(facts: Facts) -> str:
    flags = facts.tables["flags"]
    if not flags:
        return "No released clip carries a flag. Scores and captions are machine-made and can err."
    return (
        f"Clips that a filter marked but did not reject:\n\n{flags}\n\n"
        "Scores and captions are machine-made and can err."
    )
