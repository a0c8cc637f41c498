"""What a source needs to speak to others: one gate, the addresses it may ask, and a fetcher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acav1m.net.address import Addresses
from acav1m.net.asker import USER_AGENT
from acav1m.net.gate import Gate
from acav1m.net.host import Pace
from acav1m.net.http import Fetcher
from acav1m.net.limits import Limits
from acav1m.net.speeds import Speeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


class Network:
    """One for each worker process; any number of threads may use it."""

    def __init__(
        self,
        gate: Path,
        pace: Pace | None = None,
        limits: Limits | None = None,
        *,
        allow_private: bool | tuple[str, ...] = False,
        respect_noai: bool = True,
        user_agent: str | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.opted_out: Callable[[Iterable[str]], str | None] | None = None
        """Asked with the names of a video's uploader, in any thread: why it may not be used."""

        self.speeds = Speeds()
        self.gate = Gate(gate, pace)
        self.addresses = Addresses(allow_private)
        self.fetcher = Fetcher(
            self.gate,
            self.limits,
            addresses=self.addresses,
            respect_noai=respect_noai,
            user_agent=user_agent or USER_AGENT,
        )

    def close(self) -> None:
        """Close idle connections, and leave the records of hosts to others."""
        self.fetcher.close()
        self.gate.close()
