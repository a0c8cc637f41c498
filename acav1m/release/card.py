"""The dataset card: front matter from the Arrow schema, numbers from the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from acav1m.calibration import report as calibrated
from acav1m.errors import ReleaseError
from acav1m.release import answers, columns, layout, licences, markdown
from acav1m.sql import first_line
from acav1m.steps import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from acav1m.recipe import Recipe
    from acav1m.release.facts import Facts
    from acav1m.release.schemas import Schemas

MEDIA: dict[str, dict[str, Any]] = {
    "bytes": {"mp4": "binary", "flac": "binary"},
    "decoded": {"mp4": "video", "flac": {"audio": {"sampling_rate": 16_000}}},
}
"""`binary` loads everywhere; `datasets` wants torch and torchcodec for the other two."""

_SIZES = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M", "10M<n<100M", "100M<n<1B")


def write(
    recipe: Recipe,
    facts: Facts,
    schemas: Schemas,
    shards: pa.Table,
    calibration: Mapping[str, Any] | None = None,
) -> str:
    """Return the text of README.md."""
    front = yaml.safe_dump(
        front_matter(recipe, facts, schemas, shards), sort_keys=False, allow_unicode=True
    )
    return markdown.render(
        "README.md.j2",
        front_matter=front,
        recipe=recipe,
        facts=facts,
        columns=_described(schemas.metadata, columns.describe),
        location=schemas.location.names,
        cut=answers.cut(recipe),
        shards=shards.to_pylist(),
        steps={kind: list(getattr(recipe, kind)) for kind in KINDS},
        citation=bibtex(recipe),
        calibration=_calibration(calibration),
        edits=_described(schemas.edits, columns.describe_edit) if schemas.edits else None,
        originals=schemas.has_originals,
    )


def _described(schema: pa.Schema, describe: Callable[[str], str]) -> str:
    rows = [(f"`{f.name}`", columns.type_name(f.type), describe(f.name)) for f in schema]
    return markdown.table(("column", "type", "meaning"), rows)


def _calibration(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not found:
        return None
    drawn = [column for column, one in found["columns"].items() if one["evidence"]]
    return {
        "introduction": calibrated.introduction(found),
        "table": calibrated.table(found),
        "notes": calibrated.notes(found),
        "pictures": {column: f"{layout.CALIBRATION}/{column}.png" for column in drawn},
    }


def front_matter(
    recipe: Recipe, facts: Facts, schemas: Schemas, shards: pa.Table
) -> dict[str, Any]:
    """What the Hub and `datasets` read; declares only splits that exist."""
    about: dict[str, Any] = {"pretty_name": recipe.name, **licences.hub(recipe.license)}
    if recipe.language:
        about["language"] = [recipe.language]
    about["size_categories"] = [size_category(facts.released)]
    about["tags"] = list(
        dict.fromkeys(["audio", "video", "audio-visual", "webdataset", *recipe.keywords])
    )
    if not facts.splits:
        return about | {"configs": [_REJECTED_ONLY]}
    media = MEDIA[recipe.release.media_features]
    features = [{"name": "__key__", "dtype": "string"}] + [
        {"name": kind, "struct": [columns.feature(field) for field in schemas.clips]}
        if kind == "json"
        else {"name": kind, "dtype": media[kind.rpartition(".")[2]]}
        for kind in layout.members(original=schemas.has_originals)
    ]
    splits = _splits(facts, shards)
    size = sum(split["num_bytes"] for split in splits)
    return about | {
        "configs": [
            {
                "config_name": "default",
                "default": True,
                "data_files": [{"split": s, "path": f"data/{s}-*.tar"} for s in facts.splits],
            }
        ],
        "dataset_info": [
            {
                "config_name": "default",
                "features": features,
                "splits": splits,
                "download_size": size,
                "dataset_size": size,
            }
        ],
    }


_REJECTED_ONLY = {
    "config_name": "rejected",
    "data_files": [{"split": "rejected", "path": layout.REJECTED}],
}
"""An empty release still shows why it is empty; tars and Parquet cannot share a card."""


def read_front_matter(readme: str) -> dict[str, Any]:
    """Parse the YAML between the first two `---` lines.

    Raises:
        ReleaseError: There is none, or it is not YAML.
    """
    parts = readme.split("---\n", 2)
    if len(parts) < 3 or parts[0]:
        raise ReleaseError(f"{layout.README} has no front matter")
    try:
        found = yaml.safe_load(parts[1])
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise ReleaseError(
            f"{layout.README} has broken front matter: {first_line(error)}"
        ) from error
    if not isinstance(found, dict):
        raise ReleaseError(f"{layout.README} has front matter that is no mapping")
    return found


def size_category(clips: int) -> str:
    """The Hub's word for a size.

    >>> size_category(12), size_category(1_000_000)
    ('n<1K', '1M<n<10M')
    """
    return _SIZES[min(max(len(str(clips)) - 3, 0), len(_SIZES) - 1)]


def bibtex(recipe: Recipe) -> str:
    """How to cite the release; no year is made up."""
    fields = {"title": recipe.name, "version": recipe.version}
    if recipe.creators:
        fields["author"] = " and ".join(creator.name for creator in recipe.creators)
    if recipe.date:
        fields["year"] = str(recipe.date.year)
    if recipe.url:
        fields["url"] = recipe.url
    inside = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items())
    return f"@misc{{{recipe.name},\n{inside}\n}}"


def _splits(facts: Facts, shards: pa.Table) -> list[dict[str, Any]]:
    sizes = dict.fromkeys(facts.splits, 0)
    for shard in shards.to_pylist():
        sizes[shard["split"]] += shard["bytes"]
    return [
        {"name": split, "num_bytes": sizes[split], "num_examples": clips}
        for split, clips in facts.splits.items()
    ]
