"""An observation and edits in words, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.reflection import changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acav1m.agent.attempt import Attempt
    from acav1m.agent.observation import Blanks, Level, Noise, Observation, Timing
    from acav1m.agent.plan import Plan
    from acav1m.agent.transform import Edit, Transform

UNKNOWN = "–"  # noqa: RUF001 - a dash, as tables have it


def observed(found: Observation) -> dict[str, str]:
    """What is known of a clip, by what it is about.

    >>> from acav1m.agent.observation import Observation
    >>> observed(Observation(duration_s=5))["timing"]
    'unknown'
    """
    return {
        "heard": found.audio_caption or UNKNOWN,
        "seen": found.visual_caption or UNKNOWN,
        "scores": scored(dict(found.scores)),
        "per second": " ".join(map(number, found.temporal_scores)) or UNKNOWN,
        "noise": _noise(found.noise),
        "timing": _timing(found.timing),
        "loudness": _level(found.level),
        "blanks": _blanks(found.blanks),
    }


def attempted(attempt: Attempt) -> dict[str, str]:
    """What was asked, planned and found out in one cycle, the dialogue aside."""
    told = {"asked": attempt.planner, "about": transformed(attempt.base)}
    if attempt.base.edits:
        told |= observed(attempt.observation)
    if attempt.plan is not None:
        told |= _planned(attempt.plan)
    if attempt.after is not None and not attempt.accepted:  # else the verdict has them
        told["then"] = changes(attempt.before, attempt.after)
    return told | {"verdict": attempt.outcome}


def transformed(transform: Transform) -> str:
    """All edits in their order."""
    return ", then ".join(map(edit_told, transform.edits)) or "the original"


def edit_told(edit: Edit) -> str:
    """An action with its parameters.

    >>> from acav1m.agent.actions.speed import Speed
    >>> from acav1m.agent.transform import Edit
    >>> edit_told(Edit.of(Speed(start_s=0.5)))
    'speed (factor 1, start_s 0.5)'
    """
    options = ", ".join(f"{name} {value:g}" for name, value in edit.parameters.items())
    return f"{edit.action} ({options})" if options else edit.action


def scored(scores: Mapping[str, float | None]) -> str:
    """Scores by name, a dash for what is unknown."""
    return ", ".join(f"{name} {number(value)}" for name, value in scores.items())


def number(value: float | None) -> str:
    """A score with two digits, or a dash."""
    return UNKNOWN if value is None else f"{value:.2f}"


def _planned(plan: Plan) -> dict[str, str]:
    edits = {"filter": plan.noise, "coordination": plan.coordination}
    told = {kind: edit_told(edit) if edit else "nothing" for kind, edit in edits.items()}
    return {"reason": plan.reason or "none given"} | told


def _noise(noise: Noise) -> str:
    told = [
        noise.kind,
        noise.floor_db is not None and f"floor at {noise.floor_db:.1f} dBFS",
        noise.snr_db is not None and f"{noise.snr_db:.1f} dB below the sound",
    ]
    return _list(told)


def _timing(timing: Timing) -> str:
    if timing.offset_s is None:
        return "unknown"
    way = "late" if timing.offset_s > 0 else "early"
    apart = f"{abs(timing.offset_s):.2f}"
    told = [
        "in step" if apart == "0.00" else f"sound {apart} s {way}",
        timing.confidence is not None and f"confidence {timing.confidence:.2f}",
        timing.drift is not None and f"drifts by {1000 * timing.drift:+.0f} ms a second",
    ]
    return _list(told)


def _level(level: Level) -> str:
    told = [
        level.lufs is not None and f"{level.lufs:.1f} LUFS",
        level.peak_db is not None and f"peak at {level.peak_db:.1f} dBFS",
        level.target_lufs is not None and f"{level.target_lufs:.1f} LUFS are asked for",
    ]
    return _list(told)


def _blanks(blanks: Blanks) -> str:
    longest = blanks.longest_ms
    told = [
        str(blanks.count or "none"),
        longest is not None and f"the longest {longest:.0f} ms",
    ]
    return _list(told)


def _list(told: Iterable[str | bool]) -> str:
    return ", ".join(str(one) for one in told if one is not False) or UNKNOWN
