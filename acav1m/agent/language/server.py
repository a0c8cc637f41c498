"""Somebody else's server that speaks the OpenAI chat protocol, and may say anything at all."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import openai

from acav1m.agent import plan
from acav1m.agent.language.asking import Unanswered
from acav1m.printable import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from acav1m.agent.planner import Message

SCHEMA = {"type": "json_schema", "json_schema": {"name": "plan", "schema": plan.schema()}}
OBJECT = {"type": "json_object"}

REFUSALS = (400, 422)
"""How servers say that they do not know a parameter."""

MESSAGE_CHARACTERS = 200
CHARACTERS_PER_TOKEN = 3
"""Of a server that does not count: rather too few than too many."""


class Said(NamedTuple):
    """A turn of the model, and what it cost with all that was asked."""

    text: str
    tokens: int


@dataclass
class Server:
    """One model of one server; remembers which parameters it took."""

    client: openai.OpenAI
    model: str
    timeout_s: float
    max_tokens: int
    settings: Mapping[str, Any]
    formats: list[Mapping[str, Any] | None]
    """Ways to ask for JSON, the best first; None asks in words only."""
    limit: str = "max_tokens"
    key: str | None = field(default=None, repr=False)

    def say(self, messages: Sequence[Message]) -> Said:
        """The next turn of the chat.

        Raises:
            Unanswered: There is none, and why.
        """
        turns = [message._asdict() for message in messages]
        try:
            body = self._body(turns)
        except openai.OpenAIError as error:
            raise Unanswered(self._cause(error)) from None
        text, tokens = _read(body)
        return Said(text, tokens or (len(json.dumps(turns)) + len(text)) // CHARACTERS_PER_TOKEN)

    def _body(self, turns: list[dict[str, str]]) -> bytes:
        """The answer's bytes, asked for as the server takes it."""
        wanted, limits = list(self.formats), [self.limit]
        while True:
            try:
                body = self._asked(turns, wanted[0], limits[-1])
            except openai.APIStatusError as error:
                if error.status_code not in REFUSALS:
                    raise
                if "max_completion_tokens" in str(error.body) and len(limits) == 1:
                    limits.append("max_completion_tokens")
                elif len(wanted) > 1:
                    del wanted[0]
                else:
                    raise
            else:
                self.formats, self.limit = wanted, limits[-1]  # as it took them
                return body

    def _asked(
        self, turns: list[dict[str, str]], wanted: Mapping[str, Any] | None, limit: str
    ) -> bytes:
        asked = {"model": self.model, "messages": turns, limit: self.max_tokens, **self.settings}
        if wanted is not None:
            asked["response_format"] = wanted
        create: Any = self.client.chat.completions.with_raw_response.create
        return bytes(create(**asked).http_response.content)

    def _cause(self, error: openai.OpenAIError) -> str:
        match error:
            case openai.APITimeoutError():
                return f"the server did not answer within {self.timeout_s:g} s"
            case openai.APIConnectionError():
                return f"no connection to the server: {error.__cause__ or error}"
            case openai.APIStatusError(status_code=401 | 403 as status):
                return f"the server refuses the key ({status})"
            case openai.APIStatusError(status_code=404):
                return f"the server has no model {self.model!r}, or nothing at this URL (404)"
            case openai.APIStatusError(status_code=status):
                return f"the server answered {status}: {self._plain(_complaint(error))}"
        return self._plain(str(error))

    def _plain(self, text: str) -> str:
        kept = text.replace(self.key, "***") if self.key else text
        return " ".join(printable(kept).split())[:MESSAGE_CHARACTERS]


def _complaint(error: openai.APIStatusError) -> str:
    """What a server says of it, in the words of OpenAI, FastAPI or others."""
    said = _at(error.body, "message") or _at(error.body, "detail") or error.response.text
    return said if isinstance(said, str) else str(error)


def _read(body: bytes) -> tuple[str, int | None]:
    """Text and tokens of an answer's JSON; every step of the way may be something else."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise Unanswered("the server's answer is no JSON") from None
    choice = _at(_at(answer, "choices"), 0)
    message = _at(choice, "message")
    text = _text(_at(message, "content"))
    tokens = _at(_at(answer, "usage"), "total_tokens")
    if not text.strip():
        raise Unanswered(_empty(choice, message))
    return text, tokens if isinstance(tokens, int) and tokens > 0 else None


def _empty(choice: Any, message: Any) -> str:
    if message is None:
        return "the server's answer has no message of a model"
    if _at(message, "tool_calls") or _at(message, "function_call"):
        return "the model called a tool instead of answering"
    refusal = _at(message, "refusal")
    if isinstance(refusal, str):
        return f"the model refused: {printable(refusal)[:MESSAGE_CHARACTERS]}"
    finish = _at(choice, "finish_reason")
    why = f" ({printable(finish)[:MESSAGE_CHARACTERS]})" if isinstance(finish, str) else ""
    return f"the model's answer is empty{why}"


def _text(content: Any) -> str:
    """Of a text, or of its parts as some servers give them."""
    if isinstance(content, list):
        texts = [_at(part, "text") for part in content]
        return "".join(text for text in texts if isinstance(text, str))
    return content if isinstance(content, str) else ""


def _at(whole: Any, key: str | int) -> Any:
    """What is there, or None where the whole is nothing that could have it."""
    if isinstance(whole, dict):
        return whole.get(key)
    if isinstance(whole, list) and isinstance(key, int) and len(whole) > key:
        return whole[key]
    return None
