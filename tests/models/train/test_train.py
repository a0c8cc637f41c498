"""A few steps of training: reproducible, exported faithfully, measured on the same features."""

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from acav1m.models import embedded, features  # noqa: E402
from acav1m.models.train import batch, corpus, export, fit, losses, nuisance, pairs  # noqa: E402
from acav1m.models.train.heads import lag_band
from acav1m.models.train.network import normalise  # noqa: E402
from acav1m.synth import scene  # noqa: E402
from acav1m.testing import from_arrays  # noqa: E402


@pytest.fixture(scope="module")
def examples() -> list[corpus.Example]:
    return corpus.examples(4, seed=0)


@pytest.fixture(scope="module")
def model(examples: list[corpus.Example]):
    return trained(examples)


def trained(examples: list[corpus.Example]):
    tunes = corpus.tunes(2, seed=0)
    return fit.fit(examples, tunes, events=len(scene.events()), steps=3, seed=0)[0]


def test_training_is_reproducible(examples, model) -> None:
    again = trained(examples).state_dict()

    assert all(torch.equal(value, again[name]) for name, value in model.state_dict().items())


def test_training_lowers_the_loss(examples) -> None:
    tunes = corpus.tunes(2, seed=0)
    _, curve = fit.fit(examples, tunes, events=len(scene.events()), steps=12, seed=0)

    assert curve[-1] < curve[0]


def test_the_runtime_computes_what_was_trained(examples, model, tmp_path: Path) -> None:
    """The same clip through torch and through files, onnxruntime and the runtime's windows."""
    lines = pairs.calibrate(model, examples, 0)
    assert max(export.export(model, tmp_path).values()) < export.TOLERANCE
    about = {
        "events": scene.events(),
        "captions": corpus.sentences(examples),
        "calibration": {name: line._asdict() for name, line in lines.items()},
    }
    export.write_index(tmp_path, about)
    shipped = embedded.Embedded(tmp_path)
    rendered = rendered_as_example(2)
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)
    with torch.no_grad():
        heard = model.audio(pairs._one(features.clip_mel(clip)))
        seen = model.picture(pairs._one(features.clip_pictures(clip)))
        begin = features.CONTEXT + int(features.starts(5)[3])
        second = normalise(model.picture_pool(seen[:, begin : begin + features.SECOND]))[0].numpy()
        around = heard[:, begin - features.CONTEXT : begin + features.SECOND + features.CONTEXT]
        logit = model.sync(around, seen[:, begin : begin + features.SECOND])

    assert np.allclose(shipped.encode_video(clip).seconds[3], second, atol=1e-4)
    assert shipped.sync_logits(clip)[3] == pytest.approx(logit.item(), abs=1e-4)
    assert set(shipped.audio_events(clip)) == set(scene.events())


def test_training_sees_the_features_of_use(examples) -> None:
    rendered = rendered_as_example(2)
    clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, rendered.rate_hz)

    assert np.array_equal(examples[2].pictures, features.clip_pictures(clip))
    assert np.array_equal(examples[2].mel, features.clip_mel(clip).astype(np.float16))


def rendered_as_example(number: int) -> scene.Rendered:
    seed = int(np.random.default_rng([0, number]).integers(2**31))
    return scene.render(scene.events()[number], seed, seconds=corpus.SECONDS)


def test_the_band_adds_up_diagonals() -> None:
    product = torch.arange(13 * 25.0).reshape(13, 25)
    summed = product.flatten() @ lag_band()

    assert summed[4] == sum(product[i, i + 4] for i in range(13))


def test_shifted_pairs_know_their_shift() -> None:
    """Frames that carry their own number show how far apart picture and sound were cut."""
    rng = np.random.default_rng(0)
    frames = torch.arange(50.0).reshape(1, 50, 1).expand(8, 50, 1)
    offset_s = torch.zeros(8)
    for near in (True, False):
        audio, picture, late_s = losses._shifted(frames, frames, offset_s, near, rng)
        middle = audio[:, features.CONTEXT, 0]
        assert torch.allclose((middle - picture[:, 0, 0]) * features.FRAME_S, late_s, atol=1e-5)
        assert (late_s == 0).all() if near else (late_s != 0).any()


def test_a_crop_knows_its_offset(examples) -> None:
    rng = np.random.default_rng(0)
    drawn = next(batch.batches(examples, 4, 1, rng))

    assert drawn.mel.shape == (4, 400, 64)
    assert drawn.images.shape == (4, 50, 64, 64, 3)
    assert (drawn.offset_s.abs() <= 0.0601).all()
    assert 0 <= drawn.images.min() <= drawn.images.max() <= 255


def test_gain_is_the_only_change_without_the_rest() -> None:
    mel = torch.rand(2, 16, 64)

    assert torch.allclose(nuisance.to_level(nuisance.from_level(mel)), mel, atol=1e-5)


def test_no_event_is_the_target_of_nothing() -> None:
    sure = torch.full((3, 4), -20.0)
    sure[0, 2] = 20

    assert losses.events(sure, torch.tensor([2])) < 1e-6
    assert losses.events(sure, torch.tensor([1])) > 1
