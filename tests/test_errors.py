"""Errors say who can mend what, and pass between processes whole."""

from __future__ import annotations

import pickle

import pytest

from acav1m.errors import AcavError, ClipError, RecipeError, ReleaseError, did_you_mean


def test_a_clip_error_comes_whole_out_of_another_process() -> None:
    error = pickle.loads(pickle.dumps(ClipError("http", "no answer", transient=True)))
    assert (error.kind, error.message, error.transient) == ("http", "no answer", True)
    assert str(error) == "no answer"


def test_complaints_come_a_line_each() -> None:
    error = RecipeError(complaint for complaint in ("a: is missing", "b: no such key"))
    assert error.complaints == ("a: is missing", "b: no such key")
    assert str(error) == "a: is missing\nb: no such key"


@pytest.mark.parametrize("kind", [RecipeError, ReleaseError])
def test_what_the_user_can_mend_is_of_one_kind(kind: type[Exception]) -> None:
    assert issubclass(kind, AcavError)
    assert not issubclass(ClipError, AcavError)


def test_the_nearest_name_is_offered() -> None:
    assert did_you_mean("max_shere", ["max_share", "on_fail"]) == "; did you mean 'max_share'?"
    assert did_you_mean("zzz", iter(["b", "a"])) == "; known: a, b"
    assert did_you_mean("zzz", []) == ""
