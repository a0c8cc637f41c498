"""What the Hugging Face Hub answers, by a loopback server: the real client asks it."""

from __future__ import annotations

import hashlib
import json
from types import ModuleType
from typing import Any

from aiohttp import web

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LATER = "89abcdef0123456789abcdef0123456789abcdef"


class Hub:
    """One dataset, `org/name`, whose large files lie on another host (`localhost`)."""

    def __init__(self, server: Any, serving: ModuleType) -> None:
        self.server, self.serving = server, serving
        self.endpoint = f"http://127.0.0.1:{server.port}"
        self.api = "/api/datasets/org/name"
        self.token: str | None = None
        """Without it, only the list of files is to be had."""

        self.card: dict[str, Any] = {}
        self.gated: Any = False
        self.commit, self.later = COMMIT, LATER
        self.holds({}, COMMIT)

    def holds(self, files: dict[str, bytes], commit: str = COMMIT) -> None:
        """Have these files at the head of `main`."""
        for revision in ("main", commit):
            self.server.url(f"{self.api}/revision/{revision}", self._info(commit))
        self.server.url(f"{self.api}/revision/gone", self._error("RevisionNotFound", 404))
        self.server.url(f"{self.api}/auth-check", self._checked(lambda: _json({})))
        refs = {"branches": [{"name": "main", "ref": "refs/heads/main", "targetCommit": commit}]}
        self.server.url(f"{self.api}/refs", self._said({**refs, "tags": [], "converts": []}))
        for name in ("nobody/nothing", "org/secret"):
            answer = self._error("RepoNotFound", 401)
            self.server.url(f"/api/datasets/{name}/revision/main", answer)
        tree = [self._entry(path, content) for path, content in sorted(files.items())]
        self.server.url(f"{self.api}/tree/{commit}", self._said(tree))
        for path, content in files.items():
            at = f"/datasets/org/name/resolve/{commit}/{path}"
            self.server.url(at, self._resolved(path, content, commit))
            self.server.url(
                f"/cdn/{commit}/{path}", self.serving.good(content, etag=_etag(content))
            )

    def _info(self, commit: str) -> Any:
        async def answer(_: web.Request) -> web.StreamResponse:
            said = {"id": "org/name", "sha": commit, "gated": self.gated, "cardData": self.card}
            return _json(said)

        return answer

    def _said(self, said: Any) -> Any:
        async def answer(_: web.Request) -> web.StreamResponse:
            return _json(said)

        return answer

    def _error(self, code: str, status: int) -> Any:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers={"X-Error-Code": code})

        return answer

    def _checked(self, good: Any) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
                return web.Response(status=403, headers={"X-Error-Code": "GatedRepo"})
            return good()

        return answer

    def _resolved(self, path: str, content: bytes, commit: str) -> Any:
        def good() -> web.StreamResponse:
            about = {"ETag": _etag(content), "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
            if path.endswith((".csv", ".jsonl")):  # small files are answered at once
                return web.Response(body=content, headers=about)
            where = f"http://localhost:{self.server.port}/cdn/{commit}/{path}?signed=secret"
            return web.Response(status=302, headers=about | {"Location": where})

        return self._checked(good)

    def _entry(self, path: str, content: bytes) -> dict[str, Any]:
        oid = hashlib.sha1(content).hexdigest()
        return {"type": "file", "path": path, "size": len(content), "oid": oid}


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()}"'


def _json(said: Any) -> web.Response:
    return web.Response(body=json.dumps(said), content_type="application/json")
