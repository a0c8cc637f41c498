"""The weights that ship with the package, and proof that they are the ones that were trained.

`embedded.json` holds the checksum of every part, the events the model knows, their sentences and
the calibration of its scores; the checksum of that one file therefore stands for everything.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from acav1m.errors import AcavError

WEIGHTS = Path(__file__).parent / "weights"
INDEX = "embedded.json"


@cache
def checksum(folder: Path = WEIGHTS) -> str:
    """Return the SHA-256 of the index.

    Raises:
        AcavError: There is no index in that folder.
    """
    return hashlib.sha256(_read(folder, INDEX)).hexdigest()


@cache
def index(folder: Path = WEIGHTS) -> dict[str, Any]:
    """Return what the index holds."""
    found: dict[str, Any] = json.loads(_read(folder, INDEX))
    return found


def part(folder: Path, name: str) -> Any:
    """Open one part of the model in onnxruntime, on one thread.

    Raises:
        AcavError: It is missing, or not the file the index names.
    """
    import onnxruntime

    content = _read(folder, name)
    if hashlib.sha256(content).hexdigest() != index(folder)["files"][name]:
        raise AcavError(f"embedded model: {name} is not the file that {INDEX} names")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    return onnxruntime.InferenceSession(
        content, sess_options=options, providers=["CPUExecutionProvider"]
    )


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise AcavError(f"embedded model: {name} is missing from {folder}")
    return path.read_bytes()
