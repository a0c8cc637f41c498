"""The agent's report in Markdown: what the same seed gives again, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.bench.agent import table
from acav1m.release import markdown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.bench.agent.table import Table

RECOVERY = """\
Measure: mean over the clips, the one that counts for this fault; SI-SDR is against the clean sound.
Out of step: the most that any moment of the clip is, by the edits that were made.
Spectral distance in gaps: mean difference of log-mel levels; of blanks beyond 50 ms nobody knows \
the waveform.
Mended: share within 40 ms, 1 LU or 50 cents.
Random: one action drawn at random and always taken (AVAgent, Table 5); random accepted: drawn \
like that in the same loop, with the same acceptance and number of cycles.
Ahead: mean of the differences clip by clip, with its 95 % bootstrap interval over clips; * where \
it leaves out zero."""

LEADS = """\
The same over all strengths of a kind, with intervals that take all trials of a clip as one."""

OTHERS = """\
Taking only what raises a score raises that score, so these are scorers that reflection does not \
ask: timing by another model, and for content a logistic regression on log-mel statistics, fitted \
to other clean sounds, that says how likely it is to hear what is seen."""

HARM = """\
Clips without a fault, with 95 % intervals by Wilson; the rest is the mean over those touched."""

MIXES = """\
Sets of N pairs as they came (0/N) and edited (N/0), over all faults, after AVAgent's Table 1: the \
mean scores of mixes are the weighted means of these two, and say nothing more (the paper's are \
not).
In words: the picture against a caption made from the sound, as X-CLIP compares."""


def text(figures: Mapping[str, Any]) -> str:
    """The whole report."""
    parts = [f"# What the planner {figures['planner']['name']} mends", summary(figures)]
    lines = [f"- {line}" for line in left_out(figures)]
    if lines:
        parts += ["## Left out", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def summary(figures: Mapping[str, Any]) -> str:
    """What was measured and the tables, for a document that has more to say."""
    parts = [about(figures)]
    for made, explained in sections(figures):
        parts += [markdown.table(made.heading, made.rows), explained]
    return "\n\n".join(parts)


def about(figures: Mapping[str, Any]) -> str:
    """What was measured, in a sentence."""
    source = "rendered" if figures["source"] == "rendered" else "real"
    settings = figures["settings"]
    return (
        f"Every fault was planted in {figures['clips']} {source} clips (seed {figures['seed']}) "
        f"at {settings['target_lufs']:g} LUFS, and the planner {figures['planner']['name']} "
        f"mended what it could in up to {settings['max_cycles']} cycles (timing by "
        f"{figures['model']})."
    )


def sections(figures: Mapping[str, Any]) -> list[tuple[Table, str]]:
    """Every table, and what it shows."""
    return [
        (table.recovery(figures), RECOVERY),
        (table.leads(figures), LEADS),
        (table.others(figures), OTHERS),
        (table.harm(figures), HARM),
        (table.mixes(figures), MIXES),
    ]


def left_out(figures: Mapping[str, Any]) -> list[str]:
    """A line for all that could not be measured, with the reason."""
    lines = [
        f"{grade}: {one['clips']} clips left out (the first: {one['reason']})"
        for grade, one in figures["left_out"].items()
    ]
    return lines + [f"{one['clip']}: {one['reason']}" for one in figures["refused"]]
