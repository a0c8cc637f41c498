"""Figures of trials whose scores were chosen, so that the right answers are known."""

import pytest

from acav1m.bench import figures
from acav1m.bench.figures import Score, Trial
from acav1m.bench.verdict import Verdict

LOW, HIGH = Score("score", "low"), Score("score", "high")
KEPT = Verdict(rejected=False, objections=())
OUT = Verdict(rejected=True, objections=("frozen", "silence"))


def trial(clip, value=None, *, offset_s=0.0, found=None, sure=0.0, shift_s=0.0, verdict=KEPT):
    columns = {"score": value, "sync_offset_s": found, "sync_confidence": sure}
    return Trial(str(clip), str(clip), offset_s, columns, verdict, shift_s)


def trials(values):
    return [trial(n, value) for n, value in enumerate(values)]


def test_a_score_that_is_low_for_all_damaged_clips_tells_them_all():
    told = figures.separation(trials([0.8, 0.9, 0.7]), trials([0.1, 0.2, 0.3]), LOW)
    assert (told["auc"], told["recall_at_5fpr"]) == (1.0, 1.0)
    assert 0.5 < told["auc_95"][0] < 1.0 == told["auc_95"][1]


def test_the_same_score_looked_at_the_wrong_way_tells_none():
    told = figures.separation(trials([0.8, 0.9]), trials([0.1, 0.2]), HIGH)
    assert (told["auc"], told["recall_at_5fpr"]) == (0.0, 0.0)


def test_an_offset_is_odd_in_both_directions():
    told = figures.separation(trials([0.0, -0.1]), trials([-1.0, 1.0]), Score("score", "far"))
    assert told["auc"] == 1.0


def test_one_clean_clip_in_twenty_may_be_lost():
    clean = trials([-100.0, *range(100, 119)])
    assert len(clean) == 20
    told = figures.separation(clean, trials([0.0, 99.0, 100.0, 101.0]), LOW)
    assert told["recall_at_5fpr"] == 0.5


def test_a_damaged_clip_without_a_score_is_not_found():
    told = figures.separation(trials([1.0, 1.0]), trials([0.0, None]), LOW)
    assert (told["auc"], told["recall_at_5fpr"]) == (1.0, 0.5)
    assert figures.scored_share(trials([0.0, None]), LOW) == 0.5


def test_nothing_is_said_where_nothing_has_a_score():
    told = figures.separation(trials([None]), trials([0.1]), LOW)
    assert set(told.values()) == {None}
    assert figures.plain_auc(trials([None]), trials([0.1]), LOW) is None


def test_clips_of_one_video_prove_less_than_as_many_videos():
    def spans(values, videos):
        return [Trial(str(n), str(n % videos), 0, {"score": v}, KEPT, 0) for n, v in values]

    clean, odd = list(enumerate([3, 4, 5, 6, 1, 7])), list(enumerate([0, 2, 1, 1, 4, 2]))
    reach = [
        figures.separation(spans(clean, videos), spans(odd, videos), LOW)["auc_95"]
        for videos in (6, 2)
    ]
    assert reach[0] != reach[1]


def test_offsets_are_compared_with_the_planted_ones():
    told = figures.offsets(
        [
            trial(1, offset_s=1.0, found=1.02, sure=0.9),
            trial(2, offset_s=-1.0, found=-1.06, sure=0.9),
            trial(3, offset_s=1.0, found=0.0, sure=0.1),
            trial(4, offset_s=1.0),
        ],
        min_confidence=0.8,
    )
    assert told["offset_error_ms"] == 60.0
    assert told["offset_error_confident_ms"] == 40.0
    assert told["offset_found_share"] == 0.75
    assert (told["confident_share"], told["confident_within_80ms"]) == (0.5, 1.0)


def test_realigning_is_judged_by_what_is_left_of_the_offset():
    tried = [
        trial(1, offset_s=1.0, found=1.0, sure=0.9, shift_s=-1.0),
        trial(2, offset_s=1.0, found=0.95, sure=0.9, shift_s=-0.9),
        trial(3, offset_s=0.5, found=-0.5, sure=0.9, shift_s=0.5),
        trial(4, offset_s=0.5, found=0.5, sure=0.1),
    ]
    told = figures.offsets(tried, min_confidence=0.8)
    assert told["realigned_within_80ms"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures.realigning(tried) == {"moved_share": 0.75, "made_worse": 0.25}


def test_a_clean_clip_that_is_moved_is_worse():
    told = figures.realigning([trial(1, shift_s=0.5), trial(2)])
    assert told == {"moved_share": 0.5, "made_worse": 0.5}


def test_sound_without_a_right_place_is_moved_but_neither_better_nor_worse():
    told = figures.realigning([trial(1, offset_s=None, shift_s=0.5), trial(2, offset_s=None)])
    assert told == {"moved_share": 0.5, "made_worse": None}


def test_shares_of_nothing_are_unknown():
    assert set(figures.offsets([], 0.8).values()) == {None}
    assert set(figures.realigning([]).values()) == {None}
    assert figures.verdicts([])["rejected_share"] is None


def test_objections_are_counted_by_filter():
    told = figures.verdicts([trial(1, verdict=OUT), trial(2)])
    assert told == {"rejected_share": 0.5, "objections": {"frozen": 0.5, "silence": 0.5}}
