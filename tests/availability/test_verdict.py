"""States are told from errors and facts, and nothing that may pass counts as gone."""

from __future__ import annotations

import pytest

from acav1m.availability.verdict import UNDECIDED, Facts, judged, of_error
from acav1m.errors import ClipError
from acav1m.net.outcome import KINDS, FetchError


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_final_and_theirs_is_gone(kind: str) -> None:
    state = of_error(FetchError(kind, "said"))
    final = not (KINDS[kind].transient or KINDS[kind].us or kind in UNDECIDED)
    assert state == ("gone" if final else "unknown")


def test_failures_of_files_count_too() -> None:
    assert of_error(ClipError("missing", "no such file")) == "gone"
    assert of_error(ClipError("unreadable", "I/O error", transient=True)) == "unknown"


@pytest.mark.parametrize(
    ("was", "found", "differing"),
    [
        (Facts(), Facts(bytes=1), set()),
        (Facts(bytes=1), Facts(bytes=2), {"bytes"}),
        (Facts(etag='"a"'), Facts(etag='"b"'), {"etag"}),
        (Facts(etag='"a"', last_modified="x"), Facts(etag='"a"', last_modified="y"), set()),
        (Facts(last_modified="x"), Facts(etag='"a"', last_modified="y"), {"last_modified"}),
        (Facts(sha256="a", etag='"a"'), Facts(sha256="a", etag='"b"', bytes=3), set()),
        (Facts(sha256="a", bytes=3), Facts(sha256="b", bytes=3), {"sha256"}),
        (Facts(duration_s=10.04), Facts(duration_s=11.0), set()),
        (Facts(duration_s=10.0), Facts(duration_s=12.0), {"duration_s"}),
    ],
)
def test_what_differs(was: Facts, found: Facts, differing: set[str]) -> None:
    assert set(judged(was, found)[0]) == differing
