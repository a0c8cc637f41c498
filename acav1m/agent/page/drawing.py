"""Draw a clip's sound as it was and as it is: spectrograms, waveforms, and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.media.decode import RELEASE_RATE_HZ
from acav1m.pictures import drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from acav1m.agent.action import Samples
    from acav1m.agent.run import Report

COLOURS = ("C1", "C0")
WIDTH_INCHES = 9.0

WINDOW, HOP = 512, 128
"""32 ms and 8 ms at 16 kHz."""

RANGE_DB = 80
LEAST_DB = -140
LEAST_TOP_DB = -60
"""The loudest of the scale is no lower, so that silence does not look like noise."""

POINTS = 2000
"""Of a waveform: more than the picture is wide."""


def draw(report: Report, out: Path) -> None:
    """Write `spectrograms.png`, `waveforms.png` and `scores.png` into the folder `out`.

    The sound after an edit is drawn on the scales of the sound before it.
    """
    sounds = dict(zip(report.names.values(), report.sounds, strict=False))
    size = WIDTH_INCHES, 0.6 + 2.2 * len(sounds)
    with drawn(out / "spectrograms", size, ["png"]) as figure:
        spectrograms(figure, sounds)
    with drawn(out / "waveforms", size, ["png"]) as figure:
        _waveforms(figure, sounds)
    with drawn(out / "scores", (WIDTH_INCHES, 3.0), ["png"]) as figure:
        _scores(figure, report)


def levels_db(sound: Samples) -> NDArray[np.float64]:
    """Level in dBFS (a full-scale sine is 0) by frequency and time, (257, n).

    Windows of 32 ms (Hann) begin every 8 ms; frequencies are 31.25 Hz apart.
    """
    padded = np.pad(sound.astype(np.float64), WINDOW // 2)
    window = np.hanning(WINDOW + 1)[:-1]
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    spectrum = np.abs(np.fft.rfft(pieces * window)) * 2 / window.sum()
    return np.asarray(20 * np.log10(np.maximum(spectrum, 10 ** (LEAST_DB / 20))).T)


def spectrograms(figure: Any, sounds: Mapping[str, Samples]) -> None:
    """Draw 16 kHz sounds by name, one below the other, all on one scale."""
    found = {name: levels_db(sound) for name, sound in sounds.items()}
    top_db = max(LEAST_TOP_DB, *(levels.max() for levels in found.values()))
    rows = figure.subplots(len(found), sharex=True, squeeze=False)[:, 0]
    for axes, (name, levels) in zip(rows, found.items(), strict=True):
        seconds = len(sounds[name]) / RELEASE_RATE_HZ
        shown = axes.imshow(
            levels,
            origin="lower",
            aspect="auto",
            extent=(0, seconds, 0, RELEASE_RATE_HZ / 2000),
            vmin=top_db - RANGE_DB,
            vmax=top_db,
            cmap="magma",
            interpolation="nearest",
        )
        axes.set(title=name, ylabel="frequency (kHz)")
    rows[-1].set_xlabel("time (s)")
    figure.colorbar(shown, ax=list(rows), label="level (dBFS)", pad=0.01)


def _waveforms(figure: Any, sounds: dict[str, Samples]) -> None:
    peak = max(0.01, *(float(np.abs(sound).max(initial=0)) for sound in sounds.values()))
    rows = figure.subplots(len(sounds), sharex=True, squeeze=False)[:, 0]
    for axes, colour, (name, sound) in zip(rows, COLOURS, sounds.items(), strict=False):
        size = max(1, len(sound) // POINTS)
        blocks = sound[: len(sound) // size * size].reshape(-1, size)
        times_s = np.arange(len(blocks)) * size / RELEASE_RATE_HZ
        axes.fill_between(times_s, blocks.min(axis=1), blocks.max(axis=1), color=colour, lw=0.5)
        axes.set(title=name, ylabel="amplitude", ylim=(-1.05 * peak, 1.05 * peak))
        axes.set_xlim(0, len(sound) / RELEASE_RATE_HZ)
        axes.grid(axis="y", color="0.9")
        axes.set_axisbelow(True)
    rows[-1].set_xlabel("time (s)")


def _scores(figure: Any, report: Report) -> None:
    over_time, whole = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    names = report.names.values()
    for name, colour, values in zip(names, COLOURS, report.per_second, strict=False):
        _curve(over_time, values, name, colour)
    over_time.set(title="each second", xlabel="time (s)", ylabel="temporal score")
    over_time.set(ylim=(-0.04, 1.12), xlim=(0, report.story.observation.duration_s))
    _bars(whole, report)
    whole.set(title="whole clip")
    if report.threshold is not None:
        line = {"color": "0.5", "linewidth": 1, "linestyle": "--", "zorder": 0}
        for axes in (over_time, whole):
            axes.axhline(report.threshold, label="good enough", **line)
    handles, labels = whole.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right upper", frameon=False)


def _curve(axes: Any, values: Sequence[float | None], name: str, colour: str) -> None:
    """Each second as a step; what is unknown is a gap."""
    known = [np.nan if value is None else value for value in values]
    axes.stairs(known, np.arange(len(known) + 1), color=colour, linewidth=2, baseline=None)
    middles = np.arange(len(known)) + 0.5
    axes.plot(middles, known, "o", color=colour, markersize=4, label=name)


def _bars(axes: Any, report: Report) -> None:
    both = report.story.before, report.story.after
    series = list(zip(report.names.values(), COLOURS, both, strict=False))
    for number, (name, colour, scores) in enumerate(series):
        heights = [np.nan if value is None else value for _, value in scores]
        places = np.arange(len(heights)) + (number - (len(series) - 1) / 2) * 0.4
        bars = axes.bar(places, heights, 0.38, color=colour, label=name)
        told = ["unknown" if np.isnan(height) else f"{height:.2f}" for height in heights]
        axes.bar_label(bars, told, fontsize="small", padding=2)
    axes.set_xticks(places.round(), list(dict(both[0])))
