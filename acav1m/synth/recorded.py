"""Recorded clips as a stock: their sound goes on in a circle beyond their ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from acav1m.errors import AcavError, did_you_mean
from acav1m.synth import labels, likeness
from acav1m.synth.event import Captions
from acav1m.synth.scene import Rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from acav1m.clip import Clip

RATE_HZ = 16_000
SEAM_S = 0.02
"""Where the sound's end meets its beginning they fade into one another for so long."""

MARGIN_SHARE = 0.4
"""Moved by more than half in a circle, most of a sound would be out of step the other way."""


@dataclass(frozen=True)
class Recording:
    """A clip of somebody's video, and what is known of it."""

    clip: Clip
    video_id: str
    """What it was cut from: two clips of one video are no strangers."""

    caption: str | None = None


class Recorded:
    """Stock of recorded clips by their ids; a recording has one take, so seeds do not matter.

    `twins` are pairs of clips that may be copies of one another, as `twins()` finds them.
    """

    def __init__(
        self, recordings: Iterable[Recording], twins: Iterable[tuple[str, str]] = ()
    ) -> None:
        self._all = {one.clip.clip_id: one for one in recordings}
        self._twins = {frozenset(pair) for pair in twins}

    def names(self) -> Sequence[str]:
        """All clips' ids."""
        return sorted(self._all)

    def others(self, name: str) -> Sequence[str]:
        """Clips of other videos that do not look like copies."""
        mine = self._of(name).video_id
        return [
            other
            for other in self.names()
            if self._all[other].video_id != mine and frozenset((name, other)) not in self._twins
        ]

    def siblings(self, name: str) -> Sequence[str]:
        """None: nobody says what class a recording is of."""
        return ()

    def margin_s(self, name: str, seconds: float) -> float:
        """So much of its length that most of its sound is moved and not wrapped."""
        return MARGIN_SHARE * seconds

    def heard(
        self,
        name: str,
        seed: int,
        seconds: float,
        rate_hz: int,
        *,
        start_s: float = 0.0,
        length_s: float | None = None,
    ) -> NDArray[np.float32]:
        """Its sound from `start_s` on, round and round for as long as asked."""
        if rate_hz != RATE_HZ:
            raise ValueError(f"recordings are heard at {RATE_HZ} Hz, not {rate_hz}")
        start = round(start_s * rate_hz)
        count = round((seconds if length_s is None else length_s) * rate_hz)
        return _around(self._of(name).clip.audio(rate_hz), start, count)

    def captions(self, name: str, seed: int, seconds: float) -> Captions | None:
        """The caption it came with, which tells of both; None where it has none."""
        caption = self._of(name).caption
        return Captions(caption, "", "") if caption else None

    def clip(self, name: str) -> Clip:
        """The recording opened anew, for the stock itself keeps no pictures."""
        return self._of(name).clip.reopened()

    def take(self, clip: Clip) -> Rendered:
        """One of the recordings as something to plant a defect in; its pictures are small."""
        name = clip.clip_id
        audio, pictures = clip.audio(RATE_HZ), clip.frames(likeness.VIEW)
        return Rendered(
            event=name,
            seed=0,
            frames=pictures.images,
            fps=clip.decoded().fps or len(pictures.images) * RATE_HZ / len(audio),
            audio=audio,
            rate_hz=RATE_HZ,
            caption=self._of(name).caption or "",
            audio_caption="",
            visual_caption="",
            event_times_s=(),
            labels_per_s=labels.every(len(audio) / RATE_HZ, together=True),
        )

    def _of(self, name: str) -> Recording:
        if name not in self._all:
            raise AcavError(f"no recorded clip {name!r}{did_you_mean(name, self._all)}")
        return self._all[name]


def twins(recordings: Sequence[Recording]) -> list[tuple[str, str]]:
    """Pairs that may be copies of one another, each once, sorted."""
    found = {one.clip.clip_id: likeness.likeness(one.clip.reopened()) for one in recordings}
    return [
        (one, other)
        for one, other in combinations(sorted(found), 2)
        if likeness.alike(found[one], found[other])
    ]


def _around(audio: NDArray[np.float32], start: int, count: int) -> NDArray[np.float32]:
    """Samples `start` to `start + count` of a sound that is repeated, exact within its ends."""
    if start >= 0 and start + count <= len(audio):
        return audio[start : start + count].copy()
    seam = min(round(SEAM_S * RATE_HZ), len(audio) // 4)
    place = np.arange(start, start + count) % (len(audio) - seam)
    found = audio[place]
    fading = place < seam
    rise = (place[fading] + 0.5) / seam
    end = audio[place[fading] + len(audio) - seam]
    found[fading] = np.sqrt(rise) * found[fading] + np.sqrt(1 - rise) * end
    return np.clip(found, -1, 1)
