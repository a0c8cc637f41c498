"""What many tests need: the folder of real clips that lies beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

CLIPS = Path(__file__).parents[2] / "shared" / "clips"


@pytest.fixture(scope="session")
def clips() -> Path:
    """Real clips, which may not be published and so are not in the repository."""
    if not CLIPS.is_dir():
        pytest.skip("no ../shared/clips beside the repository: its real clips are not published")
    return CLIPS
