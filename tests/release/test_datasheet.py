from __future__ import annotations

from pathlib import Path

from acav1m.recipe import Recipe
from acav1m.release import datasheet


def _by_id(recipe: Recipe, **measured: str) -> dict[str, datasheet.Question]:
    sections = datasheet.questions(recipe, measured)
    return {question.id: question for section in sections.values() for question in section}


def test_every_question_is_asked_once() -> None:
    assert len(datasheet.ids()) == len(set(datasheet.ids())) == 60


def test_question_is_open_until_answered_or_measured(recipe: Recipe) -> None:
    found = _by_id(recipe, splits="By video.")
    assert not found["purpose"].is_open
    assert not found["splits"].is_open
    assert found["funding"].is_open


def test_comments_need_no_answer(recipe: Recipe) -> None:
    assert not _by_id(recipe)["uses_comments"].is_open


def test_questions_about_people_go_with_the_answer_that_there_are_none(recipe: Recipe) -> None:
    answered = recipe.model_copy(update={"answers": {"about_people": "No: it is all rendered."}})
    assert _by_id(recipe)["consent"].is_open
    assert not _by_id(answered)["consent"].is_open


def test_datasheet_lists_open_questions_and_invents_no_answer(release: Path) -> None:
    text = (release / "DATASHEET.md").read_text(encoding="utf-8")
    opened = text.partition("## Open questions for the maintainers")[2].partition("\n## ")[0]
    assert "- `funding`: " in opened
    assert "`purpose`" not in opened
    assert text.count("\n*Open.*\n") == opened.count("\n- `")
    assert "To test the release." in text
    assert "*Measured:* 10 clips from 5 videos" in text
