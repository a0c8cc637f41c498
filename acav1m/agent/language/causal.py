"""A causal language model of transformers that answers greedily."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from acav1m.agent.language import chat
from acav1m.agent.language.asking import Unanswered
from acav1m.agent.language.decoding import OnlyPlans, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from acav1m.agent.planner import Message

T = TypeVar("T")


@dataclass(frozen=True)
class Causal:
    """A model and its tokenizer."""

    model: Any
    tokenizer: Any
    pieces: Pieces

    def say(self, messages: Sequence[Message], *, max_new_tokens: int, max_seconds: float) -> str:
        """The next turn, limited to what may be a plan.

        Raises:
            Unanswered: The chat is too long for the model, or time or memory ran out.
        """
        asked = self.fits(messages, max_new_tokens)
        return within_memory(lambda: self._generated(asked, max_new_tokens, max_seconds))

    def fits(self, messages: Sequence[Message], more: int) -> list[int]:
        """The chat's tokens, which leave room for some more.

        Raises:
            Unanswered: They do not.
        """
        asked, room = chat.tokens(self.tokenizer, messages), _room(self.model)
        if room is not None and len(asked) + more > room:
            raise Unanswered(f"{len(asked)} tokens and {more} for the answer exceed {room}")
        return asked

    def _generated(self, asked: list[int], max_new_tokens: int, max_seconds: float) -> str:
        import torch
        from transformers import GenerationConfig, MaxTimeCriteria

        end, begin = self.tokenizer.eos_token_id, len(asked)
        clock = MaxTimeCriteria(max_seconds)
        ids = torch.tensor([asked], device=self.model.device)
        made = self.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            generation_config=GenerationConfig(
                do_sample=False, max_new_tokens=max_new_tokens, eos_token_id=end, pad_token_id=end
            ),
            logits_processor=[OnlyPlans(self.pieces, begin, end)],
            stopping_criteria=[clock],
        )[0, begin:].tolist()
        if made[-1] != end and len(made) < max_new_tokens:
            raise Unanswered(f"the model was not done within {max_seconds:g} s")
        return str(self.tokenizer.decode(made, skip_special_tokens=True))


def within_memory(work: Callable[[], T]) -> T:
    """What comes of the work.

    Raises:
        Unanswered: The memory was not enough for it.
    """
    import torch

    try:
        return work()
    except torch.OutOfMemoryError:
        raise Unanswered("the model ran out of memory") from None


def _room(model: Any) -> int | None:
    found = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return None if found is None else int(found)
