"""Have an editor mend the sound of a clip, and write the clip anew where that helps."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from acav1m import steps, table
from acav1m.calibration.map import from_json
from acav1m.clip import Clip
from acav1m.errors import ClipError
from acav1m.looks import Looks
from acav1m.media.revoice import revoice
from acav1m.stages import download, error_columns, lost, media, persistent
from acav1m.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acav1m.agent.attempt import Story
    from acav1m.engines import Row
    from acav1m.steps import Editor, Measure

VERSION = 1
"""Goes up when the same clip and transform give other bytes; part of the cache key."""

SCHEMA = pa.unify_schemas(
    [download.SCHEMA, table.schema(table.EDIT_COLUMNS | {"orig_media": str, "story": str})]
)
"""What the stage stores: a row per clip that was given to the editor, with all it did.

Of a clip that is edited it is the new clip's row, as the download stage stores it; of others
`media` is null. `orig_media` is where the original lies, `story` the story in JSON.
"""


class Edit:
    """The job: a clip in, its story out, and its new files where its sound was edited.

    `looking` are options of steps by `kind.name`, in their order; `maps` are by calibrated column.
    """

    def __init__(
        self,
        editor: Mapping[str, Any],
        looking: Mapping[str, Mapping[str, Any]],
        maps: Mapping[str, Mapping[str, Any]],
        audio_kbps: int,
        store: str,
    ) -> None:
        step = steps.load("editors", editor["name"]).model_validate(editor["options"])
        self.editor = cast("Editor", step)
        self.editor.setup()
        self.look = Looks(
            {label: _looker(label, options) for label, options in looking.items()},
            {column: from_json(map) for column, map in maps.items()},
        )
        self.audio_kbps = audio_kbps
        self.store = Store(Path(store), SCHEMA)
        self.store.folder.mkdir(parents=True, exist_ok=True)

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Edit one clip."""
        media.check_room(self.store.folder)
        base = _base(row)
        clip = Clip(Path(row["stem"]), views=self.look.views, columns=row["columns"])
        try:
            story = persistent(partial(self.editor.edit, clip, self.look, alive))
            found = base | _told(story)
            found |= self._written(row, story, alive) if story.result == "edited" else _hope(story)
        except ClipError as error:
            return [base | _failed(error)]
        return [found]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that took its worker down; it keeps its sound."""
        return [_base(row) | _failed(lost(kind, reason))]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Store the part."""
        self.store.commit(part_id, pa.Table.from_pylist(results, schema=self.store.schema))

    def _written(self, row: Row, story: Story, alive: Callable[[], None]) -> Row:
        source, clip = Path(row["stem"]), row["clip"]
        write = partial(revoice, source, story.transform, audio_kbps=self.audio_kbps, alive=alive)
        keep = partial(media.keep, self.store.folder, row["key"], clip["clip_id"], write)
        made, files = persistent(keep)
        return {
            "decode_errors": clip["decode_errors"] + made.decode_errors,
            "orig_flac_sha256": clip["flac_sha256"],
            "orig_flac_bytes": clip["flac_bytes"],
            "edit_transform": story.transform.model_dump_json(),
            **files,
        }


def _looker(label: str, options: Mapping[str, Any]) -> Measure:
    kind, _, name = label.partition(".")
    return cast("Measure", steps.load(kind, name).model_validate(options))


def _base(row: Row) -> Row:
    clip: Row = row["clip"]
    return clip | {"key": row["key"], "media": None, "orig_media": clip["media"]}


def _told(story: Story) -> Row:
    return {
        "edit_result": story.result,
        "edit_reason": story.reason,
        "edit_attempts": len(story.attempts),
        "story": story.model_dump_json(),
    }


def _hope(story: Story) -> Row:
    """A planner that gave no answer at last may give one another time: a dead server, say."""
    cause = story.attempts[-1].cause if story.attempts else None
    if cause is None:
        return {}
    return error_columns("edit", ClipError("no_answer", cause, transient=True))


def _failed(error: ClipError) -> Row:
    told = {"edit_result": "failed", "edit_reason": f"{error.kind}: {error.message}"}
    return error_columns("edit", error) | told
