import numpy as np
import pytest

from acav1m.synth.rhythm import Rhythm
from acav1m.synth.wild import tempo
from acav1m.synth.wild.beat import beats

START_S, END_S = -1.5, 6.5


def drawn(count=300):
    return [tempo.draw(np.random.default_rng(seed), START_S, END_S) for seed in range(count)]


@pytest.mark.parametrize("draw", [tempo.draw, tempo.syllables, tempo.strokes])
def test_hits_are_in_order_apart_and_within_the_performance(draw):
    for seed in range(100):
        rhythm = draw(np.random.default_rng(seed), START_S, END_S)
        hits = np.asarray(rhythm.times_s[1:-1])
        assert hits.size
        assert (np.diff(hits) >= tempo.LEAST_GAP_S - 1e-9).all()
        assert hits.min() >= START_S
        assert hits.max() <= END_S
        assert all(0 < strength <= 1 for strength in rhythm.strengths[1:-1])


def test_rhythms_go_from_one_hit_in_a_clip_to_six_a_second():
    counts = [len(rhythm.within(0, 5)) for rhythm in drawn()]
    assert counts.count(1) > 10
    assert max(counts) >= 25
    assert counts.count(0) < 0.05 * len(counts)


def test_most_rhythms_do_not_fit_again_when_shifted():
    """Shifted by its own usual gap, a strict beat has all hits on hits; few may be like that."""
    fits = []
    for rhythm in drawn():
        hits = np.asarray(rhythm.times_s[1:-1])
        if len(hits) > 4:
            gap_s = np.median(np.diff(hits))
            distance_s = np.abs(hits[:-1, None] + gap_s - hits).min(axis=1)
            fits.append((distance_s < 0.03).mean() > 0.8)
    assert np.mean(fits) < 0.25


def test_hits_gone_astray_are_only_seen_or_only_heard():
    rhythm = Rhythm((-30.0, *np.arange(1.0, 201.0).tolist(), 240.0), (0.0, *[1.0] * 200, 0.0))
    both, seen, heard = (
        set(r.times_s[1:-1]) for r in tempo.astray(np.random.default_rng(3), rhythm)
    )
    assert both == seen & heard
    assert seen - both
    assert heard - both
    assert seen | heard == set(rhythm.times_s[1:-1])


def test_dealt_out_hits_are_each_of_one_part():
    rhythm = tempo.syllables(np.random.default_rng(1), 0.0, 20.0)
    parts = tempo.share(np.random.default_rng(2), rhythm, 3)
    assert sorted(t for part in parts for t in part.times_s[1:-1]) == list(rhythm.times_s[1:-1])


def test_beats_of_many_instants_are_those_of_each():
    rhythm = tempo.syllables(np.random.default_rng(4), 0.0, 5.0)
    instants_s = np.linspace(0, 5, 50)
    found = beats(rhythm, instants_s)
    for k, instant_s in enumerate(instants_s.tolist()):
        one = rhythm.beat(instant_s)
        assert (found.age_s[k], found.until_s[k]) == (one.age_s, one.until_s)
        assert (found.strength[k], found.coming[k]) == (one.strength, one.coming)
