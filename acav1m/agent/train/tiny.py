"""A language model so small that training it, and all around it, runs on a CPU in minutes.

Its weights are random, so it knows nothing but what it is trained on: for tests, and to see
whether data can be learnt from at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent.language import prompt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from acav1m.agent.train.example import Example

NAME = "tiny"
"""What `--model` is for it."""

VOCABULARY = 1000
WIDTH, LAYERS, HEADS = 64, 2, 4
CONTEXT = 4096
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}

TEMPLATE = (
    "{% for m in messages %}"
    "{% if m.role == 'assistant' %}{{ m.content + eos_token }}"
    "{% elif m.role == 'user' %}{{ '\n' + m.content + '\n' }}"
    "{% else %}{{ m.content }}{% endif %}"
    "{% endfor %}"
)


def make(folder: Path, examples: Sequence[Example], seed: int) -> None:
    """Write a random Llama into the folder, and a tokenizer made from the examples' texts.

    The same examples and seed give the same bytes.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    tokenizer = _tokenizer(_texts(examples))
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        max_position_embeddings=CONTEXT,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _texts(examples: Iterable[Example]) -> list[str]:
    found: list[str] = []
    for one in examples:
        found += [prompt.messages(one.asked)[1].content, prompt.completion(one.plan)]
    return found


def _tokenizer(texts: Iterable[str]) -> Any:
    """Bytes merged into pieces (Sennrich and others, 2016), the system turn as one.

    Names of fields stand apart, and digits, with a sign before or a point behind: so numbers are
    copied digit by digit from where the same name stands. What never changes costs one token.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    digits = pre_tokenizers.Split(Regex(r'[{,]*"[a-z_]+":|-?\d\.?'), "isolated")
    inner.pre_tokenizer = pre_tokenizers.Sequence(
        [digits, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL.values()),
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    inner.add_tokens([AddedToken(prompt.system(), normalized=False)])
    return PreTrainedTokenizerFast(tokenizer_object=inner, chat_template=TEMPLATE, **SPECIAL)
