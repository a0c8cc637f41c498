"""An observation and edits in words, a line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.reflection import changes
from acav1m.agent.scores import Scores

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from acav1m.agent.attempt import Attempt
    from acav1m.agent.observation import Blanks, Level, Noise, Observation, Timing
    from acav1m.agent.plan import Plan
    from acav1m.agent.transform import Edit, Transform

UNKNOWN = "–"  # noqa: RUF001 - a dash, as tables have it
NO_CAPTION = "no caption"


def scales() -> dict[str, str]:
    """What each score tells.

    >>> scales()["temporal"]
    'whether it is heard when it is seen'
    """
    about = {name: field.description or "" for name, field in Scores.model_fields.items()}
    first = {name: told.partition("\n\n")[0].rstrip(".") for name, told in about.items()}
    return {name: told[:1].lower() + told[1:] for name, told in first.items()}


def scale(threshold: float | None) -> str:
    """What scores run from and to, and which are good enough, if there is such a limit.

    >>> scale(0.85)
    '0 to 1, from 0.85 on good enough'
    """
    return "0 to 1" if threshold is None else f"0 to 1, from {threshold:g} on good enough"


def observed(found: Observation) -> dict[str, str]:
    """What is known of a clip, by what it is about.

    >>> from acav1m.agent.observation import Observation
    >>> observed(Observation(duration_s=5))["timing"]
    'unknown'
    """
    return {
        "heard": found.audio_caption or NO_CAPTION,
        "seen": found.visual_caption or NO_CAPTION,
        "scores": scored(dict(found.scores)),
        "each second": _each_second(found),
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


def _each_second(found: Observation) -> str:
    told = " ".join(map(number, found.temporal_scores))
    return f"temporal {told or UNKNOWN}"


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
