"""Whether the steps of a recipe fit together: who adds which column, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from acav1m.consent import columns as private
from acav1m.errors import AcavError, RecipeError, did_you_mean
from acav1m.steps import COLUMN_KINDS, Aligner, Editor, Filter, Measure, Selector, Source, Step

Made = Mapping[str, Mapping[str, Step]]
"""Steps by kind and name."""

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a column may be called so that SQL, Croissant and data frames can all name it."""


def columns(made: Made) -> dict[str, Any]:
    """Every column a filter or selector may read, with its type."""
    from acav1m.table import CUT_COLUMNS, LISTED_COLUMNS, MENDING_COLUMNS

    found = CUT_COLUMNS | LISTED_COLUMNS | MENDING_COLUMNS
    for source in made["sources"].values():
        found |= private.public(cast(Source, source).columns())
    for _, step in _lookers(made):
        found |= step.columns()
    return found


class Fit:
    """Looks for complaints about columns, also where some steps could not be made.

    `known` are the columns that steps with wrong options would add. With `unsure`, there are
    steps or lists of which even that cannot be told, so no column is called missing.
    """

    def __init__(self, made: Made, known: Mapping[str, Any], *, unsure: bool) -> None:
        from acav1m.table import CORE_COLUMNS

        self.made, self.unsure = made, unsure
        self.taken: dict[str, Any] = dict(CORE_COLUMNS)
        self.also = dict(known)

    def complaints(self) -> list[str]:
        """Columns named twice, read but never added, or wrongly used in SQL."""
        found = list(self._of_sources())
        found += self._of_lookers()
        found += self._of_editors()
        for kind in ("filters", "selectors"):
            found += self._of_deciders(kind)
        return found

    def _of_sources(self) -> Iterator[str]:
        for name, source in self.made["sources"].items():
            try:
                adds = private.public(cast(Source, source).columns())
            except AcavError as error:
                self.unsure = True
                yield str(error)
                continue
            for column, kind in adds.items():
                if _is_taken(column, kind, self.taken):
                    yield f"sources.{name}: column '{column}' is taken; rename it in the list"
                elif not NAME.fullmatch(column):
                    yield (
                        f"sources.{name}: column '{column}' would trip readers; rename it in the "
                        "list, with a letter first and only letters, digits and _ in it"
                    )
            self.taken |= adds

    def _of_lookers(self) -> Iterator[str]:
        later: dict[str, str] = {}
        for label, step in _lookers(self.made):
            known = self.taken | self.also
            later |= step.calibrated if isinstance(step, Aligner) else {}
            for column in step.needs():
                if column in later:
                    raw = later[column]
                    yield f"{label}: reads '{column}', made after all have looked; read '{raw}'"
                elif column not in known and not self.unsure:
                    near = did_you_mean(column, known)
                    yield _who_adds(
                        f"{label}: reads '{column}', which no step before it adds{near}"
                    )
            lower = {column.lower() for column in known}
            adds = step.columns()
            yield from (f"{label}: adds '{c}', which is taken" for c in adds if c in lower)
            self.taken |= adds

    def _of_editors(self) -> Iterator[str]:
        """About who mends sound: it reads what is known of a clip before that."""
        from acav1m.table import EDIT_COLUMNS

        named = list(self.made["editors"])
        if len(named) > 1:
            yield f"editors: {' and '.join(named)} are too many; name one"
        known = {c: kind for c, kind in self._readable().items() if c not in EDIT_COLUMNS}
        for name, step in self.made["editors"].items():
            editor = cast(Editor, step)
            if not self.unsure:
                missing = [column for column in editor.needs() if column not in known]
                yield from (
                    _who_adds(f"editors.{name}: needs '{column}', which no step adds")
                    for column in missing
                )
            yield from self._of_sql(f"editors.{name}: only_if", editor.only_if, known)

    def _of_deciders(self, kind: str) -> Iterator[str]:
        from acav1m.recipe import Realign

        known = self._readable()
        for name, step in self.made[kind].items():
            if isinstance(step, Filter) and step.on_fail == "realign" and not self.unsure:
                missing = next((column for column in Realign.needs if column not in known), None)
                if missing:
                    needs = f"{kind}.{name}: on_fail: realign needs '{missing}', which no step adds"
                    yield _who_adds(needs)
            keep = cast(Filter | Selector, step).keep()
            yield from self._of_sql(f"{kind}.{name}", keep, known, windows=kind == "selectors")

    def _of_sql(
        self, place: str, condition: str, known: Mapping[str, Any], *, windows: bool = False
    ) -> Iterator[str]:
        from acav1m.sql import reads

        try:
            reads(condition, known, windows=windows)
        except RecipeError as error:
            for complaint in error.complaints:
                if not (self.unsure and complaint.startswith("no column ")):
                    yield f"{place}: {_who_adds(complaint)}"

    def _readable(self) -> dict[str, Any]:
        """What a condition may read of a clip."""
        from acav1m.table import ERROR_COLUMNS, VERDICT_COLUMNS

        hidden = {**ERROR_COLUMNS, **VERDICT_COLUMNS}
        return {c: t for c, t in (self.taken | self.also).items() if c not in hidden}


def _lookers(made: Made) -> Iterator[tuple[str, Measure]]:
    for kind in COLUMN_KINDS:
        for name, step in made[kind].items():
            yield f"{kind}.{name}", cast(Measure, step)


def _is_taken(column: str, kind: Any, known: Mapping[str, Any]) -> bool:
    """Whether a list may not call a column so; SQL does not tell capitals apart."""
    from acav1m.listing import RESERVED
    from acav1m.table import CORE_COLUMNS

    same = next((c for c in known if c.lower() == column.lower()), None)
    if same is None:
        return column.lower() in RESERVED or column.startswith("_")
    return same in CORE_COLUMNS or (same, known[same]) != (column, kind)


def _who_adds(complaint: str) -> str:
    """Name the step that would add the column a complaint is about, if there is one."""
    from acav1m import resources

    what, _, _ = complaint.partition(";")
    for column, about in resources.columns().items():
        if f"'{column}'" in what and "." in str(about["added_by"]):
            return f"{what}; add {about['added_by']} to the recipe"
    return complaint
