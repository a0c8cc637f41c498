"""Who looks at sounds: the scorers that reflection asks, and others that it does not."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from acav1m.aligners.instance import Instance
from acav1m.aligners.temporal import Temporal
from acav1m.captioners.embedded import Embedded
from acav1m.errors import AcavError, did_you_mean
from acav1m.looks import Looks
from acav1m.models import describe, embedded

if TYPE_CHECKING:
    from acav1m.clip import Clip
    from acav1m.steps import Measure, Value

Model = Literal["embedded", "onset-motion"]
MODELS: tuple[Model, ...] = get_args(Model)
TIME = "temporal_score"


class Likeness(NamedTuple):
    """How picture and sound agree in words: of the clip, and the mean over its seconds."""

    alignment: float
    temporal: float


def model_named(name: str) -> Model:
    """The model of that name.

    Raises:
        AcavError: There is none.
    """
    found = next((model for model in MODELS if model == name), None)
    if found is None:
        raise AcavError(f"--model {name}: no such model{did_you_mean(name, MODELS)}")
    return found


def reflection(model: Model) -> Looks:
    """What planners are told and acceptance goes by: captions, alignment, timing by `model`."""
    steps: dict[str, Measure] = {
        "captioners.embedded": Embedded(),
        "aligners.instance": Instance(),
        "aligners.temporal": Temporal(model=model),
    }
    return Looks(steps)


def other(model: Model) -> Looks:
    """The timing by the model that reflection does not ask."""
    second = next(one for one in MODELS if one != model)
    return Looks({"aligners.temporal": Temporal(model=second)})


class Remembered:
    """Looks at each sound once, whoever asks; all of one clip's pictures."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks
        self._known: dict[str, dict[str, Value]] = {}

    def __call__(self, clip: Clip) -> dict[str, Value]:
        """Every column of the steps."""
        key = hashlib.sha256(clip.audio().tobytes()).hexdigest()
        if key not in self._known:
            self._known[key] = self._looks(clip)
        clip.columns |= self._known[key]
        return dict(self._known[key])


def in_words(clip: Clip) -> Likeness | None:
    """Cosine of the picture and of a caption made from the sound; None for silence.

    Like X-CLIP, which AVAgent's Table 1 is scored by, it compares pictures with words: what it
    knows of the sound is the likeliest caption, however unlikely that is.
    """
    model = embedded.load()
    caption = describe.sound(model, clip, 0.0)
    if caption is None:
        return None
    [text] = model.encode_text([caption])
    seen = model.encode_video(clip)
    return Likeness(float(seen.clip @ text), float((seen.seconds @ text).mean()))
