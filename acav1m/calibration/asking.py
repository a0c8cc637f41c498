"""What is asked of each aligner: its raw scores of clips with other sound, or other columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from acav1m.calibration import pairs, sounds
from acav1m.plan import digest

if TYPE_CHECKING:
    from pathlib import Path

    from acav1m.calibration.pairs import Drawn, Row
    from acav1m.calibration.sounds import Sound
    from acav1m.steps import Aligner

Neighbours = Mapping[str, tuple["Row | None", "Row | None"]]


class Asked(NamedTuple):
    """One pair to be scored by one aligner."""

    label: str
    clip: Row
    kind: str
    """`other` or `shift`, which maps are fitted to; or what else was done to the sound."""

    sound: Sound | None
    """None where the aligner reads columns instead."""

    columns: Mapping[str, Any]
    donor: str
    """Key of the clip that something is taken from; the stem in `sound` is no part of the pair."""

    @property
    def key(self) -> str:
        """Says what the pair is: changes when anything its score depends on does."""
        what = {k: v for k, v in (self.sound or {}).items() if k != "stem"}
        return digest([self.clip["key"], self.donor, what, self.columns])


class Asker:
    """Makes the pairs of one recipe."""

    def __init__(
        self, clips: Sequence[Row], near: Neighbours, media: Path, drawn: Drawn, count: int
    ) -> None:
        self.clips, self.near, self.media = clips, near, media
        self.drawn, self.count = drawn, count

    def ask(self, label: str, step: Aligner) -> Iterator[Asked]:
        """All pairs of an aligner, clip by clip."""
        if step.donated():
            yield from self._donated(label, step)
            return
        kinds = set(step.mismatch.values())
        if "other" in kinds:
            yield from self._others(label, step)
        if "shift" in kinds:
            yield from self._shifted(label, step)
        yield from self._altered(label, step)

    def _others(self, label: str, step: Aligner) -> Iterator[Asked]:
        for clip, found in pairs.others(self.clips, self.drawn, self.count):
            for other in found:
                sound = sounds.other(self._stem(other))
                yield Asked(label, clip, "other", sound, _read(step, clip), other["key"])

    def _shifted(self, label: str, step: Aligner) -> Iterator[Asked]:
        for clip in self.clips:
            before, after = (self._neighbour(row) for row in self.near[clip["clip_id"]])
            stems = [self._stem(row) if row else None for row in (before, after)]
            for number in range(self.count):
                sound = pairs.shifted(clip, self.drawn, number, *stems)
                if sound is not None:
                    donor = before if sound["late_s"] > 0 else after
                    key = donor["key"] if donor and sound["stem"] else ""
                    yield Asked(label, clip, "shift", sound, _read(step, clip), key)

    def _altered(self, label: str, step: Aligner) -> Iterator[Asked]:
        for clip in self.clips[: pairs.DIAGNOSED]:
            for name, sound in pairs.diagnoses().items():
                yield Asked(label, clip, name, sound, _read(step, clip), "")

    def _donated(self, label: str, step: Aligner) -> Iterator[Asked]:
        given = step.donated()

        def fits(clip: Row, other: Row) -> bool:
            return all(other[c] is not None and other[c] != clip[c] for c in given)

        telling = [c for c in self.clips if all(c[column] is not None for column in step.needs())]
        for clip, found in pairs.strangers(telling, self.drawn, self.count, fits):
            for other in found:
                columns = _read(step, clip) | {column: other[column] for column in given}
                yield Asked(label, clip, "other", None, columns, other["key"])

    def _stem(self, clip: Row) -> str:
        return str(self.media / str(clip["media"]))

    @staticmethod
    def _neighbour(clip: Row | None) -> Row | None:
        """A neighbour whose sound is long enough to stand in."""
        return clip if clip and clip["duration_s"] >= pairs.MOST_S else None


def _read(step: Aligner, clip: Row) -> dict[str, Any]:
    return {column: clip[column] for column in step.needs()}
