"""On clips nobody trained on, the shipped weights tell matched from mismatched."""

from typing import TYPE_CHECKING

import numpy as np

from acav1m.aligners.temporal import Temporal
from acav1m.calibration.evidence import auc
from acav1m.calibration.map import calibrated
from acav1m.captioners.embedded import Embedded
from acav1m.models import describe, embedded

if TYPE_CHECKING:
    from conftest import HeldOut


def test_own_sound_scores_above_another_events(held_out: "HeldOut") -> None:
    model = embedded.load()
    sound = np.stack([model.encode_audio(clip).clip for clip in held_out.clips])
    picture = np.stack([model.encode_video(clip).clip for clip in held_out.clips])
    cosines, events = sound @ picture.T, np.array(held_out.events)
    other = cosines[events[:, None] != events]

    assert auc(np.diag(cosines), other) > 0.9
    matched, mismatched = map(
        model.calibration["instance_score"].probabilities, (np.diag(cosines), other)
    )
    assert np.mean(matched >= 0.5) > 0.8
    assert np.mean(mismatched >= 0.5) < 0.2


def test_sound_in_step_scores_above_sound_that_is_late(held_out: "HeldOut") -> None:
    in_step, late = (
        [calibrated(Temporal(), Temporal().measure(clip))["temporal_score"] for clip in clips]
        for clips in (held_out.clips, held_out.late)
    )

    assert auc(in_step, late) > 0.8
    assert np.mean(in_step) > 0.55 > 0.45 > np.mean(late)


def test_captions_name_the_event(held_out: "HeldOut") -> None:
    model = embedded.load()
    rows = [Embedded().measure(clip) for clip in held_out.clips]

    for kind in ("audio", "visual"):
        named = [
            row[f"{kind}_caption"] is not None
            and describe.event_of(model, kind, row[f"{kind}_caption"]) == event
            for row, event in zip(rows, held_out.events, strict=True)
        ]
        assert np.mean(named) > 0.7
