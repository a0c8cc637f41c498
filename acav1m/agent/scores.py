"""What an edit is judged by."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Scores(BaseModel):
    """How well sound and picture fit, 0 to 1 each; null where it cannot be known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    alignment: float | None = Field(default=None, ge=0, le=1)
    """Whether what is heard is what is seen.

    A calibrated column of the recipe's aligners (the alignment score of AVAgent, section 3.2).
    """
    temporal: float | None = Field(default=None, ge=0, le=1)
    """Whether it is heard when it is seen.

    Another such column (the paper's temporal synchronization score).
    """
    soundness: float | None = Field(default=None, ge=0, le=1)
    """How sure it is that the sound has no fault that an action could mend.

    Ours, by what is measured of the sound alone, for neither of the other scores needs to notice
    a hum, a blank, or a whisper.
    """
