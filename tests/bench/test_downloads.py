"""The benchmark of downloads downloads, and compares with a program that is really there."""

from __future__ import annotations

import shutil

import pytest

from acav1m.bench import downloads


def test_both_ways_fetch_all_files_and_are_compared():
    found = downloads.figures(files=20, size=5000, delays_s=(0.0,), rounds=2)
    (one,) = found["delays"]
    assert len(one["ours_s"]) == 2
    assert all(took_s > 0 for took_s in one["ours_s"])
    said = downloads.text(found)
    if found["other"] is None:
        assert one["ratio"] is None
        assert "to compare with" in said
    else:
        assert one["ratio"] > 0
        assert f"{one['ratio']:.2f} times its time" in said


def test_without_another_program_there_is_no_ratio(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = downloads.figures(files=3, size=5000, delays_s=(0.0,), rounds=1)
    assert (found["other"], found["delays"][0]["ratio"]) == (None, None)
    assert "neither curl nor aria2c" in downloads.text(found)


def test_a_file_that_is_missing_is_noticed(monkeypatch):
    with pytest.raises(FileNotFoundError):
        downloads._timed(lambda url, files, folder: None, "http://127.0.0.1:9", 1, 10)
