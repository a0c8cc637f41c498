"""What a build would have to do: its list is read and counted, nothing is fetched or opened."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from acav1m import downloads, listing
from acav1m.consent.consent import Consent
from acav1m.failures import check_retry
from acav1m.found import Found
from acav1m.how import AS_USUAL, How
from acav1m.progress import Progress
from acav1m.work import Work

if TYPE_CHECKING:
    from acav1m.downloads import Left
    from acav1m.listing import Listed
    from acav1m.plan import Plan


@dataclass(frozen=True)
class Planned:
    """Counts of candidates: `repeats`, `done`, `opted_out` and `to_download` make up all."""

    plan: Plan
    work: Path | None
    listed: Listed
    left: Left
    seconds: float

    @property
    def done(self) -> int:
        """Candidates of which the work folder knows clips, or why there are none."""
        return self.listed.candidates - self.listed.repeats - self.left.opted_out - self.left.rows

    @property
    def rows_per_s(self) -> float:
        """Speed, everything in."""
        return self.listed.candidates / max(self.seconds, 1e-3)

    def json(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "name": self.plan.recipe.name,
            "version": self.plan.recipe.version,
            "work": None if self.work is None else str(self.work),
            "candidates": self.listed.candidates,
            "videos": self.listed.videos,
            "repeats": self.listed.repeats,
            "opted_out": self.left.opted_out,
            "done": self.done,
            "to_download": self.left.rows,
            "videos_to_download": self.left.videos,
            "seconds": self.seconds,
            "rows_per_s": round(self.rows_per_s),
        }

    def text(self) -> str:
        """For people."""
        recipe = self.plan.recipe
        return "\n".join(
            (
                f"{recipe.name} {recipe.version}: {self.listed.text()}",
                f"  {self.listed.repeats:>13,} listed again",
                f"  {self.left.opted_out:>13,} opted out",
                f"  {self.done:>13,} done{self._where()}",
                f"  {self.left.rows:>13,} to download, of {self.left.videos:,} videos",
                f"{self.seconds:.1f} s in all, {self.rows_per_s:,.0f} rows/s",
            )
        )

    def _where(self) -> str:
        if self.work is None:
            return ""
        return f" in {self.work}{'' if self.work.exists() else ', which is not there yet'}"


def planned(
    plan: Plan,
    out: Path | None = None,
    how: How = AS_USUAL,
    *,
    limit: int | None = None,
    progress: Progress | None = None,
) -> Planned:
    """List all candidates and say which of them a build would download.

    What is done is looked up in the work folder of a build: `how.work`, else `OUT.work`, if there
    is one. It is not written to, and a build may be using it. Memory stays the same however long
    the list is.

    Raises:
        AcavError: A source, an opt-out list or `how.retry` is wrong.
    """
    began, known = time.monotonic(), how.work or (out and out.with_name(f"{out.name}.work"))
    theirs = None if known is None else Found(plan, Work(known))
    check_retry(how.retry, theirs.stores if theirs else ())
    with TemporaryDirectory(prefix="acav1m-plan-") as aside:
        work = Work(Path(aside))
        work.scratch.mkdir()
        consent = Consent(plan.recipe, work)
        consent.read()
        found = Found(plan, work, how.retry)
        if theirs is not None:
            found.clips = theirs.clips
        listed = listing.write(plan, work.listing, limit, work.scratch, progress, consent)
        if consent.book is not None:
            found.outs = consent.outs(found.clips.read())
        left = downloads.left(found)
    return Planned(plan, known, listed, left, round(time.monotonic() - began, 3))
