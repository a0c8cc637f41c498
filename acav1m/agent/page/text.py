"""The whole dialogue for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.agent.page import words
from acav1m.drawing import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.agent.attempt import Attempt, Story
    from acav1m.agent.run import Report

WIDE = 14


def text(report: Report) -> str:
    """What was observed, asked, planned and found out, cycle by cycle."""
    head = f"{shown(report.video)}, {report.start_s:g} to {report.end_s:g} s, {report.recipe}"
    scales = [f"scores ({words.scale(report.threshold)})", *_pairs(words.scales())]
    return "\n".join([head, "", *scales, "", told(report.story)])


def told(story: Story) -> str:
    """A clip's story; nothing in it can steer the terminal."""
    lines = ["observed", *_pairs(words.observed(story.observation))]
    for attempt in story.attempts:
        lines += ["", f"cycle {attempt.cycle}", *_attempt(attempt)]
    return "\n".join([*lines, "", _ending(story)])


def _attempt(attempt: Attempt) -> Iterator[str]:
    for message in attempt.dialogue:
        yield f"  {shown(message.role)}:"
        yield from (f"    | {shown(line)}" for line in message.content.splitlines())
    yield from _pairs(words.attempted(attempt))


def _pairs(told: Mapping[str, str]) -> list[str]:
    return [f"  {name:<{WIDE}}{shown(value)}" for name, value in told.items()]


def _ending(story: Story) -> str:
    ending = f"{story.result}: {shown(story.reason)}"
    if not story.transform.edits:
        return ending
    return f"{ending}\n  {'done':<{WIDE}}{words.transformed(story.transform)}"
