"""Croissant's RecordSets: the tables, the splits, and the media of one shard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.release import columns, preview

if TYPE_CHECKING:
    import pyarrow as pa

    from acav1m.release.facts import Facts


def table(name: str, source: str, schema: pa.Schema) -> dict[str, Any]:
    """A Parquet table: `source` is the file set `metadata` or the path of a file."""
    kind = "fileSet" if source == "metadata" else "fileObject"
    about = {
        "clips": "One row per released clip.",
        "rejected": "One row per candidate that was rejected or failed, with the reasons.",
        "edits": "One row per attempt at an edit of sound, taken or not.",
    }
    describe = columns.describe_edit if name == "edits" else columns.describe
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": about[name],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{field.name}",
                "name": field.name,
                "description": describe(field.name),
                **columns.croissant_type(field.type),
                "source": {kind: {"@id": source}, "extract": {"column": field.name}},
            }
            for field in schema
        ],
    }


def splits(facts: Facts) -> dict[str, Any]:
    """The splits and their sizes, written out in the JSON itself."""
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits, drawn by source video.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"splits/{name}",
                "name": name,
                "description": description,
                "dataType": kind,
            }
            for name, description, kind in (
                ("name", "Name of the split.", "sc:Text"),
                ("clips", "Number of clips in it.", "sc:Integer"),
            )
        ],
        "data": [{"splits/name": name, "splits/clips": n} for name, n in facts.splits.items()],
    }


def media(kind: str) -> dict[str, Any]:
    """The files of one kind in the preview shard."""
    name = {"mp4": "video", "flac": "audio"}.get(kind, "original_audio") + "_preview"
    source = {"fileSet": {"@id": preview.identity(kind)}}
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"The {kind} files of one shard; `shards` lists all shards.",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/file",
                "name": "file",
                "description": "Name of the file: the clip_id and its ending.",
                "dataType": "sc:Text",
                "source": source | {"extract": {"fileProperty": "filename"}},
            },
            {
                "@type": "cr:Field",
                "@id": f"{name}/content",
                "name": "content",
                "description": f"Content of the {kind}.",
                "dataType": "sc:VideoObject" if kind == "mp4" else "sc:AudioObject",
                "source": source | {"extract": {"fileProperty": "content"}},
            },
        ],
    }
