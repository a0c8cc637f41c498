"""The towers of the embedded model: sound, picture and text to vectors of one width.

Those of sound and picture are convolutional along time, so they take clips of any length and
return one vector per 80 ms. Everything that needs a fixed length (a second, a lag) comes after.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from acav1m.models.features import BANDS, BUCKETS

WIDTH = 128


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
