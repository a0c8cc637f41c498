"""A recipe: one YAML file that says what to build."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

SPLITS = ("train", "validation", "test")
LONGEST_S = 600.0
"""Seconds of a clip at most: a looker holds all of a clip's pictures in memory."""

PRESETS = Literal[
    "ultrafast",
    "superfast",
    "veryfast",
    "faster",
    "fast",
    "medium",
    "slow",
    "slower",
    "veryslow",
    "placebo",
]
"""How hard x264 tries to make files small."""

Share = Annotated[float, Field(ge=0, le=1)]


class Settings(BaseModel):
    """Base of the recipe's own sections: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Section = Mapping[str, Mapping[str, Any] | None]
"""Step names and their options, in the order they run."""


class Creator(Settings):
    """Who made the dataset, for the card, Croissant and CITATION.cff."""

    name: str
    affiliation: str | None = None
    orcid: str | None = Field(default=None, pattern=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")
    url: str | None = None


class Cut(Settings):
    """How sources become clips.

    A span named by the source is cut as asked; one without an end is `seconds` long. A whole
    video is split into `seconds` long clips, or at shot changes with `split: shots`; a clip is
    never shorter than `min_s`.
    """

    seconds: float = Field(default=10.0, gt=0, le=LONGEST_S)
    min_s: float = Field(default=2.0, gt=0, validate_default=True)
    split: Literal["fixed", "shots"] = "fixed"
    shot_threshold: float = Field(default=27.0, gt=0)
    max_height: int = Field(default=360, ge=16)
    fps: float | None = Field(default=None, ge=1, le=240)
    crf: int = Field(default=23, ge=0, le=51)
    preset: PRESETS = "veryfast"
    audio_kbps: int = Field(default=128, ge=16, le=512)

    @field_validator("min_s")
    @classmethod
    def _is_no_longer(cls, min_s: float, others: ValidationInfo) -> float:
        seconds = others.data.get("seconds", min_s)
        if min_s > seconds:
            raise ValueError(f"is longer than seconds ({seconds:g})")
        return min_s


class Network(Settings):
    """How sources on the network are asked; nothing of it changes what is released.

    All workers together make `connections` requests at a time to one host, and `rate_per_s` a
    second (null: as many as it bears; one that complains is asked more slowly anyway). Each worker
    fetches `at_once` media for the `ahead` candidates that come next. A server that sends nothing
    for `idle_s`, or hardly anything, has timed out; what may pass is tried again, up to `tries`
    times in all. When `stop_after` candidates in a row are refused in a way that means us, the
    build pauses for `pause_s`, tries a few, and stops; null never stops. `allow_private` lets it
    fetch from addresses that are not public: all of them, or the networks listed. What a server
    asks in `X-Robots-Tag` is respected.
    """

    connections: int = Field(default=4, ge=1, le=64)
    rate_per_s: float | None = Field(default=None, gt=0)
    at_once: int = Field(default=8, ge=1, le=64)
    ahead: int = Field(default=16, ge=1, le=256)
    max_bytes: int = Field(default=4 * 1024**3, ge=1)
    max_s: float = Field(default=3600.0, gt=0)
    idle_s: float = Field(default=30.0, ge=1)
    tries: int = Field(default=6, ge=1, le=6)
    stop_after: int | None = Field(default=8, ge=2, le=64)
    pause_s: float = Field(default=60.0, ge=0)
    allow_private: bool | tuple[str, ...] = False
    respect_noai: bool = True
    user_agent: str | None = Field(default=None, pattern=r"^[\x20-\x7e]+$")

    @field_validator("allow_private")
    @classmethod
    def _are_networks(cls, allowed: bool | tuple[str, ...]) -> bool | tuple[str, ...]:
        for network in () if isinstance(allowed, bool) else allowed:
            ipaddress.ip_network(network)  # its ValueError says what is wrong
        return allowed


class Consent(Settings):
    """Whose videos may not be used.

    Each of `opt_out` is a list, a file or a URL: plain text with an entry a line (`#` begins a
    comment), or CSV, TSV, JSONL or Parquet with columns `id`, `url`, `channel`, `domain` or
    `sha256`. All are read before anything is downloaded and again before the release is written;
    what they name is in no release, and its media are deleted from the work folder.
    """

    opt_out: tuple[str, ...] = ()

    @field_validator("opt_out", mode="before")
    @classmethod
    def _may_be_one(cls, given: Any) -> Any:
        return (given,) if isinstance(given, str) else given


class Calibration(Settings):
    """How raw scores become probabilities.

    Pairs are made of at most `clips` clips: each with its own sound, and `mismatches` times with
    another's or at another time. With `use: prior`, or when clips are too few, the map that ships
    with a model is taken. Thresholds are recommended for a `precision` where a share of
    `mismatched_share` of the clips is mismatched.
    """

    clips: int = Field(default=200, ge=1, le=100_000)
    mismatches: int = Field(default=4, ge=1, le=20)
    use: Literal["auto", "prior"] = "auto"
    precision: float = Field(default=0.95, gt=0, lt=1)
    mismatched_share: float = Field(default=0.5, gt=0, lt=1)
    seed: int = 0


class Realign(Settings):
    """When the sound of a clip is moved, for filters with `on_fail: realign`.

    The clip's `sync_offset_s` must be right (within 0.1 s) with a probability of
    `min_confidence`; moving asks for more than rejecting, for it can spoil a sound clip. The moved
    clip takes the place of the original if it is within `max_offset_s` of being in step, with half
    that probability at least: it is shorter and tells less.
    """

    needs: ClassVar[tuple[str, ...]] = ("sync_offset_s", "sync_confidence", "sync_events")
    """Columns that a recipe with such a filter must have."""

    min_confidence: Share = 0.9
    max_offset_s: float = Field(default=0.1, gt=0)


class Splits(Settings):
    """Shares of source videos (not clips) in each split; a video is never in two."""

    train: Share = 0.8
    validation: Share = 0.1
    test: Share = Field(default=0.1, validate_default=True)
    seed: int = 0

    @field_validator("test")
    @classmethod
    def _sums_to_one(cls, test: float, others: ValidationInfo) -> float:
        shares = [others.data[name] for name in ("train", "validation") if name in others.data]
        if len(shares) == 2 and abs(sum(shares) + test - 1) > 1e-9:
            raise ValueError("train, validation and test must add up to 1")
        return test


class Release(Settings):
    """How the release is written."""

    clips_per_shard: int = Field(default=1000, ge=1)
    splits: Splits = Splits()
    media_features: Literal["bytes", "decoded"] = "bytes"
    """What `datasets` makes of mp4 and flac: plain bytes (loads everywhere, without torch) or
    its Video and Audio features (plays in the Hub viewer, needs torch and torchcodec)."""
    originals: bool = True
    """Whether an edited clip's sound as it was before lies beside it, as `<clip_id>.orig.flac`.
    Without them a release is smaller, and what was done to a sound cannot be undone."""


class Recipe(Settings):
    """What a YAML recipe holds, steps not yet resolved."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    about: str
    license: str
    creators: tuple[Creator, ...] = ()
    date: datetime.date | None = None
    url: str | None = None
    contact: str | None = None
    keywords: tuple[str, ...] = ()
    language: str | None = "en"
    answers: Mapping[str, str] = {}
    """What only people can say: datasheet answers by question id (see the datasheet)."""

    sources: Section
    network: Network = Network()
    consent: Consent = Consent()
    cut: Cut = Cut()
    measures: Section = {}
    captioners: Section = {}
    aligners: Section = {}
    calibration: Calibration = Calibration()
    editors: Section = {}
    """Who mends the sound of clips before the filters decide; nobody unless named."""
    filters: Section = {}
    realign: Realign = Realign()
    selectors: Section = {}
    release: Release = Release()
    examples: tuple[Mapping[str, Any], ...] = ()
    """Rows the filters are tried on by `check`; `reject`, `flag` or `realign` names who
    must object."""
