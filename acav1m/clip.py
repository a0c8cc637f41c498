"""A clip: some seconds of one video with its sound, decoded at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from acav1m.media import decode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from acav1m.media.decode import Frames, Track

T = TypeVar("T")


@dataclass(frozen=True)
class View:
    """Every picture of a clip at one small size; stretched, not cropped."""

    width: int = 64
    height: int = 64


class Clip:
    """One cut clip on disk: `<stem>.mp4` (H.264, AAC) and `<stem>.flac` (16 kHz mono).

    Pictures and the sound of the mp4 come from one decode, whatever the steps ask for, as long
    as `views` names all the pictures they will want. `columns` holds what earlier steps found.
    Memory is bounded by the clip's length times the views' sizes.
    """

    def __init__(
        self,
        stem: Path,
        *,
        views: Iterable[View] = (),
        columns: Mapping[str, Any] | None = None,
    ) -> None:
        self.mp4 = stem.with_name(stem.name + ".mp4")
        self.flac = stem.with_name(stem.name + ".flac")
        self.columns: dict[str, Any] = dict(columns or {})
        self._views = set(views)
        self._decoded: decode.Decoded | None = None
        self._memo: dict[object, Any] = {}
        self._seen: dict[object, Any] = {}
        self._original: Clip | None = None
        self._track: Track | None = None

    @property
    def clip_id(self) -> str:
        """The key in the release."""
        return self.mp4.stem

    def audio(self, rate_hz: int = 16_000) -> NDArray[np.float32]:
        """Mono sound, float32 in [-1, 1], shape (samples,), as the release's FLAC holds it."""
        if rate_hz == decode.RELEASE_RATE_HZ:
            return self._flac
        import soxr

        return self.memo(
            ("audio", rate_hz),
            lambda: soxr.resample(self._flac, decode.RELEASE_RATE_HZ, rate_hz).astype(np.float32),
        )

    def track(self) -> Track:
        """The mp4's own sound at its own rate and channels."""
        return self.decoded().track

    def frames(self, view: View = View()) -> Frames:
        """All pictures at the view's size, with their times."""
        return self.decoded(view).frames[view]

    def memo(self, key: object, make: Callable[[], T], *, of_pictures: bool = False) -> T:
        """Return what an earlier step made for this clip under `key`, or make it now.

        What comes of the pictures alone is shared with the same pictures under other sound.
        """
        memo = self._seen if of_pictures else self._memo
        if key not in memo:
            memo[key] = make()
        made: T = memo[key]
        return made

    def reopened(self) -> Clip:
        """The same files, with nothing decoded or found out yet."""
        return Clip(self.mp4.with_suffix(""), views=self._views)

    def with_sound(self, samples: NDArray[np.floating[Any]], rate_hz: int = 16_000) -> Clip:
        """The same pictures and columns with this mono sound, (n,) in [-1, 1], from 0 s on.

        In memory alone: `mp4` and `flac` still name the files of the original. The pictures are
        decoded once for both, also if that happens later.
        """
        other = copy(self)
        sound = np.asarray(samples, np.float32)
        other.columns, other._memo = dict(self.columns), {}
        other._original = self._original or self
        other._track = decode.Track(sound[None], rate_hz, start_s=0.0)
        other.__dict__.pop("_flac", None)
        return other

    @cached_property
    def _flac(self) -> NDArray[np.float32]:
        if self._track is None:
            return decode.flac(self.flac)
        import soxr

        sound: NDArray[np.float32] = soxr.resample(
            self._track.samples[0], self._track.rate_hz, decode.RELEASE_RATE_HZ
        )
        return sound

    def decoded(self, view: View | None = None) -> decode.Decoded:
        """All that one pass over the mp4 gave, with at least this view of the pictures."""
        if self._original is not None and self._track is not None:
            return replace(self._original.decoded(view), track=self._track)
        if self._decoded is None or (view is not None and view not in self._decoded.frames):
            if view is not None:
                self._views.add(view)
            self._decoded = decode.clip(self.mp4, self._views)
        return self._decoded
