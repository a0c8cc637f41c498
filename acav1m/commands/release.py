"""Commands that look into a release."""

from __future__ import annotations

from typing import Annotated

import typer

from acav1m.commands.options import Json, ReleaseFolder
from acav1m.commands.output import show, user_errors


@user_errors
def verify(release: ReleaseFolder, as_json: Json = False) -> None:
    """Prove a release: checksums, counts, Croissant, and that every clip decodes."""
    from acav1m import drawing, summary
    from acav1m.release.verify import verify as run

    report = run(release)
    show(drawing.json_line(report.as_dict()) if as_json else summary.verified(report))
    if not report.ok:
        raise typer.Exit(1)


@user_errors
def why(
    release: ReleaseFolder,
    clip: Annotated[str, typer.Argument(metavar="CLIP", help="A clip_id, source uri or video id.")],
    as_json: Json = False,
) -> None:
    """Tell one clip's whole story: what it is, what was found, and who objected."""
    from acav1m import drawing, summary
    from acav1m.release.inspect import why as run

    story = run(release, clip)
    show(drawing.json_line(story.as_dict()) if as_json else summary.told(story))


@user_errors
def query(
    release: ReleaseFolder,
    sql: Annotated[
        str, typer.Argument(metavar="SQL", help="Over clips, metadata, rejected, shards and edits.")
    ],
    as_json: Json = False,
) -> None:
    """Run SQL (DuckDB) over a release's tables."""
    from acav1m import drawing
    from acav1m.release.inspect import query as run

    table = run(release, sql)
    if as_json:
        for row in table.to_pylist():
            show(drawing.json_line(row))
    else:
        show(drawing.rows(table))
