"""The doctor says what is there, what is missing and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from acav1m import __version__, doctor
from acav1m.doctor import Finding, examine
from acav1m.media import ffmpeg


@pytest.fixture
def other_ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program called ffmpeg that comes first on the path; it can encode AAC and no more."""
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\necho ' A....D aac  AAC (Advanced Audio Coding)'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    ffmpeg.program.cache_clear()
    yield program
    ffmpeg.program.cache_clear()


def _found(findings: list[Finding], what: str) -> Finding:
    [finding] = [finding for finding in findings if finding.what == what]
    return finding


def test_this_machine_can_build() -> None:
    findings = examine()
    assert not [finding for finding in findings if finding.bad and finding.what != "disk"]
    assert __version__ in _found(findings, "acav1m").says
    assert "libx264, aac, flac" in _found(findings, "ffmpeg").says
    assert int(_found(findings, "cores").says) >= 1


def test_every_optional_package_is_there_or_says_what_for() -> None:
    for package in doctor.OPTIONAL:
        says = _found(examine(), package).says
        assert says == "installed" or "pip install" in says


def test_an_ffmpeg_without_h264_is_bad(other_ffmpeg: Path) -> None:
    finding = _found(examine(), "ffmpeg")
    assert finding.bad
    assert "lacks the encoder libx264, flac" in finding.says
    assert finding.line().startswith("BAD ffmpeg: ")


def test_a_line_begins_with_its_verdict() -> None:
    assert Finding("cores", "2").line() == "ok  cores: 2"
    assert Finding("disk", "0.1 GB free here", bad=True).line() == "BAD disk: 0.1 GB free here"


def test_findings_are_json() -> None:
    found = json.loads(json.dumps([finding.json() for finding in examine()]))
    assert {"what", "says", "bad"} == set(found[0])
