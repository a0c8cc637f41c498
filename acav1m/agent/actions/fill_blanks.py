"""Fill what is missing from the sound on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from zlib import crc32

import numpy as np
from pydantic import Field

from acav1m.agent import blanks
from acav1m.agent.action import Action, Kind
from acav1m.synth import level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.agent.action import Samples

MIN_GAP_S = 0.002
"""Shorter ones are where a low note crosses zero."""

NEAR_S, FAR_S = 0.005, 0.02
"""A pause fades and a blank is cut: the sound next to it still peaks above the mean."""

ABOVE_DB = 20
"""How far sound must stand above the floor on both sides."""


class FillBlanks(Action):
    """Fills blanks of up to `max_gap_ms` by what both sides predict.

    A blank is 2 ms or more in which a channel stays below `floor_db` dBFS between sound that is
    cut off and sound that sets in at once; pauses, and both ends, stay as they are.
    Up to 50 ms a predictor knows what sounded (Janssen and others, 1986); beyond, noise in the
    colours of both sides makes up for what it cannot know. All else keeps its very bits.
    """

    kind: ClassVar[Kind] = "coordination"
    max_gap_ms: float = Field(300.0, ge=2, le=300)
    floor_db: float = Field(-80.0, ge=-100, le=-50)

    def edit(self, channels: Samples, rate_hz: int) -> Samples:
        edited = channels.copy()
        content = crc32(channels.tobytes())
        for channel, found in zip(edited, self.blanks(channels, rate_hz), strict=True):
            stops = [start for start, _ in found[1:]] + [channel.size]
            for (start, end), stop in zip(found, stops, strict=False):  # none found, none filled
                # one seed for all channels: what is heard in the middle stays in the middle
                _fill(channel[:stop], start, end, rate_hz, seed=(content, start, end))
        return edited

    def blanks(self, channels: Samples, rate_hz: int) -> list[list[tuple[int, int]]]:
        """Start and end of each blank, in samples, of every channel of a sound that is heard."""
        levels = [level.rms(channel) for channel in channels]
        # the floor of a quieter channel is as much lower, so that all are cut alike
        return [
            self.gaps(channel, rate_hz, heard / max(levels))
            for channel, heard in zip(channels, levels, strict=True)
        ]

    def gaps(self, channel: Samples, rate_hz: int, share: float = 1) -> list[tuple[int, int]]:
        """Start and end of each blank in one channel, in samples.

        `share` is the channel's level as part of the loudest one's.
        """
        floor = share * 10 ** (self.floor_db / 20)
        edges = np.flatnonzero(np.diff(np.abs(channel) <= floor, prepend=False, append=False))
        least, most = MIN_GAP_S * rate_hz, self.max_gap_ms / 1000 * rate_hz
        return [
            (int(start), int(end))
            for start, end in edges.reshape(-1, 2)
            if least <= end - start <= most and _is_cut(channel, start, end, rate_hz, floor)
        ]


def _is_cut(channel: Samples, start: int, end: int, rate_hz: int, floor: float) -> bool:
    near, far = round(NEAR_S * rate_hz), round(FAR_S * rate_hz)
    least = floor * 10 ** (ABOVE_DB / 20)
    sides = channel[max(0, start - far) : start][::-1], channel[end : end + far]
    return all(
        side.size == far and np.abs(side[:near]).max() >= max(least, level.rms(side))
        for side in sides
    )


def _fill(channel: Samples, start: int, end: int, rate_hz: int, *, seed: tuple[int, ...]) -> None:
    """Fill one blank where it stands."""
    reach = round(blanks.CONTEXT_S * rate_hz)
    before = _exact(channel[max(0, start - reach) : start])
    after = _exact(channel[end : end + reach])
    filled = blanks.interpolated(before, after, end - start, rate_hz)
    if end - start > blanks.LONG_S * rate_hz:
        rng = np.random.default_rng(seed)
        filled = filled + blanks.texture(before, after, filled, rate_hz, rng)
    channel[start:end] = filled


def _exact(samples: Samples) -> NDArray[np.float64]:
    return samples.astype(np.float64)
