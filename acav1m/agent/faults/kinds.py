"""All kinds of faults as one type, to read one from JSON."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from acav1m.agent.faults.blanks import Blanks
from acav1m.agent.faults.drift import Drift
from acav1m.agent.faults.fault import Fault
from acav1m.agent.faults.gain import Gain
from acav1m.agent.faults.noisy import Noisy
from acav1m.agent.faults.offset import Offset
from acav1m.agent.faults.pitch import Pitch

_ANY: TypeAdapter[Fault] = TypeAdapter(
    Annotated[Noisy | Offset | Drift | Gain | Blanks | Pitch, Field(discriminator="kind")]
)


def made(fields: dict[str, Any]) -> Fault:
    """The fault whose fields these are.

    >>> made({"kind": "hum", "snr_db": 5}).name
    'hum_5db'
    """
    return _ANY.validate_python(fields)
