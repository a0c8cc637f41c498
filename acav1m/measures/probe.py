"""Plain facts of a finished clip."""

from __future__ import annotations

import numpy as np

from acav1m.clip import Clip
from acav1m.steps import Measure, Value


class Probe(Measure):
    """State size, frame rate, pictures, channels and lengths of the clip as it is released.

    `fps` is pictures per second of what is there, null for a single picture. `av_length_gap_s`
    is the sound's length minus the picture's; AAC ends in whole blocks, so up to 0.05 s more
    sound is normal.

    >>> from acav1m.testing import tone
    >>> facts = Probe().measure(tone(seconds=2))
    >>> facts["width_px"], facts["fps"], facts["frames"], facts["audio_channels"]
    (64, 25.0, 50, 1)
    """

    adds = {
        "width_px": int,
        "height_px": int,
        "fps": float,
        "frames": int,
        "audio_rate_hz": int,
        "audio_channels": int,
        "av_length_gap_s": float,
    }

    def measure(self, clip: Clip) -> dict[str, Value]:
        decoded = clip.decoded()
        times_s, track = decoded.frame_times_s, decoded.track
        channels, samples = track.samples.shape
        fps = _frame_rate(times_s)
        picture_s = len(times_s) / (fps or decoded.fps or 25.0)
        return {
            "width_px": decoded.width,
            "height_px": decoded.height,
            "fps": fps,
            "frames": len(times_s),
            "audio_rate_hz": track.rate_hz,
            "audio_channels": channels,
            "av_length_gap_s": round(samples / track.rate_hz - picture_s, 6),
        }


def _frame_rate(times_s: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    length_s = float(times_s[-1] - times_s[0])
    return round((len(times_s) - 1) / length_s, 3) if length_s > 0 else None
