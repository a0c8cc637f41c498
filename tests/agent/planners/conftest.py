"""A tiny random Llama with a byte-level vocabulary learned from our own prompts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acav1m.agent.language import prompt
from acav1m.agent.observation import Observation
from acav1m.agent.planner import Asked

if TYPE_CHECKING:
    from pathlib import Path

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

SPECIAL = ["<|im_start|>", "<|im_end|>", "</s>", "[/INST]"]


def tokenizer(template: str | None = CHATML):
    """Byte-level BPE of 600 words with control tokens of several chats."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    learn = trainers.BpeTrainer(
        vocab_size=600, initial_alphabet=alphabet, special_tokens=SPECIAL, show_progress=False
    )
    texts = [one.content for one in prompt.messages(Asked(observation=Observation(duration_s=10)))]
    bpe.train_from_iterator([*texts, "Yes No A B C D E"], learn)
    made = PreTrainedTokenizerFast(
        tokenizer_object=bpe, eos_token="<|im_end|>", additional_special_tokens=SPECIAL
    )
    made.chat_template = template
    return made


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a Llama of 2 layers x 64 with random weights."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("tiny")
    words = tokenizer()
    words.save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 4}
    config = LlamaConfig(
        vocab_size=len(words), max_position_embeddings=4096, initializer_range=0.2, **sizes, **heads
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
