"""Where a defect gets other sound and other captions from: the renderer, or recorded clips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from acav1m.synth import scene

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from acav1m.synth.event import Captions


class Stock(Protocol):
    """Clips by name and seed, whose sound goes on beyond their ends."""

    def names(self) -> Sequence[str]:
        """What there is, sorted."""
        ...

    def others(self, name: str) -> Sequence[str]:
        """What certainly sounds and looks like another clip than `name`, sorted."""
        ...

    def siblings(self, name: str) -> Sequence[str]:
        """Where to find other clips of the same class, with any seed."""
        ...

    def margin_s(self, name: str, seconds: float) -> float:
        """How far beyond either end of a clip its sound goes on and is still its own."""
        ...

    def heard(
        self,
        name: str,
        seed: int,
        seconds: float,
        rate_hz: int,
        *,
        start_s: float = 0.0,
        length_s: float | None = None,
    ) -> NDArray[np.float32]:
        """The sound of a clip `seconds` long, from `start_s` on: as long as the clip unless asked.

        It may begin up to the margin before the clip and end as long after it.
        """
        ...

    def captions(self, name: str, seed: int, seconds: float) -> Captions | None:
        """True captions of a clip, None where nobody knows them."""
        ...


class Renderer:
    """Stock that never ends: every event class, with any seed."""

    def names(self) -> Sequence[str]:
        """All event classes."""
        return scene.events()

    def others(self, name: str) -> Sequence[str]:
        """All event classes but one."""
        return [other for other in scene.events() if other != name]

    def siblings(self, name: str) -> Sequence[str]:
        """The class itself: another seed is another clip."""
        return [name]

    def margin_s(self, name: str, seconds: float) -> float:
        """The same for all: performances begin early and go on."""
        return scene.MARGIN_S

    def heard(
        self,
        name: str,
        seed: int,
        seconds: float,
        rate_hz: int,
        *,
        start_s: float = 0.0,
        length_s: float | None = None,
    ) -> NDArray[np.float32]:
        """The performance's own sound."""
        return scene.heard(name, seed, seconds, rate_hz, start_s=start_s, length_s=length_s)

    def captions(self, name: str, seed: int, seconds: float) -> Captions:
        """What was cast."""
        return scene.captions(name, seed, seconds)


RENDERER = Renderer()
