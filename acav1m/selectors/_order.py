"""The order in which selectors prefer clips; fixed, whatever order they are stored in."""

from __future__ import annotations

from acav1m.sql import identifier, quoted


def preferred(best: str | None, seed: int) -> str:
    """ORDER BY terms: the highest `best` first, else shuffled by `seed`; never a tie.

    Shuffling is by md5, which, unlike DuckDB's own hash(), is the same in every version.

    >>> preferred("motion", seed=0)
    '"motion" DESC NULLS LAST, clip_id'
    """
    if best is not None:
        return f"{identifier(best)} DESC NULLS LAST, clip_id"
    return f"md5({quoted(f'{seed}/')} || clip_id), clip_id"
