"""The same licence as SPDX, Croissant, CITATION.cff and the Hub write it."""

from __future__ import annotations

from acav1m import licenses

SPDX = (
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC-BY-2.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "MIT",
    "ODbL-1.0",
    "PDDL-1.0",
)
"""Identifiers that SPDX and the Hub both know (there in lower case)."""


def spdx(license: str) -> str | None:
    """The SPDX identifier, or None for a text of one's own or a `LicenseRef-`.

    >>> spdx("cc-by-4.0"), spdx("LicenseRef-YouTube-Standard")
    ('CC-BY-4.0', None)
    """
    found = licenses.spdx(license)
    return found if found in SPDX else None


def url(license: str) -> str | None:
    """Where the licence text is, if that follows from its name.

    >>> url("CC0-1.0"), url("ask us")
    ('https://spdx.org/licenses/CC0-1.0.html', None)
    """
    if license.startswith(("https://", "http://")):
        return license
    known = spdx(license)
    return f"https://spdx.org/licenses/{known}.html" if known else None


def hub(license: str) -> dict[str, str]:
    """The licence keys of a Hub card.

    >>> hub("CC-BY-4.0"), hub("ask us")
    ({'license': 'cc-by-4.0'}, {'license': 'other', 'license_name': 'ask us', 'license_link': 'NOTICE.md'})
    """  # noqa: E501 - one line of output
    known = spdx(license)
    if known:
        return {"license": known.lower()}
    link = url(license) or "NOTICE.md"
    return {"license": "other", "license_name": license, "license_link": link}
