"""The embedded model: honest about its weights, deterministic, and better than chance."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from acav1m.errors import AcavError
from acav1m.models import embedded, shipped
from acav1m.models.timing.lags import LAGS_S
from acav1m.testing import flash_and_beep, tone


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A copy of the shipped weights to spoil."""
    return Path(shutil.copytree(shipped.WEIGHTS, tmp_path / "weights"))


def test_weights_that_were_changed_are_refused(weights: Path) -> None:
    path = weights / "picture_curves.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(AcavError, match=r"picture_curves\.onnx is not the file"):
        embedded.Embedded(weights)


def test_missing_weights_are_refused(weights: Path) -> None:
    (weights / "text.onnx").unlink()

    with pytest.raises(AcavError, match=r"text\.onnx is missing"):
        embedded.Embedded(weights)


def test_a_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AcavError, match=r"embedded\.json is missing"):
        embedded.Embedded(tmp_path)


def test_another_calibration_is_another_checksum(weights: Path) -> None:
    before = shipped.checksum(shipped.WEIGHTS)
    index = json.loads((weights / shipped.INDEX).read_text())
    index["calibration"]["instance_score"]["slope"] += 1
    (weights / shipped.INDEX).write_text(json.dumps(index))

    assert shipped.checksum(weights) != before
    with embedded.using(weights):
        assert embedded.checksum() == embedded.load().checksum() != before
    assert embedded.checksum() == before


def test_two_processes_worth_of_model_agree_to_the_bit() -> None:
    one, other = embedded.Embedded(), embedded.Embedded()

    for model in (one, other):
        assert model.checksum() == one.checksum()
    first, second = flash_and_beep([0.5, 1.5]), flash_and_beep([0.5, 1.5])
    assert np.array_equal(one.encode_audio(first).seconds, other.encode_audio(second).seconds)
    assert np.array_equal(one.encode_video(first).clip, other.encode_video(second).clip)
    assert np.array_equal(one.evidence(first).clip, other.evidence(second).clip)


def test_vectors_have_length_one() -> None:
    model, clip = embedded.load(), flash_and_beep([0.5, 1.5], seconds=3)

    for found in (model.encode_audio(clip), model.encode_video(clip)):
        assert found.clip.shape == (128,)
        assert found.seconds.shape == (3, 128)
        assert found.clip.dtype == found.seconds.dtype == np.float32
        assert np.allclose(np.linalg.norm(found.seconds, axis=1), 1, atol=1e-5)
        assert np.linalg.norm(found.clip) == pytest.approx(1, abs=1e-5)
    assert np.allclose(np.linalg.norm(model.encode_text(["a bell", "x"]), axis=1), 1, atol=1e-5)


def test_a_clip_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model, clip = embedded.Embedded(), tone(2)
    model.encode_audio(clip)
    model.encode_video(clip)
    model.evidence(clip)

    def refuse(*args: object, **inputs: object) -> None:
        raise AssertionError("ran again")

    monkeypatch.setattr(model, "_run", refuse)
    assert model.evidence(clip).seconds.shape == (2, len(LAGS_S))
    assert model.encode_audio(clip).clip is model.encode_audio(clip).clip


def test_a_long_clip_goes_in_stretches_that_leave_no_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    times_s = [0.5, 1.3, 2.2, 3.1]
    whole = embedded.load().evidence(flash_and_beep(times_s))
    monkeypatch.setattr(embedded, "STRETCH", 17)
    pieced = embedded.load().evidence(flash_and_beep(times_s))

    assert np.allclose(whole.clip, pieced.clip, atol=1e-3)


def test_texts_do_not_depend_on_their_neighbours() -> None:
    model = embedded.load()
    alone = model.encode_text(["a bell rings"])[0]
    among = model.encode_text(["a much longer sentence of a person who talks", "a bell rings"])[1]

    assert np.allclose(alone, among, atol=1e-5)


def test_every_event_has_sentences_of_every_kind() -> None:
    model = embedded.load()

    assert set(model.captions) == set(model.events)
    assert all(
        kinds[kind] for kinds in model.captions.values() for kind in ("audio", "visual", "both")
    )
