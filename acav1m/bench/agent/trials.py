"""Plant every fault in a clip and let every policy act on it: what a worker does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from acav1m.agent import planner as planners
from acav1m.agent.settings import Settings
from acav1m.bench.agent import scorers
from acav1m.bench.agent.case import Case, case_of
from acav1m.bench.agent.judge import Judge
from acav1m.bench.agent.levelled import Levelled, levelled
from acav1m.bench.agent.policies import NONE, PLANNER, POLICIES, Acted, Policies
from acav1m.bench.subject import Subjects
from acav1m.bench.trials import CLEAN
from acav1m.errors import AcavError, ClipError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acav1m.bench.agent.policies import Look
    from acav1m.engines import Row

PLANNER_FIRST = sorted(POLICIES, key=lambda policy: policy != PLANNER)
"""So that its time is its own, and not what is left once others have looked."""

REFLECTED = (NONE, PLANNER)
"""Whose sounds are the pairs of the mixes."""


class Trials:
    """The job: a clip in, a row for each grade of faults out, and the first for none."""

    def __init__(
        self,
        planner: Mapping[str, Any],
        model: scorers.Model,
        settings: Mapping[str, Any],
        judge: Mapping[str, Any],
        grades: Sequence[str],
        recordings: Sequence[Row] | None = None,
        twins: Sequence[tuple[str, str]] = (),
    ) -> None:
        made = planners.load(planner["name"]).model_validate(planner["options"])
        made.setup()
        self.settings = Settings.model_validate(settings)
        self.policies = Policies(made, self.settings)
        self.looks, self.other = scorers.reflection(model), scorers.other(model)
        self.judge, self.grades = Judge.made(judge), grades
        self.subjects = Subjects(recordings, twins, self.looks.views | self.other.views)
        self.is_rendered = recordings is None

    def run(self, row: Row, alive: Callable[[], None]) -> list[Row]:
        """Try one clip with every grade."""
        try:
            clean = clean_of(self.subjects, row, self.settings)
            results = [self._tried(row, CLEAN, clean, alive)]
        except ClipError as error:
            return self.lost(row, error.kind, error.message)
        return results + [self._graded(row, grade, clean, alive) for grade in self.grades]

    def lost(self, row: Row, kind: str, reason: str) -> list[Row]:
        """The row of a clip that cannot be tried at all."""
        return [{"key": row["key"], "lost": f"{kind}: {reason}"}]

    def commit(self, part_id: str, results: list[Row]) -> None:
        """Nothing: the driver has heard of each row."""

    def _graded(self, row: Row, grade: str, clean: Levelled, alive: Callable[[], None]) -> Row:
        try:
            return self._tried(row, grade, clean, alive)
        except (AcavError, ClipError) as error:
            return {"key": row["key"], "grade": grade, "left_out": str(error)}

    def _tried(self, row: Row, grade: str, clean: Levelled, alive: Callable[[], None]) -> Row:
        """What every policy makes of one sound."""
        case, look = case_of(row, grade, clean), scorers.Remembered(self.looks)
        seed = crc32(f"{row['seed']}/{grade}".encode())
        acted: dict[str, Acted] = {}
        for policy in PLANNER_FIRST:
            alive()
            acted[policy] = self.policies.act(policy, case.clip(), look, seed, alive)
        known: dict[str, Row] = {}
        return {
            "key": row["key"],
            "video": row["video"],
            "seconds": case.damaged.seconds,
            "grade": grade,
            "kind": case.kind,
            "fault": case.fault.name if case.fault else CLEAN,
            "policies": {one: self._weighed(case, acted[one], known) for one in POLICIES},
            "scores": {one: self._scored(case, acted[one], look) for one in REFLECTED},
        }

    def _weighed(self, case: Case, acted: Acted, known: dict[str, Row]) -> Row:
        """What came of one policy; of the same sound it is known already."""
        key = acted.transform.model_dump_json()
        if key not in known:
            known[key] = self._heard(case, acted)
        return known[key] | {
            "transform": acted.transform.model_dump(mode="json"),
            "result": acted.story and acted.story.result,
            "cpu_s": acted.cpu_s,
        }

    def _heard(self, case: Case, acted: Acted) -> Row:
        """How near the sound is to the clean one, and what scorers say that were not asked."""
        mended, event = case.mended(acted.transform), case.clean.subject.truth.event
        judged = self.judge.probability(mended.audio(), event) if self.is_rendered else None
        return {
            **case.recovery(mended, acted.transform)._asdict(),
            "other_temporal": self.other(mended)["temporal_score"],
            "other_content": judged,
        }

    def _scored(self, case: Case, acted: Acted, look: Look) -> Row:
        """The scores of reflection, and those in words."""
        mended = case.mended(acted.transform)
        columns, words = look(mended), scorers.in_words(mended)
        return {
            "alignment": columns["instance_score"],
            "temporal": columns["temporal_score"],
            "words_alignment": words and words.alignment,
            "words_temporal": words and words.temporal,
        }


def clean_of(subjects: Subjects, row: Row, settings: Settings) -> Levelled:
    """The clip of a row at the loudness that is asked for.

    Raises:
        ClipError: It is silent.
    """
    assert settings.target_lufs is not None
    return levelled(subjects.opened(row), subjects.stock, settings.target_lufs)
