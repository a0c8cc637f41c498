"""Which pairs are made of a recipe's clips: the same ones each time, for they follow from ids."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from acav1m.calibration import sounds

if TYPE_CHECKING:
    from acav1m.calibration.sounds import Sound

Row = Mapping[str, Any]
"""A clip's row in the table of all columns."""

LEAST_S, MOST_S = 0.25, 4.0
"""Shifts are drawn between these, so that halves and doubles are as likely."""

NEAR_S = 30.0
"""Clips of one video that lie closer than this are no strangers to one another."""

SNRS_DB = (20.0, 10.0, 0.0)
DIAGNOSED = 40
"""Clips that are also scored under noise, muted and dubbed, to tell and not to fit."""


class Drawn:
    """Numbers and orders that follow from ids and a seed, and from nothing else."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def share(self, clip_id: str, purpose: str) -> float:
        """A number from 0 to 1."""
        text = f"{self.seed}:{purpose}:{clip_id}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7]) / 2**56

    def order(self, clips: Sequence[Row], purpose: str) -> list[Row]:
        """The clips in an order of their own."""
        return sorted(clips, key=lambda c: (self.share(c["clip_id"], purpose), c["clip_id"]))


def others(clips: Sequence[Row], drawn: Drawn, count: int) -> Iterator[tuple[Row, list[Row]]]:
    """For each clip, `count` others whose sound is surely not its own."""
    yield from strangers(clips, drawn, count, lambda one, other: True)


def strangers(
    clips: Sequence[Row], drawn: Drawn, count: int, fits: Callable[[Row, Row], bool]
) -> Iterator[tuple[Row, list[Row]]]:
    """For each clip up to `count` other ones that fit, each from another round.

    In a round all clips stand in a circle and take the next one, so that every sound is used
    about as often, and a clip more changes few pairs. Clips of other videos come first; far ones
    of the same video have to do where there is no other.
    """
    found: dict[str, list[Row]] = {clip["clip_id"]: [] for clip in clips}
    for round_ in range(count):
        circle = drawn.order(clips, f"circle {round_}")
        for at, clip in enumerate(circle):
            mine = found[clip["clip_id"]]
            rest = [o for o in circle[at + 1 :] + circle[:at] if o not in mine and fits(clip, o)]
            other = next((o for o in rest if not _same_video(clip, o)), None)
            other = other or next((o for o in rest if not _near(clip, o)), None)
            mine += [other] if other else []
    yield from ((clip, found[clip["clip_id"]]) for clip in clips)


def shifted(
    clip: Row, drawn: Drawn, number: int, before: str | None, after: str | None
) -> Sound | None:
    """The clip's sound at another time; None where it is too short to be moved.

    `before` and `after` are the stems of the clips of the same video that end where this one
    begins, and begin where it ends.
    """
    longest_s = min(MOST_S, clip["duration_s"] / 2)
    if longest_s < LEAST_S:
        return None
    size_s = LEAST_S * (longest_s / LEAST_S) ** drawn.share(clip["clip_id"], f"shift {number}")
    late = drawn.share(clip["clip_id"], f"side {number}") < 0.5
    if before is None or after is None:
        late = late if before is after else before is not None
    return sounds.shift(round(size_s if late else -size_s, 3), before if late else after)


def diagnoses() -> dict[str, Sound]:
    """Sounds that are scored to see what a score makes of them."""
    noisy = {f"noise at {snr_db:g} dB": sounds.noise(snr_db) for snr_db in SNRS_DB}
    return {**noisy, "muted": sounds.MUTED, "dubbed": sounds.DUBBED}


def _same_video(one: Row, other: Row) -> bool:
    return any(one[c] is not None and one[c] == other[c] for c in ("video_id", "source_sha256"))


def _near(one: Row, other: Row) -> bool:
    gap_s = max(one["start_s"] - other["end_s"], other["start_s"] - one["end_s"])
    return _same_video(one, other) and bool(gap_s < NEAR_S)
