"""Folders of reports: nothing is ever put among what is not ours."""

import re

import pytest

from acav1m.errors import AcavError
from acav1m.outfolder import check

OURS = re.compile(r"report\.json|picture\.png")


def asked(out):
    check(out, OURS, "report.json", "report of ours")


@pytest.mark.parametrize("names", [(), ("report.json",), ("report.json", "picture.png")])
def test_a_new_folder_an_empty_one_and_an_earlier_report_will_do(tmp_path, names):
    asked(tmp_path / "new" / "one")
    for name in names:
        (tmp_path / name).touch()
    asked(tmp_path)


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("report.json", "thesis.doc"), "thesis.doc"),
        (("picture.png",), "picture.png"),
    ],
)
def test_what_is_not_ours_is_refused_by_its_name(tmp_path, names, shown):
    for name in names:
        (tmp_path / name).touch()
    with pytest.raises(AcavError, match=f"holds {shown}, which is no report of ours"):
        asked(tmp_path)


def test_a_folder_of_that_name_is_not_ours(tmp_path):
    (tmp_path / "report.json").mkdir()
    with pytest.raises(AcavError, match=r"holds report\.json"):
        asked(tmp_path)


def test_a_file_and_what_would_lie_below_one_are_refused(tmp_path):
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(AcavError, match="is a file; name a folder"):
            asked(out)
