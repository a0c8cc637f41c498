"""The contracts: what a source, measure, captioner, aligner, editor, filter or selector must do.

A step is a frozen pydantic model, so its fields are its options and a misspelt one is refused.
The folder is the registry: `filters/silence.py` holds the one step a recipe calls `silence`.
Packages elsewhere add steps through the entry point group `acav1m.steps`, named `kind.name`.
"""

from __future__ import annotations

import importlib
import inspect
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, PrivateAttr

from acav1m import registry
from acav1m.errors import RecipeError, did_you_mean

if TYPE_CHECKING:
    from acav1m.agent.attempt import Story
    from acav1m.calibration.map import Calibration
    from acav1m.clip import Clip, View
    from acav1m.net.network import Network

Value = float | int | str | bool | list[float | None] | list[float] | list[str] | None
"""What a column may hold; unknown is None, never a stand-in number, inside a list too."""

Columns = Mapping[str, type]
"""Column name to type: `float`, `int`, `str`, `bool`, `list[float]` or `list[str]`."""

Look = Callable[["Clip"], Mapping[str, Value]]
"""Finds the columns of a clip in memory."""

KINDS = ("sources", "measures", "captioners", "aligners", "editors", "filters", "selectors")
Mismatch = Literal["other", "shift"]
"""What makes a pair of sound and picture a wrong one."""

COLUMN_KINDS = ("measures", "captioners", "aligners")
"""The kinds whose steps look at a clip and add columns, in the order they run."""


class Step(BaseModel):
    """What all steps share: options as fields, a version, and a one-line help."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: ClassVar[int] = 1
    """Goes up when the same options give other results; part of every cache key."""

    adds: ClassVar[Columns] = {}
    example: ClassVar[Mapping[str, Any]] = {}
    """Options for tests and docs, where no default would be honest (a path, say)."""

    @classmethod
    def help(cls) -> str:
        """First sentence of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0]

    def identity(self) -> dict[str, Any]:
        """Everything that decides this step's results: goes into cache keys and the lock."""
        return {"version": self.version, "options": self.model_dump(mode="json")}

    def published(self) -> dict[str, Any]:
        """Its identity as the release's lock shows it: no folder of this machine."""
        return self.identity()


@dataclass(frozen=True)
class Candidate:
    """One thing a source offers: a video, or some seconds of it."""

    uri: str
    """How people find it again; relative for local files, so no release leaks a folder."""

    locator: str
    """What `Source.fetch` needs to get it (an absolute path, a URL, a seed)."""

    start_s: float | None = None
    end_s: float | None = None
    stamp: str = ""
    """Changes when the content behind the same uri changes (size and time of a file)."""

    license: str | None = None
    metadata: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Fetched:
    """A candidate's media on this disk."""

    path: Path
    video_id: str | None = None
    """The source's own id where it has one; else the content's checksum is used."""

    offset_s: float = 0.0
    """Where in the source the file begins, when only a stretch of it was brought."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    """Columns of `table.FETCH_COLUMNS` that are known of it."""

    uploader: str | None = None
    """The site's own id of who uploaded it; nothing that is published names it."""

    parties: tuple[str, ...] = ()
    """Ids, handles, names and pages under which an opt-out list may name its uploader."""


@dataclass(frozen=True)
class Sighting:
    """What is said of media that was not brought; None where nothing is."""

    url: str | None = None
    bytes: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    duration_s: float | None = None


class Source(Step):
    """Yields candidates, and gets the media of one."""

    def columns(self) -> Columns:
        """Metadata columns its candidates carry, known before any media is opened."""
        return {}

    def root(self) -> Path | None:
        """The folder it reads everything below of, if it does: no build may write there."""
        return None

    @property
    def is_remote(self) -> bool:
        """Whether its media lie on the network; only a `RemoteSource` may say so."""
        return False

    @abstractmethod
    def candidates(self) -> Iterator[Candidate]:
        """Stream candidates in a fixed order; opens no media.

        Raises:
            AcavError: The source itself is wrong (no such folder, an unreadable list).
        """
        ...

    @abstractmethod
    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        """Bring the media to this disk; files it creates go into `folder`.

        Raises:
            ClipError: This candidate cannot be had.
        """
        ...


class RemoteSource(Source):
    """A source whose media lie on the network: fetched ahead, once for several candidates."""

    _network: Mapping[str, Any] = PrivateAttr(default_factory=dict)
    """The recipe's section `network`, for a source that asks the network already to list."""

    @property
    def is_remote(self) -> bool:
        """Yes, unless its options say otherwise."""
        return True

    def ask_by(self, options: Mapping[str, Any]) -> None:
        """Have it ask by the rules of a recipe's section `network` when it lists."""
        self._network = options

    found_by: ClassVar[Literal["source_uri", "fetched_url"] | None] = None
    """The column of a release that alone leads to the media, or to the file that holds them."""

    def errand(self, candidate: Candidate) -> str:
        """Candidates of one uri that share this text share one download."""
        return candidate.locator

    @abstractmethod
    def bring(
        self,
        candidates: Sequence[Candidate],
        folder: Path,
        network: Network,
        alive: Callable[[], None],
    ) -> Fetched:
        """Bring the media that all of these share to this disk, into `folder`.

        The folder outlives the process: what a killed one left in it may be gone on with. Called
        in a thread of its own; `alive` is to be called every second or so. It has to try again
        itself where that may help.

        Raises:
            ClipError: It cannot be had.
            AcavError: The user must act, or it is us who are refused (`net.gate.Blocked`).
        """
        ...

    def look(self, url: str, network: Network, alive: Callable[[], None]) -> Sighting | None:
        """See what is said of media now, without bringing it; None where that cannot be.

        Only asked of sources with `found_by`, by what stands in that column: foreign input.

        Raises:
            ClipError: It cannot be had.
            AcavError: The user must act, or it is us who are refused.
        """
        return None

    def is_brought_whole(self, duration_s: float | None) -> bool:
        """Whether all of a video that lasts so long is brought, not just the stretch clips need."""
        return True

    def fetch(self, candidate: Candidate, folder: Path) -> Fetched:
        """Bring the media of one, paced by nothing else."""
        from acav1m.net.network import Network

        network = Network(folder / "gate")
        try:
            return self.bring([candidate], folder, network, lambda: None)
        finally:
            network.close()


class Measure(Step):
    """Looks at a clip and returns its columns; decides nothing.

    Captioners and aligners have the same contract in other folders: they read columns of
    earlier steps through `clip.columns`.
    """

    reads: ClassVar[tuple[str, ...]] = ()
    """Columns of earlier steps or of the source that it needs."""

    views: ClassVar[tuple[View, ...]] = ()
    """Pictures it will ask for, so that one decode serves all steps."""

    @classmethod
    def columns(cls) -> Columns:
        """Every column that comes of it: what it adds, and what later stages make of that."""
        return cls.adds

    def needs(self) -> tuple[str, ...]:
        """What it reads with these very options; all of it is part of the cache key."""
        return self.reads

    def setup(self) -> None:
        """Load what is needed once per worker (a model, a table)."""

    @abstractmethod
    def measure(self, clip: Clip) -> Mapping[str, Value]:
        """Return exactly the columns in `adds`; None where it cannot be known.

        Raises:
            ClipError: The clip cannot be measured at all.
        """
        ...


class Captioner(Measure):
    """Describes what is heard, what is seen, or both; the two are never mixed."""


class Aligner(Measure):
    """Scores how well sound and picture belong together.

    It returns raw numbers. The calibrate stage makes probabilities of them afterwards, on pairs
    of the recipe's own clips, for a raw number means nothing by itself.
    """

    calibrated: ClassVar[Mapping[str, str]] = {}
    """Calibrated column to its raw one: of the same type, a list entry by entry."""

    mismatch: ClassVar[Mapping[str, Mismatch]] = {}
    """By calibrated column, the sound that it should tell from the clip's own: `other` is
    another clip's, `shift` the same at another time."""

    @classmethod
    def columns(cls) -> Columns:
        """Raw columns, and before each the calibrated one that is made of it."""
        found: dict[str, type] = {}
        for raw, kind in cls.adds.items():
            found |= {column: kind for column, source in cls.calibrated.items() if source == raw}
            found[raw] = kind
        return found

    def prior(self) -> Mapping[str, Calibration]:
        """Maps by calibrated column that ship with the model, for when clips are too few."""
        return {}

    def donated(self) -> tuple[str, ...]:
        """Columns that come from the other clip in a mismatched pair, in place of its sound.

        Empty where the sound itself is scored.
        """
        return ()


class Editor(Step):
    """Mends the sound of a clip where that makes it fit its picture better.

    It is asked after all have looked, of clips that did not fail; the edited clip is looked at
    again, so the columns are always those of the sound that is released. A recipe has at most one.
    """

    only_if: str = "true"
    """A SQL boolean expression (DuckDB) over columns: which clips are given to it."""

    def needs(self) -> tuple[str, ...]:
        """Columns, calibrated ones too, that it cannot do without."""
        return ()

    def uses(self) -> tuple[str, ...]:
        """Columns that it goes by as well where a step of the recipe adds them."""
        return ()

    def packages(self) -> tuple[str, ...]:
        """Packages that decide its results; a release's lock names their versions."""
        return ()

    def setup(self) -> None:
        """Load what is needed once per worker.

        Raises:
            AcavError: It cannot be had: a package or a model is missing.
        """

    @abstractmethod
    def edit(self, clip: Clip, look: Look, alive: Callable[[], None]) -> Story:
        """Say what is to be done to the sound, as edits of the clip's own mono sound.

        The build applies `Story.transform` to both of the clip's sounds, so it must not depend on
        anything else. `look` gives the columns of `needs`, of `uses`, and of the steps these come
        of, for the clip's pictures under any sound (`Clip.with_sound`). Call `alive` now and then.

        Raises:
            ClipError: The clip cannot be edited; it stays as it is, with this reason.
        """
        ...


class Filter(Step):
    """Decides from columns alone whether a clip is kept; opens no media."""

    on_fail: Literal["reject", "flag", "realign"] = "reject"
    """What happens to a clip that is not kept: out of the release, or marked in it.

    With `realign` its sound is first moved by the offset that was found, if that is sure; it goes
    out unless that mends it.
    """

    @abstractmethod
    def keep(self) -> str:
        """A SQL boolean expression (DuckDB) over columns; null counts as not kept."""
        ...

    def keeps(self, **columns: Value) -> bool:
        """Apply the filter to one row, for examples and doctests."""
        from acav1m.sql import holds

        return holds(self.keep(), columns)


class Selector(Step):
    """Chooses among the clips that passed every filter: dedup, balance, budget."""

    @abstractmethod
    def keep(self) -> str:
        """A SQL boolean expression that may use window functions over the passing clips."""
        ...


def names(kind: str) -> list[str]:
    """Names of the steps of a kind, found in its folder and among entry points."""
    own = registry.names(importlib.import_module(f"acav1m.{kind}"))
    return sorted({*own, *_third_party(kind)})


@cache
def load(kind: str, name: str) -> type[Step]:
    """Import the step of that kind and name.

    Raises:
        RecipeError: There is no such step.
    """
    third_party = _third_party(kind)
    if name in third_party:
        found = third_party[name].load()
        if not (isinstance(found, type) and issubclass(found, Step)):
            raise RecipeError([f"{kind}.{name}: entry point gives {found!r}, not a step"])
        return found
    if name not in names(kind):
        raise RecipeError([f"{kind}.{name}: no such step{did_you_mean(name, names(kind))}"])
    module = importlib.import_module(f"acav1m.{kind}.{name}")
    return registry.only(module, Step)


def _third_party(kind: str) -> dict[str, Any]:
    points = entry_points(group="acav1m.steps")
    return {p.name.partition(".")[2]: p for p in points if p.name.startswith(f"{kind}.")}
