"""Failures by kind: which a user may name, and what a build tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.compute as pc

from acav1m.errors import AcavError, did_you_mean
from acav1m.net.outcome import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pyarrow as pa

    from acav1m.engines import Row
    from acav1m.store import Store

GROUPS = ("transient", "all")
"""What `--retry` takes beside kinds: failures that may pass, or all."""

ENGINES = ("bug", "crash", "memory", "timeout")
"""Kinds of failures of workers."""


def check_retry(retry: str | None, stores: Iterable[Store]) -> None:
    """Check what is to be tried again, before anything is done.

    Kinds of the network and of workers are always known; others, which steps of anybody may make
    up, where something failed so.

    Raises:
        AcavError: Nothing is called so.
    """
    known = {*GROUPS, *KINDS, *ENGINES}
    if retry is None or retry in known:
        return
    for store in stores:
        known.update(store.read(["error_kind"])["error_kind"].drop_null().unique().to_pylist())
    if retry not in known:
        raise AcavError(f"--retry {retry}: no failure is called so{did_you_mean(retry, known)}")


def tried_again(retry: str | None) -> Callable[[Row], bool]:
    """Say of a result whether this build tries for another, as `Found.retried` does in SQL."""

    def asks(result: Row) -> bool:
        kind = result.get("error_kind")
        if kind is None:
            return False
        passes = retry == "transient" and result.get("error_transient")
        return bool(passes) or retry in ("all", kind) or (kind in KINDS and KINDS[kind].us)

    return asks


def examples(ledger: pa.Table) -> dict[str, str]:
    """A message of each kind of failure, those that are most common first."""
    failed = ledger.select(["error_kind", "error_message"])
    failed = failed.filter(failed["error_kind"].is_valid())
    messages = [("error_message", "count"), ("error_message", "min")]
    kinds = failed.group_by("error_kind").aggregate(messages)
    order = [("error_message_count", "descending"), ("error_kind", "ascending")]
    rows = kinds.sort_by(order).to_pylist()
    return {row["error_kind"]: row["error_message_min"] or "" for row in rows}


def passing(ledger: pa.Table) -> int:
    """How many failures may pass."""
    return pc.sum(ledger["error_transient"]).as_py() or 0
