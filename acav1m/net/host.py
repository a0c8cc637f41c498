"""What is known of one host: how fast it may be asked, and whether it still wants to be.

Pure arithmetic on a small record, which `gate` keeps in a file for all processes of a build.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acav1m.net.outcome import KINDS

if TYPE_CHECKING:
    from acav1m.net.outcome import FetchError

GROWTH = 1.02
"""The rate grows by this with each success, so a halved one is back after 35 of them."""

LEAST_PER_S = 2.0
"""A host asked less often, for there was little to ask, is first held to half of this."""

PROBES = 3
"""Candidates asked after a pause; a single one might be refused for itself."""

FREE_PER_S = 500.0
"""A rate that has grown so far is no longer a limit, where none was set."""


@dataclass(frozen=True)
class Pace:
    """How politely a host is asked, and when to stop asking."""

    slots: int = 4
    """Requests to one host at a time, of all processes together."""

    rate_per_s: float | None = None
    """Requests to one host a second; None sets no limit until the host complains."""

    burst: int = 4
    """Requests that may come at once after a time of rest, where there is a rate."""

    slowest_per_s: float = 0.05
    """However much a host complains, it is asked so often."""

    retry_after_cap_s: float = 600.0
    """A host that wants to be left alone for longer is asked again after this."""

    stop_after: int | None = 8
    """Candidates in a row, 64 at most, that all say it is us who are refused; None never stops."""

    pause_s: float = 60.0
    """Before the probes that decide."""


@dataclass
class Host:
    """The record; times are seconds since the epoch, so that all processes agree."""

    rate_per_s: float | None = None
    due_s: float = 0.0
    """When the next request is due, had all been evenly spaced."""

    not_before_s: float = 0.0
    cut_s: float = 0.0
    """When the rate was halved last."""

    suspects: dict[str, str] = field(default_factory=dict)
    """Candidates since the last good answer, all refused in a way that means us: their kinds."""

    resume_s: float | None = None
    """When the pause ends that the stop rule asked for; then probes decide, one by one."""

    probes: int = 0
    """Probes since then, of other candidates than the suspects, all refused."""

    stopped: str | None = None
    """Why nobody may ask any more in this build."""

    def may_ask_s(self, pace: Pace) -> float:
        """When the next request may go."""
        rested_s = self.due_s
        rate = self._rate(pace)
        if rate is not None:
            rested_s -= (pace.burst - 1) / rate
        return max(rested_s, self.not_before_s, self.resume_s or 0.0)

    def ask(self, now_s: float, pace: Pace) -> None:
        """A request goes now."""
        rate = self._rate(pace)
        if rate is not None:
            self.due_s = max(self.due_s, now_s) + 1 / rate

    def good(self, now_s: float, pace: Pace) -> None:
        """An answer came that does not mean us; what is over is forgotten."""
        self.suspects.clear()
        self.resume_s, self.probes = None, 0
        if self.not_before_s <= now_s:
            self.not_before_s = 0.0
        if self.rate_per_s is not None:
            grown = self.rate_per_s * GROWTH
            self.rate_per_s = None if grown >= (pace.rate_per_s or FREE_PER_S) else grown
        if self._rate(pace) is None:
            self.due_s = self.cut_s = 0.0

    def complained(
        self,
        asked_s: float,
        now_s: float,
        per_s: float,
        error: FetchError,
        pace: Pace,
        *,
        again: bool = False,
    ) -> None:
        """The host may have said 429, or 503 and when to come again.

        `asked_s` is when we asked; `per_s` is how often it was asked of late. `again` says that
        the same candidate was answered so before: one that always is says nothing of our pace.
        """
        if error.retry_after_s is not None:
            until_s = now_s + min(error.retry_after_s, pace.retry_after_cap_s)
            self.not_before_s = max(self.not_before_s, until_s)
        if error.kind == "rate_limited" and asked_s >= self.cut_s and not again:
            # Requests under way when the rate was cut say nothing of the new one.
            rate = self._rate(pace) or max(per_s, LEAST_PER_S)
            self.rate_per_s = max(rate / 2, pace.slowest_per_s)
            self.cut_s = now_s

    def suspect(self, key: str, kind: str, now_s: float, pace: Pace) -> None:
        """A candidate was refused in a way that may mean us; enough of them make a pause."""
        if pace.stop_after is None:
            return
        self.suspects.pop(key, None)
        self.suspects[key] = kind
        while len(self.suspects) > max(pace.stop_after, PROBES):
            del self.suspects[next(iter(self.suspects))]
        if len(self.suspects) >= pace.stop_after and self.resume_s is None:
            self.resume_s = now_s + pace.pause_s

    def refuse_probe(self, name: str, last: FetchError) -> str | None:
        """A probe failed too; after the last, nobody asks any more, and this is why."""
        self.probes += 1
        if self.probes < PROBES:
            return None
        kinds = Counter(self.suspects.values())
        seen = ", ".join(f"{kind} ({times})" for kind, times in kinds.most_common())
        self.stopped = (
            f"{name}: all of the last {len(self.suspects)} candidates failed: {seen}, "
            f"{PROBES} of these asked one by one, after a pause: {last.message}. "
            f"{ADVICE[_main(kinds)]} Then run the same command again: it continues, and none of "
            "these counts as gone"
        )
        return self.stopped

    def reopen(self) -> None:
        """Another build begins: its first requests are probes."""
        if self.stopped is not None:
            self.stopped, self.resume_s, self.probes = None, 0.0, 0
            self.suspects.clear()

    def _rate(self, pace: Pace) -> float | None:
        rates = [rate for rate in (self.rate_per_s, pace.rate_per_s) if rate is not None]
        return min(rates, default=None)


def _main(kinds: Counter[str]) -> str:
    return kinds.most_common(1)[0][0] if kinds else "blocked"


ADVICE = dict.fromkeys(
    (name for name, kind in KINDS.items() if kind.us),
    "It seems that we are refused, not they: give cookies, use a proxy, ask more slowly, or wait.",
) | {"dns": "It seems that this machine reaches no name server: mend its network."}
