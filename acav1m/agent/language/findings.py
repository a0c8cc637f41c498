"""What the numbers of an observation amount to, in words: a language model is no judge of digits.

The thresholds are those of `rules` at their defaults, and stand nowhere else. What follows from
them, and whether captions tell of more, stays for the model to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent.hearing import off_lu
from acav1m.agent.planners.rules import Rules
from acav1m.agent.remedies import FAINT_DB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from acav1m.agent.observation import Observation

MEANINGS: Mapping[str, str] = {
    "noise": "loud: worth a filter. faint: worth a gentle one. slight: a filter would cost more "
    "than it gains. none: not heard.",
    "blanks": "whether there are holes to fill.",
    "in_step": "likely, unlikely or unknown, by the temporal score.",
    "offset": "sure: known well enough to go by. unsure: not so. none: too small to matter.",
    "speed": "the parameters of speed that undo what is sure of offset and drift, a drift first; "
    "null where there is nothing to undo.",
    "loudness": "quiet or loud, beside the target; fine; or free where none is asked for.",
    "volume": "the parameters of volume that mend it; null where it is fine or free.",
}
"""Every finding, for who is told of them."""


def findings(observation: Observation) -> dict[str, Any]:
    """A word for each of `MEANINGS`, but parameters for actions.

    >>> from acav1m.agent.observation import Observation, Timing
    >>> late = Timing(offset_s=0.43, confidence=0.9)
    >>> found = findings(Observation(duration_s=5, scores={"temporal": 0.1}, timing=late))
    >>> found["in_step"], found["offset"], found["speed"]
    ('unlikely', 'sure', {'start_s': 0.43})
    """
    rules = Rules()
    loudness = _loudness(rules, observation)
    off = loudness in ("quiet", "loud")
    move = next(rules.moves(observation), None)
    return {
        "noise": _noise(rules, observation),
        "blanks": "yes" if observation.blanks.count else "no",
        "in_step": _in_step(rules, observation),
        "offset": _offset(rules, observation),
        "speed": move and move.model_dump(exclude_defaults=True),
        "loudness": loudness,
        "volume": {"target_lufs": observation.level.target_lufs} if off else None,
    }


def _noise(rules: Rules, told: Observation) -> str:
    if told.noise.kind == "none":
        return "none"
    if not rules.noisy(told):
        return "slight"
    return "faint" if (told.noise.snr_db or 0.0) >= FAINT_DB else "loud"


def _in_step(rules: Rules, told: Observation) -> str:
    score = told.scores.temporal
    if score is None:
        return "unknown"
    return "unlikely" if score < rules.in_step else "likely"


def _offset(rules: Rules, told: Observation) -> str:
    offset_s = told.timing.offset_s
    if offset_s is None:
        return "unknown"
    if abs(offset_s) < rules.min_offset_s:
        return "none"
    return "sure" if rules.sure(told) else "unsure"


def _loudness(rules: Rules, told: Observation) -> str:
    level = told.level
    if level.target_lufs is None or level.reachable_lufs is None or level.lufs is None:
        return "free"
    if off_lu(level) < rules.min_gain_lu:
        return "fine"
    return "quiet" if level.lufs < level.reachable_lufs else "loud"
