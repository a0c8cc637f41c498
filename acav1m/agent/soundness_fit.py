"""Fit the weights of `soundness` anew: `python -m acav1m.agent.soundness_fit`.

Clips are rendered, 16 of each event, and measured clean and with each noise planted. A logistic
regression for each noise tells clean from noisy; a clean clip weighs as much as `CARE` noisy
ones, for what is sound must be left alone. What is printed are the weights, and how many clips
of other seeds then fall below 0.85.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from acav1m.agent.noises import Noises, noises_of
from acav1m.synth import level, noise, scene

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FITTED, HELD_OUT = range(16), range(40000, 40012)
"""Seeds of the clips that weights are fitted to, and of those they are tried on."""

SNRS_DB = (0, 5, 10, 20)
CARE = {"hiss": 60, "hum": 60, "babble": 60}
PLANTED = {"hiss": ("white", "pink"), "hum": ("hum",), "babble": ("babble",)}
LOUDEST = {"hiss": 10, "hum": 10, "babble": 5}
"""Noise that lies deeper is not fitted to: filters do it little good."""

FAINTEST_HUM_DB = 40.0
"""A hum that lies deeper is as good as none: most clean clips have none at all."""

TELLING: dict[str, Callable[[Noises], Sequence[float]]] = {
    "hiss": lambda found: found.hiss,
    "hum": lambda found: (min(found.hum_snr_db, FAINTEST_HUM_DB),),
    "babble": lambda found: found.babble,
}
RIDGE = 1e-3


class Heard(NamedTuple):
    """A measured clip, and what is true of it."""

    planted: str | None
    snr_db: int | None
    found: Noises


def heard(seeds: Sequence[int]) -> Iterator[Heard]:
    """All events of these seeds, clean and noisy."""
    for event in scene.events():
        for seed in seeds:
            clean = scene.heard(event, seed, 5.0, 16_000)
            yield _measured(clean, None, None)
            for kind in noise.KINDS:
                rng = np.random.default_rng([seed, len(kind)])
                added = noise.coloured(rng, clean.size, 16_000, kind)
                for snr_db in SNRS_DB:
                    yield _measured(level.over(clean, added, snr_db), kind, snr_db)


def fitted(clips: Sequence[Heard], kind: str) -> Floats:
    """Weights of one kind of noise: the constant, and one for each measure."""
    from scipy.optimize import minimize

    clean = _values(clips, kind, lambda one: one.planted is None)
    noisy = _values(
        clips,
        kind,
        lambda one: one.planted in PLANTED[kind] and (one.snr_db or 0) <= LOUDEST[kind],
    )

    def loss(weights: Floats) -> float:
        missed = np.logaddexp(0, -noisy @ weights).mean()
        blamed = np.logaddexp(0, clean @ weights).mean()
        return float(missed + CARE[kind] * blamed + RIDGE * np.sum(weights[1:] ** 2))

    return np.asarray(minimize(loss, np.zeros(clean.shape[1])).x)


def main() -> None:
    """Fit, and print weights and what comes of them."""
    from acav1m.agent.hearing import clear_of_noise

    clips = list(heard(FITTED))
    for kind in TELLING:
        print(kind, np.round(fitted(clips, kind), 3).tolist())
    others = list(heard(HELD_OUT))
    for planted in (None, *noise.KINDS):
        for snr_db in SNRS_DB if planted else (None,):
            sure = [clear_of_noise(one.found) for one in others if one[:2] == (planted, snr_db)]
            print(planted, snr_db, f"below 0.85: {np.mean(np.array(sure) < 0.85):.3f}")


def _measured(sound: NDArray[np.float32], planted: str | None, snr_db: int | None) -> Heard:
    found = noises_of(sound[None], 16_000)
    assert found is not None
    return Heard(planted, snr_db, found)


def _values(clips: Sequence[Heard], kind: str, wanted: Callable[[Heard], bool]) -> Floats:
    return np.array([[1, *TELLING[kind](one.found)] for one in clips if wanted(one)])


if __name__ == "__main__":
    main()
