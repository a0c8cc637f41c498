"""The embedded model in torch: three towers that meet in one space, and what reads them.

The sound and picture towers are convolutional along time, so they take clips of any length and
return one vector per 80 ms. Everything that needs a fixed length (a second, a lag) comes after.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from acav1m.models.features import BANDS, BUCKETS, CONTEXT, SECOND

WIDTH = 128
HEADS = 4
HEAD_WIDTH = 24
LAGS = 2 * CONTEXT + 1


class Separable(nn.Module):
    """Depthwise 3x3 convolution with a stride, then a pointwise one."""

    def __init__(self, before: int, after: int, stride: tuple[int, int]) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(before, before, 3, stride, 1, groups=before, bias=False),
            nn.BatchNorm2d(before),
            nn.Conv2d(before, after, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return (n, after, smaller, smaller)."""
        return self.layers(x)  # type: ignore[no-any-return]


class Temporal(nn.Module):
    """Residual convolution over 5 frames (0.4 s)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(WIDTH, WIDTH, 5, padding=2, groups=WIDTH, bias=False),
            nn.BatchNorm1d(WIDTH),
            nn.ReLU(inplace=True),
            nn.Conv1d(WIDTH, WIDTH, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the same shape, (n, width, frames)."""
        return x + self.layers(x)  # type: ignore[no-any-return]


class AudioTower(nn.Module):
    """Log-mel (n, 8 * frames, 64) to (n, frames, width)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 16, 3, 2, 1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(inplace=True),
            Separable(16, 32, (2, 2)),
            Separable(32, 64, (2, 2)),
            Separable(64, 96, (1, 2)),
        )
        self.project = nn.Conv1d(96 * BANDS // 16, WIDTH, 1)
        self.temporal = nn.Sequential(Temporal(), Temporal())

    def forward(self, mel: Tensor) -> Tensor:
        """Return one vector per frame."""
        x = self.stem(mel.unsqueeze(1))
        x = x.permute(0, 1, 3, 2).flatten(1, 2)
        x = self.temporal(self.project(x))
        return x.transpose(1, 2)  # type: ignore[no-any-return]


class PictureTower(nn.Module):
    """Pictures (n, frames, 64, 64, 3), 0 to 255, to (n, frames, width)."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(6, 16, 3, 2, 1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(inplace=True),
            Separable(16, 32, (2, 2)),
            Separable(32, 64, (2, 2)),
            Separable(64, 96, (2, 2)),
        )
        self.where = nn.Conv2d(96, 12, 1)
        self.project = nn.Linear(96 * 2 + 12 * 16, WIDTH)
        self.temporal = nn.Sequential(Temporal(), Temporal())

    def forward(self, images: Tensor) -> Tensor:
        """Return one vector per frame."""
        n, frames = images.shape[0], images.shape[1]
        x = images / 127.5 - 1
        before = torch.cat([x[:, :1], x[:, :-1]], dim=1)
        x = torch.cat([x, (x - before).abs() * 2], dim=4).flatten(0, 1)
        x = self.stem(x.permute(0, 3, 1, 2))  # already in the channels-last order it likes
        # Where something is matters as much as what it is: a hammer that is down has just struck.
        x = torch.cat([x.mean((2, 3)), x.amax((2, 3)), self.where(x).flatten(1)], dim=1)
        x = self.project(x).reshape(n, frames, WIDTH).transpose(1, 2)
        return self.temporal(x).transpose(1, 2)  # type: ignore[no-any-return]


class TextTower(nn.Module):
    """Hashed pieces (n, most) and their mask to (n, width)."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(BUCKETS, 64)
        self.gate = nn.Embedding(BUCKETS, 1)
        self.layers = nn.Sequential(
            nn.Linear(64, WIDTH), nn.ReLU(inplace=True), nn.Linear(WIDTH, WIDTH)
        )
        nn.init.zeros_(self.gate.weight)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return the gated mean of the pieces' vectors, through two layers."""
        weight = torch.sigmoid(self.gate(ids)) * mask.unsqueeze(-1)
        total = weight.sum(1)
        mean = (self.table(ids) * weight).sum(1) / (total + 1e-6)
        return self.layers(mean)  # type: ignore[no-any-return]


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


class Embedded(nn.Module):
    """All parts, with the scales of the sigmoid losses."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.audio, self.picture, self.text = AudioTower(), PictureTower(), TextTower()
        self.audio_pool, self.picture_pool = Pool(), Pool()
        self.audio_events = Events(events)
        self.picture_events = Events(events)
        self.sync = Sync()
        self.scale = nn.Parameter(torch.full((3,), 2.3))
        self.bias = nn.Parameter(torch.full((3,), -5.0))


def normalise(x: Tensor) -> Tensor:
    """Bring vectors to length one."""
    return F.normalize(x, dim=-1)
