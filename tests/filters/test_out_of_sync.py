"""Only what is proved to be out of step is dropped, unless proof is asked for."""

import pytest

from acav1m.filters.out_of_sync import OutOfSync

# offset, confidence, drift a second, kept by default, kept if proof is asked for
CASES = [
    (0.0, 0.9, None, True, True),
    (-0.15, 0.9, 0.0, True, True),
    (0.3, 0.9, 0.0, False, False),
    (-0.3, 0.9, None, False, False),
    (0.3, 0.7, None, True, False),
    (0.0, 0.7, None, True, False),
    (None, None, None, True, False),
    (0.0, 0.9, 0.04, False, False),
    (0.0, 0.9, -0.04, False, False),
    (None, None, 0.04, False, False),
    (0.0, 0.9, 0.02, True, True),
]


@pytest.mark.parametrize(("offset_s", "confidence", "drift", "kept", "kept_if_proved"), CASES)
def test_who_is_kept(
    offset_s: float | None,
    confidence: float | None,
    drift: float | None,
    kept: bool,
    kept_if_proved: bool,
) -> None:
    row = {"sync_offset_s": offset_s, "sync_confidence": confidence, "sync_drift": drift}
    row |= {"duration_s": 10.0, "visible_event_score": 0.9}
    assert OutOfSync().keeps(**row) is kept
    assert OutOfSync(unproved="drop").keeps(**row) is kept_if_proved


@pytest.mark.parametrize(
    ("visible", "kept"), [(0.6, False), (0.5, False), (0.4, True), (None, True)]
)
def test_sound_that_is_not_seen_to_happen_proves_no_drift(
    visible: float | None, kept: bool
) -> None:
    row: dict[str, float | None] = {"visible_event_score": visible, "duration_s": 10.0}
    row |= {"sync_offset_s": 0.0, "sync_confidence": 0.9, "sync_drift": 0.1}
    assert OutOfSync().keeps(**row) is kept
    assert OutOfSync(unproved="drop").keeps(**row) is kept
    assert OutOfSync(min_visible_score=0.7).keeps(**row)
    assert not OutOfSync().keeps(**row | {"sync_offset_s": 0.5})
