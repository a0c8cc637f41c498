from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from acav1m.release import tar


def test_payload_lies_where_the_writer_says(tmp_path: Path) -> None:
    with tar.Writer(tmp_path / "a.tar") as shard:
        first = shard.add_bytes("a.json", b"{}")
        second = shard.add("a.mp4", io.BytesIO(b"x" * 700), 700)
        checksum = shard.close()
    content = (tmp_path / "a.tar").read_bytes()
    assert content[first.offset : first.offset + first.size] == b"{}"
    assert content[second.offset : second.offset + second.size] == b"x" * 700
    assert second.sha256 == hashlib.sha256(b"x" * 700).hexdigest()
    assert checksum == hashlib.sha256(content).hexdigest()


def test_header_holds_no_clock_and_no_owner(tmp_path: Path) -> None:
    with tar.Writer(tmp_path / "a.tar") as shard:
        shard.add_bytes("a.json", b"{}")
        shard.close()
    with tarfile.open(tmp_path / "a.tar") as found:
        info = found.getmember("a.json")
    assert (info.mtime, info.uid, info.gid, info.uname, info.gname) == (0, 0, 0, "", "")
    assert info.pax_headers == {}


@pytest.mark.parametrize("name", ["é.mp4", "x" * 97 + ".mp4"])
def test_name_that_needs_an_extended_header_is_refused(name: str, tmp_path: Path) -> None:
    with (
        tar.Writer(tmp_path / "a.tar") as shard,
        pytest.raises(ValueError, match="no plain ASCII name"),
    ):
        shard.add_bytes(name, b"")


def test_file_shorter_than_promised_is_refused(tmp_path: Path) -> None:
    with tar.Writer(tmp_path / "a.tar") as shard, pytest.raises(OSError, match="unexpected end"):
        shard.add("a.mp4", io.BytesIO(b"short"), 100)


def test_members_come_back_with_their_offsets(tmp_path: Path) -> None:
    with tar.Writer(tmp_path / "a.tar") as shard:
        written = [shard.add_bytes(name, name.encode()) for name in ("a.flac", "a.json")]
        shard.close()
    found = [(m.name, m.offset, m.file.read()) for m in tar.members(tmp_path / "a.tar")]
    assert found == [
        ("a.flac", written[0].offset, b"a.flac"),
        ("a.json", written[1].offset, b"a.json"),
    ]
