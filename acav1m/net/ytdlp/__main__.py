"""A task in, an answer out, as lines of JSON; between them, a question if it was asked for.

A site's player code, plugins and ffmpeg run here, so whatever they do ends with this process. It
ends with everything it started when its standard input does, which is when its parent is gone.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from contextlib import suppress
from typing import Any

from acav1m.errors import AcavError
from acav1m.net.ytdlp.page import Refused
from acav1m.net.ytdlp.task import Task


class Parent:
    """Who wants the task done."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)  # so that nobody else prints between our lines
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, what: dict[str, Any]) -> None:
        """Say a line."""
        self._out.write(json.dumps(what) + "\n")
        self._out.flush()

    def hear(self) -> dict[str, Any]:
        """Wait for a line."""
        heard: dict[str, Any] = json.loads(self._lines.get())
        return heard

    def objects(self, names: list[str]) -> str | None:
        """Ask whether a video of these may be brought; returns why not."""
        self.say({"may": names})
        why: str | None = self.hear()["objection"]
        return why

    def _listen(self) -> None:
        for line in sys.stdin:
            self._lines.put(line)
        _end()


def main() -> None:
    """Do one task."""
    parent = Parent()
    task = parent.hear()
    try:
        answer = Task(task, parent.objects).run()
    except Refused as refused:
        answer = {"kind": refused.kind, "message": refused.message}
    except AcavError as error:
        answer = {"wrong": str(error)}
    except ImportError as error:
        answer = {"missing": error.name or str(error)}
    except Exception as error:  # all that yt-dlp raises, and its bugs, become a message
        answer = {"error": str(error) or type(error).__name__}
    parent.say(answer)


def _end() -> None:
    import psutil

    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(1)


if __name__ == "__main__":
    main()
