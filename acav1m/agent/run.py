"""Have a recipe's editor go over the sound of one video, outside of any build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acav1m import editing, plan
from acav1m.clip import Clip
from acav1m.errors import AcavError, ClipError
from acav1m.looks import Looks
from acav1m.media.cut import cut
from acav1m.media.probe import probe
from acav1m.media.revoice import revoice
from acav1m.media.split import spans

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from acav1m.agent.action import Samples
    from acav1m.agent.attempt import Story
    from acav1m.plan import Plan
    from acav1m.steps import Editor

RECIPE = Path("quickstart")
EDITOR = "editors.avagent"


@dataclass(frozen=True)
class Asked:
    """One video, and which seconds of it; by default the first that a clip is long."""

    video: Path
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True)
class Report:
    """What came of it; the clip's files lie in the folder that it was cut into."""

    video: str
    """Name of the file."""
    start_s: float
    end_s: float
    recipe: str
    threshold: float | None
    """The score that is good enough, where the editor has one."""
    story: Story
    before: Path
    """The clip as it was cut, less the suffix of its files."""
    after: Path | None
    """The edited clip; None where its sound is kept."""
    sounds: tuple[Samples, Samples]
    """Mono sound at 16 kHz as it was, and as it is."""
    per_second: tuple[Sequence[float | None], Sequence[float | None]]
    """The temporal score of each second, before and after."""

    @property
    def names(self) -> dict[str, str]:
        """What its sounds are called, by the name of their files."""
        if self.after is None:
            return {"before": "kept as it came"}
        return {"before": "before", "after": "after"}

    def as_dict(self) -> dict[str, Any]:
        """For machines: the clip and its whole story."""
        return {
            "video": self.video,
            "start_s": self.start_s,
            "end_s": self.end_s,
            "recipe": self.recipe,
            "temporal_scores": dict(zip(("before", "after"), self.per_second, strict=True)),
            "story": self.story.model_dump(mode="json"),
        }


def read(recipe: Path | None, overrides: Sequence[str] = (), planner: str | None = None) -> Plan:
    """The plan of a recipe with an editor: its own, or AVAgent with its defaults.

    `planner` is a name, or a name and options in YAML.

    Raises:
        RecipeError: Holds every complaint at once.
    """
    asked = list(overrides)
    if planner is not None:
        asked.append(f"{EDITOR}.planner={planner}")
    found = plan.read(recipe or RECIPE, asked)
    if found.steps["editors"]:
        return found
    return plan.read(recipe or RECIPE, [f"{EDITOR}={{}}", *asked])


def run(asked: Asked, how: Plan, folder: Path, alive: Callable[[], None] = lambda: None) -> Report:
    """Cut the clip into `folder`, let the editor of the plan go over it, and write what it keeps.

    Scores are calibrated by the priors that ship with the aligners' models.

    Raises:
        AcavError: The video cannot be used, or the editor lacks something.
    """
    if not asked.video.is_file():
        problem = "is a folder; name a video" if asked.video.is_dir() else "no such file"
        raise AcavError(f"{asked.video}: {problem}")
    _, editor = how.editor
    editor.setup()
    look = Looks(editing.looking(how))
    try:
        return _run(asked, how, editor, look, folder, alive)
    except ClipError as error:
        raise AcavError(f"{asked.video}: {error.message}") from error


def _run(
    asked: Asked, how: Plan, editor: Editor, look: Looks, folder: Path, alive: Callable[[], None]
) -> Report:
    start_s, end_s, stem = _cut(asked, how, folder, alive)
    clip = Clip(stem, views=look.views)
    story = editor.edit(clip, look, alive)
    after = None
    heard = clip
    if story.result == "edited":
        after = stem.with_name("after")
        revoice(stem, story.transform, after, audio_kbps=how.recipe.cut.audio_kbps, alive=alive)
        heard = clip.with_sound(Clip(after).audio())
    return Report(
        video=asked.video.name,
        start_s=round(start_s, 3),
        end_s=round(end_s, 3),
        recipe=f"{how.recipe.name} {how.recipe.version}",
        threshold=getattr(editor, "threshold", None),
        story=story,
        before=stem,
        after=after,
        sounds=(clip.audio(), heard.audio()),
        per_second=(story.observation.temporal_scores, _per_second(look(heard))),
    )


def _cut(
    asked: Asked, how: Plan, folder: Path, alive: Callable[[], None]
) -> tuple[float, float, Path]:
    """From when to when, and where the clip lies."""
    found = probe(asked.video, alive)
    start_s = found.start_s if asked.start_s is None else asked.start_s
    [span] = spans(asked.video, found, start_s, asked.end_s, how.recipe.cut, alive)
    stem = folder / "before"
    made = cut(asked.video, found, *span, stem, how.recipe.cut, alive)
    return made.start_s, made.end_s, stem


def _per_second(found: Mapping[str, Any]) -> tuple[float | None, ...]:
    from acav1m.agent.observe import PER_SECOND

    return tuple(found.get(PER_SECOND) or ())
