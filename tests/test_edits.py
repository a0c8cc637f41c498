"""The table of all attempts at edits."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from acav1m import table
from acav1m.agent.actions.speed import Speed
from acav1m.agent.attempt import Attempt, Story
from acav1m.agent.observation import Observation
from acav1m.agent.plan import Plan
from acav1m.agent.scores import Scores
from acav1m.agent.transform import Transform
from acav1m.edits import attempts
from acav1m.stages import edit

LOW = Scores(alignment=0.9, temporal=0.1)
HIGH = Scores(alignment=0.9, temporal=0.95, soundness=0.8)
HEARD = Observation(duration_s=5.0)
EARLIER = Speed(start_s=0.5)


def attempt(cycle: int, **more: Any) -> Attempt:
    usual: dict[str, Any] = {
        "planner": "rules",
        "base": Transform(),
        "plan": Plan.of("it is late", EARLIER),
        "cause": None,
        "transform": Transform.of(EARLIER),
        "before": LOW,
        "after": HIGH,
        "accepted": True,
        "outcome": "better",
        "observation": HEARD,
        "seconds": 1.5 * cycle,
    }
    return Attempt(cycle=cycle, **(usual | more))


def story(*tried: Attempt) -> str:
    told: dict[str, Any] = {"before": LOW, "after": HIGH, "observation": HEARD}
    return Story(result="edited", reason="better", attempts=tried, **told).model_dump_json()


def told(ledger: list[dict[str, Any]], stories: dict[str, str | None]) -> pa.Table:
    asked = [{"key": key, "_edited_key": f"{key}-e"} for key in stories]
    done = [{"key": f"{key}-e", "story": story} for key, story in stories.items()]
    columns = {"key": str, "clip_id": str, "source_uri": str, "story": str}
    return attempts(
        pa.Table.from_pylist(ledger, schema=table.schema(columns)),
        pa.Table.from_pylist(asked, schema=table.schema({"key": str, "_edited_key": str})),
        pa.Table.from_pylist(done, schema=edit.SCHEMA),
    )


def test_each_attempt_is_a_row_without_a_clock() -> None:
    failed = attempt(2, plan=None, cause="no answer", transform=None, after=None, accepted=False)
    found = told([{"key": "k", "clip_id": "c"}], {"k": story(attempt(1), failed)})

    assert found.schema == table.schema(table.EDITS_COLUMNS)
    first, second = found.to_pylist()
    assert (first["clip_id"], first["cycle"], first["planner"]) == ("c", 1, "rules")
    assert json.loads(first["plan"]) == Plan.of("it is late", EARLIER).told()
    assert (first["reason"], first["cause"]) == ("it is late", None)
    assert Transform.model_validate_json(first["base"]) == Transform()
    assert Transform.model_validate_json(first["transform"]) == Transform.of(EARLIER)
    assert Observation.model_validate_json(first["observation"]) == HEARD
    assert (first["temporal_before"], first["temporal_after"]) == (0.1, 0.95)
    assert (first["soundness_before"], first["soundness_after"]) == (None, 0.8)
    assert (second["plan"], second["reason"], second["cause"]) == (None, None, "no answer")
    assert (second["transform"], second["temporal_after"]) == (None, None)


def test_clips_come_in_order_and_those_without_a_story_not_at_all() -> None:
    ledger = [{"key": key, "clip_id": clip} for key, clip in (("a", "z"), ("b", "y"), ("c", "x"))]
    found = told(ledger, {"a": story(attempt(1), attempt(2)), "b": story(attempt(1)), "c": None})

    rows = [(row["clip_id"], row["cycle"]) for row in found.to_pylist()]
    assert rows == [("y", 1), ("z", 1), ("z", 2)]


def test_of_copies_the_first_counts() -> None:
    ledger = [{"key": key, "clip_id": "c", "source_uri": uri} for key, uri in ("ab", "ba")]
    found = told(ledger, {"a": story(attempt(1), attempt(2)), "b": story(attempt(1))})

    assert found.num_rows == 1


def test_a_sources_own_story_stays_out_of_it() -> None:
    ledger = [{"key": "k", "clip_id": "c", "story": "once upon a time"}]

    assert told(ledger, {"k": story(attempt(1))}).num_rows == 1
