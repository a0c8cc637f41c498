"""A release's place: one build at a time, nothing of others harmed, swaps mended."""

from __future__ import annotations

import pytest
import yaml

from acav1m.errors import AcavError
from acav1m.place import Place
from acav1m.recipe import Recipe

RECIPE = Recipe(
    name="t", version="1.0.0", about="x", license="CC0-1.0", sources={"files": {"path": "."}}
)


def put_release(folder, text="old"):
    folder.mkdir()
    lock = {"format": 1, "name": "t", "version": "1.0.0"}
    (folder / "recipe.lock.yaml").write_text(yaml.safe_dump(lock))
    (folder / "data").write_text(text)
    (folder / "checksums.sha256").write_text("0  recipe.lock.yaml\n0  data\n")


def test_a_release_is_swapped_in_whole(tmp_path):
    put_release(tmp_path / "out")
    with Place(tmp_path / "out", RECIPE) as place:
        (place.building / "data").write_text("new")
        assert (tmp_path / "out" / "data").read_text() == "old"
        place.swap()

    assert (tmp_path / "out" / "data").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_refused_second_build_leaves_the_first_alone(tmp_path):
    with Place(tmp_path / "out", RECIPE) as place:
        (place.building / "data").write_text("half")
        with pytest.raises(AcavError, match="another build is writing it"):
            Place(tmp_path / "out", RECIPE).__enter__()
        assert (place.building / "data").read_text() == "half"


def test_a_build_that_fails_leaves_nothing_and_the_old_release(tmp_path):
    put_release(tmp_path / "out")
    place = Place(tmp_path / "out", RECIPE)
    with place:
        (place.building / "data").write_text("half")

    assert (tmp_path / "out" / "data").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_kill_between_the_two_renames_is_mended(tmp_path):
    put_release(tmp_path / ".out.old")
    (tmp_path / ".out.building").mkdir()
    (tmp_path / ".out.building" / "data").write_text("new")

    with Place(tmp_path / "out", RECIPE) as place:
        assert (tmp_path / "out" / "data").read_text() == "old"
        assert not list(place.building.iterdir())


def test_files_of_others_in_a_release_are_not_lost(tmp_path):
    put_release(tmp_path / "out")
    (tmp_path / "out" / "NOTES.md").write_text("mine")

    with pytest.raises(AcavError, match=r"holds NOTES.md, which is no part of the release"):
        Place(tmp_path / "out", RECIPE).__enter__()


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    for text in ("one", "two"):
        with Place(tmp_path / "out", RECIPE) as place:
            put_release(place.building / "x")
            for path in (place.building / "x").iterdir():
                path.replace(place.building / path.name)
            (place.building / "x").rmdir()
            (place.building / "data").write_text(text)
            place.swap()
        assert (tmp_path / "out").is_symlink()
        assert (tmp_path / "out" / "data").read_text() == text


@pytest.mark.parametrize("text", ["", "\x00\x01", "- a\n- b\n"])
def test_a_damaged_lock_is_one_line(tmp_path, text):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "recipe.lock.yaml").write_text(text)

    with pytest.raises(AcavError) as caught:
        Place(tmp_path / "out", RECIPE).__enter__()
    assert "\n" not in str(caught.value)
