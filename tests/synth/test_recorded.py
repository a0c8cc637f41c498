"""Real clips are damaged like rendered ones; here rendered ones stand for them."""

import numpy as np
import pytest

from acav1m.errors import AcavError
from acav1m.synth import scene
from acav1m.synth.plant import choose, defect_named, defects, plant
from acav1m.synth.recorded import RATE_HZ, SEAM_S, Recorded, Recording, twins
from acav1m.testing import from_arrays, silence

EVENTS = ("bell", "drum", "saw")
SEAM = round(SEAM_S * RATE_HZ)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    made = []
    for event in EVENTS:
        rendered = scene.render(event, 3, seconds=4, width=64, height=64)
        folder = tmp_path_factory.mktemp(event)
        clip = from_arrays(rendered.frames, rendered.fps, rendered.audio, folder=folder)
        clip.mp4 = clip.mp4.rename(folder / f"{event}.mp4")
        clip.flac = clip.flac.rename(folder / f"{event}.flac")
        made.append(Recording(clip, video_id=f"video-{event}", caption=f"a {event}"))
    return made


@pytest.fixture
def stock(recordings):
    return Recorded(recordings)


def heard(stock, name, **options):
    return stock.heard(name, 0, 4.0, RATE_HZ, **options)


def test_within_its_ends_a_sound_is_its_own(stock, recordings):
    sound = recordings[1].clip.audio()
    assert np.array_equal(heard(stock, "drum"), sound)
    assert np.array_equal(heard(stock, "drum", start_s=1, length_s=2), sound[16_000:48_000])


def test_beyond_its_ends_a_sound_goes_round(stock, recordings):
    sound = recordings[1].clip.audio()
    late = heard(stock, "drum", start_s=-1.0)
    assert np.array_equal(late[16_000 + SEAM :], sound[SEAM:-16_000])
    assert np.array_equal(late[: 16_000 - SEAM], sound[-16_000 - SEAM : -2 * SEAM])


def test_the_seam_does_not_click():
    """The ends of this sound meet at opposite peaks, which would be a jump of twice its level."""
    time_s = np.arange(4 * RATE_HZ) / RATE_HZ
    sound = (0.5 * np.cos(2 * np.pi * 100.125 * time_s)).astype(np.float32)
    clip = silence(4).with_sound(sound)
    late = Recorded([Recording(clip, "video")]).heard("clip", 0, 4.0, RATE_HZ, start_s=-1.0)
    assert np.abs(np.diff(late)).max() < 1.5 * np.abs(np.diff(sound)).max()
    assert len(late) == len(sound)


@pytest.mark.parametrize("defect", defects())
def test_every_defect_can_be_planted_and_is_repeatable(stock, defect):
    clean = stock.take(stock.clip("drum"))
    first, again = (plant(clean, defect, 5, stock=stock) for _ in range(2))
    assert first.defect == defect
    assert np.array_equal(first.audio, again.audio)
    assert first.audio.shape == clean.audio.shape
    changed = (
        not np.array_equal(first.audio, clean.audio),
        not np.array_equal(first.frames, clean.frames),
        first.caption != clean.caption,
    )
    assert any(changed)


def test_sound_and_caption_come_from_another_recording(stock):
    clean = stock.take(stock.clip("drum"))
    swapped = plant(clean, "swapped", 1, stock=stock, other_event="saw")
    assert np.array_equal(swapped.audio, stock.take(stock.clip("saw")).audio)
    wrong = plant(clean, "wrong_caption", 1, stock=stock, other_event="saw")
    assert wrong.caption == "a saw"


def test_donors_are_of_other_videos_and_no_copies(recordings):
    bell, drum, saw = recordings
    sibling = Recording(saw.clip, video_id=drum.video_id)
    stock = Recorded([bell, drum, sibling], twins=[("bell", "drum")])
    assert list(stock.others("drum")) == []
    assert list(stock.others("saw")) == ["bell"]
    drawn = choose("swapped", 0, "drum", 4.0, stock=stock)
    assert defect_named("swapped", stock).objection("drum", 4.0, drawn)
    with pytest.raises(AcavError, match="swapped: no other clip"):
        plant(stock.take(stock.clip("drum")), "swapped", 0, stock=stock)


def test_a_sound_is_not_moved_so_far_that_most_of_it_wraps(stock):
    clean = stock.take(stock.clip("drum"))
    plant(clean, "shifted", 0, stock=stock, offset_s=-1.5)
    with pytest.raises(AcavError, match=r"at most 1\.6 in such a clip, got 2"):
        plant(clean, "shifted", 0, stock=stock, offset_s=2.0)


def test_without_captions_there_are_none_to_be_wrong(recordings):
    stock = Recorded([Recording(r.clip, r.video_id) for r in recordings])
    assert stock.take(stock.clip("drum")).caption == ""
    with pytest.raises(AcavError, match="no other clip with a caption"):
        plant(stock.take(stock.clip("drum")), "wrong_caption", 0, stock=stock)
    assert plant(stock.take(stock.clip("drum")), "muted", 0, stock=stock).caption == ""


def test_an_unknown_recording_names_the_nearest(stock):
    with pytest.raises(AcavError, match="did you mean 'drum'"):
        stock.clip("drums")


def test_copies_are_found_by_sound_and_by_pictures(recordings):
    _, drum, saw = recordings
    late = heard(Recorded(recordings), "drum", start_s=-0.5)
    pictures = np.zeros((100, 64, 64, 3), np.uint8)
    same_sound = from_arrays(pictures, 25, late)
    same_pictures = from_arrays(saw.clip.reopened().frames().images, 25, 0 * late)
    assert twins(recordings) == []
    assert twins([drum, saw, Recording(same_sound, "elsewhere")]) == [("clip", "drum")]
    assert twins([drum, saw, Recording(same_pictures, "elsewhere")]) == [("clip", "saw")]
