"""The embedded model in torch: three towers that meet in one space, and what reads them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from acav1m.models.train.heads import Events, Pool
from acav1m.models.train.towers import AudioTower, PictureTower, TextTower


class Embedded(nn.Module):
    """All parts, with the scales of the sigmoid losses."""

    def __init__(self, events: int) -> None:
        super().__init__()
        self.audio, self.picture, self.text = AudioTower(), PictureTower(), TextTower()
        self.audio_pool, self.picture_pool = Pool(), Pool()
        self.audio_events = Events(events)
        self.picture_events = Events(events)
        self.scale = nn.Parameter(torch.full((3,), 2.3))
        self.bias = nn.Parameter(torch.full((3,), -5.0))


def normalise(x: Tensor) -> Tensor:
    """Bring vectors to length one."""
    return F.normalize(x, dim=-1)
