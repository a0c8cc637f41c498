from collections import Counter

import numpy as np
import pytest
from pydantic import ValidationError

from acav1m.media import decode
from acav1m.sources.synthetic import Synthetic
from acav1m.synth import scene
from acav1m.synth.plant import defects


def candidates(**options):
    return list(Synthetic(**options).candidates())


def test_more_clips_keep_the_earlier_ones():
    assert candidates(clips=100, seed=3)[:30] == candidates(clips=30, seed=3)


def test_another_seed_gives_other_clips():
    first, second = candidates(clips=20, seed=1), candidates(clips=20, seed=2)
    assert not {c.uri for c in first} & {c.uri for c in second}


@pytest.mark.parametrize("share", [0.0, 0.25, 0.4, 1.0])
def test_defect_share_is_met_and_spread(share):
    planted = [c.metadata["planted_defect"] for c in candidates(clips=180, defect_share=share)]
    counts = Counter(planted)
    clean = counts.pop(None, 0)
    assert abs((180 - clean) - 180 * share) <= 1
    if share:
        assert set(counts) == set(defects())
        assert max(counts.values()) - min(counts.values()) <= 1


def test_events_take_turns():
    size = len(scene.events())
    events = [c.metadata["event"] for c in candidates(clips=3 * size)]
    assert set(Counter(events).values()) == {3}
    assert events[:size] != events[size : 2 * size]


def test_choices_are_narrowed():
    found = candidates(clips=20, events=("bell", "saw"), defects=("muted",), defect_share=0.5)
    assert {c.metadata["event"] for c in found} == {"bell", "saw"}
    assert {c.metadata["planted_defect"] for c in found} == {None, "muted"}


@pytest.mark.parametrize(
    ("options", "hint"),
    [({"events": ("bel",)}, "did you mean 'bell'"), ({"defects": ("mute",)}, "'muted'")],
)
def test_unknown_names_are_refused_with_the_nearest(options, hint):
    with pytest.raises(ValidationError, match=hint):
        Synthetic(**options)


def test_every_candidate_has_exactly_the_columns():
    source = Synthetic(clips=30)
    for candidate in source.candidates():
        assert set(candidate.metadata) == set(source.columns())
        assert candidate.license == "CC0-1.0"


def test_the_truth_is_beside_the_claim():
    for candidate in candidates(clips=60):
        truth = candidate.metadata
        if truth["planted_defect"] == "wrong_caption":
            assert truth["source_caption"] != truth["true_caption"]
        if truth["planted_defect"] is None:
            assert truth["planted_offset_s"] == 0.0
            assert truth["source_caption"] == truth["true_caption"]
            assert all(truth["true_labels_per_s"])
        if truth["planted_defect"] == "shifted":
            assert 0.25 <= abs(truth["planted_offset_s"]) <= 2
            assert not any(truth["true_labels_per_s"])
        if truth["planted_defect"] in ("swapped", "dubbed", "drift"):
            assert truth["planted_offset_s"] is None


def test_only_a_wrong_caption_speaks_of_another_event():
    for candidate in candidates(clips=60):
        truth = candidate.metadata
        seed = int(candidate.uri.partition("seed=")[2].partition("&")[0])
        own = truth["source_caption"] == scene.captions(truth["event"], seed, 5.0).both
        assert own == (truth["planted_defect"] != "wrong_caption")


def test_uris_and_ids_are_their_own(tmp_path):
    source = Synthetic(clips=6, seconds=0.4, width=64, height=48)
    found = [source.fetch(candidate, tmp_path) for candidate in source.candidates()]
    assert len({c.uri for c in source.candidates()}) == 6
    assert len({f.video_id for f in found}) == 6
    assert all(f.video_id.replace("-", "").replace("_", "").isalnum() for f in found)
    assert all(f.path.parent == tmp_path and f.path.stem == f.video_id for f in found)


def test_what_is_fetched_is_what_was_planned(tmp_path):
    source = Synthetic(clips=40, seconds=2, width=64, height=48, seed=5)
    candidate = next(c for c in source.candidates() if c.metadata["planted_defect"] == "muted")
    found = decode.clip(source.fetch(candidate, tmp_path).path)
    silent = np.abs(found.track.samples[0][:32_000]).reshape(2, 16_000).max(axis=1) < 1e-3
    labels = np.asarray(candidate.metadata["true_labels_per_s"]) > 0
    assert (found.width, found.height, found.fps) == (64, 48, 25.0)
    assert not (silent & labels).any()


def test_fetching_twice_gives_the_same_bytes(tmp_path):
    source = Synthetic(clips=3, seconds=0.6)
    candidate = list(source.candidates())[2]
    paths = [source.fetch(candidate, tmp_path / name).path for name in _folders(tmp_path, "ab")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_stamp_follows_the_renderer_and_the_options(monkeypatch):
    before = candidates(clips=1)[0].stamp
    assert candidates(clips=1, seconds=4)[0].stamp != before
    assert candidates(clips=1, rate_hz=48_000)[0].stamp != before
    monkeypatch.setattr(scene, "VERSION", scene.VERSION + 1)
    assert candidates(clips=1)[0].stamp != before


def test_a_single_seed_is_enough_to_find_a_clip_again():
    candidate = candidates(clips=1, defect_share=0.0)[0]
    seed = int(candidate.uri.partition("seed=")[2])
    event = candidate.metadata["event"]
    assert scene.captions(event, seed, 5.0).both == candidate.metadata["true_caption"]


def _folders(parent, names):
    for name in names:
        (parent / name).mkdir()
    return names
