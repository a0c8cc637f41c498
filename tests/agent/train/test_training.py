"""Training from data to a planner that decides, on a CPU."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from acav1m.agent.planners.local import Local
from acav1m.agent.train import example, tiny
from acav1m.agent.train.evaluate import evaluate
from acav1m.agent.train.example import Example
from acav1m.errors import AcavError

pytest.importorskip("peft")
pytestmark = pytest.mark.filterwarnings("ignore")  # of transformers about itself


@pytest.fixture(scope="module")
def data(imagined: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "data.jsonl"
    example.write(path, imagined)
    return path


@pytest.mark.slow
def test_a_tiny_planner_learns_to_decide(
    imagined: list[Example], data: Path, tmp_path: Path
) -> None:
    from acav1m.agent.train.training import Request, train

    metrics = train(Request(data, steps=500, batch=8, rate=4e-3, variants=0), tmp_path)
    held = [one for one in imagined if one.split == "test"][:30]
    base, tuned = str(tmp_path / "base"), str(tmp_path)
    found = evaluate(Local(model=base, adapter=tuned, decide="json"), held)
    untuned = evaluate(Local(model=base, decide="json"), held[:5])
    assert metrics["loss"][-1] < 0.3 * metrics["loss"][0]
    # chance gives 0.1
    assert found["actions_right"]["share"] >= 0.8 > untuned["actions_right"]["share"]
    assert found["invalid"]["share"] <= 0.05
    told = json.loads((tmp_path / "metrics.json").read_text())
    assert told["examples"]["train"] == sum(one.split == "train" for one in imagined)
    assert str(metrics["parameters"]["trained"])[:2] in (tmp_path / "README.md").read_text()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_adapter(data: Path, tmp_path: Path) -> None:
    from acav1m.agent.train.training import Request, train

    for name in ("one", "other"):
        train(Request(data, steps=3, batch=4, variants=0), tmp_path / name)
    one, other = (
        (tmp_path / name / "adapter_model.safetensors").read_bytes() for name in ("one", "other")
    )
    assert one == other


@pytest.mark.slow
def test_only_answers_count(imagined: list[Example], tmp_path: Path) -> None:
    from acav1m.agent.train import fit, lora

    tiny.make(tmp_path, imagined[:60], 0)
    model, tokenizer = lora.load(str(tmp_path), None, lora.Lora(rank=4, embeddings=True))
    pairs = fit.pairs(tokenizer, imagined[:9], None)
    ids, mask, labels = fit.padded(pairs, tokenizer.pad_token_id)
    for row, (question, reply) in enumerate(pairs):
        assert tokenizer.decode(reply[:-1]) == _answer(imagined[row])
        assert reply[-1] == tokenizer.eos_token_id
        assert mask[row].sum() == len(question) + len(reply)
        assert labels[row][labels[row] != fit.IGNORED].tolist() == reply
        assert ids[row, : len(question)].tolist() == question
    assert np.isfinite(fit.mean_loss(model, pairs, batch=4, pad=tokenizer.pad_token_id))
    with pytest.raises(AcavError, match="tokens"):
        fit.pairs(tokenizer, imagined[:9], 20)


@pytest.mark.slow
def test_questions_count_where_asked(imagined: list[Example], tmp_path: Path) -> None:
    from acav1m.agent.train import fit, lora

    tiny.make(tmp_path, imagined[:60], 0)
    losses = []
    for weight in (0.0, 0.5):
        model, tokenizer = lora.load(str(tmp_path), None, lora.Lora(rank=4, embeddings=True))
        pairs, pad = fit.pairs(tokenizer, imagined[:4], None), tokenizer.pad_token_id
        losses += fit.fit(model, pairs, fit.Course(1, 4, 1e-3, questions=weight), pad=pad)
    assert losses[1] == pytest.approx(1.5 * losses[0], rel=0.1)  # all is as unlikely at first


@pytest.mark.slow
def test_an_epoch_holds_each_example_once() -> None:
    from acav1m.agent.train import fit

    pairs = [([0] * length, [1]) for length in np.random.default_rng(0).integers(1, 90, 50)]
    course = fit.Course(steps=13, batch=4, rate=1e-3)
    seen = [len(question) for batch in fit.batches(pairs, course) for question, _ in batch]
    assert sorted(seen) == sorted(len(question) for question, _ in pairs)


@pytest.mark.slow
def test_what_is_missing_is_told(imagined: list[Example], data: Path, tmp_path: Path) -> None:
    from acav1m.agent.train.training import Request, train

    with pytest.raises(AcavError, match="no such folder"):
        train(Request(data, model=str(tmp_path / "none")), tmp_path / "out")
    with pytest.raises(AcavError, match="name the commit"):
        train(Request(data, model="lmsys/vicuna-7b-v1.5"), tmp_path / "out")
    with pytest.raises(AcavError, match="--qlora needs"):
        train(Request(data, quantised=True), tmp_path / "out")
    only = tmp_path / "test.jsonl"
    example.write(only, [one for one in imagined if one.split == "test"])
    with pytest.raises(AcavError, match="for training"):
        train(Request(only), tmp_path / "out")


def _answer(one: Example) -> str:
    from acav1m.agent.language import prompt

    return prompt.completion(one.plan)
