"""What downloads may need is looked for, and nothing of what is secret is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from acav1m.net import tools


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, str]:
    """All facts, on a machine with an old node and an old yt-dlp."""
    for name in ("deno", "bun", "qjs"):
        assert name in tools.RUNTIMES
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.1.2\n")
    (tmp_path / "node").chmod(0o755)
    (tmp_path / "cookies.txt").write_text("# Netscape HTTP Cookie File\nsecret")
    (tmp_path / "cookies.txt").chmod(0o644)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv(tools.COOKIES, str(tmp_path / "cookies.txt"))
    monkeypatch.setattr(tools, "version", lambda _: "2026.01.02")
    return dict(tools.facts(date(2026, 5, 2)))


def test_age_and_runtime_are_told_with_what_helps(told: dict[str, str]) -> None:
    assert told["yt-dlp"].startswith("2026.01.02, 120 days old; sites change: pip install -U")
    assert "install deno (node is older than 22)" in told["JavaScript"]


def test_secrets_are_told_of_but_not_told(told: dict[str, str]) -> None:
    pytest.importorskip("huggingface_hub")
    assert told["Hub token"] == "given"
    assert told["cookies"] == "given; others can read the file: chmod 600"
    assert "secret" not in str(told)


def test_a_new_runtime_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deno").write_text("#!/bin/sh\necho 'deno 2.5.0 (stable)'\n")
    (tmp_path / "deno").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert dict(tools.facts())["JavaScript"] == "deno 2.5.0"


def test_no_cookies_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(tools.COOKIES, raising=False)
    assert "none given" in dict(tools.facts())["cookies"]
