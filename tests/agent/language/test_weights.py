"""What proves that a model is the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from acav1m.agent.language import weights
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_a_folder_is_proved_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "README.md").write_text("about")
    proof = weights.proof(str(tmp_path), None)
    (tmp_path / "README.md").write_text("more about")
    assert weights.proof(str(tmp_path), None) == proof
    (tmp_path / "model.safetensors").write_bytes(b"changed")
    assert weights.proof(str(tmp_path), None) != proof


def test_a_repository_is_proved_by_its_commit() -> None:
    assert weights.proof("someone/model", COMMIT) == COMMIT
    assert weights.at("someone/model", COMMIT) == {
        "pretrained_model_name_or_path": "someone/model",
        "revision": COMMIT,
    }


@pytest.mark.parametrize("revision", [None, "main", "v1.0", COMMIT[:7], COMMIT.upper()])
def test_a_branch_proves_nothing(revision: str | None) -> None:
    with pytest.raises(AcavError, match="name the commit"):
        weights.proof("someone/model", revision)


@pytest.mark.parametrize(
    "name", ["./model", "/model", "~/no/such/model", "~nobody-here/model", "a/b/c"]
)
def test_a_missing_folder_is_told(name: str) -> None:
    with pytest.raises(AcavError, match="no such folder"):
        weights.proof(name, COMMIT)
