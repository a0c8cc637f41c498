from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from acav1m import resources
from acav1m.release import card, columns, layout
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
