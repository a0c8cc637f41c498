"""Only what is proved to be out of step is dropped, unless proof is asked for."""

import pytest

from acav1m.clip import Clip
from acav1m.filters.out_of_sync import OutOfSync
from acav1m.measures.sync import Sync
from acav1m.steps import Value
from acav1m.testing import flash_and_beep, silence

# offset, confidence, kept by default, kept if proof is asked for
CASES = [
    (0.0, 0.9, True, True),
    (-0.15, 0.9, True, True),
    (0.3, 0.9, False, False),
    (-0.3, 0.9, False, False),
    (0.3, 0.1, True, False),
    (0.0, 0.1, True, False),
    (None, None, True, False),
]


@pytest.mark.parametrize(("offset_s", "confidence", "kept", "kept_if_proved"), CASES)
def test_who_is_kept(
    offset_s: float | None, confidence: float | None, kept: bool, kept_if_proved: bool
) -> None:
    row = {"sync_offset_s": offset_s, "sync_confidence": confidence}
    assert OutOfSync().keeps(**row) is kept
    assert OutOfSync(unproved="drop").keeps(**row) is kept_if_proved


def test_from_the_clip_to_the_verdict() -> None:
    def kept(offset_s: float) -> bool:
        clip = flash_and_beep([1, 1.72, 3.1], offset_s=offset_s, seconds=5)
        return OutOfSync().keeps(**found(clip))

    def found(clip: Clip) -> dict[str, Value]:
        return dict(Sync().measure(clip))

    assert kept(0.0)
    assert not kept(0.6)
    assert OutOfSync().keeps(**found(silence(2)))
