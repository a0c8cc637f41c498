"""What may have sounded in a blank, judged by the sound on both sides of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CONTEXT_S = 0.1
"""Sound on either side that a blank is filled from."""

ORDER_S = 0.024
"""What the predictor looks back on: more than a period of any voice."""

PASSES = 3
ONE_PASS_S = 0.1
LONG_S = 0.05
"""Beyond this nobody knows what sounded: what the predictor leaves open is filled by texture."""

TEXTURE_ORDER = 32
"""Few enough that noise takes on the colour of the sound, and not its pitch."""

LEVEL_S = 0.03
ENOUGH = 2
"""No noise is added to what is less than 3 dB too quiet: tones beat, and need none."""

TINY = 1e-15
RIDGE = 1e-9
"""Keeps the equations solvable where the sound is a few pure tones."""


def interpolated(before: Floats, after: Floats, count: int, rate_hz: int) -> Floats:
    """The `count` samples between that a linear predictor of both sides errs least on.

    Janssen, Veldhuis and Vries, 1986: predict, fill, and again with what was filled; once where
    it is long, as there the predictor has the least say.
    """
    order = min(round(ORDER_S * rate_hz), (before.size + after.size) // 3)
    filled = np.zeros(count)
    for _ in range(PASSES if count <= ONE_PASS_S * rate_hz else 1):
        known = np.concatenate([before, filled, after])
        filled = _least(_predictor(known, order), before, after, count)
    loudest = max(np.abs(before).max(), np.abs(after).max())
    return np.clip(filled, -loudest, loudest)


def texture(before: Floats, after: Floats, filled: Floats, rate_hz: int, rng: Generator) -> Floats:
    """Noise in the colours of both sides, where `filled` is far too quiet between them."""
    from scipy.ndimage import uniform_filter1d

    reach = max(1, round(LEVEL_S * rate_hz))
    share = np.linspace(0, 1, filled.size)
    first, last = (np.mean(side**2) for side in (before[-reach:], after[:reach]))
    kept = uniform_filter1d(filled**2, reach, mode="nearest")
    wanted = np.maximum(first, TINY) ** (1 - share) * np.maximum(last, TINY) ** share
    missing = np.maximum(wanted - ENOUGH * kept, 0)
    white = rng.standard_normal((2, filled.size + reach))
    colours = [_coloured(*one)[reach:] for one in zip(white, (before, after), strict=True)]
    return np.asarray(
        np.sqrt(missing * (1 - share)) * colours[0] + np.sqrt(missing * share) * colours[1]
    )


def _coloured(white: Floats, like: Floats) -> Floats:
    """White noise with the spectrum of some sound, at an RMS of 1."""
    from scipy.signal import lfilter

    predictor = _predictor(like, min(TEXTURE_ORDER, like.size // 3))
    noise = lfilter([1.0], predictor, white)
    return np.asarray(noise / max(float(np.sqrt(np.mean(noise**2))), TINY))


def _predictor(samples: Floats, order: int) -> Floats:
    """Coefficients whose filter leaves least of the samples; the first is 1."""
    from scipy.linalg import solve_toeplitz

    # the window counts for more than all else: edges cut sharply look like noise
    alike = _autocorrelation(samples * np.hanning(samples.size), order)
    if alike[0] <= 0 or order < 1:
        return np.ones(1)
    alike[0] *= 1 + RIDGE
    return np.concatenate([[1.0], -solve_toeplitz(alike[:-1], alike[1:])])


def _least(predictor: Floats, before: Floats, after: Floats, count: int) -> Floats:
    """The samples between for which the predictor's error is least: a Toeplitz system."""
    from scipy.linalg import solve_toeplitz
    from scipy.signal import fftconvolve

    reach = predictor.size - 1
    weights = _autocorrelation(predictor, count + reach)
    around = np.concatenate([before, np.zeros(count), after])
    both = np.concatenate([weights[reach:0:-1], weights[: reach + 1]])
    pull = fftconvolve(around, both)[reach:][before.size : before.size + count]
    return np.asarray(-solve_toeplitz(weights[:count], pull))


def _autocorrelation(samples: Floats, most: int) -> Floats:
    """Sums of products of samples 0 to `most` apart."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(samples.size + most + 1, real=True)
    return np.asarray(irfft(np.abs(rfft(samples, size)) ** 2, size)[: most + 1])
