"""Choices among many clips: limits kept, best first, the same however rows are stored."""

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError

from acav1m.selectors.balance import Balance
from acav1m.selectors.budget import Budget
from acav1m.selectors.per_video import PerVideo
from acav1m.sql import connect
from acav1m.steps import Selector

RNG = np.random.default_rng(0)
CLIPS = [
    {
        "clip_id": f"v{k % 12:02}_{k:04}",
        "video_id": f"v{k % 12:02}",
        "event": ["bell", "drum", "rain", None][k % 4],
        "motion": None if k % 10 == 0 else round(float(RNG.random()), 2),
        "duration_s": float(RNG.uniform(2, 10)),
    }
    for k in range(120)
]


def chosen(selector: Selector, clips: list[dict[str, Any]] = CLIPS) -> list[dict[str, Any]]:
    with connect() as connection:
        connection.register("clips", pa.Table.from_pylist(clips))
        query = (
            f"SELECT clip_id FROM (SELECT clip_id, {selector.keep()} AS kept FROM clips) WHERE kept"
        )
        kept = {clip_id for (clip_id,) in connection.execute(query).fetchall()}
    return [clip for clip in clips if clip["clip_id"] in kept]


EVERY = [
    Budget(clips=30),
    Budget(hours=0.05),
    Budget(clips=30, hours=0.05, best="motion"),
    Balance(column="event", clips=5),
    Balance(column="event", clips=5, best="motion"),
    PerVideo(clips=2),
    PerVideo(clips=2, best="motion"),
]


@pytest.mark.parametrize("selector", EVERY, ids=repr)
def test_the_order_of_rows_does_not_matter(selector: Selector) -> None:
    shuffled = [CLIPS[k] for k in np.random.default_rng(1).permutation(len(CLIPS))]
    ids = {clip["clip_id"] for clip in chosen(selector)}
    assert ids
    assert {clip["clip_id"] for clip in chosen(selector, shuffled)} == ids


def test_a_budget_of_clips_is_spent() -> None:
    assert len(chosen(Budget(clips=30))) == 30
    assert len(chosen(Budget(clips=500))) == len(CLIPS)


def test_a_budget_of_hours_is_spent_and_not_overspent() -> None:
    spent_s = sum(clip["duration_s"] for clip in chosen(Budget(hours=0.05)))
    assert 180 - 10 < spent_s <= 180


def test_the_stricter_of_two_limits_holds() -> None:
    assert len(chosen(Budget(clips=3, hours=100))) == 3
    assert sum(clip["duration_s"] for clip in chosen(Budget(clips=500, hours=0.05))) <= 180


def test_best_first_and_unknown_last() -> None:
    kept = chosen(Budget(clips=20, best="motion"))
    lowest = min(clip["motion"] for clip in kept)
    left = [clip["motion"] for clip in CLIPS if clip not in kept and clip["motion"] is not None]
    assert lowest >= max(left)


def test_a_larger_budget_holds_the_smaller() -> None:
    small, large = chosen(Budget(clips=10, seed=3)), chosen(Budget(clips=40, seed=3))
    assert all(clip in large for clip in small)


def test_another_seed_chooses_otherwise() -> None:
    assert chosen(Budget(clips=10, seed=1)) != chosen(Budget(clips=10, seed=2))


def test_a_seeded_choice_is_pinned() -> None:
    """The md5 of seed and clip id decides, so that no version of DuckDB chooses otherwise."""
    kept = {clip["clip_id"] for clip in chosen(Budget(clips=3, seed=7))}
    with duckdb.connect() as connection:
        rows = [
            (connection.execute("SELECT md5(?)", [f"7/{c['clip_id']}"]).fetchall()[0][0], c)
            for c in CLIPS
        ]
    assert kept == {clip["clip_id"] for _, clip in sorted(rows, key=lambda row: row[0])[:3]}


def test_a_budget_without_limits_is_refused() -> None:
    with pytest.raises(ValidationError, match="clips, hours or both"):
        Budget()


def test_every_kind_gets_its_share_the_unknown_too() -> None:
    kept = [clip["event"] for clip in chosen(Balance(column="event", clips=5))]
    assert {kind: kept.count(kind) for kind in set(kept)} == {
        "bell": 5,
        "drum": 5,
        "rain": 5,
        None: 5,
    }


def test_a_columns_odd_name_is_no_sql() -> None:
    odd = [{**clip, 'my "kind"': clip["event"]} for clip in CLIPS]
    assert len(chosen(Balance(column='my "kind"', clips=1), odd)) == 4


def test_a_few_clips_of_each_video() -> None:
    kept = [clip["video_id"] for clip in chosen(PerVideo(clips=2))]
    assert all(kept.count(video) == 2 for video in {clip["video_id"] for clip in CLIPS})
