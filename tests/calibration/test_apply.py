"""Calibrated columns stand before their raw ones, of the same type, null where those are."""

import pyarrow as pa

from acav1m.aligners.temporal import Temporal
from acav1m.calibration.apply import apply, mapped
from acav1m.calibration.map import Calibration

LINE = Calibration(1.0, 0.0)
LISTS = pa.list_(pa.float64())


def test_a_list_is_mapped_entry_by_entry() -> None:
    raw = pa.chunked_array([pa.array([[0.0, None], None, []], LISTS), pa.array([[0.0]], LISTS)])

    assert mapped(raw, LINE).to_pylist() == [[0.5, None], None, [], [0.5]]
    assert mapped(raw.slice(2), LINE).to_pylist() == [[], [0.5]]


def test_null_stays_null() -> None:
    assert mapped(pa.chunked_array([[0.0, None]]), LINE).to_pylist() == [0.5, None]


def test_without_a_map_all_is_null() -> None:
    found = mapped(pa.chunked_array([[0.0, 1.0]]), None)

    assert found.type == pa.float64()
    assert found.to_pylist() == [None, None]


def test_no_rows_are_no_trouble() -> None:
    assert mapped(pa.chunked_array([], LISTS), LINE).type == LISTS


def test_the_columns_stand_where_the_step_says() -> None:
    raw = {
        "temporal_score_raw": [0.0],
        "temporal_scores_raw": [[0.0]],
        "temporal_scored_share": [1],
    }
    found = apply(pa.table({"a": [1], **raw}), [Temporal()], {"temporal_score": LINE})

    assert found.column_names == ["a", *Temporal.columns()]
    assert found["temporal_score"].to_pylist() == [0.5]
    assert found["temporal_scores"].to_pylist() == [None]
