"""Drop clips whose sound and picture do not go together over time."""

from __future__ import annotations

from acav1m.filters._score import _Score


class TemporalMisaligned(_Score):
    """Keep a clip whose `temporal_score` is at least `min_score`.

    It says how well sound and picture go together, second by second, from 0 to 1, calibrated:
    0.5 is as likely right as wrong. With `raw` the filter compares `temporal_score_raw`, a number
    on the model's own scale; give a `min_score` that suits it.

    >>> TemporalMisaligned().keeps(temporal_score=0.7)
    True
    >>> TemporalMisaligned(raw=True, min_score=0.1).keeps(temporal_score_raw=0.05)
    False
    """

    score = "temporal_score"
