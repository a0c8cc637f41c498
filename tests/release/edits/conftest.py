"""The tests' release with the sound of three clips truly edited, as an agent might have it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from acav1m import table
from acav1m.agent.actions.spectral_gating import SpectralGating
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.actions.wavelet import Wavelet
from acav1m.agent.observation import Observation
from acav1m.agent.plan import Plan
from acav1m.agent.transform import Transform
from acav1m.media import decode
from acav1m.release.checks import croissant
from acav1m.release.write import Content, write
from acav1m.testing import write_flac

HIGH = "v0_0_1000"
NO_ACTION = "v0_1000_2000"
NOT_BETTER = "v1_0_1000"
FAILED = "v1_1000_2000"
GATED = "v2_1000_2000"
"""Edited: the last clip of train, so the first shards hold no original."""

MOVED = "v4_0_1000"
"""Edited twice, the second time from the original."""

REJECTED = "v6_0_1000"
"""Edited, and rejected all the same."""

HOW = {
    GATED: Transform.of(SpectralGating(), Volume(target_lufs=-30)),
    MOVED: Transform.of(Wavelet(), Speed(factor=1.05, start_s=0.1)),
    REJECTED: Transform.of(Volume(target_lufs=-35)),
}
NOTHING = Transform().model_dump_json()


@pytest.fixture(scope="session")
def edited_content(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Content:
    return _content(content, tmp_path_factory.mktemp("edited_media"))


@pytest.fixture(scope="session")
def edited(edited_content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that tests only read."""
    folder = tmp_path_factory.mktemp("edited") / "tiny"
    write(edited_content, folder)
    return folder


@pytest.fixture
def spoilt(edited: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(edited, tmp_path / "spoilt"))


@pytest.fixture
def without_mlcroissant(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes seconds each time and has tests of its own."""
    monkeypatch.setattr(croissant, "is_readable_here", lambda: False)


@pytest.fixture(scope="session")
def without_originals(edited_content: Content) -> Content:
    """The same, its recipe keeping no originals."""
    return _released_as(edited_content, originals=False)


@pytest.fixture(scope="session")
def released_as() -> Callable[..., Content]:
    """Changes the section `release` of a content's recipe."""
    return _released_as


def _released_as(content: Content, **changed: Any) -> Content:
    settings = content.recipe.release.model_copy(update=changed)
    recipe = content.recipe.model_copy(update={"release": settings})
    return dataclasses.replace(content, recipe=recipe)


def _content(plain: Content, folder: Path) -> Content:
    """The same clips, three of them edited."""
    media, originals = dict(plain.media), {}
    rows = plain.ledger.to_pylist()
    for row in rows:
        row |= dict.fromkeys(table.EDIT_COLUMNS)
        if row["state"] in ("kept", "flagged") or row["clip_id"] == REJECTED:
            row |= _asked(row["clip_id"])
        if row["clip_id"] in (GATED, MOVED):
            originals[row["clip_id"]] = media[row["clip_id"]].with_suffix(".flac")
            media[row["clip_id"]] = _edited(row, media[row["clip_id"]], folder / row["clip_id"])
    schema = pa.schema([*plain.ledger.schema, *table.schema(table.EDIT_COLUMNS)])
    return dataclasses.replace(
        plain,
        ledger=pa.Table.from_pylist(rows, schema),
        media=media,
        recipe=plain.recipe.model_copy(update={"editors": {"avagent": {}}}),
        edits=_attempts(),
        originals=originals,
    )


def _attempts() -> pa.Table:
    """Every attempt, also of clips that stayed as they were, or were rejected."""
    rows = [
        _attempt(NO_ACTION, 1, None, cause="the server is dead"),
        _attempt(NOT_BETTER, 1, Volume(target_lufs=-20), after=0.4),
        _attempt(GATED, 1, SpectralGating(), Volume(target_lufs=-30), after=0.9, accepted=True),
        _attempt(MOVED, 1, Wavelet(), after=0.7, accepted=True),
        _attempt(MOVED, 2, Wavelet(), Speed(factor=1.05, start_s=0.1), after=0.8, accepted=True),
        _attempt(REJECTED, 1, Volume(target_lufs=-35), after=0.6, accepted=True),
    ]
    return pa.Table.from_pylist(rows, table.schema(table.EDITS_COLUMNS))


def _asked(clip_id: str) -> dict[str, Any]:
    made = [row["accepted"] for row in _attempts().to_pylist() if row["clip_id"] == clip_id]
    known = {NO_ACTION: "no_action", NOT_BETTER: "not_better", FAILED: "failed"}
    result = "edited" if any(made) else known.get(clip_id, "not_needed")
    asked = {"edit_result": result, "edit_reason": f"so it is with {result}"}
    if result == "edited":
        asked |= {"edit_transform": HOW[clip_id].model_dump_json()}
        asked |= {"orig_flac_sha256": "0" * 64, "orig_flac_bytes": 1}
    return asked | {"edit_attempts": None if result == "failed" else len(made)}


def _edited(row: dict[str, Any], stem: Path, folder: Path) -> Path:
    """Edit the clip's sound into a folder, and say so in its row."""
    folder.mkdir()
    shutil.copy(stem.with_suffix(".mp4"), folder / "clip.mp4")
    original = decode.flac(stem.with_suffix(".flac"))
    rate_hz = decode.RELEASE_RATE_HZ
    sound = HOW[row["clip_id"]].replay(original, rate_hz)
    write_flac(folder / "clip.flac", sound[None], rate_hz)
    for name, path in (("flac", folder / "clip.flac"), ("orig_flac", stem.with_suffix(".flac"))):
        held = path.read_bytes()
        row |= {f"{name}_sha256": hashlib.sha256(held).hexdigest(), f"{name}_bytes": len(held)}
    return folder / "clip"


def _attempt(
    clip_id: str,
    cycle: int,
    *acts: Any,
    after: float | None = None,
    accepted: bool = False,
    cause: str | None = None,
) -> dict[str, Any]:
    planned = None if acts == (None,) else Plan.of(f"hiss in {clip_id}", *acts)
    return {
        "clip_id": clip_id,
        "cycle": cycle,
        "planner": "rules",
        "base": NOTHING,
        "plan": json.dumps(planned.told()) if planned else None,
        "reason": planned.reason if planned else None,
        "cause": cause,
        "transform": Transform.of(*planned.acts()).model_dump_json() if planned else None,
        "alignment_before": 0.5,
        "alignment_after": after,
        "temporal_before": 0.25 if clip_id == GATED else None,
        "temporal_after": after if clip_id == GATED else None,
        "soundness_before": 0.125,
        "soundness_after": after,
        "accepted": accepted,
        "outcome": f"no plan: {cause}" if cause else "accepted" if accepted else "not better",
        "observation": Observation(duration_s=1).model_dump_json(),
    }
