"""What many tests need: real clips beside the repository, and a server that misbehaves."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CLIPS = Path(__file__).parents[2] / "shared" / "clips"


@pytest.fixture(scope="session")
def clips() -> Path:
    """Real clips, which may not be published and so are not in the repository."""
    if not CLIPS.is_dir():
        pytest.skip("no ../shared/clips beside the repository: its real clips are not published")
    return CLIPS


def _module() -> ModuleType:
    """Tests are no package, so what lies beside them is imported by its path."""
    name = "acav1m_tests_net_server"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, Path(__file__).parent / "net" / "server.py"
        )
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def serving() -> ModuleType:
    """Answers that a server can be told to give."""
    pytest.importorskip("aiohttp")
    return _module()


@pytest.fixture
def server(serving: ModuleType) -> Iterator[Any]:
    """The server."""
    with serving.Server() as running:
        yield running
