"""Judge an attempt by its scores, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from acav1m.agent.scores import Scores
    from acav1m.agent.settings import Settings

PAIR = ("alignment", "temporal")
"""The scores of the paper."""


class Verdict(NamedTuple):
    """Whether an attempt is taken, and why."""

    accepted: bool
    said: str


def known(scores: Scores) -> dict[str, float]:
    """The scores that are no nulls, by name."""
    return {name: value for name, value in scores if value is not None}


def fine(scores: Scores, threshold: float) -> bool:
    """Whether no known score is below the threshold."""
    return all(value >= threshold for value in known(scores).values())


def below(scores: Scores, threshold: float) -> str | None:
    """Which known scores are not good enough, in words; None where all are.

    >>> from acav1m.agent.scores import Scores
    >>> below(Scores(alignment=0.02, temporal=0.5, soundness=0.99), 0.85)
    'alignment 0.02 and temporal 0.50 are below 0.85'
    """
    low = [f"{name} {value:.2f}" for name, value in known(scores).items() if value < threshold]
    if not low:
        return None
    *others, last = low
    told = f"{', '.join(others)} and {last} are" if others else f"{last} is"
    return f"{told} below {threshold:g}"


def lowest(scores: Scores) -> float | None:
    """The lowest known score; None where none is."""
    return min(known(scores).values(), default=None)


def judged(original: Scores, before: Scores, after: Scores, settings: Settings) -> Verdict:
    """Apply the rule of `settings.accept` to the scores of an attempt.

    `before` are those of the best sound so far. No fall may add up over attempts, so scores are
    compared with the original's as well.
    """
    lost = known(before).keys() - known(after).keys()
    if lost:
        return Verdict(False, f"{min(lost)} can no longer be told")
    if settings.accept == "both":
        return _both_rise(before, after)
    return _no_worse(original, before, after, settings)


def changes(before: Scores, after: Scores) -> str:
    """What became of each score, in words.

    >>> from acav1m.agent.scores import Scores
    >>> changes(Scores(alignment=0.9, temporal=0.1), Scores(alignment=0.9, temporal=0.95))
    'alignment 0.90, temporal 0.10 to 0.95'
    """
    told = []
    for name, value in known(after).items():
        was = known(before).get(name)
        shown = [f"{x:.2f}" for x in (was, value) if x is not None]
        told.append(f"{name} {' to '.join(dict.fromkeys(shown))}")
    return ", ".join(told) or "no score is known"


def _both_rise(before: Scores, after: Scores) -> Verdict:
    was, now = known(before), known(after)
    for name in PAIR:
        if name not in was:
            return Verdict(False, f"{name} is unknown, and both must rise")
        if now[name] <= was[name]:
            return Verdict(False, f"{name} does not rise: {was[name]:.2f} to {now[name]:.2f}")
    return Verdict(True, changes(before, after))


def _no_worse(original: Scores, before: Scores, after: Scores, settings: Settings) -> Verdict:
    was, now = known(before), known(after)
    rise = max((now[name] - value for name, value in was.items()), default=0.0)
    allowed = max(settings.tolerance, settings.exchange * rise)
    for name, value in was.items():
        least = max(value, known(original).get(name, value))
        if now[name] < least - allowed:
            return Verdict(False, f"{name} falls from {least:.2f} to {now[name]:.2f}")
    low = {name: _aim(value, settings) for name, value in was.items() if value < settings.threshold}
    if any(now[name] >= aim for name, aim in low.items()):
        return Verdict(True, changes(before, after))
    wanted = " or ".join(f"{name} should reach {aim:.2f}" for name, aim in low.items())
    return Verdict(False, f"no better: {changes(before, after)}, and {wanted}")


def _aim(score: float, settings: Settings) -> float:
    """What a low score must rise to."""
    progress = settings.min_progress * (settings.threshold - score)
    return score + max(settings.tolerance, progress)
