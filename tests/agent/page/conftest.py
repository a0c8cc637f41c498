"""Reports of clips whose captions, reasons and names mean no good."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.wiener import Wiener
from acav1m.agent.attempt import Attempt, Story
from acav1m.agent.observation import Level, Noise, Observation, Timing
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Message
from acav1m.agent.run import Report
from acav1m.agent.scores import Scores
from acav1m.agent.transform import Transform
from acav1m.testing import from_arrays, grey, sine

EVIL = '"><script>alert("mute")</script><img src=x onerror=alert(1)> & \x1b[31mred'
BEFORE = Scores(alignment=0.9, temporal=0.1, soundness=None)
AFTER = Scores(alignment=0.9, temporal=0.95, soundness=None)
HISS = Transform.of(Wiener())


def observed(scores: Scores, offset_s: float = 0.5) -> Observation:
    return Observation(
        duration_s=2.0,
        audio_caption=EVIL,
        scores=scores,
        temporal_scores=(0.1, None),
        noise=Noise(kind="hiss", floor_db=-40.0, snr_db=5.0),
        timing=Timing(offset_s=offset_s, confidence=0.9),
        level=Level(lufs=-20.0),
    )


def attempt(cycle: int, base: Transform, **more) -> Attempt:
    plan = Plan.of(EVIL, Speed(start_s=0.5))
    told = {
        "cycle": cycle,
        "planner": "rules",
        "base": base,
        "plan": plan,
        "cause": None,
        "transform": base.then(*plan.acts()),
        "before": BEFORE,
        "after": AFTER,
        "accepted": True,
        "outcome": f"accepted {EVIL}",
        "observation": observed(BEFORE),
        "dialogue": (Message("user", f"what now?\n{EVIL}"), Message("assistant", "speed")),
        "seconds": 0.1,
    }
    return Attempt.model_validate(told | more)


@pytest.fixture(scope="session")
def sounds():
    loud, quiet = (sine(2, hz=1000, level_db=db) for db in (-6, -30))
    return loud, np.asarray(quiet)


@pytest.fixture(scope="session")
def stems(tmp_path_factory, sounds) -> list[Path]:
    found = []
    for sound in sounds:
        folder = tmp_path_factory.mktemp("clip")
        from_arrays(grey(2), 25, sound, folder=folder)
        found.append(folder / "clip")
    return found


@pytest.fixture(scope="session")
def report(stems, sounds) -> Report:
    """Of an edited clip: two attempts, the first of which was refused."""
    late = Transform.of(Speed(start_s=0.5))
    refused = attempt(1, Transform(), after=None, accepted=False, outcome="refused: it mutes")
    return Report(
        video=EVIL,
        start_s=0.0,
        end_s=2.0,
        recipe="r 1.0.0",
        threshold=0.85,
        story=Story(
            result="edited",
            reason=EVIL,
            transform=late,
            before=BEFORE,
            after=AFTER,
            observation=observed(BEFORE),
            attempts=(refused, attempt(2, HISS)),
        ),
        before=stems[0],
        after=stems[1],
        sounds=sounds,
        per_second=((0.1, None), (0.9, 1.0)),
    )


@pytest.fixture(scope="session")
def kept(report) -> Report:
    """Of a clip that was not touched."""
    story = report.story.model_copy(
        update={"result": "not_needed", "transform": Transform(), "attempts": (), "after": BEFORE}
    )
    one = report.sounds[0]
    return replace(report, story=story, after=None, sounds=(one, one))
