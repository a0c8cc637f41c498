"""A clip in memory whose sound was moved to where its picture is."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from acav1m.clip import Clip
from acav1m.media import decode
from acav1m.signals import shown_s
from acav1m.stages.realign import covered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.clip import View


def realigned(clip: Clip, sound_late_s: float) -> Clip:
    """The clip as the realign stage would cut it anew, less the encoding.

    It is shorter by the offset, for it has only pictures whose sound is in the clip as well. It
    names the files of the original.

    >>> from acav1m.testing import flash_and_beep
    >>> moved = realigned(flash_and_beep([1, 2], offset_s=0.4, seconds=3), sound_late_s=0.4)
    >>> len(moved.audio()) / 16_000, len(moved.frames().times_s) / 25
    (2.6, 2.6)
    """
    return _Realigned(clip, sound_late_s)


class _Realigned(Clip):
    def __init__(self, clip: Clip, sound_late_s: float) -> None:
        super().__init__(clip.mp4.with_suffix(""), columns=clip.columns)
        self.clip, self.late_s = clip, sound_late_s

    @cached_property
    def _pictures(self) -> slice:
        """Which of the clip's pictures are left."""
        times_s = self.clip.decoded().frame_times_s
        length_s = len(self.clip.audio()) / decode.RELEASE_RATE_HZ
        end_s = min(length_s, float(times_s[-1] + shown_s(times_s)[-1]))
        span = covered(end_s, self.late_s)
        first, last = np.searchsorted(times_s, np.array(span) - 1e-6)
        return slice(int(first), int(last))

    @cached_property
    def _flac(self) -> NDArray[np.float32]:
        return self._heard(self.clip.audio(), decode.RELEASE_RATE_HZ)

    def _heard(self, sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
        """The sound of the pictures that are left; the last axis is time."""
        times_s = self.clip.decoded().frame_times_s
        shown = times_s[self._pictures]
        length_s = shown[-1] - shown[0] + shown_s(times_s)[-1]
        first = round(float(shown[0] + self.late_s) * rate_hz)
        return sound[..., first : first + round(float(length_s) * rate_hz)]

    def decoded(self, view: View | None = None) -> decode.Decoded:
        """What one pass over the file would give."""
        found = self.clip.decoded(view)
        left = self._pictures
        times_s = found.frame_times_s[left] - found.frame_times_s[left][0]
        track = found.track
        return replace(
            found,
            frames={
                view: decode.Frames(times_s, frames.images[left])
                for view, frames in found.frames.items()
            },
            frame_times_s=times_s,
            track=replace(track, samples=self._heard(track.samples, track.rate_hz), start_s=0.0),
        )
