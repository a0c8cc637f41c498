"""Drop clips whose sound and picture are described differently."""

from __future__ import annotations

from acav1m.filters._score import _Score


class LanguageMisaligned(_Score):
    """Keep a clip whose `language_score` is at least `min_score`.

    It says how well the captions of sound and picture agree, from 0 to 1, calibrated:
    0.5 is as likely right as wrong. With `raw` the filter compares `language_score_raw`, a number
    on the model's own scale; give a `min_score` that suits it.

    >>> LanguageMisaligned().keeps(language_score=0.7)
    True
    >>> LanguageMisaligned(raw=True, min_score=0.1).keeps(language_score_raw=0.05)
    False
    """

    score = "language_score"
