"""Expressions from recipes: what they read, what is refused, what they say of a row."""

import pytest

from acav1m.errors import RecipeError
from acav1m.filters.where import Where
from acav1m.sql import holds, reads

KNOWN = {
    "clip_id": str,
    "motion": float,
    "shots": int,
    "still": bool,
    "scores": list[float],
    "flags": list[str],
}


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("motion > 0.1", {"motion"}),
        ("MOTION > 0.1 -- a remark", {"motion"}),
        ('clips.motion > 0.1 or "shots" in (1, 2)', {"motion", "shots"}),
        ("motion.floor() = 0", {"motion"}),
        ("list_max(list_transform(scores, lambda s: s + shots)) > 1", {"scores", "shots"}),
        ("[score > 1 for score in scores][1]", {"scores"}),
        ("case when still then motion > 0 end", {"still", "motion"}),
        ("row_number() over (partition by shots order by clip_id) <= 2", {"shots", "clip_id"}),
        ("clip_id = 'motion; drop table clips'", {"clip_id"}),
        ("true", set()),
    ],
)
def test_what_an_expression_reads(expression: str, columns: set[str]) -> None:
    assert reads(expression, KNOWN) == columns


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("moton > 0.1", "no column 'moton'; did you mean 'motion'?"),
        ('clip_id = "kept"', "no column 'kept'"),
        ("motion >", "syntax error"),
        ("", "not true or false"),
        ("motion", "is DOUBLE, not true or false"),
        ("null", "not true or false"),
        ("motion > 0; drop table clips", "syntax error"),
        ("motion > 0) from clips; drop table clips; --", "syntax error"),
        ("motion > 0) where (true", "not one expression"),
        ("true), (false", "several expressions"),
        ("exists (select * from read_text('/etc/passwd'))", "a subquery is not allowed"),
        ("columns(*) is not null", "a star is not allowed"),
        ("motion > ?", "a parameter is not allowed"),
        ("max(motion) > 1", "max() sees many clips and needs 'over (...)'"),
        ("RANDOM() < motion", "random() does not give the same answer every time"),
        ("now() > clip_id::timestamp", "now() does not give the same answer"),
        ("unnest(scores) > 1", "unnest() makes several rows of one clip"),
        ("hash(clip_id) % 2 = 0", "hash() does not give the same answer in every version"),
        ("clip_id.hash() % 2 = 0", "hash() does not give the same answer in every version"),
        ("version() > clip_id", "version() does not give the same answer in every version"),
        ("approx_quantile(motion, 0.5) over () > 1", "approx_quantile() does not give the same"),
        ("reservoir_quantile(motion, 0.5) over () > 1", "does not give the same answer every"),
        ("ago(interval 1 day) > clip_id::timestamp", "ago() does not give the same answer every"),
        ("current_localtimestamp() > clip_id::timestamp", "does not give the same answer every"),
        ("found.motion > 1", 'table "found" not found'),
        ("no_such_function(motion) > 1", "no_such_function"),
        ("len(clip_id) > scores", "Cannot compare"),
    ],
)
def test_what_is_refused(expression: str, complaint: str) -> None:
    with pytest.raises(RecipeError) as refusal:
        reads(expression, KNOWN)
    assert complaint in str(refusal.value)
    assert "\n\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ("random()<0.5", "every time in 'random()<0.5'"),
        ("  random()\n   < 0.5\n", "every time in 'random() < 0.5'"),
        ("motion > ", "something is missing at the end in 'motion >'"),
        ("(motion > 1", "something is missing at the end in '(motion > 1'"),
        ("motion > )", "syntax error at or near \")\" in 'motion > )'"),
        ("clip_id = 'ü' or (", "something is missing at the end"),
        ("motion /* why", "unterminated /* comment"),
    ],
)
def test_a_complaint_shows_the_authors_own_text(expression: str, complaint: str) -> None:
    with pytest.raises(RecipeError) as refusal:
        reads(Where(keep_if=expression).keep(), KNOWN)
    assert complaint in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "\\n" not in str(refusal.value)


def test_every_unknown_column_is_named_at_once() -> None:
    with pytest.raises(RecipeError) as refusal:
        reads("moton > 1 and shuts > 1", KNOWN)
    assert len(refusal.value.complaints) == 2


def test_a_filter_may_not_look_at_other_clips() -> None:
    ranked = "row_number() over (order by motion) <= 2"
    assert reads(ranked, KNOWN) == {"motion"}
    with pytest.raises(RecipeError, match="only a selector may"):
        reads(ranked, KNOWN, windows=False)


def test_holds_for_a_row_of_every_type() -> None:
    row = {"f": 0.5, "i": 2, "s": "it's", "b": True, "lf": [0.1, 0.9], "ls": ["a"], "none": None}
    assert holds("f < i and s = 'it''s' and b and lf[2] > 0.8 and ls[1] = 'a'", row)
    assert holds("none is null and len(s) = 4", row)


def test_null_does_not_hold() -> None:
    assert not holds("motion > 0", {"motion": None})
    assert not holds("not (motion > 0)", {"motion": None})


def test_holds_of_no_columns() -> None:
    assert holds("1 < 2", {})
    assert not holds("list_max(scores) > 0", {"scores": []})


def test_a_column_the_row_lacks_is_an_error() -> None:
    with pytest.raises(RecipeError, match="no column 'lufs'"):
        holds("lufs > -40", {"motion": 1.0})


def test_a_value_that_does_not_convert_is_the_recipes_mistake() -> None:
    with pytest.raises(RecipeError, match="Conversion Error"):
        holds("clip_id::bigint > 3", {"clip_id": "a"})
