"""A benchmark's report in Markdown: what the same seed gives again, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.bench import table
from acav1m.release import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPLAINED = """\
AUC: chance that the score tells a damaged clip from a clean one, with its 95 % confidence interval.
Recall: share of damaged clips found at a threshold that 5 % of the clean ones exceed.
Rejected: by the recipe's filters, of damaged clips and of clean ones.
The scores that filters read are calibrated by the model's prior, not on these clips.
Offset error: median; where sure: of clips whose offset is found with a confidence of {sure:g} or \
more, and how many these are.
In step then: how many of these are within 80 ms once realigned.
Moved: of all clips, clean ones too, how many realigning would move, and how many it would leave \
further off by over 80 ms, where there is a right place for the sound."""


def text(figures: Mapping[str, Any]) -> str:
    """The whole report."""
    parts = [
        f"# What {figures['recipe']} catches",
        about(figures),
        tabulated(figures),
        _explained(figures),
    ]
    lines = [f"- {line}" for line in left_out(figures)]
    if lines:
        parts += ["## Left out", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def summary(figures: Mapping[str, Any]) -> str:
    """What was measured and the table, for a document that has more to say."""
    return "\n\n".join([about(figures), tabulated(figures), _explained(figures)])


def about(figures: Mapping[str, Any]) -> str:
    """What was measured, in a sentence."""
    source = "rendered" if figures["source"] == "rendered" else "real"
    many = f"{figures['clips']} {source} clips"
    return (
        f"Every defect was planted in {many} (seed {figures['seed']}, "
        f"model {table.BESIDE.join(figures['backends'])})."
    )


def tabulated(figures: Mapping[str, Any]) -> str:
    """The table."""
    return markdown.table(table.heading(), table.rows(figures))


def _explained(figures: Mapping[str, Any]) -> str:
    return EXPLAINED.format(sure=figures["min_confidence"])


def left_out(figures: Mapping[str, Any]) -> list[str]:
    """A line for all that could not be measured, with the reason."""
    lines = [
        f"{defect}, {strength}: {_clips(one['left_out']['clips'])} left out "
        f"({one['left_out']['reason']})"
        for defect, strengths in figures["defects"].items()
        for strength, one in strengths.items()
        if "left_out" in one
    ]
    first = next(iter(figures["backends"].values()))
    lines += [
        f"the filter {name} was not tried: it reads {', '.join(columns)}"
        for name, columns in first["filters_left_out"].items()
    ]
    return lines + [f"{one['clip']}: {one['reason']}" for one in figures["refused"]]


def _clips(count: int) -> str:
    return f"{count} clip{'' if count == 1 else 's'}"
