"""A causal language model of transformers, loaded to answer greedily."""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from acav1m.agent.language import chat, weights
from acav1m.agent.language.asking import CAUSE_CHARACTERS, Unanswered
from acav1m.agent.language.decoding import OnlyPlans, Pieces
from acav1m.agent.planner import Message
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

NEEDED = ("torch", "transformers", "accelerate", "peft")

CHAT = ("system", "user", "assistant", "user")
"""Who speaks where a plan is asked for twice."""


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


def load(
    model: tuple[str, str | None], adapter: tuple[str, str | None] | None, device: str, dtype: str
) -> Causal:
    """Load a model by folder or repository and revision, and put its adapter on.

    Raises:
        AcavError: A package or the model is missing, or it is no model that can chat.
    """
    require()
    from safetensors import SafetensorError
    from transformers import AutoTokenizer, GenerationConfig
    from transformers.utils import logging

    logging.disable_progress_bar()  # its bars would cross those of a build
    try:
        _is_whole(*model)
        tokenizer = AutoTokenizer.from_pretrained(**weights.at(*model))
        found = _model(model, adapter, dtype)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
        where = model[0] if adapter is None else f"{model[0]} with {adapter[0]}"
        why = " ".join(str(error).split())[:CAUSE_CHARACTERS]
        raise AcavError(f"{where}: {why or type(error).__name__}") from None
    if tokenizer.eos_token_id is None:
        raise AcavError(f"{model[0]}: its tokenizer has no end of text")
    tokenizer.chat_template = chat.template(tokenizer)
    _can_chat(model[0], tokenizer)
    found.generation_config = GenerationConfig()  # what it ships may sample, or punish repeats
    return Causal(found.to(_device(device)).eval(), tokenizer, Pieces(tokenizer))


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


def require() -> None:
    """See that all packages are there that language models need.

    Raises:
        AcavError: One is missing.
    """
    for package in NEEDED:
        if importlib.util.find_spec(package) is None:
            raise AcavError(f"local models need {package}: pip install 'acav1m[models]'")


def _is_whole(model: str, revision: str | None) -> None:
    from transformers.utils import find_adapter_config_file

    where = dict(weights.at(model, revision))
    if find_adapter_config_file(where.pop("pretrained_model_name_or_path"), **where) is not None:
        # transformers would fetch the model that it is for, which nothing pins
        raise AcavError(f"{model}: name what has an adapter as `adapter`, and its own model here")


def _can_chat(model: str, tokenizer: Any) -> None:
    from jinja2 import TemplateError

    try:
        chat.tokens(tokenizer, [Message(role, "Well?") for role in CHAT])
    except (TemplateError, TypeError) as error:
        told = " ".join(str(error).split())[:CAUSE_CHARACTERS]
        raise AcavError(f"{model}: its chat template cannot be used: {told}") from None


def _model(
    model: tuple[str, str | None], adapter: tuple[str, str | None] | None, dtype: str
) -> Any:
    from transformers import AutoModelForCausalLM

    found = AutoModelForCausalLM.from_pretrained(**weights.at(*model), dtype=dtype)
    if adapter is None:
        return found
    from peft import PeftModel

    where = dict(weights.at(*adapter))
    name = where.pop("pretrained_model_name_or_path")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft's use of transformers, not ours
        tuned = PeftModel.from_pretrained(found, name, **where)
    if tuned.active_peft_config.is_prompt_learning:  # the model alone would go without
        raise AcavError(f"{name}: an adapter of prompts; use LoRA or another that changes weights")
    return tuned.get_base_model()


def _device(wanted: str) -> str:
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if wanted == "cuda" and not torch.cuda.is_available():
        raise AcavError("device: cuda, and there is none that torch can use")
    return wanted


def _room(model: Any) -> int | None:
    found = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    return None if found is None else int(found)
