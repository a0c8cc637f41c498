"""Files come from a folder, a glob or a list, in a fixed order, and name no folder above."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from acav1m.errors import AcavError, ClipError
from acav1m.sources.files import Files
from acav1m.steps import Candidate

AWKWARD = ["-i.mp4", 'it\'s "quoted"; $(echo x).mp4', "Клип é 音声.mp4", "100%03d.mp4", "a, b.mp4"]


def _uris(path: Path | str, **options: Any) -> list[str]:
    return [candidate.uri for candidate in Files(path=str(path), **options).candidates()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Videos by name only; a folder that looks like one, and links."""
    root = tmp_path / "videos"
    (root / "deep").mkdir(parents=True)
    (root / "dir.mp4").mkdir()
    names = ("b.mp4", "a.mp4", ".hidden.mp4", "c.mp4.part", "deep/z.webm", "dir.mp4/in.mp4")
    for name in names:
        (root / name).write_bytes(name.encode())
    (root / "link.mp4").symlink_to(root / "a.mp4")
    (root / "nowhere.mp4").symlink_to(root / "gone.mp4")
    (root / "loop").symlink_to(root)
    return root


def _list(path: Path, text: str) -> Files:
    path.write_text(text, encoding="utf-8")
    return Files(path=str(path))


def test_every_file_of_a_folder_is_offered_once_in_order(folder: Path) -> None:
    wanted = [".hidden.mp4", "a.mp4", "b.mp4", "c.mp4.part", "deep/z.webm", "dir.mp4/in.mp4"]
    assert _uris(folder) == [*wanted, "link.mp4", "nowhere.mp4"]


def test_the_order_is_that_of_the_names_folder_by_folder(tmp_path: Path) -> None:
    names = ["b/2.mp4", "b/10.mp4", "b.mp4", "a/z/1.mp4", "a/0.mp4", "B.mp4", "b-/1.mp4"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert _uris(tmp_path) == [p.as_posix() for p in sorted(map(Path, names))]


def test_linked_folders_are_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / "in").mkdir(parents=True)
    (tmp_path / "other" / "in" / "x.mp4").touch()
    (tmp_path / "other" / "back").symlink_to(folder)
    (folder / "away").symlink_to(tmp_path / "other")
    found = _uris(folder)
    assert "away/in/x.mp4" in found
    assert not [uri for uri in found if "back" in uri], "a loop ends where it began"
    assert _uris(folder / "aw*" / "**" / "*.mp4")[-1] == "away/in/x.mp4"


def test_a_link_that_leads_nowhere_ends_as_missing(folder: Path, tmp_path: Path) -> None:
    (folder / "itself.mp4").symlink_to("itself.mp4")
    source = Files(path=str(folder), pattern="*.mp4")
    found = {c.uri: c for c in source.candidates()}
    for name in ("nowhere.mp4", "itself.mp4"):
        with pytest.raises(ClipError) as caught:
            source.fetch(found[name], tmp_path)
        assert caught.value.kind == "missing"


def test_a_folder_that_cannot_be_read_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read everything, so the refusal is the test's own."""
    real = os.scandir

    def refusing(path: Path) -> Any:
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(AcavError, match=r"^sources\.files\.path: .*/deep: Permission denied$"):
        _uris(folder)
    assert _uris(folder, pattern="*.part") == ["c.mp4.part"], "what is not asked need not be read"


def test_a_pattern_narrows_a_folder_down(folder: Path) -> None:
    assert _uris(folder, pattern="[!n]*.mp4") == [".hidden.mp4", "a.mp4", "b.mp4", "link.mp4"]
    assert _uris(folder, pattern="**/z.*") == ["deep/z.webm"]
    assert _uris(folder, pattern="**/deep/**") == ["deep/z.webm"]
    assert _uris(folder, pattern="d*/**/*.webm") == ["deep/z.webm"]


def test_a_glob_names_files_from_its_fixed_part(folder: Path) -> None:
    assert _uris(folder / "?.mp4") == ["a.mp4", "b.mp4"]
    assert _uris(folder / "**" / "*.webm") == ["deep/z.webm"]
    assert _uris(folder.parent / "vid*" / "deep" / "*") == ["videos/deep/z.webm"]


@pytest.mark.parametrize("other", ["vid", "video", "videos2"])
def test_a_glob_begins_above_its_first_sign(folder: Path, other: str) -> None:
    """`vid*` once took the folder `vid` for its fixed part."""
    (folder.parent / other).mkdir()
    (folder.parent / other / "a.mp4").touch()
    assert _uris(folder.parent / "vid*" / "a.mp4") == sorted([f"{other}/a.mp4", "videos/a.mp4"])


def test_a_glob_does_not_go_round_in_circles(folder: Path) -> None:
    assert _uris(folder / "**" / "a.mp4") == ["a.mp4"]


def test_a_glob_may_be_relative(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert _uris("videos/*.part") == ["c.mp4.part"]
    assert _uris("*/a.mp4") == ["videos/a.mp4"]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_pass_through(tmp_path: Path, name: str) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / name).write_bytes(b"x")
    source = Files(path=str(tmp_path / "v"))
    [candidate] = source.candidates()
    assert candidate.uri == name
    assert source.fetch(candidate, tmp_path).path.read_bytes() == b"x"
    listed = _list(tmp_path / "list.jsonl", json.dumps({"path": f"v/{name}"}))
    assert [c.uri for c in listed.candidates()] == [f"v/{name}"]


def test_a_name_that_is_no_text_is_spelled_out(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / os.fsdecode(b"x\xff\xc3\xa9.mp4")).write_bytes(b"x")
    source = Files(path=str(tmp_path / "v"))
    [candidate] = source.candidates()
    assert candidate.uri == "x%FFé.mp4"
    kept = Candidate(**json.loads(json.dumps(vars(candidate), ensure_ascii=False).encode()))
    found = source.fetch(kept, tmp_path).path
    assert found.read_bytes() == b"x"
    assert str(found).isascii()


def test_files_elsewhere_of_one_name_size_and_time_differ(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.mp4").write_bytes(b"same")
        os.utime(tmp_path / name / "a.mp4", (1, 1))
    both = [f"{tmp_path}/one/a.mp4", f"{tmp_path}/two/a.mp4"]
    listed = _list(tmp_path / "lists" / "l.csv", "path\n" + "\n".join(both))
    first, second = listed.candidates()
    assert first.uri == second.uri
    assert first.stamp != second.stamp
    assert "one" not in first.stamp


def test_a_folder_that_moved_is_the_same(folder: Path, tmp_path: Path) -> None:
    def stamps(root: Path) -> list[tuple[str, str]]:
        names = f"path\nvideos/a.mp4\n{root}/videos/b.mp4\n"
        listed = _list(root / "l.csv", names)
        found = [*Files(path=str(root / "videos")).candidates(), *listed.candidates()]
        return [(c.uri, c.stamp) for c in found]

    before = stamps(folder.parent)
    (tmp_path / "moved").mkdir()
    folder.replace(tmp_path / "moved" / "videos")
    assert {uri for uri, _ in before if uri.startswith("videos")} == {
        "videos/a.mp4",
        "videos/b.mp4",
    }
    after = dict(stamps(tmp_path / "moved"))
    del after["link.mp4"], after["loop"]  # lead to the old place
    assert after.items() <= dict(before).items()


def test_home_is_understood(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder.parent))
    assert _uris("~/videos/deep") == ["z.webm"]
    assert _uris("~/videos/*.part") == ["c.mp4.part"]


def test_a_relative_path_that_is_not_there_is_shown_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AcavError, match=f"{tmp_path}/none is neither a folder"):
        _uris("none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(AcavError, match=rf"{tmp_path}/empty holds no files that match '\*\.avi'"):
        _uris("empty", pattern="*.avi")


def test_no_uri_names_a_folder_of_this_machine(folder: Path) -> None:
    lists = folder.parent / "lists"
    lists.mkdir()
    rows = [str(folder / "a.mp4"), "../videos/b.mp4", str(lists / "c.mp4"), "./d/../e.mp4"]
    source = _list(lists / "list.csv", "path\n" + "\n".join(rows) + "\n")
    found = list(source.candidates())
    assert [c.uri for c in found] == ["a.mp4", "../videos/b.mp4", "c.mp4", "e.mp4"]
    assert [c.locator for c in found[:2]] == [str(folder / "a.mp4"), str(folder / "b.mp4")]
    for kind in (folder, folder / "*.mp4"):
        assert not any(str(folder.parent) in uri for uri in _uris(kind))


def test_a_stamp_changes_with_the_content(folder: Path) -> None:
    def stamps() -> dict[str, str]:
        return {c.uri: c.stamp for c in Files(path=str(folder)).candidates()}

    before = stamps()
    assert before == stamps()
    (folder / "a.mp4").write_bytes(b"longer than it was")
    after = stamps()
    assert {uri for uri in before if before[uri] != after[uri]} == {"a.mp4", "link.mp4"}


def test_the_license_of_a_row_comes_before_that_of_all(folder: Path) -> None:
    path = folder.parent / "list.csv"
    path.write_text("path,license\nvideos/a.mp4,CC0-1.0\nvideos/b.mp4,\n")
    found = Files(path=str(path), license="CC-BY-4.0").candidates()
    assert [c.license for c in found] == ["CC0-1.0", "CC-BY-4.0"]
    assert next(Files(path=str(folder), license="CC0-1.0").candidates()).license == "CC0-1.0"
    assert next(Files(path=str(folder)).candidates()).license is None


ROWS: list[dict[str, Any]] = [
    {"path": "b.mp4", "start_s": 1, "end_s": 2.5, "label": "dog, big", "score": 0.5, "n": 3},
    {"path": "a.mp4", "start_s": None, "end_s": None, "label": None, "score": None, "n": None},
    {"path": "a.mp4", "start_s": 0, "end_s": 10, "label": "it's", "score": 1, "n": 7},
]
COLUMNS = {"label": str, "score": float, "n": int}


def _write_rows(path: Path) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        mark = "\t" if path.suffix == ".tsv" else ","
        cells = [[f'"{v}"' if "," in str(v) else v for v in row.values()] for row in ROWS]
        lines = [mark.join("" if v is None else str(v) for v in row) for row in cells]
        path.write_text("\n".join([mark.join(ROWS[0]), *lines]) + "\n")


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet", ".CSV"])
def test_every_kind_of_list_says_the_same(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"list{suffix}"
    _write_rows(path)
    source = Files(path=str(path))
    assert source.columns() == COLUMNS
    found = list(source.candidates())
    assert [(c.uri, c.start_s, c.end_s) for c in found] == [
        ("b.mp4", 1.0, 2.5),
        ("a.mp4", None, None),
        ("a.mp4", 0.0, 10.0),
    ]
    assert [dict(c.metadata) for c in found] == [{n: row[n] for n in COLUMNS} for row in ROWS]


def test_columns_keep_their_types(tmp_path: Path) -> None:
    columns = {
        "path": pa.array(["a.mp4"]),
        "small": pa.array([3], pa.int8()),
        "single": pa.array([0.5], pa.float32()),
        "price": pa.array([2], pa.decimal128(5, 2)),
        "yes": pa.array([True]),
        "tags": pa.array([["x", "y"]]),
        "scores": pa.array([[1, 2]], pa.list_(pa.int16())),
        "nothing": pa.nulls(1),
    }
    pq.write_table(pa.table(columns), tmp_path / "list.parquet")
    source = Files(path=str(tmp_path / "list.parquet"))
    kinds = [int, float, float, bool, list[str], list[float], str]
    assert list(source.columns().values()) == kinds
    [candidate] = source.candidates()
    assert list(candidate.metadata.values()) == [3, 0.5, 2.0, True, ["x", "y"], [1.0, 2.0], None]
    assert isinstance(candidate.metadata["price"], float)


def test_points_in_time_are_text_as_in_iso_8601(tmp_path: Path) -> None:
    noon = datetime(2024, 1, 31, 12, 0, 0, 500_000)
    columns = {
        "path": pa.array(["a.mp4"]),
        "day": pa.array([noon.date()]),
        "at": pa.array([noon]),
        "at_s": pa.array([noon.replace(microsecond=0)], pa.timestamp("s")),
        "here": pa.array([noon], pa.timestamp("us", tz="Europe/Berlin")),
        "hour": pa.array([noon.time()]),
        "days": pa.array([[noon.date()]]),
    }
    pq.write_table(pa.table(columns), tmp_path / "l.parquet")
    source = Files(path=str(tmp_path / "l.parquet"))
    assert list(source.columns().values()) == [str] * 5 + [list[str]]
    assert list(next(source.candidates()).metadata.values()) == [
        "2024-01-31",
        "2024-01-31T12:00:00.5",
        "2024-01-31T12:00:00",
        "2024-01-31T12:00:00.5Z",
        "12:00:00.5",
        ["2024-01-31"],
    ]
    listed = _list(tmp_path / "l.csv", "path,day\na.mp4,2024-01-31\n")
    assert [c.metadata for c in listed.candidates()] == [{"day": "2024-01-31"}]


@pytest.mark.parametrize("name", ["007", "7.10", "1e3", "2024-1-31", "true", "null"])
def test_a_path_is_text_however_it_looks(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    source = _list(tmp_path / "l.csv", f"path,license\n{name},4.0\n")
    [candidate] = source.candidates()
    assert (candidate.uri, candidate.license, bool(candidate.stamp)) == (name, "4.0", True)


def test_whole_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    wide = [2**63, 2**64 - 1]
    columns = {
        "path": pa.array([7, 8]),
        "license": pa.array([1, None], pa.uint8()),
        "id": pa.array(wide, pa.uint64()),
        "n": pa.array([2**63 - 1, None], pa.uint64()),
        "uuid": pa.array([bytes(16), None], pa.uuid()),
    }
    pq.write_table(pa.table(columns), tmp_path / "l.parquet")
    source = Files(path=str(tmp_path / "l.parquet"))
    assert source.columns() == {"id": str, "n": int, "uuid": str}
    first, second = source.candidates()
    assert (first.uri, first.license, second.license) == ("7", "1", None)
    assert dict(first.metadata) == {"id": str(wide[0]), "n": 2**63 - 1, "uuid": str(UUID(int=0))}


def test_values_of_many_kinds_are_text(tmp_path: Path) -> None:
    rows = [{"path": "a", "x": 1, "y": [1, "b"]}, {"path": "b", "x": "one", "y": []}]
    source = _list(tmp_path / "l.jsonl", "\n".join(map(json.dumps, rows)))
    assert [dict(c.metadata) for c in source.candidates()] == [
        {"x": "1", "y": ["1", "b"]},
        {"x": "one", "y": []},
    ]


def test_what_is_no_number_is_unknown(tmp_path: Path) -> None:
    source = _list(tmp_path / "list.csv", "path,x,start_s\na.mp4,nan,0\nb.mp4,1.5,nan\n")
    assert [(c.metadata["x"], c.start_s) for c in source.candidates()] == [(None, 0.0), (1.5, None)]


def test_columns_may_be_empty(tmp_path: Path) -> None:
    source = _list(tmp_path / "list.csv", "path,start_s,end_s,license,note\na.mp4,,,,\n")
    assert source.columns() == {"note": str}
    [candidate] = source.candidates()
    assert (candidate.start_s, candidate.end_s, candidate.license) == (None, None, None)


def test_a_word_far_down_makes_a_column_text(tmp_path: Path) -> None:
    source = _list(tmp_path / "list.csv", "path,x\n" + "a.mp4,1\n" * 30_000 + "a.mp4,oops\n")
    assert source.columns() == {"x": str}
    assert [c.metadata["x"] for c in source.candidates()][-2:] == ["1", "oops"]


def test_a_long_list_keeps_its_order(tmp_path: Path) -> None:
    names = [f"{n * 7919 % 30_000}.mp4" for n in range(30_000)]
    assert [
        c.uri for c in _list(tmp_path / "l.csv", "path\n" + "\n".join(names)).candidates()
    ] == names


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("l.csv", "file,x\na.mp4,1\n", "has no column 'path'; its columns are file, x"),
        ("l.jsonl", '{"path":"a","x":{"y":1}}\n', "column 'x' must hold text, numbers"),
        ("l.csv", "path,start_s\na.mp4,soon\n", "column 'start_s' must hold numbers"),
        ("l.csv", "path,start_s\na.mp4,true\n", "column 'start_s' must hold numbers"),
        ("l.jsonl", '{"path":["a"]}\n', "column 'path' must hold text, not VARCHAR[]"),
        ("l.csv", "path,start_s,end_s\na.mp4,-1,2\n", "a.mp4: start_s -1"),
        ("l.csv", "path,start_s\na.mp4,-1\n", "a.mp4: start_s -1"),
        ("l.csv", "path,start_s,end_s\na.mp4,5,2\n", "a.mp4: start_s 5"),
        ("l.csv", "path,end_s\na.mp4,0\n", "end_s 0"),
        ("l.csv", "path,x\n,1\n", "a row has no path"),
        ("l.csv", "path\n", "holds no files"),
        ("l.csv", "", "has no column 'path'"),
        ("l.jsonl", "{not json\n", "is not a readable list: "),
        ("l.parquet", "PAR1", "is not a readable list: "),
    ],
)
def test_a_bad_list_is_the_users_to_mend(tmp_path: Path, name: str, text: str, says: str) -> None:
    source = _list(tmp_path / name, text)
    with pytest.raises(AcavError) as caught:
        list(source.candidates())
    message = str(caught.value)
    assert says in message
    assert "\n" not in message


@pytest.mark.parametrize("path", ["nowhere", "nowhere.csv", "nowhere/*.mp4", "empty"])
def test_a_place_without_files_is_the_users_to_mend(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(AcavError, match=r"^sources\.files\.path: "):
        list(Files(path=str(tmp_path / path)).candidates())


def _candidate(path: Path) -> Candidate:
    return Candidate(uri=path.name, locator=str(path))


def test_a_file_is_used_where_it_is(folder: Path, tmp_path: Path) -> None:
    source = Files(path=str(folder))
    for candidate in source.candidates():
        if candidate.uri not in ("c.mp4.part", "nowhere.mp4"):
            assert source.fetch(candidate, tmp_path / "none").path == folder / candidate.uri


def test_what_cannot_be_had_is_named(folder: Path, tmp_path: Path) -> None:
    kinds = {
        "gone.mp4": "missing",
        "nowhere.mp4": "missing",
        "c.mp4.part": "unfinished",
        "dir.mp4": "not_media",
        "x" * 300 + ".mp4": "missing",
    }
    for name, kind in kinds.items():
        with pytest.raises(ClipError) as caught:
            Files(path=str(folder)).fetch(_candidate(folder / name), tmp_path)
        assert caught.value.kind == kind, name
        assert str(folder) not in caught.value.message


def test_a_pipe_is_not_waited_for(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe.mp4")
    with pytest.raises(ClipError, match="not a regular file"):
        Files(path=str(folder)).fetch(_candidate(folder / "pipe.mp4"), tmp_path)


def test_a_listed_file_that_is_gone_is_still_a_candidate(tmp_path: Path) -> None:
    names = ["gone.mp4", "x" * 300 + ".mp4"]
    source = _list(tmp_path / "list.csv", "path\n" + "\n".join(names) + "\n")
    found = list(source.candidates())
    assert [c.stamp for c in found] == ["", ""]
    assert [c.uri for c in found] == names
