"""What decides how long the agent tries, what it takes for better, and what it must not do."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """The options of the loop; scores are probabilities, as the recipe's aligners calibrate them.

    `threshold` is the score that is good enough (AVAgent, algorithm 1), `max_cycles` how often
    the planner is asked, and `max_seconds` the time after which it is not asked again.
    The next cycle goes on from what was taken; after an attempt that was not taken and whose
    lowest score is below `restart_below`, it starts from the original.
    `accept` is the rule. `no_worse` takes an attempt in which a score below the threshold makes
    `min_progress` of its way there, and `tolerance` at least, while none falls by more than
    `tolerance`, or than `exchange` times the greatest rise; the soundness of an edit that only
    moves the sound does not count. `both` takes one in which alignment and temporal score rise,
    as the paper has it.
    `target_lufs` is the loudness that is asked for, if any.

    An edit is refused where more than `max_missing_share` of the clip falls silent at its ends or
    of the sound goes beyond them, where over `max_clipped_share` more of the samples reach full
    scale, and where the sound falls by more than `max_fall_lu` below both what it was and the
    target.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    threshold: float = Field(default=0.85, ge=0, le=1)
    max_cycles: int = Field(default=3, ge=1, le=20)
    restart_below: float = Field(default=0.5, ge=0, le=1)
    tolerance: float = Field(default=0.02, ge=0, le=1)
    exchange: float = Field(default=0.1, ge=0, le=1)
    min_progress: float = Field(default=0.7, ge=0, le=1)
    accept: Literal["no_worse", "both"] = "no_worse"
    target_lufs: float | None = Field(default=None, ge=-50, le=-9)
    max_seconds: float = Field(default=120.0, gt=0)
    max_missing_share: float = Field(default=0.45, ge=0, le=1)
    max_clipped_share: float = Field(default=0.001, ge=0, le=1)
    max_fall_lu: float = Field(default=12.0, ge=0)
