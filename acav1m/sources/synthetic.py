"""Clips rendered on the spot, some with a planted defect, all with the truth beside them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field, field_validator

from acav1m.errors import did_you_mean
from acav1m.media import encode
from acav1m.steps import Candidate, Fetched, Source
from acav1m.synth import scene
from acav1m.synth.plant import choose, defect_named, defects, plant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from acav1m.steps import Columns, Value

SEEDS = 2**31


class Synthetic(Source):
    """Renders `clips` labelled videos of sounding events, a share of them with a known defect.

    Events and defects take turns in an order drawn by `seed`; `defect_share` of the clips get a
    defect. Clip i is the same however many `clips` are asked for. `events` and `defects` narrow
    the choice (empty: all). Each video is `seconds` long, `width` x `height` at `fps`, with mono
    sound at `rate_hz`.

    >>> first, *_ = Synthetic(clips=1, seed=7, events=("bell",), defect_share=0).candidates()
    >>> first.metadata["event"], first.metadata["planted_defect"]
    ('bell', None)
    """

    clips: int = Field(default=48, ge=0)
    seed: int = Field(default=0, ge=0)
    seconds: float = Field(default=5.0, gt=0, le=60)
    defect_share: float = Field(default=0.4, ge=0, le=1)
    events: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    rate_hz: Literal[16000, 48000] = 16000
    width: int = Field(default=160, ge=32, multiple_of=2)
    height: int = Field(default=120, ge=32, multiple_of=2)
    fps: float = Field(default=25.0, ge=5, le=60)

    @field_validator("events")
    @classmethod
    def _events_exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, scene.events(), "event")

    @field_validator("defects")
    @classmethod
    def _defects_exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, defects(), "defect")

    def columns(self) -> Columns:
        return {
            "event": str,
            "source_caption": str,
            "true_caption": str,
            "planted_defect": str,
            "planted_options": str,
            "planted_offset_s": float,
            "true_labels_per_s": list[float],
        }

    def candidates(self) -> Iterator[Candidate]:
        for index in range(self.clips):
            plan = self._plan(index)
            yield Candidate(
                uri=f"synthetic:{plan['event']}?seed={plan['clip_seed']}{_suffix(plan)}",
                locator=json.dumps(plan, sort_keys=True),
                stamp=self._stamp(),
                license="CC0-1.0",
                metadata=self._metadata(plan),
            )

    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        plan = json.loads(candidate.locator)
        clip = scene.render(
            plan["event"],
            plan["clip_seed"],
            seconds=self.seconds,
            fps=self.fps,
            width=self.width,
            height=self.height,
            rate_hz=self.rate_hz,
        )
        if plan["defect"] is not None:
            clip = plant(clip, plan["defect"], plan["defect_seed"])
        video_id = f"synth-{plan['event']}-{plan['index']:04d}-s{self.seed}"
        path = folder / f"{video_id}.mp4"
        encode.write(path, clip.frames, clip.fps, clip.audio, clip.rate_hz)
        return Fetched(path, video_id)

    def _plan(self, index: int) -> dict[str, Any]:
        """Everything that decides video `index`; small enough to be its locator."""
        rng = np.random.default_rng([self.seed, index])
        return {
            "index": index,
            "event": self._turn(self.events or scene.events(), index, "events"),
            "clip_seed": int(rng.integers(SEEDS)),
            "defect": self._defect(index),
            "defect_seed": int(rng.integers(SEEDS)),
        }

    def _defect(self, index: int) -> str | None:
        """The share is met evenly: clip i has a defect when the running count passes a whole."""
        start = float(np.random.default_rng([self.seed, 0, 1]).random())
        before, after = (int(start + n * self.defect_share) for n in (index, index + 1))
        if after == before:
            return None
        return self._turn(self.defects or defects(), before, "defects")

    def _turn(self, names: Sequence[str], index: int, what: str) -> str:
        """Take turns: every round holds each name once, in an order of its own."""
        place = index % len(names)
        order = np.random.default_rng([self.seed, len(what), index // len(names), 2])
        return sorted(names)[int(order.permutation(len(names))[place])]

    def _metadata(self, plan: dict[str, Any]) -> dict[str, Value]:
        """Say the truth without rendering: captions and labels follow from the plan."""
        true = scene.captions(plan["event"], plan["clip_seed"], self.seconds)
        found: dict[str, Value] = {
            "event": plan["event"],
            "source_caption": true.both,
            "true_caption": true.both,
            "planted_defect": None,
            "planted_options": None,
            "planted_offset_s": 0.0,
            "true_labels_per_s": [1.0] * int(np.ceil(self.seconds)),
        }
        if plan["defect"] is None:
            return found
        kind = defect_named(plan["defect"])
        options = choose(plan["defect"], plan["defect_seed"], plan["event"], self.seconds)
        return found | {
            "source_caption": kind.claim(true.both, options, self.seconds),
            "true_caption": kind.describe(true, options, self.seconds).both,
            "planted_defect": plan["defect"],
            "planted_options": json.dumps(options, sort_keys=True),
            "planted_offset_s": kind.offset_s(options),
            "true_labels_per_s": [float(x) for x in kind.labels(self.seconds, options)],
        }

    def _stamp(self) -> str:
        size = f"{self.width}x{self.height}@{self.fps:g}"
        return f"synth{scene.VERSION}-{size}-{self.rate_hz}-{self.seconds:g}s"


def _suffix(plan: dict[str, Any]) -> str:
    if plan["defect"] is None:
        return ""
    return f"&defect={plan['defect']}&defect_seed={plan['defect_seed']}"


def _known(names: tuple[str, ...], known: list[str], what: str) -> tuple[str, ...]:
    for name in names:
        if name not in known:
            raise ValueError(f"no {what} {name!r}{did_you_mean(name, known)}")
    return names
