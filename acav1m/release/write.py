"""Write a release: every file of it follows from the ledger, the media and the recipe."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from acav1m.calibration import report as calibrated
from acav1m.errors import ReleaseError
from acav1m.release import (
    card,
    checksums,
    croissant,
    datasheet,
    facts,
    layout,
    lock,
    papers,
    shards,
    tables,
    views,
)
from acav1m.release.previous import Previous
from acav1m.release.schemas import Schemas

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from acav1m.recipe import Recipe


@dataclass(frozen=True)
class Content:
    """All a release is made from."""

    ledger: pa.Table
    """One row per candidate in any state, sorted by (clip_id, source_uri)."""

    media: Mapping[str, Path]
    """clip_id to the stem of `<stem>.mp4` and `<stem>.flac`, for released clips."""

    recipe: Recipe
    lock: Mapping[str, Any]
    """The resolved recipe and the versions that ran; becomes `recipe.lock.yaml`."""

    calibration: Mapping[str, Any] | None = None
    """What the calibrated columns rest on, as `calibration.report.Report.json` gives it."""

    edits: pa.Table | None = None
    """Every attempt at an edit (`table.EDITS_COLUMNS`), sorted by (clip_id, cycle); None where
    the recipe has no editors."""

    originals: Mapping[str, Path] = field(default_factory=dict)
    """clip_id to the FLAC of an edited clip as it was before."""

    @property
    def has_originals(self) -> bool:
        """Whether its shards may hold the sound as it was before editing."""
        return self.edits is not None and self.recipe.release.originals


def write(content: Content, folder: Path, previous: Path | None = None) -> None:
    """Write every file of the release into an empty folder; same content, same bytes.

    The caller makes it atomic by renaming the folder. Shards that are the same as in a
    `previous` release on the same disk are linked, not written again.

    Raises:
        ReleaseError: The folder is not empty, or a clip's media is missing or has changed.
        AcavError: The recipe answers a datasheet question that does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ReleaseError(f"{folder} is not empty")
    ledger = tables.public(content.ledger)
    edits = None if content.edits is None else tables.public(content.edits)
    index = _write_data(ledger, content, folder, previous)
    if edits is not None:
        tables.write(edits, folder / layout.EDITS)
    locked = lock.make(content.recipe, content.lock, ledger)
    with views.connect({"metadata": ledger} | ({} if edits is None else {"edits": edits})) as con:
        counted = facts.count(con, lock.reasons(locked))
    if content.calibration:
        calibrated.write(content.calibration, folder / layout.CALIBRATION)
    location = shards.location(originals=content.has_originals)
    schemas = Schemas(ledger.schema, location, None if edits is None else edits.schema)
    texts = _papers(content, counted, locked, schemas, index)
    texts[layout.CROISSANT] = croissant.write(content.recipe, counted, schemas, folder)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    checksums.write(folder)


def _write_data(
    ledger: pa.Table, content: Content, folder: Path, previous: Path | None
) -> pa.Table:
    clips, per_shard = tables.released(ledger), content.recipe.release.clips_per_shard
    before = Previous.of(previous) if previous else None
    files = shards.OnDisk(content.media, content.originals if content.has_originals else None)
    metadata, index = shards.write(clips, files, folder, per_shard, before)
    for split, table in metadata.items():
        tables.write(table, folder / layout.metadata(split))
    tables.write(tables.left_out(ledger), folder / layout.REJECTED)
    tables.write(index, folder / layout.SHARDS)
    paths = [f"{path}\n" for path in index.column("shard").to_pylist()]
    (folder / layout.SHARD_LIST).write_text("".join(paths), encoding="utf-8")
    return index


def _papers(
    content: Content,
    counted: facts.Facts,
    locked: dict[str, Any],
    schemas: Schemas,
    index: pa.Table,
) -> dict[str, str]:
    recipe = content.recipe
    return {
        layout.README: card.write(recipe, counted, schemas, index, content.calibration),
        "DATASHEET.md": datasheet.write(recipe, counted, locked),
        "NOTICE.md": papers.notice(recipe, counted),
        "REMOVALS.md": papers.removals(recipe),
        "CITATION.cff": papers.citation(recipe),
        layout.LOCK: lock.text(locked),
    }
