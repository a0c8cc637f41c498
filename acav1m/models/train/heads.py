"""What reads the towers' vectors: seconds and events."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from acav1m.models.train.towers import WIDTH


class Pool(nn.Module):
    """Frames of a second (n, 13, width) to (n, width); seconds of a clip are added up.

    Not normalised, so a second in which little happens adds little to its clip.
    """

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(2 * WIDTH, WIDTH, bias=False)

    def forward(self, frames: Tensor) -> Tensor:
        """Return one vector per second."""
        return self.project(torch.cat([frames.mean(1), frames.amax(1)], dim=1))  # type: ignore[no-any-return]


class Events(nn.Module):
    """A logit for each known event from a normalised clip vector."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.project = nn.Linear(WIDTH, events)
        nn.init.constant_(self.project.bias, -2.0)

    def forward(self, embedding: Tensor) -> Tensor:
        """Return (n, events)."""
        # Entries of a unit vector are small: without the factor confidence comes too slowly.
        return self.project(embedding * WIDTH**0.5)  # type: ignore[no-any-return]
