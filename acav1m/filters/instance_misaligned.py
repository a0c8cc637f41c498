"""Drop clips whose sound does not belong to what is seen."""

from __future__ import annotations

from acav1m.filters._score import _Score


class InstanceMisaligned(_Score):
    """Keep a clip whose `instance_score` is at least `min_score`.

    It says how well the sound belongs to what is seen, from 0 to 1, calibrated:
    0.5 is as likely right as wrong. With `raw` the filter compares `instance_score_raw`, a number
    on the model's own scale; give a `min_score` that suits it.

    >>> InstanceMisaligned().keeps(instance_score=0.7)
    True
    >>> InstanceMisaligned(raw=True, min_score=0.1).keeps(instance_score_raw=0.05)
    False
    """

    score = "instance_score"
