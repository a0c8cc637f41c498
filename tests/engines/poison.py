"""A job for engine tests whose rows do what they are told, also to their own process."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Poison:
    """Each run of a row is noted in a file, so that a test can count."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def run(self, row: dict[str, Any], alive: Any) -> list[dict[str, Any]]:
        with (self.folder / "runs").open("a") as file:
            file.write(f"{row['key']}\n")
        match row["do"]:
            case "raise":
                raise ValueError("as told")
            case "segv":
                ctypes.string_at(0)
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "exit":
                os._exit(3)
            case "hang":
                time.sleep(600)
            case "slow":
                for _ in range(6):
                    time.sleep(0.5)
                    alive()
            case "bloat":
                hold = bytearray(600 * 1024**2)
                time.sleep(600)
                del hold
            case "disk" if not (self.folder / "room").exists():
                raise OSError(28, "No space left on device", "/somewhere")
        print("a stray print")
        return [{"key": row["key"], "state": "done"}]

    def lost(self, row: dict[str, Any], kind: str, reason: str) -> list[dict[str, Any]]:
        return [{"key": row["key"], "state": kind, "reason": reason}]

    def commit(self, part_id: str, results: list[dict[str, Any]]) -> None:
        unfinished = self.folder / f"{part_id}.unfinished"
        unfinished.write_text(json.dumps(results))
        unfinished.replace(self.folder / f"{part_id}.json")


class Backwards(Poison):
    """Does the last row first; `wait` ends the worker while it waits for a row."""

    def ahead(self, part_id: str, rows: list[dict[str, Any]]) -> None:
        with (self.folder / "ahead").open("a") as file:
            file.write(f"{len(rows)}\n")

    def ready(self, rows: Mapping[int, dict[str, Any]], alive: Any) -> int:
        alive()
        if any(row["do"] == "wait" for row in rows.values()):
            os.kill(os.getpid(), signal.SIGKILL)
        return max(rows)
