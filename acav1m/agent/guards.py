"""What no edit may do, however much better it may score: clip, mute, or shorten a sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from acav1m.agent.course import Course
from acav1m.measures.loudness import integrated_lufs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.agent.action import Samples
    from acav1m.agent.settings import Settings
    from acav1m.agent.transform import Transform

FULL = 1 - 2**-15
"""What 16 bits hold at most."""

FRAME_S = 0.02
SILENT_DB = -60.0
"""RMS of a frame in dBFS below which there is nothing to hear; as for the aligners."""

ABOVE_FLOOR_DB = 15.0
"""How far a second stands out that sounds; noise that is taken away does not."""

FLOOR_PERCENTILE = 10
FALLEN_DB = 20.0
"""A second that turns silent has fallen this much more than the whole clip."""

REACH_S = 0.1
"""How far the sound of a second may smear."""

LEAST_DB = -200.0


def refusal(
    original: Samples, edited: Samples, transform: Transform, rate_hz: int, settings: Settings
) -> str | None:
    """Say in one sentence why this edit of mono sound (n,) is refused; None if it is not."""
    if not np.isfinite(edited).all():
        return "it gives samples that are no numbers"
    if edited.shape != original.shape:
        return f"it gives {edited.size} samples of {original.size}"
    course = Course.of(transform, original.size / rate_hz)
    return (
        _shortened(course, original.size / rate_hz, settings.max_missing_share)
        or _muted(original, edited, course, rate_hz, settings)
        or _clipped(original, edited, settings.max_clipped_share)
    )


def _shortened(course: Course, seconds: float, limit: float) -> str | None:
    missing, dropped = course.missing_share(seconds), course.dropped_share(seconds)
    if missing > limit:
        return f"it leaves {missing:.0%} of the clip silent, and at most {limit:.0%} may be"
    if dropped > limit:
        return f"it drops {dropped:.0%} of the sound, and at most {limit:.0%} may go"
    return None


def _clipped(original: Samples, edited: Samples, limit: float) -> str | None:
    before, after = map(_full_share, (original, edited))
    if after - before > limit:
        return f"it clips: {after:.2%} of the samples are at full scale, and {before:.2%} were"
    return None


def _full_share(sound: Samples) -> float:
    return float(np.mean(np.abs(sound) >= FULL)) if sound.size else 0.0


def _muted(
    original: Samples, edited: Samples, course: Course, rate_hz: int, settings: Settings
) -> str | None:
    if original.any() and not edited.any():
        return "it mutes the sound"
    left = original[_samples(course.was_s(course.begins_s), course.was_s(course.ends_s), rate_hz)]
    before, after = integrated_lufs(left[None], rate_hz), integrated_lufs(edited[None], rate_hz)
    if before is None:
        return None
    if after is None:
        return "it mutes the sound"
    allowed = min(before, settings.target_lufs or before) - settings.max_fall_lu
    if after < allowed:
        return f"it mutes the sound: {after:.0f} LUFS, and {allowed:.0f} is the least"
    silent = _silenced(original, edited, course, rate_hz, min(0.0, after - before))
    if silent is not None:
        return f"it mutes the second from {silent} s on"
    return None


def _silenced(
    original: Samples, edited: Samples, course: Course, rate_hz: int, change_db: float
) -> int | None:
    """The first whole second that sounded and does no more; those that moved out aside."""
    was, now = frames_db(original, rate_hz), frames_db(edited, rate_hz)
    floor_db = float(np.percentile(was, FLOOR_PERCENTILE)) if was.size else LEAST_DB
    for second in range(original.size // rate_hz):
        begins_s, ends_s = course.heard_s(second), course.heard_s(second + 1)
        if begins_s < course.begins_s or ends_s > course.ends_s:
            continue
        loud_db = _loudest(was, second, second + 1)
        still_db = _loudest(now, begins_s - REACH_S, ends_s + REACH_S)
        sounded = loud_db >= max(SILENT_DB, floor_db + ABOVE_FLOOR_DB)
        if sounded and still_db < min(SILENT_DB, loud_db + change_db - FALLEN_DB):
            return second
    return None


def frames_db(sound: Samples, rate_hz: int) -> NDArray[np.float64]:
    """RMS in dBFS of every whole 20 ms of mono sound, at least -200."""
    size = round(FRAME_S * rate_hz)
    frames = sound[: sound.size // size * size].reshape(-1, size).astype(np.float64)
    powers = np.maximum(np.mean(frames**2, axis=1), 10 ** (LEAST_DB / 10))
    return np.asarray(10 * np.log10(powers))


def _loudest(levels_db: NDArray[np.float64], begins_s: float, ends_s: float) -> float:
    span = levels_db[_samples(begins_s, ends_s, 1 / FRAME_S)]
    return float(span.max(initial=LEAST_DB))


def _samples(begins_s: float, ends_s: float, rate_hz: float) -> slice:
    return slice(max(0, round(begins_s * rate_hz)), max(0, round(ends_s * rate_hz)))
