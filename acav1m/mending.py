"""The clips of a build whose sound is mended: where they lie, and which are still to be made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from acav1m import editing
from acav1m.clips import Clips
from acav1m.sql import connect
from acav1m.stages import edit, realign
from acav1m.store import Store
from acav1m.table import CUT_COLUMNS, LISTED_COLUMNS
from acav1m.todo import counted, streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from acav1m.calibration.map import Map
    from acav1m.engines import Row
    from acav1m.found import Found

Todo = tuple[int, "Iterator[Row]"]
"""How many rows there are, and they themselves."""


class Moves:
    """The realign stage as the build sees it: clips cut anew with their sound moved."""

    def __init__(self, found: Found) -> None:
        self.found, self.plan = found, found.plan
        self.store = Store(found.work.store("realign", self.plan.key("realign")), realign.SCHEMA)

    def job(self) -> Row:
        """What workers do."""
        options = {"cut": _cut(self.found), "store": str(self.store.folder)}
        return {"is": "acav1m.stages.realign:Realign", "options": options}

    def clips(self, wanted: pa.Table) -> Clips:
        """Those with their sound moved, as far as there are any of the wanted."""
        rows = self.store.read()
        asked = pc.is_in(rows["key"], wanted["moved_key"].drop_null())
        return Clips(rows.filter(asked), self.store.folder / "media")

    def todo(self, wanted: pa.Table) -> Todo:
        """Clips whose sound has not been moved yet as `realign.wanted` has it."""
        clips, moved = self.found.cut(), self.clips(wanted)
        connection = self.found.open(clips)
        for name, rows in (("wanted", wanted), ("moved", moved.rows), ("gone", moved.gone("key"))):
            connection.register(name, rows)
        connection.execute(f"""
            CREATE TABLE todo AS
            SELECT moved_key AS key, sound_late_s, clips AS clip
            FROM wanted JOIN clips USING (key) LEFT JOIN moved ON moved.key = moved_key
            WHERE moved_key IS NOT NULL
                AND (moved.key IS NULL OR {self.found.retried("moved")} OR moved_key IN (FROM gone))
        """)
        return counted(connection), streamed(
            connection, lambda row: row | {"stem": str(clips.stem(row["clip"]))}
        )


class Edits:
    """The edit stage as the build sees it: clips whose sound the recipe's editor went over."""

    def __init__(self, found: Found, maps: Mapping[str, Map]) -> None:
        self.found, self.plan, self.maps = found, found.plan, maps
        self.key = editing.key(self.plan, maps)
        self.store = Store(found.work.store("edit", self.key), edit.SCHEMA)

    def job(self) -> Row:
        """What workers do."""
        name, editor = self.plan.editor
        looking = editing.looking(self.plan)
        options = {
            "editor": {"name": name, "options": editor.model_dump(mode="json")},
            "looking": {label: step.model_dump(mode="json") for label, step in looking.items()},
            "maps": editing.scales(self.plan, self.maps),
            "audio_kbps": self.plan.recipe.cut.audio_kbps,
            "store": str(self.store.folder),
        }
        return {"is": "acav1m.stages.edit:Edit", "options": options}

    def wanted(self, table: pa.Table) -> pa.Table:
        """The clips that are given to the editor, as of `editing.wanted`."""
        return editing.wanted(table, self.plan, self.key)

    def rows(self, asked: pa.Table) -> pa.Table:
        """What the editor did with them, as far as it did."""
        rows = self.store.read()
        return rows.filter(pc.is_in(rows["key"], asked["_edited_key"]))

    def clips(self, asked: pa.Table) -> Clips:
        """Those of them whose sound was edited."""
        rows = self.rows(asked)
        return Clips(rows.filter(rows["media"].is_valid()), self.store.folder / "media")

    def todo(self, asked: pa.Table, stem: Callable[[Row], Path]) -> Todo:
        """Clips that the editor has not seen yet; `stem` says where a clip's files are."""
        done = self.rows(asked)
        connection = connect()
        gone = Clips(done, self.store.folder / "media").gone("key")
        for name, rows in (("asked", asked), ("done", done), ("gone", gone)):
            connection.register(name, rows)
        connection.execute(f"""
            CREATE TABLE todo AS
            SELECT asked._edited_key AS key, asked AS clip
            FROM asked LEFT JOIN done ON done.key = asked._edited_key
            WHERE done.key IS NULL OR {self.found.retried("done")}
                OR asked._edited_key IN (FROM gone)
        """)
        carried = {
            c for label in editing.looking(self.plan) for c in self.plan.metadata_needs(label)
        }
        columns = [*CUT_COLUMNS, *LISTED_COLUMNS, *sorted(carried)]
        return counted(connection), streamed(connection, partial(_given, stem, columns))


def _given(stem: Callable[[Row], Path], columns: list[str], row: Row) -> Row:
    clip = row["clip"]
    return {
        "key": row["key"],
        "stem": str(stem(clip)),
        "columns": {column: clip[column] for column in columns},
        "clip": {column: clip[column] for column in realign.SCHEMA.names},
    }


def _cut(found: Found) -> Row:
    return found.plan.recipe.cut.model_dump(mode="json")


class Mended:
    """Where the clips of a ledger lie, whatever was done to their sound."""

    def __init__(self, found: Found, moves: Moves, edits: Edits | None) -> None:
        self.found, self.moves, self.edits = found, moves, edits

    def stem(self, row: Row) -> Path:
        """Where a clip's files are, less their suffix."""
        if self.edits is not None and row["edit_result"] == "edited":
            return self.edits.store.folder / "media" / str(row["media"])
        return self._unedited(row, row["media"])

    def originals(self, rows: Iterable[Row]) -> dict[str, Path]:
        """By clip_id, the FLAC of each edited clip as it was before."""
        if self.edits is None:
            return {}
        lay = self.edits.store.read(["media", "orig_media"]).to_pylist()
        before = {row["media"]: row["orig_media"] for row in lay}
        stems = {
            row["clip_id"]: self._unedited(row, before[row["media"]])
            for row in rows
            if row["edit_result"] == "edited"
        }
        return {clip_id: stem.with_name(f"{stem.name}.flac") for clip_id, stem in stems.items()}

    def _unedited(self, row: Row, media: str) -> Path:
        store = self.moves.store if row["audio_shift_s"] else self.found.clips
        return store.folder / "media" / media
