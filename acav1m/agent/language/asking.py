"""Asking a language model for a plan in words: one answer, one more try, then none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from acav1m.agent.language import prompt, told
from acav1m.agent.plan import Plan, PlanError
from acav1m.agent.planner import Answer, Message
from acav1m.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acav1m.agent.planner import Asked

    Say = Callable[[Sequence[Message]], str]

CAUSE_CHARACTERS = 300


class Unanswered(Exception):
    """Why there is no answer at all, or no second one: a sentence for the record."""


def ask(say: Say, asked: Asked) -> Answer:
    """Ask, and once more with what was wrong where the answer is no valid plan.

    `say` gives the model's next turn of a chat, and raises `Unanswered` where there is none.
    """
    chat: list[Message] = list(prompt.messages(asked))
    heard, wrong = list(chat), ""
    for _ in range(2):
        try:
            said = say(chat)
        except Unanswered as error:
            return _none(f"{wrong}, and then {error}" if wrong else str(error), heard)
        heard.append(Message("assistant", printable(said)[: told.ANSWER_CHARACTERS]))
        try:
            return Answer(Plan.parse(written(said)), dialogue=tuple(heard))
        except PlanError as error:
            wrong = f"no valid plan: {printable(str(error))[:CAUSE_CHARACTERS]}"
            again = prompt.repair(said, error)
            chat += again
            heard.append(again[1])
    return _none(f"{wrong} (asked twice)", heard[:-1])


def written(said: str) -> str:
    r"""The JSON in an answer: after thoughts, without a fence around it or words beside it.

    >>> written('<think>{"a": 0}</think> Here: ```json\n{"a": 1}\n```')
    '{"a": 1}'
    """
    answer = said if said.lstrip().startswith("{") else said.rpartition("</think>")[2]
    start = answer.find("{")
    if start < 0:
        return answer
    try:
        _, end = json.JSONDecoder().raw_decode(answer, start)
    except (ValueError, RecursionError):
        return answer[start:]
    return answer[start:end]


def _none(cause: str, heard: Sequence[Message]) -> Answer:
    return Answer(None, cause=cause, dialogue=tuple(heard))
