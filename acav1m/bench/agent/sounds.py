"""Draw spectrograms of some clips: clean, with a fault, and mended."""

from __future__ import annotations

import re
from textwrap import fill
from typing import TYPE_CHECKING

from acav1m.agent.page import words
from acav1m.agent.page.drawing import spectrograms
from acav1m.agent.transform import Transform
from acav1m.bench.agent.case import case_of
from acav1m.bench.agent.policies import NONE, PLANNER
from acav1m.bench.agent.trials import clean_of
from acav1m.bench.subject import Subjects
from acav1m.pictures import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acav1m.bench.agent.running import Report
    from acav1m.engines import Row

SHOWN = (
    "white 5 dB",
    "pink 5 dB",
    "hum 5 dB",
    "babble 5 dB",
    "offset 0.5 s",
    "drift 4 %",
    "gain 12 dB",
    "blanks 30 ms",
    "blanks 300 ms",
    "pitch 4",
)
"""Grades that are drawn, each of another clip."""

INCHES = (9.0, 7.2)
CHARACTERS = 80
"""Of a title's line."""


def draw(report: Report, out: Path) -> None:
    """Write `sound-<grade>-<clip>` for each of the grades that are shown."""
    asked, gathered = report.asked, report.gathered
    subjects = Subjects(gathered.recordings, gathered.twins)
    rows = {row["key"]: row for row in gathered.rows}
    for trial in _chosen(report):
        row = rows[trial["key"]]
        case = case_of(row, trial["grade"], clean_of(subjects, row, asked.settings))
        transform = Transform.model_validate(trial["policies"][PLANNER]["transform"])
        after = fill(f"after: {words.transformed(transform)}", CHARACTERS)
        sounds = {
            "clean": case.clean.subject.truth.audio,
            trial["fault"]: case.damaged.audio,
            after: case.mended(transform).audio(),
        }
        name = re.sub(r"\W+", "-", f"{trial['grade']} {row['key']}")
        with drawn(out / f"sound-{name}", INCHES, kinds=("png",)) as figure:
            spectrograms(figure, sounds)
            figure.suptitle(f"{row['key']}: {_said(trial)}", fontsize="medium")


def _chosen(report: Report) -> Iterator[Row]:
    """A trial of each grade shown, the first of the first clip, the second of the second."""
    keys = [row["key"] for row in report.gathered.rows]
    for number, grade in enumerate(SHOWN):
        mine = {row["key"]: row for row in report.rows if row["grade"] == grade}
        order = keys[number % len(keys) :] + keys
        yield from [mine[key] for key in order if key in mine][:1]


def _said(trial: Row) -> str:
    before, after = (trial["policies"][policy]["si_sdr_db"] for policy in (NONE, PLANNER))
    return f"{trial['fault']}, SI-SDR {before:.1f} dB to {after:.1f} dB"
