"""`croissant.json`: the release for machines, Croissant 1.1 with the responsible-AI fields.

Written by hand as JSON: the Python classes of mlcroissant misspell two RAI names. Shards are
listed in a manifest (`shards.txt`), because every tar that is listed makes readers slower by the
square of their number; one shard is listed in full, as the preview a reader can afford to open.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from acav1m.release import card, checksums, layout, licences, preview, rai, record_sets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acav1m.recipe import Recipe
    from acav1m.release.facts import Facts
    from acav1m.release.preview import Preview
    from acav1m.release.schemas import Schemas

CONFORMS_TO = ["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]

_OWN_TERMS = (
    *("arrayShape", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "readLines", "recordSet", "references"),
    *("regex", "repeated", "replace", "samplingRate", "separator", "source", "subField"),
    *("transform", "unArchive", "value"),
)

CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _OWN_TERMS},
}


def write(recipe: Recipe, facts: Facts, schemas: Schemas, folder: Path) -> str:
    """Return the text of croissant.json for the tables and shards already in `folder`."""
    shown = preview.choose(folder)
    about = (
        _about(recipe)
        | rai.fields(recipe, facts)
        | {
            "distribution": _distribution(folder, shown),
            "recordSet": [*_tables(facts, schemas), *map(record_sets.media, _kinds(shown))],
        }
    )
    return json.dumps(about, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _tables(facts: Facts, schemas: Schemas) -> Iterator[dict[str, Any]]:
    """Those with rows: readers stumble over a table without."""
    if facts.splits:
        yield record_sets.splits(facts)
        yield record_sets.table("clips", "metadata", schemas.metadata)
    if facts.seen > facts.released:
        yield record_sets.table("rejected", layout.REJECTED, schemas.clips)
    if schemas.edits and facts.attempts:
        yield record_sets.table("edits", layout.EDITS, schemas.edits)


def _kinds(shown: Preview | None) -> tuple[str, ...]:
    return shown.kinds if shown else ()


def _about(recipe: Recipe) -> dict[str, Any]:
    about: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": recipe.name,
        "description": recipe.about.strip(),
        "version": recipe.version,
        "license": licences.url(recipe.license) or recipe.license,
        "citeAs": card.bibtex(recipe),
        "keywords": list(recipe.keywords) or ["audio-visual"],
    }
    optional = {
        "url": recipe.url,
        "datePublished": recipe.date.isoformat() if recipe.date else None,
        "inLanguage": recipe.language,
        "creator": [_person(creator.model_dump()) for creator in recipe.creators],
    }
    return about | {key: value for key, value in optional.items() if value}


def _person(creator: dict[str, str | None]) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "sc:Person", "name": creator["name"]}
    if creator["affiliation"]:
        person["affiliation"] = {"@type": "sc:Organization", "name": creator["affiliation"]}
    if creator["orcid"]:
        person["identifier"] = f"https://orcid.org/{creator['orcid']}"
    if creator["url"]:
        person["url"] = creator["url"]
    return person


def _distribution(folder: Path, shown: Preview | None) -> list[dict[str, Any]]:
    parquet = "application/x-parquet"  # the only name readers know
    paths = (layout.SHARDS, layout.REJECTED, layout.EDITS)
    found = [_file(folder, path, parquet) for path in paths if (folder / path).is_file()]
    if shown is None:
        return found
    return [
        _file(folder, layout.SHARD_LIST, "text/plain"),
        *found,
        _file(folder, shown.shard, "application/x-tar"),
        _set("metadata", "metadata/*.parquet", parquet),
        _set("shards", "data/*.tar", "application/x-tar")
        | {
            "containedIn": {
                "fileObject": {"@id": layout.SHARD_LIST},
                "transform": {"readLines": True},
            }
        },
        *(
            _set(preview.identity(kind), shown.pattern(kind), preview.MEDIA_TYPES[kind])
            | {"containedIn": {"@id": shown.shard}}
            for kind in shown.kinds
        ),
    ]


def _file(folder: Path, path: str, encoding: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{(folder / path).stat().st_size} B",
        "encodingFormat": encoding,
        "sha256": checksums.of(folder / path),
    }


def _set(name: str, includes: str, encoding: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": name,
        "name": name,
        "encodingFormat": encoding,
        "includes": includes,
    }
