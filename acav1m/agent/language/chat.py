"""A chat as the tokens of one language model, whatever its chat template can and cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent.language import prompt
from acav1m.agent.planner import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.agent.plan import Plan
    from acav1m.agent.planner import Asked

VICUNA = (
    "{{ bos_token or '' }}{% for m in messages %}"
    "{% if m.role == 'system' %}{{ m.content + ' ' }}"
    "{% elif m.role == 'user' %}{{ 'USER: ' + m.content + ' ' }}"
    "{% else %}{{ 'ASSISTANT: ' + m.content + eos_token }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}"
)
"""How Vicuna 1.1 and 1.5 write a chat (FastChat, `vicuna_v1.1`), for a tokenizer without template.

Vicuna's own tokenizer comes without one.
"""

NO_CLOCK = "{%- macro strftime_now(format) -%}1 January 2026{%- endmacro -%}"
"""What templates that tell the date are told: the same question must get the same answer."""


def tokens(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """The chat up to where the model's answer begins.

    Only what the template itself writes becomes a control token: `prompt` leaves none in texts.
    """
    text = _text(tokenizer, messages)
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def example(tokenizer: Any, asked: Asked, plan: Plan) -> tuple[list[int], list[int]]:
    """What a model is trained on: tokens of the question, and of the answer with its end."""
    answer = tokenizer(prompt.completion(plan), add_special_tokens=False)["input_ids"]
    end = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
    return tokens(tokenizer, prompt.messages(asked)), [*answer, *end]


def folded(messages: Sequence[Message]) -> list[Message]:
    """The same chat for templates that know no system role: it begins the user's first turn."""
    system, user, *rest = messages
    return [Message("user", f"{system.content}\n\n{user.content}"), *rest]


def _text(tokenizer: Any, messages: Sequence[Message]) -> str:
    from jinja2 import TemplateError

    try:
        text = _rendered(tokenizer, messages)
    except TemplateError:  # "System role not supported", say
        return _rendered(tokenizer, folded(messages))
    said = messages[0].content.strip() in text  # some leave it out without a word
    return text if said else _rendered(tokenizer, folded(messages))


def _rendered(tokenizer: Any, messages: Sequence[Message]) -> str:
    return str(
        tokenizer.apply_chat_template(
            [message._asdict() for message in messages],
            chat_template=template(tokenizer),
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,
        )
    )


def template(tokenizer: Any) -> str:
    """The tokenizer's own template, or Vicuna's, without a clock."""
    own = tokenizer.get_chat_template() if tokenizer.chat_template else VICUNA
    return own if own.startswith(NO_CLOCK) else NO_CLOCK + own
