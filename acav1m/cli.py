"""The command line: parse, call the library, print. Results on stdout, all else on stderr."""

from __future__ import annotations

from typing import Annotated

import typer

from acav1m.commands import about, building, release, training
from acav1m.commands.agent import agent
from acav1m.commands.availability import availability
from acav1m.commands.bench import bench
from acav1m.commands.output import show, user_errors

__all__ = ["app", "show", "user_errors"]

app = typer.Typer(
    name="acav1m",
    help="Turn raw video into a dataset whose sound and picture provably belong together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    building.build,
    building.calibrate,
    building.check,
    building.plan,
    availability,
    release.verify,
    release.why,
    release.query,
    about.steps,
    about.schema,
    about.doctor,
):
    app.command()(command)
agent.command()(training.make_data)
agent.command()(training.train)
agent.command(name="eval")(training.evaluate)
app.add_typer(bench, name="bench")
app.add_typer(agent, name="agent")


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Turn raw video into a dataset whose sound and picture provably belong together."""
    if version:
        from acav1m import __version__

        show(__version__)
        raise typer.Exit
