"""Records of edits: they survive JSON, and give the same bits again."""

import subprocess
import sys

import numpy as np
import pytest

from acav1m.agent import action as actions
from acav1m.agent.actions.fill_blanks import FillBlanks
from acav1m.agent.actions.pitch import Pitch
from acav1m.agent.actions.speed import Speed
from acav1m.agent.actions.volume import Volume
from acav1m.agent.actions.wiener import Wiener
from acav1m.agent.bench_signals import speech
from acav1m.agent.transform import Edit, Transform
from acav1m.errors import AcavError

RATE_HZ = 16_000


@pytest.fixture(scope="module")
def sound():
    made = speech(np.random.default_rng(7), 2, RATE_HZ)
    made[RATE_HZ : RATE_HZ + 2000] = 0
    return made


@pytest.mark.parametrize("name", actions.names())
def test_a_record_of_each_action_replays_bit_for_bit(sound, name):
    kind = actions.load(name)
    action = kind(**{"speed": {"factor": 1.1}, "pitch": {"semitones": 2.5}}.get(name, {}))
    record = Transform.model_validate_json(Transform.of(action).model_dump_json())
    assert np.array_equal(record.replay(sound, RATE_HZ), action.apply(sound, RATE_HZ))


def test_edits_are_replayed_in_their_order(sound):
    record = Transform.of(Speed(factor=0.9), Volume(target_lufs=-30))
    by_hand = Volume(target_lufs=-30).apply(Speed(factor=0.9).apply(sound, RATE_HZ), RATE_HZ)
    assert np.array_equal(record.replay(sound, RATE_HZ), by_hand)
    assert Transform.of(Speed(factor=0.9)).then(Volume(target_lufs=-30)) == record


def test_no_edit_leaves_the_sound_as_it_is(sound):
    assert np.array_equal(Transform().replay(sound, RATE_HZ), sound)


def test_every_parameter_is_recorded_so_that_a_new_default_changes_nothing():
    assert Edit.of(Volume()).parameters == {"target_lufs": -23.0, "peak_ceiling_db": -1.0}


@pytest.mark.slow
def test_another_process_gives_the_same_bits(sound, tmp_path):
    """Texture and stretching draw noise: its seed must come of the content alone."""
    record = Transform.of(FillBlanks(), Wiener(), Pitch(semitones=3), Speed(factor=0.8))
    np.save(tmp_path / "sound.npy", sound)
    (tmp_path / "edits.json").write_text(record.model_dump_json())
    code = (
        "import numpy, pathlib\n"
        "from acav1m.agent.transform import Transform\n"
        "record = Transform.model_validate_json(pathlib.Path('edits.json').read_text())\n"
        f"numpy.save('again.npy', record.replay(numpy.load('sound.npy'), {RATE_HZ}))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert np.array_equal(np.load(tmp_path / "again.npy"), record.replay(sound, RATE_HZ))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Edit(action="reverb", parameters={}, version=1), "no action 'reverb'"),
        (Edit(action="speed", parameters={"factor": 1}, version=99), "version 99, and this is 1"),
        (Edit(action="speed", parameters={"factor": 9}, version=1), "speed.factor: "),
        (Edit(action="speed", parameters={"factors": 1}, version=1), "speed.factors: "),
    ],
)
def test_what_cannot_be_done_again_is_said(sound, edit, said):
    with pytest.raises(AcavError, match=said):
        Transform(edits=(edit,)).replay(sound, RATE_HZ)
