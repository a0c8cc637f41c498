"""Draw spectrograms of some clips: clean, with a fault, and mended."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.agent.transform import Transform
from acav1m.bench.agent.case import case_of
from acav1m.bench.agent.policies import NONE, PLANNER
from acav1m.bench.agent.trials import clean_of
from acav1m.bench.subject import Subjects
from acav1m.models.features import RATE_HZ
from acav1m.pictures import drawn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from acav1m.agent.action import Samples
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

WINDOW, HOP = 512, 128
SPAN_DB = (-90, -20)


def draw(report: Report, out: Path) -> None:
    """Write `sound-<grade>-<clip>` for each of the grades that are shown."""
    asked, gathered = report.asked, report.gathered
    subjects = Subjects(gathered.recordings, gathered.twins)
    rows = {row["key"]: row for row in gathered.rows}
    for trial in _chosen(report):
        row = rows[trial["key"]]
        case = case_of(row, trial["grade"], clean_of(subjects, row, asked.settings))
        transform = Transform.model_validate(trial["policies"][PLANNER]["transform"])
        sounds = {
            "clean": case.clean.subject.truth.audio,
            trial["fault"]: case.damaged.audio,
            _named(transform): case.mended(transform).audio(),
        }
        name = re.sub(r"\W+", "-", f"{trial['grade']} {row['key']}")
        with drawn(out / f"sound-{name}", (9.0, 6.0), kinds=("png",)) as figure:
            _panels(figure, sounds)
            figure.suptitle(f"{row['key']}: {_said(trial)}", fontsize="medium")


def _chosen(report: Report) -> Iterator[Row]:
    """A trial of each grade shown, the first of the first clip, the second of the second."""
    keys = [row["key"] for row in report.gathered.rows]
    for number, grade in enumerate(SHOWN):
        mine = {row["key"]: row for row in report.rows if row["grade"] == grade}
        order = keys[number % len(keys) :] + keys
        yield from [mine[key] for key in order if key in mine][:1]


def _panels(figure: Any, sounds: dict[str, Samples]) -> None:
    panels = figure.subplots(len(sounds), sharex=True)
    for axes, (name, sound) in zip(panels, sounds.items(), strict=True):
        shown = axes.imshow(
            _levels_db(sound),
            origin="lower",
            aspect="auto",
            extent=(0, sound.size / RATE_HZ, 0, RATE_HZ / 2000),
            vmin=SPAN_DB[0],
            vmax=SPAN_DB[1],
            cmap="magma",
        )
        axes.set_title(name, fontsize="small", loc="left")
        axes.set_ylabel("kHz")
    panels[-1].set_xlabel("time (s)")
    figure.colorbar(shown, ax=panels, label="dBFS")


def _levels_db(sound: Samples) -> Any:
    """Level of each band at each moment, (frequencies, moments)."""
    from scipy.signal import stft

    spectra = stft(sound, nperseg=WINDOW, noverlap=WINDOW - HOP)[2]
    return 20 * np.log10(np.abs(spectra) + 1e-6)


def _named(transform: Transform) -> str:
    told = [
        f"{edit.action} ({', '.join(f'{k} {v:.4g}' for k, v in edit.parameters.items())})"
        for edit in transform.edits
    ]
    return "edited: " + ", then ".join(told) if told else "kept as it came"


def _said(trial: Row) -> str:
    before, after = (trial["policies"][policy]["si_sdr_db"] for policy in (NONE, PLANNER))
    return f"{trial['fault']}, SI-SDR {before:.1f} dB to {after:.1f} dB"
