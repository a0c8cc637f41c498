"""Drop clips whose licence does not permit what the dataset is for."""

from __future__ import annotations

from typing import Literal

from pydantic import field_validator

from acav1m import licenses
from acav1m.sql import quoted
from acav1m.steps import Filter


class License(Filter):
    """Keep a clip by what its licence is, as an SPDX identifier or a `LicenseRef-...`.

    It must be one of `allow`, where that names any, and none of `deny`; and it must permit what is
    asked for: `redistributable` copies, `commercial` use, `derivatives`. These follow from the
    identifiers of Creative Commons and of some others; a licence of which nobody knows permits
    nothing. A clip without a licence is not kept, but where `unknown` is `keep`.

    >>> License(allow=["CC-BY-4.0"]).keeps(license="CC-BY-4.0")
    True
    >>> License(commercial=True).keeps(license="CC-BY-NC-SA-3.0")
    False
    >>> License(deny=["LicenseRef-YouTube-Standard"]).keeps(license=None)
    False
    """

    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    redistributable: bool = False
    commercial: bool = False
    derivatives: bool = False
    unknown: Literal["drop", "keep"] = "drop"

    @field_validator("allow", "deny")
    @classmethod
    def _are_identifiers(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(licenses.named(text) for text in given)

    def keep(self) -> str:
        rules = ["license IS NOT NULL"]
        if self.allow:
            rules.append(f"license IN ({', '.join(map(quoted, self.allow))})")
        if self.deny:
            rules.append(f"license NOT IN ({', '.join(map(quoted, self.deny))})")
        rules += [
            f"regexp_full_match(license, {quoted(pattern)})"
            for use, pattern in licenses.PERMITS.items()
            if getattr(self, use)
        ]
        known = " AND ".join(rules)
        return f"license IS NULL OR ({known})" if self.unknown == "keep" else known
