"""Where one source is cut into clips: as asked, at a fixed length, or at shot changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.errors import ClipError
from acav1m.media import shots
from acav1m.recipe import LONGEST_S

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from acav1m.media.probe import Probe
    from acav1m.recipe import Cut

Span = tuple[float, float]
EDGE_S = 0.25
"""A span named by a list may miss the media's edge by this much: lists round their times."""


def spans(
    source: Path,
    probe: Probe,
    start_s: float | None,
    end_s: float | None,
    how: Cut,
    alive: Callable[[], None] = lambda: None,
) -> list[Span]:
    """Return the (start_s, end_s) of every clip of a source, none shorter than `how.min_s`.

    A span with no start begins with the media, one with no end is `how.seconds` long. `alive` is
    called now and then, for to find the shots of a film takes long.

    Raises:
        ClipError: `too_short`, `too_long`, or `outside` for a span that the media does not cover.
    """
    if start_s is not None or end_s is not None:
        return [_asked(probe, start_s, end_s, how)]
    if probe.duration_s < how.min_s:
        raise ClipError(
            "too_short", f"holds {probe.duration_s:.2f} s of sound and picture, under {how.min_s:g}"
        )
    if how.split == "shots":
        return _at_shots(shots.changes_s(source, probe, how.shot_threshold, alive), probe, how)
    return fixed(probe.start_s, probe.end_s, how)


def fixed(start_s: float, end_s: float, how: Cut) -> list[Span]:
    """Divide a stretch into `how.seconds` long spans; a rest under `how.min_s` is left out.

    >>> from acav1m.recipe import Cut
    >>> fixed(0.5, 24.0, Cut(seconds=10, min_s=3))
    [(0.5, 10.5), (10.5, 20.5), (20.5, 24.0)]
    >>> fixed(0.0, 22.0, Cut(seconds=10, min_s=3))
    [(0.0, 10.0), (10.0, 20.0)]
    """
    found: list[Span] = []
    at = 0
    while (begin_s := start_s + at * how.seconds) + how.min_s <= end_s + 1e-6:
        found.append((begin_s, min(begin_s + how.seconds, end_s)))
        at += 1
    return found


def _asked(probe: Probe, start_s: float | None, end_s: float | None, how: Cut) -> Span:
    begin_s = probe.start_s if start_s is None else start_s
    finish_s = min(begin_s + how.seconds, probe.end_s) if end_s is None else end_s
    asked = f"from {begin_s:g} s on" if end_s is None else f"{begin_s:g} to {end_s:g} s"
    beyond = begin_s >= probe.end_s or finish_s > probe.end_s + EDGE_S
    if beyond or begin_s < probe.start_s - EDGE_S:
        raise ClipError(
            "outside",
            f"{asked} is asked, but sound and picture run from "
            f"{probe.start_s:.2f} to {probe.end_s:.2f} s",
        )
    begin_s, finish_s = max(begin_s, probe.start_s), min(finish_s, probe.end_s)
    if finish_s - begin_s < how.min_s:
        length = f"{max(0.0, finish_s - begin_s):.2f} s"
        raise ClipError("too_short", f"{asked} is asked: {length}, under {how.min_s:g}")
    if finish_s - begin_s > LONGEST_S:
        length = f"{finish_s - begin_s:.0f} s is asked"
        raise ClipError("too_long", f"{length}, and a clip has {LONGEST_S:g} s at most")
    return begin_s, finish_s


def _at_shots(changes_s: list[float], probe: Probe, how: Cut) -> list[Span]:
    """One span a shot; long ones are divided, short ones left out."""
    edges = [probe.start_s, *changes_s]
    found: list[Span] = []
    for begin_s, finish_s in zip(edges, [*edges[1:], probe.end_s], strict=True):
        found.extend(fixed(max(begin_s, probe.start_s), min(finish_s, probe.end_s), how))
    if not found:
        raise ClipError("too_short", f"no shot is {how.min_s:g} s long")
    return found
