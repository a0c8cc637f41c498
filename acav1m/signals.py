"""Sound and motion of a clip as curves on one clock, where what is heard meets what is seen.

Curves have `RATE_HZ` values per second, value k standing at k / RATE_HZ seconds, and are made at
most once per clip.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from acav1m.clip import Clip, View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

RATE_HZ = 25
VIEW = View()
CELLS = 8
"""Motion is kept apart in 8 by 8 cells: what makes the sound is seldom the whole picture."""

AUDIO_RATE_HZ = 16_000
HOP = 160
WINDOW = 400
BANDS = 40
RANGE_DB = 60
FLOOR_DB = -90


def cell_changes(clip: Clip) -> Floats:
    """Mean absolute difference of each picture to the one before, in each cell.

    From 0 to 1, shape (pictures, cells); 0 for the first picture, before which nothing was.
    """
    return clip.memo("cell_changes", lambda: changes(clip.frames(VIEW).images), of_pictures=True)


def motion(clip: Clip) -> Floats:
    """Change of the picture in each cell at `RATE_HZ`, where it is first seen; (n, cells)."""
    times_s = clip.frames(VIEW).times_s
    return clip.memo("motion", lambda: on_grid(times_s, cell_changes(clip)), of_pictures=True)


def onsets(clip: Clip) -> Floats:
    """Positive spectral flux at `RATE_HZ`: dB by which mel bands rise within 20 ms, on average."""
    return clip.memo("onsets", lambda: _onsets(mel_powers(clip)))


def mel_powers(clip: Clip) -> Floats:
    """Power in mel bands every 10 ms, first window at 0; a full-scale sine is about 0.5."""
    return clip.memo("mel_powers", lambda: _mel_powers(clip.audio(AUDIO_RATE_HZ)))


def on_grid(times_s: NDArray[np.float64], values: Floats) -> Floats:
    """Share each value between the two grid points around its time, so that sums are kept."""
    places = np.maximum(times_s, 0) * RATE_HZ
    left = np.floor(places).astype(int)
    grid = np.zeros((int(left.max(initial=0)) + 2, *values.shape[1:]), np.float32)
    right_share = (places - left).reshape(-1, *[1] * (values.ndim - 1))
    np.add.at(grid, left, values * (1 - right_share))
    np.add.at(grid, left + 1, values * right_share)
    return grid


def changes(images: NDArray[np.uint8]) -> Floats:
    """Mean absolute difference of each picture to the one before in each cell, 0 for the first."""
    found = np.zeros((len(images), CELLS * CELLS), np.float32)
    for k in range(1, len(images)):  # picture by picture, to need no second clip's worth of memory
        found[k] = change(images[k - 1], images[k])
    return found


def change(old: NDArray[np.uint8], new: NDArray[np.uint8]) -> Floats:
    """Mean absolute difference of two pictures in each cell, 0 to 1, shape (cells,)."""
    cell = VIEW.width // CELLS
    difference = np.maximum(new, old) - np.minimum(new, old)
    rows = difference.reshape(CELLS, cell, -1).sum(axis=1, dtype=np.uint16)
    sums = rows.reshape(CELLS, CELLS, -1).sum(axis=2, dtype=np.uint32)
    means: Floats = (sums.ravel() / (cell * cell * 3 * 255)).astype(np.float32)
    return means


def shown_s(times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """How long each picture is shown; the last as long as is usual in this clip."""
    gaps_s = np.diff(times_s)
    last_s = float(np.median(gaps_s)) if gaps_s.size else 1.0
    return np.append(gaps_s, last_s)


def _onsets(powers: Floats) -> Floats:
    if len(powers) < 3:
        return np.zeros(1, np.float32)
    level_db = 10 * np.log10(np.maximum(powers, 10 ** (FLOOR_DB / 10)))
    level_db = np.maximum(level_db, level_db.max() - RANGE_DB)
    rise_db = np.maximum(level_db[2:] - level_db[:-2], 0).mean(axis=1)
    middle_s = ((np.arange(len(rise_db)) + 1) * HOP + WINDOW / 2) / AUDIO_RATE_HZ
    return on_grid(middle_s, rise_db) * (RATE_HZ * HOP / AUDIO_RATE_HZ)


def _mel_powers(audio: Floats) -> Floats:
    if audio.size < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    window = np.hanning(WINDOW).astype(np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(audio, WINDOW)[::HOP]
    spectrum = np.fft.rfft(pieces * (window / window.sum()))
    powers: Floats = (2 * np.abs(spectrum) ** 2) @ _mel_filters().T
    return powers


@cache
def _mel_filters() -> Floats:
    """Triangles of even width on the mel scale from 60 Hz to 7.6 kHz, (bands, frequencies)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (60, 7600))
    corners_hz = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    left, middle, right = (corners_hz[k : k + BANDS, None] for k in range(3))
    hz = np.fft.rfftfreq(WINDOW, 1 / AUDIO_RATE_HZ)
    triangles = np.minimum((hz - left) / (middle - left), (right - hz) / (right - middle))
    return np.maximum(triangles, 0).astype(np.float32)
