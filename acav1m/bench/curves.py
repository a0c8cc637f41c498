"""Draw motion and onsets of some clips over time, with the offset that was planted and found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m import signals
from acav1m.bench.subject import Subjects
from acav1m.pictures import drawn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.bench.figures import Trial
    from acav1m.bench.gather import Gathered
    from acav1m.bench.results import Trials
    from acav1m.clip import Clip

    Floats = NDArray[np.float32]

CLIPS = 10
STRENGTHS = ("1s", "0.5s", "0.25s")
"""The first that a clip is long enough for is drawn."""

MOVING = 4
"""Cells whose motion is drawn: those that change most."""


def draw(gathered: Gathered, trials: Trials, out: Path) -> None:
    """Write `curves-<clip>` for up to ten clips; half of them have early sound, half late."""
    subjects = Subjects(gathered.recordings, gathered.twins)
    names: dict[str, str] = {row["key"]: Path(row["uri"]).name for row in gathered.recordings or []}
    for number, row in enumerate(gathered.rows[:CLIPS]):
        trial = _trial(row["key"], trials, late=bool(number % 2))
        if trial is None or trial.offset_s is None:
            continue
        clean = subjects.opened(row)
        moved = subjects.damaged(row, clean, "shifted", {"offset_s": trial.offset_s})
        with drawn(out / f"curves-{row['key']}", (9.0, 4.5)) as figure:
            _curves(figure, moved.clip, trial, names.get(row["key"], str(row["key"])))


def _trial(key: str, trials: Trials, *, late: bool) -> Trial | None:
    mine = [t for s in STRENGTHS for t in trials.get(("shifted", s), ()) if t.clip == key]
    return next((t for t in mine if ((t.offset_s or 0.0) > 0) == late), None)


def _curves(figure: Any, clip: Clip, trial: Trial, name: str) -> None:
    seen, heard, again = figure.subplots(3, sharex=True)
    _curve(seen, 100 * _motion(clip), 0.0, "motion\n(% of full scale)", "C1")
    _curve(heard, signals.onsets(clip), 0.0, "onsets\n(dB)", "C0")
    found_s = trial.columns.get("sync_offset_s")
    _curve(again, signals.onsets(clip), -(found_s or 0.0), "onsets, moved\nback (dB)", "C0")
    again.set(xlabel="time (s)", xlim=(0, trial.columns["duration_s"]))
    figure.suptitle(f"{name}: {_said(trial)}", fontsize="medium")


def _curve(axes: Any, values: Floats, later_s: float, label: str, colour: str) -> None:
    times_s = np.arange(len(values)) / signals.RATE_HZ + later_s
    axes.plot(times_s, values, color=colour, linewidth=1)
    axes.set_ylabel(label, fontsize="small")
    axes.grid(axis="x", color="0.9")


def _motion(clip: Clip) -> Floats:
    """How much changes where most does, above what always changes there."""
    cells = signals.motion(clip)
    above = cells - np.median(cells, axis=0)
    most = np.argsort(above.std(axis=0), kind="stable")[-MOVING:]
    return np.asarray(above[:, most].mean(axis=1))


def _said(trial: Trial) -> str:
    planted = f"planted offset {trial.offset_s:+.2f} s"
    found = trial.columns.get("sync_offset_s")
    if found is None:
        return f"{planted}, none found"
    sure = trial.columns.get("sync_confidence") or 0.0
    return f"{planted}, found {found:+.2f} s (confidence {sure:.2f})"
