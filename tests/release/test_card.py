from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from acav1m import resources, table
from acav1m.release import card, columns, layout
from acav1m.release.inspect import why
from acav1m.release.verify import verify
from acav1m.release.write import Content, write


@pytest.fixture(scope="module")
def front(release: Path) -> dict[str, Any]:
    return card.read_front_matter((release / layout.README).read_text(encoding="utf-8"))


def test_media_is_declared_as_bytes(front: dict[str, Any]) -> None:
    features = {feature["name"]: feature for feature in front["dataset_info"][0]["features"]}
    assert features["mp4"]["dtype"] == features["flac"]["dtype"] == "binary"


def test_media_is_declared_as_video_and_audio_if_asked(decoded: Path) -> None:
    front = card.read_front_matter((decoded / layout.README).read_text(encoding="utf-8"))
    features = {feature["name"]: feature for feature in front["dataset_info"][0]["features"]}
    assert features["mp4"]["dtype"] == "video"
    assert features["flac"]["dtype"] == {"audio": {"sampling_rate": 16_000}}


def test_only_splits_that_exist_are_declared(content: Content, tmp_path: Path) -> None:
    test = content.ledger.filter(pa.compute.field("split") == "test")
    write(dataclasses.replace(content, ledger=test), tmp_path / "one")
    front = card.read_front_matter((tmp_path / "one" / layout.README).read_text(encoding="utf-8"))
    (config,) = front["configs"]
    assert [file["split"] for file in config["data_files"]] == ["test"]
    assert [split["name"] for split in front["dataset_info"][0]["splits"]] == ["test"]


def test_sizes_are_those_of_the_shards(front: dict[str, Any], release: Path) -> None:
    info = front["dataset_info"][0]
    on_disk = sum(path.stat().st_size for path in (release / "data").glob("*.tar"))
    assert info["download_size"] == sum(s["num_bytes"] for s in info["splits"]) == on_disk


def test_card_counts_every_filter(release: Path) -> None:
    text = (release / layout.README).read_text(encoding="utf-8")
    assert "| duplicate | 1 | 1 | 13 |\n| silence | 2 | 1 | 11 |\n| quiet | 2 | 1 | 10 |" in text
    assert "| cut | truncated | 1 | 0 |" in text


def test_python_on_the_card_runs(release: Path, tmp_path: Path) -> None:
    """Its code is run as written, but for the path and the cache."""
    text = (release / layout.README).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 4
    names: dict[str, Any] = {}
    loading, *others = [block.replace("path/to/tiny", str(release)) for block in blocks]
    loading = re.sub(
        r"load_dataset\((.*?)\)", rf'load_dataset(\1, cache_dir="{tmp_path}")', loading
    )
    exec(loading, names)
    assert names["rows"]["train"].num_rows == 6
    assert sum(split.num_rows for split in names["rejected"].values()) == 6
    names["row"] = names["rows"]["train"][0]
    for block in others[1:]:
        exec(block, names)
    assert len(names["mp4"]) == names["row"]["mp4_size"]


def test_column_is_described_from_the_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"lufs": {"meaning": "How loud\n it is.", "unit": "LUFS", "range": [-70, None]}}
    monkeypatch.setattr(resources, "columns", lambda: known)
    assert columns.describe("lufs") == "How loud it is. (LUFS; -70 or more)"
    assert "shard" in columns.describe("mp4_offset")
    assert columns.describe("mood").startswith("`mood` as the source")


def test_card_counts_what_was_realigned(content: Content, tmp_path: Path) -> None:
    ledger = content.ledger
    kept = ledger["state"].to_pylist().index("kept")
    outcomes: list[str | None] = [None] * ledger.num_rows
    offsets: list[float | None] = [None] * ledger.num_rows
    outcomes[kept : kept + 3] = ["realigned", "not_better", "not_tried"]
    offsets[kept : kept + 2] = [-0.5, 1.25]
    told = {"realign_outcome": outcomes, "realign_offset_s": offsets}
    for field in table.schema(table.REALIGN_COLUMNS):
        values = told.get(field.name, [None] * ledger.num_rows)
        ledger = ledger.append_column(field, pa.array(values, field.type))
    write(dataclasses.replace(content, ledger=ledger), tmp_path / "moved")
    text = (tmp_path / "moved" / layout.README).read_text(encoding="utf-8")
    assert "| outcome | clips | released | median offset, s |\n" in text
    assert (
        "\n| realigned | 1 | 1 | 0.5 |\n| not_better | 1 | 1 | 1.25 |\n| not_tried | 1 | 1 |"
        in text
    )
    assert "\n| realigned | 1 | 1 | 0.5 |" in (tmp_path / "moved" / "DATASHEET.md").read_text()
    assert verify(tmp_path / "moved", decode_share=0).problems == ()
    story = why(tmp_path / "moved", ledger["clip_id"][kept].as_py())
    assert story.realign == dict.fromkeys(table.REALIGN_COLUMNS) | {
        "realign_outcome": "realigned",
        "realign_offset_s": -0.5,
    }


def test_card_of_a_release_without_realigning_is_silent_of_it(release: Path) -> None:
    assert "realigned" not in (release / layout.README).read_text(encoding="utf-8")
    assert why(release, "v0_0_1000").realign is None
