from __future__ import annotations

import json
from pathlib import Path

import pytest

from acav1m.release import layout, views
from acav1m.release.checks.croissant import check


def test_sound_release_has_no_finding(release: Path) -> None:
    assert list(check(release, views.datasets(release))) == []


def test_text_that_is_no_json_is_damage(damaged: Path) -> None:
    (damaged / layout.CROISSANT).write_text("{")
    with pytest.raises(json.JSONDecodeError):
        list(check(damaged, views.datasets(damaged)))


def test_reading_leaves_no_cache_behind(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its cache is keyed by relative path, so two releases would read each other's clips."""
    monkeypatch.setenv("CROISSANT_CACHE", str(tmp_path / "shared"))
    assert list(check(release, views.datasets(release))) == []
    assert not (tmp_path / "shared").exists()


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"column": "lufs"', '"column": "loudness"', "clips has no column 'loudness'"),
        ('"contentUrl": "shards.txt"', '"contentUrl": "none.txt"', "none.txt is listed but"),
        ('"@id": "clips",', '"@id": "clip",', "the record set clips is missing"),
        ('"fileProperty": "content"', '"fileProperty": "contents"', "croissant.json: "),
        ('"includes": "*.mp4"', '"includes": "*.avi"', "video_preview"),
        ('"@id": "preview-mp4"', '"@id": "preview-avi"', "croissant.json: "),
    ],
)
def test_edited_croissant_is_found(damaged: Path, old: str, new: str, complaint: str) -> None:
    path = damaged / layout.CROISSANT
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    findings = list(check(damaged, views.datasets(damaged)))
    assert any(complaint in finding for finding in findings), findings
