"""Rules of the user's own."""

import pytest

from acav1m.errors import RecipeError
from acav1m.filters.where import Where


def test_any_rule_over_columns() -> None:
    rule = Where(keep_if="license LIKE 'CC%' AND NOT list_contains(flags, 'clipped') -- ours")
    assert rule.keeps(license="CC-BY-4.0", flags=["black"])
    assert not rule.keeps(license="CC-BY-4.0", flags=["clipped"])
    assert not rule.keeps(license=None, flags=[])
    assert rule.keeps(license="CC0-1.0", flags=[])


@pytest.mark.parametrize("keep_if", ["true), (true", "motion >", "random() < 0.5", "motion"])
def test_what_is_no_rule_is_refused(keep_if: str) -> None:
    with pytest.raises(RecipeError):
        Where(keep_if=keep_if).keeps(motion=0.5)
