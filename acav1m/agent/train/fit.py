"""Train a language model to answer as examples do: the answers count, questions where asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from acav1m.agent.language import chat
from acav1m.errors import AcavError
from acav1m.models.train.fit import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.random import Generator
    from torch import Tensor

    from acav1m.agent.train.example import Example

IGNORED = -100
"""The label of tokens that the loss does not count."""

POOL = 16
"""Batches whose pairs are sorted by length before they are shared out."""

WARM_SHARE = 0.05
CLIPPED_NORM = 1.0

Pair = tuple[list[int], list[int]]
"""Tokens of a question, and of its answer."""


@dataclass(frozen=True)
class Course:
    """How long and how fast it is trained."""

    steps: int
    batch: int
    rate: float
    seed: int = 0
    questions: float = 0.0
    """Weight of the loss of whole chats, beside that of answers.

    What knows nothing learns from questions, too: they hold far more that is copied than answers.
    """


def pairs(tokenizer: Any, examples: Sequence[Example], most: int | None) -> list[Pair]:
    """Tokens of all examples.

    Raises:
        AcavError: One is longer than the model can read.
    """
    found = [chat.example(tokenizer, one.asked, one.plan) for one in examples]
    longest = max(len(question) + len(reply) for question, reply in found)
    if most is not None and longest > most:
        raise AcavError(f"an example has {longest} tokens, and the model reads {most} at most")
    return found


def fit(
    model: Any,
    found: Sequence[Pair],
    course: Course,
    *,
    pad: int,
    told: Callable[[float], None] = lambda loss: None,
) -> list[float]:
    """Train in place and return the loss of every step; `told` hears of each too.

    The same arguments give the same weights on the same machine without a GPU.
    """
    _prepare(course.seed)
    trained = [one for one in model.parameters() if one.requires_grad]
    optimiser = torch.optim.AdamW(trained, course.rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, course.rate, total_steps=course.steps, pct_start=WARM_SHARE
    )
    losses: list[float] = []
    model.train()
    for batch in batches(found, course):
        loss = _loss(model, batch, pad, course.questions)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, CLIPPED_NORM)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        told(losses[-1])
    model.eval()
    return losses


@torch.no_grad()
def mean_loss(model: Any, found: Sequence[Pair], *, batch: int, pad: int) -> float:
    """The mean over batches, nothing learnt from them."""
    parts = [found[first : first + batch] for first in range(0, len(found), batch)]
    return float(np.mean([_loss(model, part, pad).item() for part in parts]))


def _prepare(seed: int) -> None:
    if torch.cuda.is_available():  # its kernels have no order of additions to keep
        torch.manual_seed(seed)
    else:
        prepare(seed)


def batches(found: Sequence[Pair], course: Course) -> Iterator[list[Pair]]:
    """Pairs in an order drawn anew each time all were seen, those of like length together."""
    rng = np.random.default_rng([course.seed, 2])
    made: list[list[int]] = []
    for _ in range(course.steps):
        if not made:
            made = _epoch(found, course.batch, rng)
        yield [found[k] for k in made.pop()]


def _epoch(found: Sequence[Pair], batch: int, rng: Generator) -> list[list[int]]:
    """Batches that hold each pair once; sorted by length within pools, to pad little."""
    order, pool = rng.permutation(len(found)).tolist(), batch * POOL
    for first in range(0, len(order), pool):
        order[first : first + pool] = sorted(
            order[first : first + pool], key=lambda k: sum(map(len, found[k]))
        )
    made = [order[first : first + batch] for first in range(0, len(order), batch)]
    return [made[k] for k in rng.permutation(len(made))]


def _loss(model: Any, batch: Sequence[Pair], pad: int, questions: float = 0.0) -> Tensor:
    ids, mask, labels = (one.to(model.device) for one in padded(batch, pad))
    found = model(input_ids=ids, attention_mask=mask, labels=labels)
    loss: Tensor = found.loss
    if questions:
        whole = ids[:, 1:].masked_fill(mask[:, 1:] == 0, IGNORED)
        told = found.logits[:, :-1].transpose(1, 2)
        loss = loss + questions * cross_entropy(told, whole, ignore_index=IGNORED)
    return loss


def padded(batch: Sequence[Pair], pad: int) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens, which of them count as read, and which as said; (batch, longest) each."""
    longest = max(len(question) + len(reply) for question, reply in batch)
    ids = torch.full((len(batch), longest), pad)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, IGNORED)
    for row, (question, reply) in enumerate(batch):
        begin, end = len(question), len(question) + len(reply)
        ids[row, :end] = torch.tensor(question + reply)
        mask[row, :end] = 1
        labels[row, begin:end] = ids[row, begin:end]
    return ids, mask, labels
