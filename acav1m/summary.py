"""The table a build ends with, and query results, drawn for people."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    import pyarrow as pa

    from acav1m.release import inspect, verify
    from acav1m.report import Report


def show(report: Report) -> None:
    """Print what a build did, and how to load what it made, on stderr."""
    console = Console(stderr=True, highlight=False)
    table = Table(title=f"{report.name} {report.version}", show_header=False, title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    table.add_column()
    table.add_row("seen", str(report.seen), f"from {report.candidates} candidates")
    table.add_row("kept", str(report.kept), "")
    table.add_row("flagged", str(report.flagged), _reasons(report.flagged_by))
    table.add_row("rejected", str(report.rejected), _reasons(report.rejected_by))
    table.add_row("failed", str(report.failed), _reasons(report.failed_by))
    console.print(table)
    stages = "  ".join(f"{stage} {seconds:.1f}" for stage, seconds in report.stage_seconds.items())
    console.print(
        f"seconds: {stages}  all {report.seconds:.1f}; {report.decoded} clips decoded",
        soft_wrap=True,
    )
    for bug in report.bugs:
        console.print(f"a bug cost clips, please report it: {bug}", style="red", markup=False)
    console.print(f"release: {report.release}\nload it:", markup=False, soft_wrap=True)
    console.print(
        "  from datasets import load_dataset\n"
        f'  clips = load_dataset("{report.release}", split="train", streaming=True)\n'
        '  print(next(iter(clips))["json"]["caption"])',
        markup=False,
        soft_wrap=True,
    )


def verified(report: verify.Report) -> str:
    """What `verify` found."""
    counts = ", ".join(f"{count} {state}" for state, count in report.counts.items())
    lines = [f"{counts}; {report.decoded} clips decoded"]
    lines += [f"PROBLEM {problem}" for problem in report.problems]
    lines += [f"note: {note}" for note in report.notes]
    return "\n".join([*lines, "the release is sound" if report.ok else "the release is damaged"])


def told(story: inspect.Story) -> str:
    """One clip's story; a duplicate of it follows after a blank line."""
    lines = [f"{story.clip_id}: {story.state}"]
    for reason in story.reasons:
        values = ", ".join(f"{column} is {_shown(v)}" for column, v in reason.values.items())
        wanted = f"wants {reason.keep}" if reason.keep else f"has options {reason.options}"
        lines.append(f"  {reason.effect} by {reason.name}: {wanted}; {values}".rstrip("; "))
    for about in (story.error, story.place):
        if about:
            lines += [f"  {column}: {_shown(value)}" for column, value in about.items()]
    lines += [f"  {c}: {_shown(value)}" for c, value in story.row.items() if value is not None]
    return "\n\n".join(["\n".join(lines), *map(told, story.others)])


def grid(table: pa.Table) -> str:
    """A query's result as a text table."""
    drawn = Table(*(str(name) for name in table.column_names))
    for row in table.to_pylist():
        drawn.add_row(*(_cell(value) for value in row.values()))
    console = Console(file=StringIO(), width=200)
    console.print(drawn, markup=False)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return f"{text}{table.num_rows} rows"


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _shown(value: object) -> str:
    return "null" if value is None else _cell(value)


def _reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())
