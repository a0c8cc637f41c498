"""What must not matter: loudness, noise, band limits, colour, framing, blur.

Works on feature batches; a negative window of noise or a still picture belongs to no event.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from acav1m.models.features import BANDS


def sound(mel: Tensor, rng: np.random.Generator) -> Tensor:
    """Change gain (+-12 dB), add coloured noise or another clip's sound, cut bands."""
    n = len(mel)
    gain_db = uniform(rng, n, -12, 12) * chosen(rng, n, 0.8)
    power = from_level(mel) * 10 ** (gain_db / 10)
    noise_db = uniform(rng, n, -90, -45)
    power = power + chosen(rng, n, 0.6) * noise(mel.shape, noise_db, rng)
    other = power.roll(1, 0) * 10 ** (uniform(rng, n, -30, -12) / 10)
    power = power + chosen(rng, n, 0.2) * other
    return to_level(power * band_limits(n, rng))


def band_limits(n: int, rng: np.random.Generator) -> Tensor:
    """Power factors (n, 1, 64) of a codec or a small microphone: nothing at the far ends."""
    band = torch.arange(BANDS).reshape(1, 1, -1)
    top = uniform(rng, n, 40, BANDS + 16)
    bottom = uniform(rng, n, -16, 8)
    passed = (band <= top) & (band >= bottom)
    return passed.float() + 1e-5


def noise(shape: tuple[int, ...], level_db: Tensor, rng: np.random.Generator) -> Tensor:
    """Noise power with a slope along frequency, (n, frames, 64)."""
    tilt_db = torch.linspace(-1, 1, BANDS) * uniform(rng, shape[0], -20, 20)
    grain = torch.from_numpy(rng.gamma(3.0, 1 / 3, shape)).float()
    return grain * 10 ** ((level_db + tilt_db) / 10)


def picture(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Mirror, reframe, recolour and blur whole clips alike; (n, frames, 64, 64, 3), 0 to 255."""
    out = []
    for clip in images.float():
        if rng.random() < 0.5:
            clip = clip.flip(2)
        if rng.random() < 0.5:
            clip = _reframed(clip, rng)
        if rng.random() < 0.25:
            clip = _blurred(clip)
        out.append(clip)
    return _recoloured(torch.stack(out), rng)


def _reframed(clip: Tensor, rng: np.random.Generator) -> Tensor:
    side = clip.shape[1]
    size = int(rng.integers(int(0.8 * side), side))
    x, y = rng.integers(0, side - size + 1, 2)
    cropped = clip[:, y : y + size, x : x + size].permute(0, 3, 1, 2)
    return F.interpolate(cropped, (side, side), mode="bilinear").permute(0, 2, 3, 1)


def _blurred(clip: Tensor) -> Tensor:
    return F.avg_pool2d(clip.permute(0, 3, 1, 2), 3, 1, 1).permute(0, 2, 3, 1)


def _recoloured(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Change contrast and brightness, and the tint a little: captions name colours."""
    n = len(images)
    contrast = rng.uniform(0.7, 1.25, (n, 1, 1, 1, 1)) * rng.uniform(0.95, 1.05, (n, 1, 1, 1, 3))
    offset = torch.from_numpy(rng.uniform(-25, 25, (n, 1, 1, 1, 1))).float()
    mean = images.mean((1, 2, 3, 4), keepdim=True)
    return ((images - mean) * torch.from_numpy(contrast).float() + mean + offset).clamp_(0, 255)


def nothing_heard(shape: tuple[int, ...], rng: np.random.Generator) -> Tensor:
    """Sounds of no event: noise at any level down to silence."""
    return to_level(noise(shape, uniform(rng, shape[0], -110, -25), rng))


def over(mel: Tensor, drowned: Tensor, above_db: Tensor) -> Tensor:
    """Mix `mel` over other sound, so many dB above it in mean power."""
    loud, faint = from_level(mel), from_level(drowned)
    ratio = loud.mean((1, 2), keepdim=True) / faint.mean((1, 2), keepdim=True)
    return to_level(loud + faint * ratio / 10 ** (above_db / 10))


def nothing_seen(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Pictures of no event: scrambled tiles of real ones, still ones, flat colour, or clouds."""
    n, frames, side = images.shape[0], images.shape[1], images.shape[2]
    tiles = images.reshape(n, frames, 8, side // 8, 8, side // 8, 3)
    order = torch.from_numpy(rng.permutation(8))
    scrambled = tiles[:, :, order][:, :, :, :, order.flip(0)].reshape(images.shape).float()
    still = scrambled[:, :1].expand_as(scrambled)
    flat = still.mean((2, 3), keepdim=True).expand_as(still)
    kinds = (scrambled, still, flat, clouds(n, frames, side, rng))
    pick = rng.integers(0, len(kinds), n)
    return torch.stack([kinds[kind][i] for i, kind in enumerate(pick)])


def clouds(n: int, frames: int, side: int, rng: np.random.Generator) -> Tensor:
    """Drifting textures whose amplitude falls with frequency, as it does in photographs."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side)))
    slope = 1 / np.maximum(frequency, 1 / side) ** rng.uniform(0.7, 1.6, (n, 1, 1, 1))
    grain = np.fft.fft2(rng.normal(size=(n, 3, side, side)))
    texture = np.fft.ifft2(grain * slope).real
    texture = (texture - texture.mean((2, 3), keepdims=True)) / texture.std((2, 3), keepdims=True)
    image = torch.from_numpy(texture * 45 + rng.uniform(60, 190, (n, 3, 1, 1))).float()
    drift = rng.integers(-2, 3, (n, 2))
    out = [
        torch.stack([one.roll((y * t, x * t), (1, 2)) for t in range(frames)])
        for one, (y, x) in zip(image, drift.tolist(), strict=True)
    ]
    return torch.stack(out).permute(0, 1, 3, 4, 2).clamp(0, 255)


def from_level(mel: Tensor) -> Tensor:
    """Undo the scale of `features.mel`: power, full scale 1."""
    return 10 ** ((mel - 1) * 5)


def to_level(power: Tensor) -> Tensor:
    """Apply the scale of `features.mel`."""
    return power.clamp_min(1e-10).log10() / 5 + 1


def uniform(rng: np.random.Generator, n: int, low: float, high: float) -> Tensor:
    """Draw one number per clip, shape (n, 1, 1)."""
    return torch.from_numpy(rng.uniform(low, high, (n, 1, 1))).float()


def chosen(rng: np.random.Generator, n: int, share: float) -> Tensor:
    """Draw 1 for about this share of clips and 0 for the others, shape (n, 1, 1)."""
    return torch.from_numpy(rng.random((n, 1, 1)) < share).float()
