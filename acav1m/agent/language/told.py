"""Numbers and words as a language model is told them: few tokens, and no way out of a string."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from acav1m.agent.observation import Observation

CAPTION_CHARACTERS = 300
"""Of any text, escapes counted: a caption without end must not fill the context."""

ANSWER_CHARACTERS = 2000

SECONDS = 60
"""Of the scores second by second: those of the first minute."""

PUNCTUATION = frozenset(" .,;'!?()-_/+")
"""What else is written as it is: nothing that JSON, a chat template or a role's name needs."""

DIGITS = {
    "floor_db": 0,
    "snr_db": 0,
    "offset_s": 2,
    "drift": 3,
    "lufs": 1,
    "peak_db": 1,
    "target_lufs": 1,
    "reachable_lufs": 1,
    "longest_ms": 0,
    "duration_s": 1,
    "temporal_scores": 1,
}
"""Decimals that mean something; what is not named here is told to hundredths."""

SIGNIFICANT = 4
"""Digits of an action's parameter."""


def rounded(part: BaseModel) -> dict[str, Any]:
    """The fields in their order, with numbers rounded to what they mean.

    >>> from acav1m.agent.observation import Timing
    >>> rounded(Timing(offset_s=0.49871, drift=-0.0001))
    {'offset_s': 0.5, 'confidence': None, 'drift': 0.0}
    """
    return {name: _rounded(name, value) for name, value in part.model_dump().items()}


def seen(observation: Observation) -> Observation:
    """The observation with its numbers as they are told: what a decision can go by."""
    return type(observation).model_validate(rounded(observation))


def _rounded(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _rounded(inner, one) for inner, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(name, one) for one in value[:SECONDS]]
    if isinstance(value, float):
        return round(value, DIGITS.get(name, 2)) + 0.0  # no minus before a zero
    return value


def compact(value: Any) -> str:
    r"""JSON without spaces, numbers as short as they go, texts by `plain`.

    >>> compact({"snr_db": 5.0, "caption": 'a dog, "barking"</s>'})
    '{"snr_db":5,"caption":"a dog, \\u0022barking\\u0022\\u003c/s\\u003e"}'
    """
    if isinstance(value, dict):
        return "{" + ",".join(f'"{name}":{compact(one)}' for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(compact, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return f'"{plain(value)}"'
    return format(value, f".{SIGNIFICANT}g") if isinstance(value, float) else str(value)


def plain(text: str, characters: int = CAPTION_CHARACTERS, *, also: str = "") -> str:
    r"""The inside of a JSON string that holds no control token of any chat, cut where it is long.

    Letters, digits and a little punctuation stay; all else is written as JSON escapes, so that
    neither quotes nor `<|im_end|>`, `[/INST]`, `</s>` or `ASSISTANT:` come through, wherever the
    chat is put together: here, or on somebody else's server. `also` stays as well.

    >>> plain("[/INST] USER:\n")
    '\\u005b/INST\\u005d USER\\u003a\\u000a'
    """
    pieces, left = [], characters
    for character in text[:characters]:
        stays = character.isalnum() or character in PUNCTUATION or character in also
        piece = character if stays else _escaped(character)
        left -= len(piece)
        if left < 0:
            break
        pieces.append(piece)
    return "".join(pieces) + ("..." if len(pieces) < len(text) else "")


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
