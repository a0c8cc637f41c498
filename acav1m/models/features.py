"""What the embedded model hears, sees and reads; the same code in training and in use.

Sound and picture share one grid of 80 ms frames (12.5 a second). Both reach `CONTEXT` frames
beyond the clip on either side, silent and still, so that every second has the same surroundings.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from acav1m.clip import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from acav1m.clip import Clip
    from acav1m.media.decode import Frames

RATE_HZ = 16_000
HOP = 160
WINDOW = 400
FFT = 512
BANDS = 64
FLOOR_DB = -100.0

FRAME_S = 0.08
MELS_PER_FRAME = 8
CONTEXT = 6
"""Frames beyond each end of the clip: 0.48 s, the largest lag the sync head looks at."""
SECOND = 13
"""Frames that stand for one second; neighbouring seconds share half a frame."""

VIEW = View(64, 64)
BUCKETS = 4096


def seconds(clip: Clip) -> int:
    """Count the whole seconds in which there is both sound and picture, at least one."""
    times_s = clip.frames(VIEW).times_s
    step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    length_s = min(len(clip.audio(RATE_HZ)) / RATE_HZ, float(times_s[-1]) + step_s)
    return max(1, int(length_s + 0.1))  # cutting at packets may cost a few milliseconds


def starts(n_seconds: int) -> NDArray[np.int64]:
    """First frame of every second, counted without the context.

    >>> starts(4).tolist()
    [0, 12, 25, 37]
    """
    return np.arange(n_seconds) * 25 // 2


def length(n_seconds: int) -> int:
    """Frames that hold so many seconds, without the context."""
    return int(starts(n_seconds)[-1]) + SECOND


def clip_mel(clip: Clip) -> NDArray[np.float32]:
    """Log-mel spectrogram of a clip with its context, shape (8 * frames, 64)."""
    return mel(clip.audio(RATE_HZ), length(seconds(clip)))


def clip_pictures(clip: Clip) -> NDArray[np.uint8]:
    """Pictures of a clip on the grid with their context, shape (frames, 64, 64, 3)."""
    return pictures(clip.frames(VIEW), length(seconds(clip)))


def mel(samples: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Log-mel spectrogram over `frames` and their context: -1 at -100 dB, 1 at full scale."""
    before = CONTEXT * MELS_PER_FRAME * HOP
    after = before + frames * MELS_PER_FRAME * HOP - len(samples)
    margin = (WINDOW - HOP) // 2  # each analysis window is centred on its hop
    samples = samples[: len(samples) + min(after, 0)]
    padded = np.pad(samples, (before + margin, max(after, 0) + margin))
    windows = sliding_window_view(padded, WINDOW)[::HOP]
    window = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    spectrum = np.fft.rfft(windows * window, FFT).astype(np.complex64)
    power = (spectrum.real**2 + spectrum.imag**2) @ filterbank() / (window.sum() / 2) ** 2
    level_db = 10 * np.log10(np.maximum(power, 10 ** (FLOOR_DB / 10)))
    scaled: NDArray[np.float32] = (level_db / 50 + 1).astype(np.float32)
    return scaled


@cache
def filterbank() -> NDArray[np.float32]:
    """Triangles evenly spaced on the mel scale from 50 Hz to 8 kHz, shape (257, 64)."""
    top, bottom = _mel_of(np.array([8000.0])), _mel_of(np.array([50.0]))
    edges_hz = 700 * (10 ** (np.linspace(bottom[0], top[0], BANDS + 2) / 2595) - 1)
    bins_hz = np.fft.rfftfreq(FFT, 1 / RATE_HZ)[:, None]
    rise = (bins_hz - edges_hz[:-2]) / np.diff(edges_hz)[:-1]
    fall = (edges_hz[2:] - bins_hz) / np.diff(edges_hz)[1:]
    return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


def _mel_of(frequency_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2595 * np.log10(1 + frequency_hz / 700)


def pictures(frames: Frames, count: int) -> NDArray[np.uint8]:
    """Return the nearest picture to the middle of every grid frame, context included."""
    middles_s = (np.arange(-CONTEXT, count + CONTEXT) + 0.5) * FRAME_S
    between_s = (frames.times_s[1:] + frames.times_s[:-1]) / 2
    return frames.images[np.searchsorted(between_s, middles_s)]


def motion(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How far the most moving hundredth of the picture moved since the frame before, 0 to 255."""
    change = np.abs(np.diff(images.astype(np.int16), axis=0)).max(axis=-1)
    strongest = np.percentile(change.reshape(len(change), -1), 99, axis=1)
    return np.concatenate([[0.0], strongest]).astype(np.float32)


def text(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Hash words and their trigrams to buckets: ids and a mask of equal shape (texts, most).

    >>> ids, mask = text(["Dog", "a dog"])
    >>> ids.shape, mask.sum(axis=1).tolist()
    ((2, 6), [4.0, 6.0])
    """
    rows = [_buckets(one) for one in texts]
    widest = max(1, *(len(row) for row in rows)) if rows else 1
    ids = np.zeros((len(rows), widest), dtype=np.int64)
    mask = np.zeros((len(rows), widest), dtype=np.float32)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask


@lru_cache(maxsize=4096)
def _buckets(one: str) -> tuple[int, ...]:
    words = re.findall(r"[^\W_]+", one.lower())
    marked = [f"<{word}>" for word in words]
    trigrams = [word[i : i + 3] for word in marked for i in range(len(word) - 2)]
    return tuple(fnv1a(piece) % BUCKETS for piece in [*words, *trigrams])


def fnv1a(piece: str) -> int:
    """Fowler-Noll-Vo hash (32 bits): the same in every process, unlike Python's own.

    >>> hex(fnv1a("a"))
    '0xe40c292c'
    """
    value = 0x811C9DC5
    for byte in piece.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value
