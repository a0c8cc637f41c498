"""What became of each row of a part, on disk, so that a dead worker loses and hides nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class State:
    """What a journal tells."""

    done: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    started: int | None = None
    """The row a worker was busy with when the journal ended."""

    deaths: dict[int, list[tuple[str, str]]] = field(default_factory=dict)
    """Kind and reason of each death, by the row that was being worked on."""


class Journal:
    """An append-only file of JSON lines; a line torn by a kill is ignored."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> State:
        """Replay the journal."""
        state = State()
        if not self.path.exists():
            return state
        with self.path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                self._replay(state, json.loads(line))
        return state

    def mend(self) -> None:
        """Cut off a torn last line, so that the next one starts cleanly."""
        if not self.path.exists():
            return
        whole = self.path.read_bytes().rpartition(b"\n")
        size = len(whole[0]) + len(whole[1])
        with self.path.open("r+b") as file:
            file.truncate(size)

    def forget(self, again: Callable[[dict[str, Any]], bool]) -> None:
        """Strike out rows with such a result, and deaths on them, so that they are done again."""
        if not self.path.exists():
            return
        whole = [line for line in self.path.read_bytes().splitlines(True) if line.endswith(b"\n")]
        said = [(line, json.loads(line)) for line in whole]
        struck = {one["done"] for _, one in said if any(map(again, one.get("results", ())))}
        kept = [line for line, one in said if one.get("done", one.get("died")) not in struck]
        unfinished = self.path.with_suffix(".mended")
        unfinished.write_bytes(b"".join(kept))
        unfinished.replace(self.path)

    def start(self, row: int) -> None:
        """Say which row is being worked on."""
        self._append({"start": row})

    def alive(self) -> None:
        """Say that a long row is still moving."""
        self._append({"alive": 1})

    def done(self, row: int, results: list[dict[str, Any]]) -> None:
        """Keep a row's results."""
        self._append({"done": row, "results": results})

    def died(self, row: int, kind: str, reason: str) -> None:
        """Keep how a worker died on a row."""
        self._append({"died": row, "kind": kind, "reason": reason})

    def size(self) -> int:
        """Bytes so far; grows while the worker moves."""
        return self.path.stat().st_size if self.path.exists() else 0

    def _append(self, line: dict[str, Any]) -> None:
        data = json.dumps(line, allow_nan=False, ensure_ascii=False) + "\n"
        with self.path.open("ab", buffering=0) as file:
            file.write(data.encode())

    @staticmethod
    def _replay(state: State, line: dict[str, Any]) -> None:
        if "start" in line:
            state.started = line["start"]
        elif "done" in line:
            state.done[line["done"]] = line["results"]
            state.started = None
        elif "died" in line:
            state.deaths.setdefault(line["died"], []).append((line["kind"], line["reason"]))
            state.started = None
