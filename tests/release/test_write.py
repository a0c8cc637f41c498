from __future__ import annotations

import dataclasses
import json
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from acav1m.errors import AcavError, ReleaseError
from acav1m.recipe import Recipe
from acav1m.release import layout, lock
from acav1m.release.verify import verify
from acav1m.release.write import Content, write


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_second_write_gives_the_same_bytes(content: Content, release: Path, tmp_path: Path) -> None:
    write(content, tmp_path / "again")
    assert _files(tmp_path / "again") == _files(release)


def test_sha256sum_agrees_about_every_file(release: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", layout.CHECKSUMS],
        cwd=release,
        capture_output=True,
        text=True,
        check=True,
    )
    checked = {line.partition(":")[0] for line in done.stdout.splitlines()}
    assert checked == _files(release).keys() - {layout.CHECKSUMS}


def test_column_of_the_work_folder_stays_there(release: Path) -> None:
    for path in sorted(release.rglob("*.parquet")):
        assert "locator" not in pq.read_schema(path).names
    assert not [name for name, content in _files(release).items() if b"/secret/" in content]


def test_rejected_and_failed_rows_keep_their_types(release: Path) -> None:
    rejected = pq.read_table(release / layout.REJECTED)
    released = pq.read_schema(release / layout.metadata("train"))
    assert sorted(rejected.column("state").to_pylist()) == ["failed"] * 2 + ["rejected"] * 4
    assert set(released.names) - set(rejected.schema.names) == set(layout.LOCATION)
    assert all(released.field(f.name).type == f.type for f in rejected.schema)


def test_lock_keeps_what_was_given_and_states_the_counts(release: Path) -> None:
    locked = lock.read(release)
    assert locked["tools"] == {"acav1m": "0.1.0"}
    assert locked["counts"] == {"seen": 16, "kept": 9, "flagged": 1, "rejected": 4, "failed": 2}
    assert lock.reasons(locked) == ["duplicate", "silence", "quiet"]


def test_folder_that_holds_something_is_refused(content: Content, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ReleaseError, match="is not empty"):
        write(content, tmp_path)


def test_media_that_changed_since_it_was_measured_is_refused(
    content: Content, tmp_path: Path
) -> None:
    other = dict.fromkeys(content.media, content.media["v4_0_1000"])
    with pytest.raises(ReleaseError, match="has changed since it was measured"):
        write(dataclasses.replace(content, media=other), tmp_path / "out")


def test_missing_media_is_refused(content: Content, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="there is no media"):
        write(dataclasses.replace(content, media={}), tmp_path / "a")
    gone = {clip_id: tmp_path / clip_id for clip_id in content.media}
    with pytest.raises(ReleaseError, match="missing from the work folder"):
        write(dataclasses.replace(content, media=gone), tmp_path / "b")


def test_clip_id_with_a_dot_is_refused(content: Content, tmp_path: Path) -> None:
    ids = pa.array([f"{x}.5" for x in content.ledger.column("clip_id").to_pylist()])
    dotted = content.ledger.set_column(0, "clip_id", ids)
    with pytest.raises(ValueError, match="no WebDataset key"):
        write(dataclasses.replace(content, ledger=dotted), tmp_path / "out")


def test_nan_is_refused(content: Content, tmp_path: Path) -> None:
    at = content.ledger.schema.get_field_index("lufs")
    nan = pa.array([float("nan")] * content.ledger.num_rows)
    with pytest.raises(ValueError, match="'lufs' holds NaN"):
        write(
            dataclasses.replace(content, ledger=content.ledger.set_column(at, "lufs", nan)),
            tmp_path / "out",
        )


def test_answer_to_no_question_is_refused(content: Content, tmp_path: Path) -> None:
    recipe = content.recipe.model_copy(update={"answers": {"purpos": "?"}})
    with pytest.raises(AcavError, match="did you mean 'purpose'"):
        write(dataclasses.replace(content, recipe=recipe), tmp_path / "out")


def test_release_without_a_clip_is_sound_and_says_so(content: Content, tmp_path: Path) -> None:
    none = content.ledger.filter(pa.compute.field("split").is_null())
    write(dataclasses.replace(content, ledger=none, media={}), tmp_path / "empty")
    report = verify(tmp_path / "empty")
    assert report.problems == ()
    assert report.counts["seen"] == 6
    assert "holds no clip" in (tmp_path / "empty" / layout.README).read_text()
    assert not list((tmp_path / "empty").rglob("*.tar"))


def test_release_without_a_candidate_is_sound(content: Content, tmp_path: Path) -> None:
    nothing = dataclasses.replace(content, ledger=content.ledger.slice(0, 0), media={})
    write(nothing, tmp_path / "nothing")
    assert verify(tmp_path / "nothing").problems == ()


def test_release_of_one_split_without_rejects_is_sound(content: Content, tmp_path: Path) -> None:
    test = content.ledger.filter(pa.compute.field("split") == "test")
    write(dataclasses.replace(content, ledger=test), tmp_path / "one")
    assert verify(tmp_path / "one").problems == ()


def test_bare_recipe_invents_nothing(content: Content, tmp_path: Path) -> None:
    recipe = Recipe(
        name="bare", version="1.0.0", about="Bare.", license="ask us", sources={"folder": {}}
    )
    write(dataclasses.replace(content, recipe=recipe), tmp_path / "bare")
    croissant = json.loads((tmp_path / "bare" / layout.CROISSANT).read_text())
    citation = yaml.safe_load((tmp_path / "bare" / "CITATION.cff").read_text())
    assert {"datePublished", "creator", "url"}.isdisjoint(croissant)
    assert {"date-released", "license"}.isdisjoint(citation)
    assert "have not named a contact" in (tmp_path / "bare" / "REMOVALS.md").read_text()
    assert verify(tmp_path / "bare", decode_share=0).problems == ()
