"""Greedy generation of a plan, token by token, with what cannot become one left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acav1m.agent.language import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = 64


class Pieces:
    """What each token adds to a text; None for control tokens, and those that add nothing.

    >>> class Tokenizer:
    ...     all_special_ids = [0]
    ...     def __len__(self): return 3
    ...     def decode(self, ids, **_): return "".join("#ab"[i] for i in ids)
    >>> [Pieces(Tokenizer()).of(token) for token in range(4)]
    [None, 'a', 'b', None]
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._special = set(tokenizer.all_special_ids)
        self._before = 1 if 0 in self._special else 0
        self._known: dict[int, str | None] = {}

    def of(self, token: int) -> str | None:
        """What it adds within a text."""
        if token not in self._known:
            self._known[token] = self._piece(token)
        return self._known[token]

    def text(self, tokens: list[int]) -> str:
        """What they add up to."""
        return "".join(self.of(token) or "" for token in tokens)

    def _piece(self, token: int) -> str | None:
        if token in self._special or token >= len(self._tokenizer):
            return None
        before = self._decoded([self._before])  # a first word would lose its space
        return self._decoded([self._before, token])[len(before) :] or None

    def _decoded(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, clean_up_tokenization_spaces=False))


class OnlyPlans:
    """Leaves the likeliest token with which the answer may yet become a plan; then the end.

    A logits processor of `generate`, for one answer at a time.
    Numbers out of range come through: a plan is checked as a whole afterwards.
    """

    def __init__(self, pieces: Pieces, begin: int, end: int) -> None:
        self._pieces, self._begin, self._end = pieces, begin, end

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Scores with only one token possible, (1, vocabulary)."""
        import torch

        text = self._pieces.text(input_ids[0, self._begin :].tolist())
        only = torch.full_like(scores, -torch.inf)
        only[0, self._next(text, scores[0])] = 0
        return only

    def _next(self, text: str, scores: Any) -> int:
        if grammar.is_plan(text):
            return self._end
        for token in _likeliest_first(scores):
            piece = self._pieces.of(token)
            if piece is not None and grammar.may_become_plan(text + piece):
                return int(token)
        return self._end  # no token of its can go on


def _likeliest_first(scores: Any) -> Iterator[int]:
    """All tokens; sorting a hundred thousand is left for when none of the first few will do."""
    yield from scores.topk(min(FEW, len(scores))).indices.tolist()
    yield from scores.argsort(descending=True, stable=True).tolist()
