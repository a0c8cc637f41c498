"""Calibrated columns stand before their raw ones, of the same type, null where those are."""

from collections.abc import Mapping

import pyarrow as pa

from acav1m.calibration.apply import apply, mapped
from acav1m.calibration.map import Calibration
from acav1m.clip import Clip
from acav1m.steps import Aligner, Value

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


class Both(Aligner):
    """Adds a score of the clip and one of each second."""

    adds = {"clip_raw": float, "seconds": int, "each_raw": list[float]}
    calibrated = {"each": "each_raw", "clip": "clip_raw"}

    def measure(self, clip: Clip) -> Mapping[str, Value]:
        return {"clip_raw": 0.0, "seconds": 1, "each_raw": [0.0]}


def test_the_columns_stand_where_the_step_says() -> None:
    raw = pa.table({"a": [1], "clip_raw": [0.0], "seconds": [1], "each_raw": [[0.0]]})
    found = apply(raw, [Both()], {"clip": LINE})

    assert list(Both.columns()) == ["clip", "clip_raw", "seconds", "each", "each_raw"]
    assert found.column_names == ["a", *Both.columns()]
    assert found["clip"].to_pylist() == [0.5]
    assert found["each"].to_pylist() == [None]
