"""One example to learn from, and files of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError

from acav1m.agent.plan import Plan
from acav1m.agent.planner import Asked
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Split = Literal["train", "validation", "test"]


def _read(told: Any) -> Any:
    return Plan.parse(json.dumps(told)) if isinstance(told, dict) else told


Told = Annotated[Plan, BeforeValidator(_read), PlainSerializer(Plan.told)]
"""A plan as a planner says it."""


class Example(BaseModel):
    """What a planner is asked, and the plan that undoes what was planted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: Asked
    plan: Told
    fault: str
    """Names of what was planted, joined by `+`; `clean` for nothing."""
    clip: str
    split: Split
    injected: bool = False
    """Whether a caption gives orders, which change nothing."""


def read(path: Path) -> list[Example]:
    """All examples of a JSONL file.

    Raises:
        AcavError: There is no such file, a line is no example, or there is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise AcavError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise AcavError(f"{path}: not a text file; make one by acav1m agent make-data") from None
    found = [_parsed(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise AcavError(f"{path}: no examples in it")
    return found


def write(path: Path, examples: Iterable[Example]) -> None:
    """Write a JSONL file so that a kill leaves either all of it or what was there."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    text = "".join(f"{one.model_dump_json()}\n" for one in examples)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _parsed(path: Path, number: int, line: str) -> Example:
    try:
        return Example.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise AcavError(f"{path}, line {number}: {where}: {first['msg']}") from None
    except AcavError as error:
        raise AcavError(f"{path}, line {number}: plan: {error}") from None
