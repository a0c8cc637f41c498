"""A wrong kind is told before anything is done, and each kind has an example."""

from __future__ import annotations

import pyarrow as pa
import pytest

from acav1m.errors import AcavError
from acav1m.failures import check_retry, examples, passing, tried_again
from acav1m.store import Store

SCHEMA = pa.schema([("key", pa.string()), ("error_kind", pa.string())])


@pytest.mark.parametrize("retry", [None, "transient", "all", "timeout", "bot_check", "crash"])
def test_what_is_always_known_may_be_tried_again(retry):
    check_retry(retry, [])


def test_a_kind_that_somebody_made_up_is_known_where_something_failed_so(tmp_path):
    store = Store(tmp_path, SCHEMA)
    rows = [{"key": "a", "error_kind": "too_purple"}, {"key": "b", "error_kind": None}]
    store.commit("p", pa.Table.from_pylist(rows, schema=SCHEMA))

    check_retry("too_purple", [store])
    with pytest.raises(AcavError, match=r"--retry too_purpel: .*did you mean 'too_purple'"):
        check_retry("too_purpel", [store])


def test_a_wrong_kind_is_told_in_one_line():
    with pytest.raises(AcavError) as raised:
        check_retry("timeot", [])
    assert str(raised.value) == ("--retry timeot: no failure is called so; did you mean 'timeout'?")


def test_the_most_common_comes_first_with_one_of_its_messages():
    rows = [(None, None, None), ("b", "2", True), ("a", "1", False), ("b", "3", True)]
    kinds, messages, transient = zip(*rows, strict=True)
    ledger = pa.table(
        {"error_kind": kinds, "error_message": messages, "error_transient": transient}
    )

    assert list(examples(ledger).items()) == [("b", "2"), ("a", "1")]
    assert passing(ledger) == 2


@pytest.mark.parametrize(
    ("retry", "again"),
    [
        (None, {"blocked"}),
        ("transient", {"blocked", "timeout"}),
        ("too_purple", {"blocked", "too_purple"}),
        ("all", {"blocked", "timeout", "too_purple"}),
    ],
)
def test_what_is_tried_again_of_a_part_in_flight(retry, again):
    transient = {"blocked": True, "timeout": True, "too_purple": False, None: None}
    rows = [{"error_kind": k, "error_transient": t} for k, t in transient.items()]
    assert {row["error_kind"] for row in rows if tried_again(retry)(row)} == again
    assert not tried_again("all")({"key": "a column of another stage"})
