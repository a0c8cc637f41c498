"""The network that hears and sees when: curves of vectors at 25 Hz, compared at every lag."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from acav1m.models.timing import cells, sound
from acav1m.models.timing.lags import LAGS_S, REACH

WIDTH = 32
HIDDEN = 64


class Curve(nn.Module):
    """Convolutions along time that look some 0.4 s to either side; (n, width, time) and back."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.near = nn.Conv1d(hidden, hidden, 5, padding=2)
        self.far = nn.Conv1d(hidden, hidden, 5, padding=4, dilation=2)
        self.project = nn.Conv1d(hidden, WIDTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, 32, time)."""
        x = x + F.relu(self.near(x))
        x = x + F.relu(self.far(x))
        return self.project(x)  # type: ignore[no-any-return]


class SoundCurve(nn.Module):
    """Channels of the sound (n, 4 * frames, 128) to (n, frames, 32)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv1d(sound.CHANNELS, HIDDEN, 8, sound.MELS_PER_FRAME, 2)
        self.curve = Curve(HIDDEN)

    def forward(self, x: Tensor) -> Tensor:
        """Return one vector per frame."""
        return self.curve(F.relu(self.stem(x.transpose(1, 2)))).transpose(1, 2)  # type: ignore[no-any-return]


class PictureCurves(nn.Module):
    """Channels of the picture (n, frames, 85, 6) to (n, frames, 85, 32): every place alike."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv1d(cells.CHANNELS, HIDDEN // 2, 7, padding=3)
        self.curve = Curve(HIDDEN // 2)
        self.scale = nn.Parameter(torch.tensor(-2.3))

    def forward(self, x: Tensor) -> Tensor:
        """Return one vector per frame and place; their scale is that of log evidence."""
        n, frames = x.shape[0], x.shape[1]
        x = x.permute(0, 2, 3, 1).flatten(0, 1)
        x = self.curve(F.relu(self.stem(x))) * self.scale.exp()
        return x.reshape(n, cells.PLACES, WIDTH, frames).permute(0, 3, 1, 2)


class Timing(nn.Module):
    """Both curves, and the evidence that what is heard is not seen at all."""

    def __init__(self) -> None:
        super().__init__()
        self.sound_curve, self.picture_curves = SoundCurve(), PictureCurves()
        self.nothing = nn.Parameter(torch.tensor(0.0))

    def log_posterior(self, heard: Tensor, seen: Tensor) -> Tensor:
        """Log probability of each lag and, last, of none; (n, 152).

        The same as `lags.compare`, with gradients and for many clips.
        """
        frames = seen.shape[1]
        padded = F.pad(heard, (0, 0, REACH, REACH + max(0, frames - heard.shape[1])))
        windows = padded.unfold(1, frames, 1)[:, : len(LAGS_S)]
        places = torch.einsum("ntpw,nlwt->npl", seen, windows)
        clip = torch.logsumexp(places, 1) - math.log(cells.PLACES)
        nothing = self.nothing + math.log(len(LAGS_S))
        return F.log_softmax(torch.cat([clip, nothing.expand(len(clip), 1)], 1), 1)


def loss(log_posterior: Tensor, foreign: Tensor, lag: Tensor) -> Tensor:
    """Cross-entropy of the true `lag` (n,), in frames, and of none for another clip's sound.

    The target is a bump of 40 ms: performances and containers are not more exact.
    """
    lags = torch.arange(-REACH, REACH + 1)
    bump = torch.softmax(-0.5 * (lags - lag[:, None]) ** 2, dim=1)
    own = -(bump * log_posterior[:, :-1]).sum(1)
    return own.mean() - 0.5 * foreign[:, -1].mean()
