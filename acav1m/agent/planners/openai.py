"""Ask a language model on any server that speaks the OpenAI chat protocol."""

from __future__ import annotations

import importlib.util
import os
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from acav1m.agent.language import asking
from acav1m.agent.language.asking import Unanswered
from acav1m.agent.planner import Answer, Asked, Planner
from acav1m.errors import AcavError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acav1m.agent.language.server import Server
    from acav1m.agent.planner import Message


class Openai(Planner):
    """Asks a model over HTTP: of `transformers serve`, vLLM, llama.cpp, Ollama, OpenAI and others.

    `url` ends where `/chat/completions` begins, mostly in `/v1`; `model` is what the server calls
    it. `key_env` names the environment variable that holds the key: the key itself belongs into
    no recipe. `json_schema` asks for JSON that fits the schema of plans; a server that refuses
    is asked for any JSON, and then in words. Whatever comes, all of it is checked here, told to
    the model once where it is wrong, and then there is no plan.

    `timeout_s` limits each try and `retries` the tries after a failed connection, an overload or
    an error of the server. `max_tokens` limits an answer, and the second question is not asked
    where it might bring a plan beyond `max_tokens_per_plan`, so a clip costs at most that times
    `max_cycles`. `temperature` and `seed` are as good as the server keeps them, null sends none;
    what it calls by one name may change any day, so such plans are reproducible from a release's
    record only.
    """

    packages = ("openai",)

    url: str
    model: str = Field(min_length=1)
    key_env: str | None = None
    timeout_s: float = Field(default=60, gt=0)
    retries: int = Field(default=2, ge=0, le=10)
    max_tokens: int = Field(default=512, ge=16)
    max_tokens_per_plan: int = Field(default=10_000, ge=16)
    temperature: float | None = Field(default=0, ge=0, le=2)
    seed: int | None = 0
    json_schema: bool = True

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a server, as in http://127.0.0.1:8000/v1")
        if parts.username or parts.password:
            raise ValueError("no name and password in it, for recipes are published; use key_env")
        _ = parts.port  # raises where it is none
        return url

    def setup(self) -> None:
        """See that the server could be asked; whether it answers shows when it is."""
        _server(self)

    def plan(self, asked: Asked) -> Answer:
        """Ask the model; where it has no valid plan, the cause says why."""
        server, spent = _server(self), 0

        def say(messages: Sequence[Message]) -> str:
            nonlocal spent
            if spent and 2 * spent + self.max_tokens > self.max_tokens_per_plan:
                raise Unanswered("another try might cost more than max_tokens_per_plan")
            said = server.say(messages)
            spent += said.tokens
            return said.text

        return asking.ask(say, asked)


@lru_cache(maxsize=8)
def _server(planner: Openai) -> Server:
    if importlib.util.find_spec("openai") is None:
        raise AcavError("the planner 'openai' needs openai: pip install 'acav1m[agent]'")
    _check(planner.url)
    key = _key(planner.key_env)
    from openai import OpenAI

    from acav1m.agent.language import bounded, server

    client = OpenAI(
        base_url=planner.url,
        api_key=key or "none",
        admin_api_key="",
        timeout=planner.timeout_s,  # of another client's 5 s it would make 10 minutes
        max_retries=planner.retries,
        http_client=bounded.client(planner.timeout_s),
    )
    client.organization = client.project = None  # the environment's are not for any server
    settings = {"temperature": planner.temperature, "seed": planner.seed}
    return server.Server(
        client=client,
        model=planner.model,
        timeout_s=planner.timeout_s,
        max_tokens=planner.max_tokens,
        settings={name: value for name, value in settings.items() if value is not None},
        formats=[server.SCHEMA, server.OBJECT, None] if planner.json_schema else [None],
        key=key,
    )


def _check(url: str) -> None:
    """What only the package knows of addresses."""
    import httpx2

    try:
        httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise AcavError(f"openai.url: {url!r}: {error}") from None


def _key(name: str | None) -> str | None:
    if name is None:
        return None
    key = os.environ.get(name, "").strip()
    if not key:
        raise AcavError(f"openai.key_env: the environment variable {name!r} is not set")
    if not (key.isascii() and key.isprintable()):
        raise AcavError(f"openai.key_env: what {name!r} holds is no key: it has odd characters")
    return key
