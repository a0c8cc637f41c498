"""The commands `acav1m agent ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from acav1m.commands.options import Json, Set
from acav1m.commands.output import show, user_errors

agent = typer.Typer(
    help="Mend sound so that it fits its picture (AVAgent).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@agent.command()
@user_errors
def run(
    clip: Annotated[Path, typer.Argument(metavar="CLIP", help="A video file.")],
    recipe: Annotated[
        Path | None,
        typer.Option(
            "--recipe", help="Whose steps judge, and whose editor: quickstart unless named."
        ),
    ] = None,
    planner: Annotated[
        str | None,
        typer.Option("--planner", help="rules, or another; with options: '{local: {model: DIR}}'."),
    ] = None,
    start_s: Annotated[
        float | None, typer.Option("--start", help="Second to begin at, if not the first.")
    ] = None,
    end_s: Annotated[
        float | None, typer.Option("--end", help="Second to end at, if not cut.seconds later.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for the page, pictures and sounds.")
    ] = None,
    set_: Set = None,
    as_json: Json = False,
) -> None:
    """Observe, plan, edit and judge the sound of one video, and show the whole dialogue."""
    from tempfile import TemporaryDirectory

    from acav1m import drawing
    from acav1m.agent import run as running
    from acav1m.agent.page import text, write

    plan = running.read(recipe, set_ or [], planner)
    if out is not None:
        write.check(out)
    with TemporaryDirectory(prefix="acav1m-agent-") as folder:
        report = running.run(running.Asked(clip, start_s, end_s), plan, Path(folder))
        if out is not None:
            write.write(report, out)
    show(drawing.json_line(report.as_dict()) if as_json else text.text(report))
