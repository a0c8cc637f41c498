"""Ask a language model on this machine."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any, Literal

from pydantic import Field

from acav1m.agent.language import asking, causal, choosing, loading, prompt, weights
from acav1m.agent.language.asking import Unanswered
from acav1m.agent.language.causal import Causal
from acav1m.agent.planner import Answer, Asked, Planner

DECISION_TOKENS = 300
"""What a question with its options adds to the clip's own tokens, and more."""


class Local(Planner):
    """Asks any causal language model of transformers, with a LoRA adapter or without.

    `model` and `adapter` are folders, or repositories of the Hugging Face hub whose `revision`
    and `adapter_revision` are full commit hashes: a branch may change. Answers are greedy.

    `decide` is how it answers. `choice` asks for the probability of each noise action and of
    none, and so for coordination, and takes the likeliest pair that was not tried; nothing is
    generated, and parameters follow from what is measured. So it never chooses `pitch`, which
    nothing measured calls for. `json` has the model write the plan, its parameters too, limited
    token by token to what can become one; a number out of range is told to it once, and then
    there is no plan. `auto` is `json` with an adapter, which was trained to write plans, and
    otherwise `choice`, or `json` where the tokenizer has no single tokens for the letters: a
    model that nobody trained for it has no sense for parameters.

    `max_new_tokens` limits the cost of an answer, and `max_seconds` its time: the last resort,
    as a slower machine then gives another answer. The planner of AVAgent (section 3.2) is
    `lmsys/vicuna-7b-v1.5` (Llama 2 licence) with an adapter, `dtype: float16`, `decide: json`.
    """

    packages = ("torch", "transformers", "peft")

    model: str = Field(min_length=1)
    revision: str | None = None
    adapter: str | None = None
    adapter_revision: str | None = None
    device: Literal["auto", "cpu", "cuda"] = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    decide: Literal["auto", "choice", "json"] = "auto"
    max_new_tokens: int = Field(default=256, ge=16)
    max_seconds: float = Field(default=120, gt=0)

    def identity(self) -> dict[str, Any]:
        """Options, and what proves model and adapter."""
        adapter = self.adapter and weights.proof(self.adapter, self.adapter_revision)
        model = weights.proof(self.model, self.revision)
        return {**super().identity(), "weights": model, "adapter_weights": adapter}

    def setup(self) -> None:
        """Load the model."""
        _loaded(self)

    def plan(self, asked: Asked) -> Answer:
        """Ask the model; where it has no valid plan, the cause says why."""
        loaded, decide = _loaded(self)
        if decide is not None:
            return _chosen(loaded, decide, asked)
        say = partial(loaded.say, max_new_tokens=self.max_new_tokens, max_seconds=self.max_seconds)
        return asking.ask(say, asked)


@lru_cache(maxsize=1)
def _loaded(planner: Local) -> tuple[Causal, Any]:
    """The model, and what decides with it where it is to choose."""
    loading.require()
    planner.identity()  # what is not pinned is not fetched
    adapter = (planner.adapter, planner.adapter_revision) if planner.adapter else None
    model = (planner.model, planner.revision)
    loaded = loading.load(model, adapter, planner.device, planner.dtype)
    return loaded, choosing.pipeline(loaded) if _chooses(planner, loaded) else None


def _chooses(planner: Local, loaded: Causal) -> bool:
    if planner.decide == "auto":
        return planner.adapter is None and choosing.supports(loaded)
    return planner.decide == "choice"


def _chosen(loaded: Causal, decide: Any, asked: Asked) -> Answer:
    try:
        loaded.fits(prompt.messages(asked), DECISION_TOKENS)
        return causal.within_memory(lambda: choosing.choose(decide, asked))
    except Unanswered as error:
        return Answer(None, cause=str(error))
