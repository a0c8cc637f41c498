"""Load a causal language model of transformers, with an adapter or without."""

from __future__ import annotations

import importlib.util
import warnings
from typing import Any

from acav1m.agent.language import chat, weights
from acav1m.agent.language.asking import CAUSE_CHARACTERS
from acav1m.agent.language.causal import Causal
from acav1m.agent.language.decoding import Pieces
from acav1m.agent.planner import Message
from acav1m.errors import AcavError

NEEDED = ("torch", "transformers", "accelerate", "peft")

CHAT = ("system", "user", "assistant", "user")
"""Who speaks where a plan is asked for twice."""


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
