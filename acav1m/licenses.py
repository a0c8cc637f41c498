"""Licences as SPDX writes them, whatever words a source has for them.

Identifiers are those of the SPDX licence list, as the package `packaging` carries it. What SPDX
does not know gets a name of its own that begins with `LicenseRef-` (SPDX 2.3, annex D).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from acav1m import license_words as words
from acav1m.errors import did_you_mean

_FREE = (
    r"CC0-1\.0|CC-PDM-1\.0|CC-PDDC|PDDL-1\.0|ODbL-1\.0|ODC-By-1\.0|LAL-1\.[23]|OGL-UK-[123]\.0"
    r"|Apache-2\.0|MIT|BSD-[23]-Clause|" + words.PUBLIC_DOMAIN
)
_END = r"(?:-[1-4]\.[0-9](?:-[A-Z]{2,3})?)?"
PERMITS = {
    "redistributable": rf"{_FREE}|(?:LicenseRef-)?CC-BY(?:-NC)?(?:-ND|-SA)?{_END}",
    "commercial": rf"{_FREE}|(?:LicenseRef-)?CC-BY(?:-ND|-SA)?{_END}",
    "derivatives": rf"{_FREE}|(?:LicenseRef-)?CC-BY(?:-NC)?(?:-SA)?{_END}",
}
"""Patterns of the identifiers of licences that let anybody pass on copies, use them for business,
and pass on what was changed. By the texts of Creative Commons; of a licence that is not here, as
the terms of YouTube or an expression of several, it is not said to permit anything."""

COMMON = (
    *("CC0-1.0", "CC-PDM-1.0", "PDDL-1.0", words.YOUTUBE, words.VIMEO, words.RESERVED),
    *(
        f"CC-{elements}-{version}"
        for elements in ("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")
        for version in ("2.0", "3.0", "4.0")
    ),
)
"""What people are likely to mean when they misspell one."""


@lru_cache(maxsize=4096)
def spdx(text: str | None) -> str | None:
    """The SPDX identifier of a licence, `LicenseRef-...` for one that SPDX does not know.

    No licence is read out of words that may mean another, and no version is made up: None is for
    no text at all, or one such as `unknown`.

    >>> spdx("cc-by-4.0"), spdx("https://creativecommons.org/licenses/by-nc-sa/2.0/de/")
    ('CC-BY-4.0', 'CC-BY-NC-SA-2.0-DE')
    >>> spdx("Creative Commons Attribution license (reuse allowed)"), spdx("My own terms, v2")
    ('CC-BY-3.0', 'LicenseRef-My-own-terms-v2')
    >>> spdx("by-nc"), spdx(" ")
    ('LicenseRef-CC-BY-NC', None)
    """
    text = (text or "").strip()
    if words.plain(text) in words.NOTHING:
        return None
    return words.identifier(text) or words.of_page(text) or words.of_name(text) or _own(text)


def named(text: str) -> str:
    """The identifier that a person means who has to name one.

    >>> named("cc-by-4.0"), named("CC0"), named("LicenseRef-ours")
    ('CC-BY-4.0', 'CC0-1.0', 'LicenseRef-ours')

    Raises:
        ValueError: It is none.
    """
    found = spdx(text)
    own = text.lower().startswith("licenseref-") and words.identifier(text)
    if found is None or (found.startswith("LicenseRef-") and not own and found not in COMMON):
        raise ValueError(f"{text!r} is no SPDX identifier{did_you_mean(text.upper(), COMMON)}")
    return found


def permits(identifier: str, use: str) -> bool:
    """Whether a licence permits a use of `PERMITS`, as far as its identifier tells.

    >>> permits("CC-BY-NC-4.0", "derivatives"), permits("CC-BY-NC-4.0", "commercial")
    (True, False)
    """
    return bool(re.fullmatch(PERMITS[use], identifier))


def _own(text: str) -> str:
    """A name for a licence that nobody knows, in the characters that SPDX allows."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(
        r"[^A-Za-z0-9.]+", "-", re.sub(r"^(?:https?://|LicenseRef-)", "", ascii_, flags=re.I)
    )[:64].strip("-.")
    return f"LicenseRef-{slug or text.encode().hex()[:64]}"
