"""The planner that goes by what is measured."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from pydantic import Field

from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.pitch import Pitch
from acav1m.agent.actions.spectral_subtraction import SpectralSubtraction
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.actions.wavelet import Wavelet
from acav1m.agent.hearing import off_lu
from acav1m.agent.plan import Plan
from acav1m.agent.planner import Answer, Asked, Planner
from acav1m.agent.remedies import FAINT, FAINT_DB
from acav1m.agent.resync import resync, start_s

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acav1m.agent.action import Action
    from acav1m.agent.observation import NoiseKind, Observation
    from acav1m.agent.transform import Transform

    Acts = tuple[Action, ...]

LADDERS: Mapping[NoiseKind, Acts] = {
    "none": (),
    "hiss": (
        SpectralSubtraction(),
        Wavelet(strength=1.5, floor_db=-15),
        SpectralSubtraction(over_subtraction=1, floor_db=-10),
    ),
    "hum": (
        SpectralSubtraction(),
        SpectralSubtraction(over_subtraction=1.5, floor_db=-14),
        SpectralSubtraction(over_subtraction=1, floor_db=-10),
    ),
    "babble": (
        Wavelet(strength=2, floor_db=-20),
        Wavelet(strength=1.5, floor_db=-15),
        Wavelet(strength=1, floor_db=-10),
    ),
}
"""Filters that gain most and are still taken, and gentler ones for when they cost alignment.

Of 18 settings on 16 rendered clips with noise at 5 dB, spectral subtraction at its defaults gained
5.9 dB against white noise and 10.6 dB against hum with no clip made worse; the loop refused it in
none and in three of them, and the last step in one and in none. Against babble the first wavelet
gained 3.1 dB.
"""

NARROWER = 0.1 / 0.16
"""An offset's confidence is for 0.1 s either way, and the temporal score for 0.16 s."""


class Rules(Planner):
    """Goes by what is measured, and by nothing that anybody wrote: the default.

    Noise that is heard, lies no more than `max_snr_db` below the sound, and leaves it a soundness
    of no more than `max_soundness`, is filtered by what gained most against its kind and level.
    What else is wrong is mended beside it, the most urgent first: blanks; sound out of step, where
    the temporal score is below `in_step`; a loudness that one gain brings `min_gain_lu` or more
    nearer to what is asked for. Nothing is moved beside a filter, for noise blurs when a sound
    comes. What was tried is not tried again: two actions that failed together are tried alone,
    and then the next.

    Out of step is an offset of `min_offset_s` or more that is known with `min_confidence` and is
    likelier than being in step, both as calibrated; and a drift of `min_drift` or more seconds
    each second. A drift is undone first as if sound and picture began together, for it blurs the
    offset; and next together with the offset.

    Nothing that is measured tells a wrong pitch. Where temporal score and soundness are at least
    `in_step`, and still the alignment score is below `min_alignment`, a pitch
    `pitch_step_semitones` lower and then higher is tried, and the score decides. It falls so far
    for one in ten rendered clips moved by 2 to 7 semitones, and for next to none that was not; a
    noise that nobody hears may do the same.
    """

    max_snr_db: float = Field(default=20.0, ge=0, le=60)
    max_soundness: float = Field(default=0.7, ge=0, le=1)
    in_step: float = Field(default=0.85, ge=0, le=1)
    min_confidence: float = Field(default=0.2, ge=0, le=1)
    min_offset_s: float = Field(default=0.12, ge=0, le=5)
    min_drift: float = Field(default=0.03, ge=0, le=0.5)
    min_gain_lu: float = Field(default=0.5, ge=0, le=20)
    min_alignment: float = Field(default=0.5, ge=0, le=1)
    pitch_step_semitones: float = Field(default=5.0, gt=0, le=12)

    def plan(self, asked: Asked) -> Answer:
        """The first plan that was not tried yet; one without actions where nothing is left."""
        tried = [one.transform for one in asked.history]
        told = asked.observation
        for acts in self._options(told):
            plan = Plan.of("; ".join(wrong(told, act) for act in acts), *acts)
            transform = asked.made_by.then(*plan.acts())
            if transform not in tried and not _is_pitched_twice(transform):
                return Answer(plan)
        return Answer(Plan.of("no measured fault is left that an action mends"))

    def _options(self, told: Observation) -> Iterator[Acts]:
        """Plans in the order to try them; what moves sound comes last, as noise blurs its time."""
        noises, fits = self._filters(told), tuple(self._fits(told))
        if noises:
            fits = tuple(sorted(fits, key=lambda act: isinstance(act, Speed)))
        if noises and fits and not isinstance(fits[0], Speed):
            yield noises[0], fits[0]
        for pair in zip_longest(noises, fits):
            yield from ((act,) for act in pair if act is not None)
        if self._sounds_strange(told):
            yield (Pitch(semitones=-self.pitch_step_semitones),)
            yield (Pitch(semitones=self.pitch_step_semitones),)

    def _sounds_strange(self, told: Observation) -> bool:
        """Whether all is well but that the sound seems to be of something else."""
        scores = told.scores
        if scores.alignment is None or scores.alignment >= self.min_alignment:
            return False
        return all(x is not None and x >= self.in_step for x in (scores.temporal, scores.soundness))

    def _filters(self, told: Observation) -> Acts:
        if not self.noisy(told) or told.noise.snr_db is None:
            return ()
        return (FAINT if told.noise.snr_db >= FAINT_DB else LADDERS)[told.noise.kind]

    def noisy(self, told: Observation) -> bool:
        """Whether there is noise that is worth a filter."""
        snr_db, sound = told.noise.snr_db, told.scores.soundness
        if told.noise.kind == "none" or snr_db is None or sound is None:
            return False
        return snr_db <= self.max_snr_db and sound <= self.max_soundness

    def _fits(self, told: Observation) -> Iterator[Action]:
        """Actions of coordination, the most urgent first."""
        if told.blanks.count:
            yield FillBlanks()
        if told.scores.temporal is not None and told.scores.temporal < self.in_step:
            yield from self.moves(told)
        level = told.level
        if level.target_lufs is not None and off_lu(level) >= self.min_gain_lu:
            yield Volume(target_lufs=level.target_lufs)

    def moves(self, told: Observation) -> Iterator[Speed]:
        """How to bring sound into step, by what of offset and drift is known and within reach."""
        yield from (act for act in self._timing(told) if act is not None)

    def sure(self, told: Observation) -> bool:
        """Whether the offset is known well enough to go by."""
        least = max(self.min_confidence, NARROWER * (told.scores.temporal or 0.0))
        return (told.timing.confidence or 0.0) > least

    def _timing(self, told: Observation) -> Iterator[Speed | None]:
        drift, offset_s = told.timing.drift, told.timing.offset_s if self.sure(told) else None
        if drift is not None and abs(drift) >= self.min_drift:
            yield resync(drift=drift)
            if offset_s is not None:
                begin_s = start_s(offset_s, drift=drift, duration_s=told.duration_s)
                yield resync(drift=drift, start_s=begin_s)
        if offset_s is not None and abs(offset_s) >= self.min_offset_s:
            yield resync(start_s=offset_s)


def _is_pitched_twice(transform: Transform) -> bool:
    """One pitch on another only spoils the sound."""
    return sum(edit.action == Pitch.name() for edit in transform.edits) > 1


def wrong(told: Observation, act: Action) -> str:
    """What an action mends, in words and with what was measured."""
    if act.kind == "noise":
        return f"{told.noise.kind} {told.noise.snr_db:.0f} dB below the sound"
    if isinstance(act, FillBlanks):
        return f"{told.blanks.count} blanks of up to {told.blanks.longest_ms:.0f} ms"
    if isinstance(act, Volume):
        return f"{told.level.lufs:.1f} LUFS where {told.level.target_lufs:g} is asked for"
    if isinstance(act, Pitch):
        return f"in step, but an alignment score of {told.scores.alignment:.2f}"
    if isinstance(act, Speed) and act.factor != 1:
        return f"the sound falls behind by {told.timing.drift:+.3f} s each second"
    offset_s = told.timing.offset_s or 0.0
    return f"the sound comes {abs(offset_s):.2f} s {'late' if offset_s > 0 else 'early'}"
