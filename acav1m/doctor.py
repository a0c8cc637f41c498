"""Is this machine fit to build? What is there, what is missing, and how to mend it."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from acav1m import __version__
from acav1m.errors import AcavError
from acav1m.media import ffmpeg
from acav1m.net import tools

ENCODERS = ("libx264", "aac", "flac")
OPTIONAL = {
    "datasets": "load_dataset on a release: pip install 'acav1m[hub]'",
    "webdataset": "stream the shards: pip install 'acav1m[hub]'",
    "mlcroissant": "full Croissant validation in verify: pip install 'acav1m[hub]'",
    "pywt": "denoise by wavelets: pip install 'acav1m[agent]'",
    "python_stretch": "change speed and pitch: pip install 'acav1m[agent]'",
    "torch": "train the embedded model: pip install 'acav1m[train]'",
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    says: str
    bad: bool = False

    def line(self) -> str:
        """For people."""
        return f"{'BAD' if self.bad else 'ok ':<4}{self.what}: {self.says}"

    def json(self) -> dict[str, Any]:
        """As one JSON object."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at the machine; opens no network."""
    found = [
        Finding("acav1m", f"{__version__} on Python {platform.python_version()}"),
        Finding("cores", str(os.cpu_count())),
        *_ffmpeg(),
    ]
    free = shutil.disk_usage(Path.cwd()).free
    found.append(Finding("disk", f"{free / 1e9:.1f} GB free here", bad=free < 1e9))
    found += [Finding(what, says) for what, says in tools.facts()]
    for package, use in OPTIONAL.items():
        there = importlib.util.find_spec(package) is not None
        found.append(Finding(package, "installed" if there else f"not installed; for: {use}"))
    return found


def _ffmpeg() -> list[Finding]:
    try:
        program = ffmpeg.program()
    except AcavError as error:
        return [Finding("ffmpeg", str(error), bad=True)]
    said = subprocess.run(
        [program, "-hide_banner", "-encoders"], capture_output=True, text=True, check=False
    )
    lacking = [name for name in ENCODERS if f" {name} " not in said.stdout]
    if lacking:
        return [Finding("ffmpeg", f"{program} lacks the encoder {', '.join(lacking)}", bad=True)]
    return [Finding("ffmpeg", f"{program} with {', '.join(ENCODERS)}")]
