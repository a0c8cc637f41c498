"""The ffmpeg program runs within its limits, and says in a line what went wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import ffmpeg as ff
import pytest

from acav1m.errors import AcavError, ClipError
from acav1m.media import ffmpeg


def _tone(seconds: float, target: str, **options: Any) -> Any:
    source = ff.input(f"sine=duration={seconds}", f="lavfi")
    return ff.output(source, target, **options)


def test_the_program_runs() -> None:
    said = subprocess.run([ffmpeg.program(), "-version"], capture_output=True, check=True)
    assert said.stdout.startswith(b"ffmpeg version")


def test_a_clean_run_has_no_complaints(tmp_path: Path) -> None:
    made = tmp_path / "tone.flac"
    assert ffmpeg.run(_tone(0.1, f"file:{made}"), timeout_s=20) == 0
    assert made.stat().st_size > 0


def test_an_output_that_exists_is_written_anew(tmp_path: Path) -> None:
    made = tmp_path / "tone.flac"
    made.write_bytes(b"old")
    ffmpeg.run(_tone(0.1, f"file:{made}"), timeout_s=20)
    assert made.read_bytes().startswith(b"fLaC")


def test_a_run_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ClipError, match="longer than 0 s") as caught:
        ffmpeg.run(_tone(1e6, "-", f="null"), timeout_s=0.3)
    assert caught.value.kind == "timeout"


def test_a_long_run_shows_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    signs: list[int] = []
    monkeypatch.setattr(ffmpeg, "BEAT_S", 0.1)
    with pytest.raises(ClipError, match="longer than"):
        ffmpeg.run(_tone(1e6, "-", f="null"), timeout_s=0.55, alive=lambda: signs.append(1))
    assert len(signs) == 5


def test_a_failure_gives_the_reason_in_one_line(tmp_path: Path) -> None:
    missing = ff.output(ff.input(f"file:{tmp_path / 'none.mp4'}"), "-", f="null")
    with pytest.raises(ClipError) as caught:
        ffmpeg.run(missing, timeout_s=20)
    assert caught.value.kind == "ffmpeg"
    assert "No such file" in caught.value.message
    assert "\n" not in caught.value.message
    assert str(tmp_path) not in caught.value.message


def test_no_folder_of_this_machine_is_named(tmp_path: Path) -> None:
    made = tmp_path / "none" / "tone.flac"
    with pytest.raises(ClipError, match=r"tone\.flac: No such file") as caught:
        ffmpeg.run(_tone(1, f"file:{made}"), timeout_s=20)
    assert str(tmp_path) not in caught.value.message


def test_a_full_disk_is_the_users_to_mend() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with pytest.raises(AcavError, match="no space left"):
        ffmpeg.run(_tone(1, "file:/dev/full", f="s16le"), timeout_s=20)


def test_complaints_of_a_decoder_are_counted(tmp_path: Path) -> None:
    whole, spoilt = tmp_path / "whole.mp2", tmp_path / "spoilt.mp2"
    ffmpeg.run(_tone(2, f"file:{whole}"), timeout_s=20)
    content = bytearray(whole.read_bytes())
    content[5000:5400] = bytes(range(100)) * 4
    spoilt.write_bytes(content)
    heard = ff.output(ff.input(f"file:{spoilt}"), "-", f="null")
    assert ffmpeg.run(heard, timeout_s=20) > 0


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "MEMORY_BYTES", 300 * 1024**2)
    huge = ff.input("color=size=8000x8000:duration=1", f="lavfi")
    with pytest.raises(ClipError):
        ffmpeg.run(ff.output(huge, "-", f="null"), timeout_s=30)
