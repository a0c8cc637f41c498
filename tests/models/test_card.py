"""The model card says what was measured."""

from pathlib import Path

import pytest

from acav1m.errors import AcavError
from acav1m.models import card

CARD = Path(__file__).parents[2] / "cards" / "embedded.md"


def test_the_card_matches_the_metrics() -> None:
    text = CARD.read_text()

    assert card.refreshed(text, card.shipped_metrics()) == text


def test_every_figure_is_in_the_card() -> None:
    assert {*card.ROWS, "clips"} == set(card.shipped_metrics()["held_out"])


def test_a_card_without_a_place_is_refused() -> None:
    with pytest.raises(AcavError, match="must enclose"):
        card.refreshed("# A card\n", card.shipped_metrics())
