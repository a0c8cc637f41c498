"""A language model with what of it is trained: LoRA adapters on all its linear layers."""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from acav1m.agent.language import chat, loading, weights
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Mapping

EMBEDDINGS = ["embed_tokens", "lm_head"]


@dataclass(frozen=True)
class Lora:
    """How much is trained (Hu and others, 2021): the weights' change has `rank`, times alpha/rank.

    `embeddings` are trained as well where the model's are random, which is otherwise a waste;
    `quantised` keeps the other weights in 4 bits (QLoRA: Dettmers and others, 2023).
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    embeddings: bool = False
    quantised: bool = False


def load(name: str, revision: str | None, lora: Lora) -> tuple[Any, Any]:
    """The model with fresh adapters, and its tokenizer.

    Raises:
        AcavError: A package or the model is missing, or a GPU where one is needed.
    """
    loading.require()
    if lora.quantised:
        _require_quantisation()
    weights.proof(name, revision)
    import peft
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()  # its bars would cross ours
    where = weights.at(name, revision)
    try:
        tokenizer = AutoTokenizer.from_pretrained(**where)
        model = AutoModelForCausalLM.from_pretrained(**where, **_options(lora))
    except (OSError, ValueError, KeyError) as error:
        raise AcavError(f"--model {name}: {str(error).splitlines()[0]}") from None
    tokenizer.chat_template = chat.template(tokenizer)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of what its own packages call one another
        if lora.quantised:
            model = peft.prepare_model_for_kbit_training(model)
        elif model.device.type == "cuda":  # layers are computed twice, and need little memory
            model.gradient_checkpointing_enable()
            model.enable_input_require_grads()
        return peft.get_peft_model(model, _config(lora, revision)), tokenizer


def _config(lora: Lora, revision: str | None) -> Any:
    from peft import LoraConfig

    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules="all-linear",
        modules_to_save=EMBEDDINGS if lora.embeddings else None,
        task_type="CAUSAL_LM",
        revision=revision,
    )


def _options(lora: Lora) -> Mapping[str, Any]:
    import torch

    if lora.quantised:
        from transformers import BitsAndBytesConfig

        bits = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
        return {"quantization_config": bits, "device_map": {"": 0}}
    if torch.cuda.is_available():
        return {"dtype": torch.bfloat16, "device_map": {"": 0}}
    return {"dtype": torch.float32}


def _require_quantisation() -> None:
    import torch

    if importlib.util.find_spec("bitsandbytes") is None:
        raise AcavError("--qlora needs bitsandbytes: pip install bitsandbytes")
    if not torch.cuda.is_available():
        raise AcavError("--qlora needs a CUDA GPU, and there is none; train without it")
