"""What an edit is judged by."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Scores(BaseModel):
    """How well sound and picture fit, 0 to 1 each; null where it cannot be known.

    `alignment` and `temporal` are calibrated columns of the recipe's aligners (AVAgent, section
    3.2: alignment score and temporal synchronization score). `soundness` is ours: how sure it is
    that the sound has no fault that an action could mend, by what is measured of it alone, for
    neither scorer needs to notice a hum, a blank, or a whisper.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    alignment: float | None = Field(default=None, ge=0, le=1)
    temporal: float | None = Field(default=None, ge=0, le=1)
    soundness: float | None = Field(default=None, ge=0, le=1)
