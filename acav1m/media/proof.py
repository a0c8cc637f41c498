"""Whether a cut holds what was asked of it, found by decoding it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from acav1m.errors import ClipError
from acav1m.media import decode

if TYPE_CHECKING:
    from fractions import Fraction

    from acav1m.media.probe import Probe

AAC_FRAME = 1024
"""Samples in a frame of AAC; the last one is filled up with silence."""


def require_sound(probe: Probe, start_s: float, end_s: float) -> None:
    """Refuse a span beyond the source's sound: ffmpeg would fill the gap with silence.

    Raises:
        ClipError: `no_overlap`.
    """
    near_s = 1 / float(probe.fps)
    if start_s < probe.start_s - 0.001 or end_s > probe.end_s + near_s:
        raise ClipError(
            "no_overlap",
            f"the sound asked for, from {start_s:.2f} to {end_s:.2f} s, goes beyond the source, "
            f"which reaches from {probe.start_s:.2f} to {probe.end_s:.2f} s",
        )


def prove(decoded: decode.Decoded, flac: Any, length_s: float, fps: Fraction) -> None:
    """Hold pictures and both sounds of a cut to the length that was asked.

    Raises:
        ClipError: `late_start` or `wrong_length`.
    """
    if decoded.frame_times_s[0] > 0.5 / float(fps):
        raise ClipError(
            "late_start",
            f"the first picture to decode comes {decoded.frame_times_s[0]:.2f} s into the clip: "
            "the source is damaged there",
        )
    picture_s = len(decoded.frame_times_s) / float(fps)
    sound_s = decoded.track.samples.shape[1] / decoded.track.rate_hz
    flac_s = len(flac) / decode.RELEASE_RATE_HZ
    allowed_s = max(0.1, 2 / float(fps))
    padding_s = AAC_FRAME / decoded.track.rate_hz
    for what, got_s, more_s in (
        ("pictures", picture_s, 0.0),
        ("sound", sound_s, padding_s),
        ("FLAC sound", flac_s, 0.0),
    ):
        if not -allowed_s <= got_s - length_s <= allowed_s + more_s:
            raise ClipError(
                "wrong_length",
                f"the cut gave {got_s:.2f} s of {what} where {length_s:.2f} s were asked: "
                "the source is damaged or its clock is wrong",
            )


def skew_s(
    frame_times_s: Any, start_s: float, end_s: float, fps: Fraction, decoded: decode.Decoded
) -> float:
    """How much later sound comes than in the source, relative to the pictures.

    Pictures move to a constant grid, on average by the mean rounding error; each stream may
    also begin off zero in the file that came out.
    """
    inside = frame_times_s[(frame_times_s >= start_s - 1e-6) & (frame_times_s < end_s)] - start_s
    moved_s = float(np.mean(np.round(inside * float(fps)) / float(fps) - inside))
    picture_s = float(decoded.frame_times_s[0]) + moved_s
    return round(decoded.track.start_s - picture_s, 6) + 0.0  # no negative zero
