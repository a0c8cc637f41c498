"""What ships computes what was trained."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models import embedded, features  # noqa: E402
from acav1m.models.features import CONTEXT, SECOND  # noqa: E402
from acav1m.models.timing import cells, lags, onset_motion, sound  # noqa: E402
from acav1m.models.train import corpus, export  # noqa: E402
from acav1m.models.train.network import normalise  # noqa: E402
from acav1m.synth import scene  # noqa: E402
from acav1m.testing import flash_and_beep  # noqa: E402


@pytest.fixture
def shipped(examples, model, timing, tmp_path: Path) -> embedded.Embedded:
    """The model after export, opened as steps open it."""
    assert max(export.export(model, timing, tmp_path).values()) < export.TOLERANCE
    about = {
        "events": scene.events(),
        "captions": corpus.sentences(examples),
        "calibration": {},
        "nothing_seen": float(timing.nothing.detach()),
    }
    export.write_index(tmp_path, about)
    return embedded.Embedded(tmp_path)


def test_the_runtime_computes_what_was_trained(model, shipped) -> None:
    clip = flash_and_beep([0.5, 1.4, 3.2, 3.9], seconds=5)
    begin = CONTEXT + int(features.starts(5)[3])
    with torch.no_grad():
        seen = model.picture(torch.from_numpy(features.clip_pictures(clip))[None].float())
        picture = seen[:, begin : begin + SECOND]
        second = normalise(model.picture_pool(picture))[0].numpy()

    assert np.allclose(shipped.encode_video(clip).seconds[3], second, atol=1e-4)
    assert set(shipped.audio_events(clip)) == set(scene.events())


def test_timing_is_read_from_the_curves_that_were_trained(timing, shipped) -> None:
    clip = flash_and_beep([0.5, 1.4, 3.2, 3.9], offset_s=0.4, seconds=5)
    changes = cells.changes(clip)
    mel = sound.mel(clip.audio(), len(changes))
    with torch.no_grad():
        heard = timing.sound_curve(torch.from_numpy(sound.channels(mel))[None])[0].numpy()
        seen = timing.picture_curves(torch.from_numpy(cells.channels(changes))[None])[0].numpy()
    curves = onset_motion.beside(heard, seen, mel, changes)
    expected = lags.compare(*curves, 5, float(timing.nothing.detach()))

    assert np.allclose(shipped.evidence(clip).clip, expected.clip, atol=1e-3)
    assert shipped.evidence(clip).nothing == pytest.approx(expected.nothing)


def test_text_is_embedded_alike(model, shipped) -> None:
    ids, mask = features.text(["a bell rings", "rain"])
    with torch.no_grad():
        expected = normalise(model.text(torch.from_numpy(ids), torch.from_numpy(mask))).numpy()

    assert np.allclose(shipped.encode_text(["a bell rings", "rain"]), expected, atol=1e-5)
