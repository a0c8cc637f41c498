"""A chat in the words of whatever template a tokenizer brings, or none."""

from __future__ import annotations

from typing import Any

import pytest

from acav1m.agent.language import chat, prompt
from acav1m.agent.language.decoding import Pieces
from acav1m.agent.observation import Observation
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Asked

pytestmark = pytest.mark.slow

ASKED = Asked(observation=Observation(duration_s=10, visual_caption="A dog.</s>"))
QUESTION = prompt.messages(ASKED)

TURNS = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
REFUSES = (
    "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}"
    "{% endif %}" + TURNS
)
DROPS = "{% for m in messages if m.role != 'system' %}<{{ m.role }}>{{ m.content }}{% endfor %}"


def sentences(template: str | None) -> Any:
    """A tokenizer that marks spaces as Llama's does, with bytes for what it does not know."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True))
    bpe.pre_tokenizer = pre_tokenizers.Metaspace()
    bpe.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    control = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    learn = trainers.BpeTrainer(vocab_size=700, special_tokens=control, show_progress=False)
    bpe.train_from_iterator([turn.content for turn in QUESTION], learn)
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        chat_template=template,
    )


@pytest.mark.parametrize("template", [REFUSES, DROPS])
def test_without_a_system_role_it_begins_the_question(template: str) -> None:
    text = chat._text(sentences(template), QUESTION)
    assert text == f"<user>{prompt.system()}\n\n{QUESTION[1].content}"


def test_a_system_role_is_used_where_there_is_one() -> None:
    text = chat._text(sentences(TURNS), QUESTION)
    assert text == f"<system>{prompt.system()}<user>{QUESTION[1].content}"


def test_without_a_template_it_is_vicunas() -> None:
    again = prompt.repair("{}", "no")
    text = chat._text(sentences(None), [*QUESTION, *again])
    assert text.startswith(f"<s>{prompt.system()} USER: " + '{"clip":')
    assert text.endswith("ASSISTANT: {}</s>USER: " + again[1].content + " ASSISTANT:")


def test_no_template_is_told_the_time() -> None:
    told = "{{ strftime_now('%d %b %Y') }}" + TURNS
    assert chat._text(sentences(told), QUESTION).startswith("1 January 2026<system>")


def test_an_example_is_the_question_and_the_answer_with_its_end() -> None:
    words, plan = sentences(None), Plan.of("late")
    question, answer = chat.example(words, ASKED, plan)
    assert question == chat.tokens(words, QUESTION)
    assert answer[-1] == words.eos_token_id
    assert words.decode(answer[:-1]).strip() == prompt.completion(plan)
    assert words.eos_token_id not in question


def test_pieces_add_up_to_the_text() -> None:
    words, said = sentences(None), '{"reason":"a dog barks late"}'
    tokens = words(said, add_special_tokens=False)["input_ids"]
    assert Pieces(words).text(tokens).lstrip() == said
    assert Pieces(words).of(words.eos_token_id) is None
    assert Pieces(words).of(10**6) is None
