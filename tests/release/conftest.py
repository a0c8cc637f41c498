"""A small release made for the tests: every state, awkward text, nulls and empty lists."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from acav1m.recipe import Recipe
from acav1m.release import tar
from acav1m.release.write import Content, write
from acav1m.testing import from_arrays, sine

SCHEMA = pa.schema(
    [
        ("clip_id", pa.string()),
        ("video_id", pa.string()),
        ("source", pa.string()),
        ("source_uri", pa.string()),
        ("license", pa.string()),
        ("start_s", pa.float64()),
        ("end_s", pa.float64()),
        ("duration_s", pa.float64()),
        ("state", pa.string()),
        ("rejected_by", pa.list_(pa.string())),
        ("flags", pa.list_(pa.string())),
        ("split", pa.string()),
        ("duplicate_of", pa.string()),
        ("error_stage", pa.string()),
        ("error_kind", pa.string()),
        ("error_message", pa.string()),
        ("error_transient", pa.bool_()),
        ("mp4_sha256", pa.string()),
        ("mp4_bytes", pa.int64()),
        ("flac_sha256", pa.string()),
        ("flac_bytes", pa.int64()),
        ("decode_errors", pa.int64()),
        ("lufs", pa.float64()),
        ("silent_share", pa.float64()),
        ("caption", pa.string()),
        ("instance_score", pa.float64()),
        ("temporal_scores", pa.list_(pa.float64())),
        ("mood", pa.string()),
        ("locator", pa.string()),
    ]
)

CLIPS = [f"v{n // 2}_{n % 2 * 1000}_{n % 2 * 1000 + 1000}" for n in range(10)]
SPLITS = {"v0": "train", "v1": "train", "v2": "train", "v3": "validation", "v4": "test"}


@pytest.fixture(scope="session", autouse=True)
def _offline(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the libraries that read releases away from the network and the home folder."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["HF_HOME"] = str(tmp_path_factory.mktemp("hf"))
    os.environ["CROISSANT_CACHE"] = str(tmp_path_factory.mktemp("croissant"))


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    stems = {clip_id: tmp_path_factory.mktemp(clip_id) / "clip" for clip_id in CLIPS}
    for number, stem in enumerate(stems.values()):
        pictures = np.full((5, 32, 32, 3), 20 * number, np.uint8)
        from_arrays(pictures, 5, sine(1, hz=300 + 40 * number), folder=stem.parent)
    return stems


@pytest.fixture(scope="session")
def ledger(media: dict[str, Path]) -> pa.Table:
    return pa.Table.from_pylist(rows(media), SCHEMA)


@pytest.fixture(scope="session")
def recipe() -> Recipe:
    return Recipe.model_validate(
        {
            "name": "tiny",
            "version": "0.1.0",
            "about": 'Ten clips with "quotes": and ünïcode.\n',
            "license": "CC-BY-4.0",
            "creators": [{"name": "Ada Example", "affiliation": "Nowhere"}],
            "date": "2024-05-06",
            "contact": "ada@example.org",
            "answers": {"purpose": "To test the release."},
            "sources": {"folder": {}},
            "measures": {"loudness": {}},
            "filters": {"silence": {"max_share": 0.5}, "quiet": {}},
            "release": {"clips_per_shard": 2},
        }
    )


@pytest.fixture(scope="session")
def content(ledger: pa.Table, media: dict[str, Path], recipe: Recipe) -> Content:
    lock = {
        "name": recipe.name,
        "version": recipe.version,
        "steps": {
            "filters": {
                "silence": {"version": 1, "options": {"max_share": 0.5}},
                "quiet": {"version": 1, "options": {"min_lufs": -40.0}},
            },
        },
        "conditions": {
            "silence": {"keep": "silent_share <= 0.5", "on_fail": "reject"},
            "quiet": {"keep": "lufs >= -40.0", "on_fail": "reject"},
        },
        "reasons": ["duplicate", "silence", "quiet"],
        "tools": {"acav1m": "0.1.0"},
    }
    return Content(ledger, media, recipe, lock)


@pytest.fixture(scope="session")
def release(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that tests only read."""
    folder = tmp_path_factory.mktemp("released") / "tiny"
    write(content, folder)
    return folder


def rows(media: dict[str, Path]) -> list[dict[str, Any]]:
    """Ten released clips (the first five tempt readers to guess wrong types) and six others."""
    released = [_row(clip_id, number, media[clip_id]) for number, clip_id in enumerate(CLIPS)]
    released[1] |= {"state": "flagged", "flags": ["quiet", "dark"]}
    left_out = [
        _left_out("v0_0_1000", state="rejected", rejected_by=["duplicate"], duplicate_of=CLIPS[0])
        | {"source_uri": "copy of v0.mp4"},
        _left_out("v5_0_1000", state="rejected", rejected_by=["silence"], silent_share=0.9),
        _left_out("v6_0_1000", state="rejected", rejected_by=["silence", "quiet"], lufs=-50.0),
        _left_out("v7_0_1000", state="rejected", rejected_by=["quiet"], lufs=None),
        _left_out(
            "v8_0_1000",
            state="failed",
            error_stage="cut",
            error_kind="truncated",
            error_message="ends | early, 'they' said",
            error_transient=False,
        ),
        _left_out(
            "v9", state="failed", error_stage="fetch", error_kind="http", error_transient=True
        ),
    ]
    return sorted(released + left_out, key=lambda row: (row["clip_id"], row["source_uri"]))


def _row(clip_id: str, number: int, stem: Path) -> dict[str, Any]:
    video = clip_id.partition("_")[0]
    early = number < 6
    files = {kind: stem.with_suffix(f".{kind}").read_bytes() for kind in ("mp4", "flac")}
    return _left_out(clip_id, state="kept", rejected_by=[], flags=[], split=SPLITS[video]) | {
        "mp4_sha256": hashlib.sha256(files["mp4"]).hexdigest(),
        "mp4_bytes": len(files["mp4"]),
        "flac_sha256": hashlib.sha256(files["flac"]).hexdigest(),
        "flac_bytes": len(files["flac"]),
        "decode_errors": None if early else number,
        "lufs": -20.0 if early else -20.25,
        "silent_share": 0.0,
        "caption": None if early else f'a "dog", barks |\n{number} mal: ünïcode 狗 \'',
        "instance_score": 1.0 if early else 0.75,
        "temporal_scores": [] if early else [1.0, 0.5],
        "mood": None,
    }


def _left_out(clip_id: str, **columns: Any) -> dict[str, Any]:
    video = clip_id.partition("_")[0]
    base = {
        "clip_id": clip_id,
        "video_id": video,
        "source": "folder",
        "source_uri": f"{video}.mp4",
        "license": None if video == "v1" else "CC-BY-4.0",
        "start_s": 0.0,
        "end_s": 1.0,
        "duration_s": 1.0,
        "locator": f"/secret/{video}.mp4",
    }
    return base | columns


@pytest.fixture
def damaged(release: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return Path(shutil.copytree(release, tmp_path / "damaged"))


@pytest.fixture(scope="session")
def decoded(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same release, its media declared as video and audio."""
    settings = content.recipe.release.model_copy(update={"media_features": "decoded"})
    recipe = content.recipe.model_copy(update={"release": settings})
    folder = tmp_path_factory.mktemp("decoded") / "tiny"
    write(dataclasses.replace(content, recipe=recipe), folder)
    return folder


@pytest.fixture
def cut_before_last_clip() -> Callable[[Path], None]:
    """Drop a shard's last clip so that the tar still reads without a complaint."""

    def cut(path: Path) -> None:
        last = list(tar.members(path))[-3]
        content = path.read_bytes()[: last.offset - tar.HEADER_BYTES]
        path.write_bytes(content + bytes(2 * tar.HEADER_BYTES))

    return cut
