"""What ships computes what was trained."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models import embedded, features  # noqa: E402
from acav1m.models.features import CONTEXT, SECOND  # noqa: E402
from acav1m.models.train import corpus, export, pairs  # noqa: E402
from acav1m.models.train.network import normalise  # noqa: E402
from acav1m.synth import scene  # noqa: E402
from acav1m.testing import flash_and_beep  # noqa: E402


@pytest.fixture
def shipped(examples, model, tmp_path: Path) -> embedded.Embedded:
    """The model after export, opened as steps open it."""
    assert max(export.export(model, tmp_path).values()) < export.TOLERANCE
    lines = pairs.calibrate(model, examples, seed=0)
    about = {
        "events": scene.events(),
        "captions": corpus.sentences(examples),
        "calibration": {name: line._asdict() for name, line in lines.items()},
    }
    export.write_index(tmp_path, about)
    return embedded.Embedded(tmp_path)


def test_the_runtime_computes_what_was_trained(model, shipped) -> None:
    clip = flash_and_beep([0.5, 1.4, 3.2, 3.9], seconds=5)
    begin = CONTEXT + int(features.starts(5)[3])
    with torch.no_grad():
        heard = model.audio(torch.from_numpy(features.clip_mel(clip))[None])
        seen = model.picture(torch.from_numpy(features.clip_pictures(clip))[None].float())
        picture = seen[:, begin : begin + SECOND]
        second = normalise(model.picture_pool(picture))[0].numpy()
        logit = model.sync(heard[:, begin - CONTEXT : begin + SECOND + CONTEXT], picture)

    assert np.allclose(shipped.encode_video(clip).seconds[3], second, atol=1e-4)
    assert shipped.sync_logits(clip)[3] == pytest.approx(logit.item(), abs=1e-4)
    assert set(shipped.audio_events(clip)) == set(scene.events())


def test_text_is_embedded_alike(model, shipped) -> None:
    ids, mask = features.text(["a bell rings", "rain"])
    with torch.no_grad():
        expected = normalise(model.text(torch.from_numpy(ids), torch.from_numpy(mask))).numpy()

    assert np.allclose(shipped.encode_text(["a bell rings", "rain"]), expected, atol=1e-5)
