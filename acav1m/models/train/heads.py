"""What reads the towers' vectors: seconds, events, and time."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from acav1m.models.features import CONTEXT, SECOND
from acav1m.models.train.towers import WIDTH

HEADS = 4
HEAD_WIDTH = 24
LAGS = 2 * CONTEXT + 1


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


class Sync(nn.Module):
    """How likely picture frames (n, 13, width) and sound frames (n, 25, width) are in step.

    Correlates both at 13 lags of 80 ms, once as they are and once without the picture's mean
    (what it is, apart from when it moves), and reads the two profiles.
    """

    band: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.audio = nn.Linear(WIDTH, HEADS * HEAD_WIDTH)
        self.picture = nn.Linear(WIDTH, HEADS * HEAD_WIDTH)
        self.layers = nn.Sequential(
            nn.Linear(2 * HEADS * LAGS, 64),
            nn.ReLU(inplace=True),
            nn.Dropout(0.1),
            nn.Linear(64, 1),
        )
        self.register_buffer("band", lag_band(), persistent=False)

    def forward(self, audio: Tensor, picture: Tensor) -> Tensor:
        """Return logits, shape (n,)."""
        heard = self.audio(audio).reshape(-1, SECOND + LAGS - 1, HEADS, HEAD_WIDTH)
        seen = self.picture(picture).reshape(-1, SECOND, HEADS, HEAD_WIDTH)
        seen = torch.cat([seen, seen - seen.mean(1, keepdim=True)], dim=2)
        heard = torch.cat([heard, heard], dim=2)
        alike = seen.permute(0, 2, 1, 3) @ heard.permute(0, 2, 3, 1)
        lags = alike.flatten(2) @ self.band / (SECOND * HEAD_WIDTH**0.5)
        return self.layers(lags.flatten(1)).squeeze(1)  # type: ignore[no-any-return]


def lag_band() -> Tensor:
    """Constant matrix that adds up diagonals: (13 * 25, 13). A diagonal does not export."""
    picture = torch.arange(SECOND).reshape(-1, 1, 1)
    audio = torch.arange(SECOND + LAGS - 1).reshape(1, -1, 1)
    return (audio - picture == torch.arange(LAGS)).float().flatten(0, 1)
