"""A source becomes clips: read once, cut piece by piece, and never silent for long."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from acav1m.media import encode, ffmpeg
from acav1m.stages import download
from acav1m.stages.download import Download


@pytest.fixture
def job(tmp_path: Path) -> Callable[[dict[str, Any]], Download]:
    """Download from files, with these options of the cut."""
    (tmp_path / "scratch").mkdir()

    def made(cut: dict[str, Any]) -> Download:
        sources = {"files": {"path": str(tmp_path)}}
        return Download(sources, cut, str(tmp_path / "store"), str(tmp_path / "scratch"))

    return made


def _row(path: Path) -> dict[str, Any]:
    candidate = {"uri": path.name, "locator": str(path), "start_s": None, "end_s": None}
    return {"key": "abcdef", "source": "files", "candidate": candidate}


def _film(path: Path, seconds: int) -> Path:
    pictures = np.random.default_rng(0).integers(0, 255, (seconds * 25, 32, 32, 3), np.uint8)
    sound = np.random.default_rng(1).normal(0, 0.1, seconds * 16_000).astype(np.float32)
    encode.write(path, pictures, 25, sound, 16_000)
    return path


def test_a_source_that_cannot_be_sought_is_copied_once(
    job: Callable[[dict[str, Any]], Download], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three clips once meant three copies of the whole source."""
    outputs = []
    real = ffmpeg.run

    def counted(graph: Any, **limits: Any) -> int:
        outputs.append(graph)
        return real(graph, **limits)

    monkeypatch.setattr(ffmpeg, "run", counted)
    source = _film(tmp_path / "x.avi", 6)
    results = job({"seconds": 2, "min_s": 1}).run(_row(source), lambda: None)
    assert [row["start_s"] for row in results] == [0.0, 2.0, 4.0]
    assert not [row for row in results if row.get("error_kind")]
    assert len(outputs) == 1 + 3


def test_every_stage_of_a_source_shows_signs_of_life(
    job: Callable[[dict[str, Any]], Download], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _film(tmp_path / "x.mkv", 4)
    signs: list[str] = []
    for name in ("probe", "spans", "seekable", "cut"):
        real = getattr(download, name)

        def told(*given: Any, real: Any = real, name: str = name) -> Any:
            given[-1]()
            signs.append(name)
            return real(*given)

        monkeypatch.setattr(download, name, told)
    beats: list[int] = []
    job({"seconds": 2, "min_s": 1}).run(_row(source), lambda: beats.append(1))
    assert signs == ["probe", "spans", "seekable", "cut", "cut"]
    assert len(beats) > len(signs)


def test_a_further_try_loses_no_clip_that_was_there(
    job: Callable[[dict[str, Any]], Download], tmp_path: Path
) -> None:
    work, row = job({"seconds": 1, "min_s": 0.5}), _row(tmp_path / "gone.mp4")
    whole = {"key": "abcdef-0", "candidate": "abcdef", "media": "ab/x", "start_s": 0.0}
    failed = {"key": "abcdef-1", "candidate": "abcdef", "error_kind": "timeout"}
    before = pa.Table.from_pylist([whole, failed], schema=work.store.schema)
    work.commit("before", before.to_pylist())

    assert work.run(row | {"partly": True}, lambda: None) == before.to_pylist()
    assert work.lost(row | {"partly": True}, "crash", "so it says") == before.to_pylist()
    [alone] = work.run(row, lambda: None)
    assert alone["error_kind"] is not None
