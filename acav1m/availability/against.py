"""Compare two releases of the same sources: what a rebuild got, and what it no longer could."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from acav1m.availability import write
from acav1m.availability.report import tallied
from acav1m.errors import AcavError
from acav1m.net.outcome import KINDS
from acav1m.release import lock, views
from acav1m.sql import connect, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from acav1m.availability.report import Report

STATES = {
    "same": "has the same bytes in both",
    "changed": "has other bytes in the other release",
    "gone": "could no longer be had when the other was built",
    "unknown": "failed when the other was built, in a way that may pass",
    "unlisted": "is not in the other",
    "new": "only the other has it",
    "neither": "neither has its bytes",
}
SHARED = ("same", "changed", "gone", "unknown", "unlisted")
"""The states of sources whose bytes the first release had; shares are of these."""

_PASSING = ", ".join(quoted(name) for name, kind in KINDS.items() if kind.transient)
_COMPARED = f"""
    SELECT uri,
        CASE
            WHEN was.sha256 IS NULL AND now.sha256 IS NULL THEN 'neither'
            WHEN was.sha256 IS NULL THEN 'new'
            WHEN now.uri IS NULL THEN 'unlisted'
            WHEN now.sha256 IS NULL AND (now.transient OR now.kind IN ({_PASSING})) THEN 'unknown'
            WHEN now.sha256 IS NULL THEN 'gone'
            WHEN list_has_all(was.sha256, now.sha256) OR list_has_all(now.sha256, was.sha256)
                THEN 'same'
            ELSE 'changed'
        END AS state,
        CASE WHEN now.sha256 IS NULL THEN now.kind END AS kind,
        CASE WHEN now.sha256 IS NULL THEN now.message END AS message,
        was.sha256 AS recorded_sha256, now.sha256 AS found_sha256,
        CASE WHEN was.sha256 IS NULL THEN was.kind END AS recorded_error_kind
    FROM was FULL JOIN now USING (uri) ORDER BY uri
"""
_SOURCES = """
    SELECT source_uri AS uri,
        list_sort(list(DISTINCT source_sha256) FILTER (WHERE source_sha256 IS NOT NULL)) AS sha256,
        min(error_kind) AS kind, min(error_message) AS message,
        bool_or(error_transient) AS transient
    FROM clips WHERE source_uri IS NOT NULL GROUP BY source_uri
"""


def against(first: Path, other: Path, out: Path | None = None) -> Report:
    """Say of each source of either release what the other made of it; asks nobody.

    Several checksums of one source are those of stretches: it is the same where one release has
    all that the other has.

    Raises:
        ReleaseError: One of them is no release, or damaged.
        AcavError: `out` cannot be written.
    """
    if out is not None:
        write.check(out, first, other)
    tables = {"was": _sources(first), "now": _sources(other)}
    with connect() as connection:
        for name, table in tables.items():
            connection.register(name, table)
        found = connection.sql(_COMPARED).to_arrow_table()
    if out is not None:
        write.write(out, found)
    return tallied(found, found.num_rows, None, states=tuple(STATES), shared=SHARED)


def refuse(asking: Mapping[str, object]) -> None:
    """Refuse options that mean nothing to a comparison, by their names.

    Raises:
        AcavError: One was given.
    """
    given = [name for name, value in asking.items() if value]
    if given:
        raise AcavError(
            f"--{given[0]} asks for media; --against compares two releases on this disk"
        )


def _sources(folder: Path) -> pa.Table:
    lock.read(folder)
    with views.connect(views.datasets(folder)) as connection:
        return connection.sql(_SOURCES).to_arrow_table()
