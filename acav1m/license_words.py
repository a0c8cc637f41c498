"""What licences are called: pages, names, and the words of sites, as SPDX identifiers."""

from __future__ import annotations

import re
import unicodedata

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

YOUTUBE = "LicenseRef-YouTube-Standard"
VIMEO = "LicenseRef-Vimeo-Standard"
RESERVED = "LicenseRef-All-Rights-Reserved"
PUBLIC_DOMAIN = "LicenseRef-Public-Domain"
"""In the public domain as somebody says, who names no legal tool for it."""

_KNOWN = {
    "standard youtube license": YOUTUBE,
    "youtube standard license": YOUTUBE,
    "youtube": YOUTUBE,
    "standard vimeo license": VIMEO,
    "vimeo standard license": VIMEO,
    # The page that YouTube leads to from these words is that of version 3.0.
    "creative commons attribution license reuse allowed": "CC-BY-3.0",
    "youtube creative commons": "CC-BY-3.0",
    "creativecommon": "CC-BY-3.0",  # in the Data API of YouTube
    "all rights reserved": RESERVED,
    "copyright": RESERVED,
    "public domain": PUBLIC_DOMAIN,
    "public domain work": PUBLIC_DOMAIN,
    "public domain dedication": PUBLIC_DOMAIN,
    "pd": PUBLIC_DOMAIN,
    "public domain mark": "CC-PDM-1.0",
    "public domain mark 1.0": "CC-PDM-1.0",
    "public domain mark 1.0 universal": "CC-PDM-1.0",
    "pdm": "CC-PDM-1.0",
    "pdm 1.0": "CC-PDM-1.0",
    "public domain dedication cc0": "CC0-1.0",
    "no known copyright restrictions": "LicenseRef-No-Known-Copyright-Restrictions",
    "united states government work": "LicenseRef-US-Government-Work",
    "us government work": "LicenseRef-US-Government-Work",
}
"""By the words that are left once punctuation is gone."""

NOTHING = {"", "none", "unknown", "null", "n a", "nan", "not specified", "unspecified"}

_PAGES = (
    (r"creativecommons\.org/publicdomain/zero/1\.0", "CC0-1.0"),
    (r"creativecommons\.org/publicdomain/mark/1\.0", "CC-PDM-1.0"),
    (r"creativecommons\.org/licenses/publicdomain", "CC-PDDC"),
    (r"youtube\.com/(?:static\?(?:.*&)?template=terms|t/terms)", YOUTUBE),
    (r"flickr\.com/commons/usage", "LicenseRef-No-Known-Copyright-Restrictions"),
    (r"usa\.gov/(?:copyright|government-works)", "LicenseRef-US-Government-Work"),
    (r"opendatacommons\.org/licenses/pddl", "PDDL-1.0"),
    (r"opendatacommons\.org/licenses/odbl", "ODbL-1.0"),
)
_CC_PAGE = re.compile(
    r"creativecommons\.org/licenses/(by(?:-(?:nc|nd|sa))*)/(\d\.\d)(?:/([a-z]{2,3}))?(?=[/?#]|$)",
    re.I,
)
_SPDX_PAGE = re.compile(r"spdx\.org/licenses/([A-Za-z0-9.+-]+?)(?:\.html|\.json|\.txt)?$")
_ELEMENTS = {
    "by": r"by|attribution",
    "nc": r"nc|non ?commercial",
    "nd": r"nd|no ?deriv(?:ative)?s?(?: works)?",
    "sa": r"sa|share ?alike",
}
_FILLING = (
    r"license|unported|generic|international|deed|legal ?code|version|public|cc|creative commons"
)
_TOKEN = re.compile(
    "|".join(f"(?P<{name}>{words})" for name, words in _ELEMENTS.items())
    + rf"|v?(?P<version>[1-4]\.[015])|(?P<place>igo|a[tu]|de|fr|jp|nl|u[ks])|(?:{_FILLING})"
)
"""What a name of a Creative Commons licence is made of; a word beside these may change all."""


def identifier(text: str) -> str | None:
    """Of SPDX's list, or a `LicenseRef-`, or an expression of such."""
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return None


def of_page(text: str) -> str | None:
    """Of the page of a licence."""
    place = re.sub(r"^(?:(?:https?:)?//)?(?:www\.)?", "", text, flags=re.I)
    found = _CC_PAGE.match(place)
    if found:
        return _creative_commons(found[1].lower().split("-"), found[2], found[3])
    for page, known in _PAGES:
        if re.match(page, place, re.I):
            return known
    listed = _SPDX_PAGE.match(place)
    return identifier(listed[1]) if listed else None


def of_name(text: str) -> str | None:
    """Of the licence's name."""
    left = plain(text)
    if left in _KNOWN:
        return _KNOWN[left]
    if re.fullmatch(r"(?:creative commons |cc )?(?:cc ?0|zero)(?: v?1\.0)?(?: universal)?", left):
        return "CC0-1.0"
    found: dict[str, str] = {}
    while left:
        token = re.match(rf"(?:{_TOKEN.pattern})(?![\w.])\s*", left)
        if not token:
            return None
        said = {name: word for name, word in token.groupdict().items() if word}
        if _is_of_another(said, found):
            return None
        found |= said
        left = left[token.end() :]
    parts = [name for name in _ELEMENTS if name in found]
    return _creative_commons(parts, found.get("version"), found.get("place")) if parts else None


def _is_of_another(said: dict[str, str], found: dict[str, str]) -> bool:
    """Whether a word belongs to a second licence: one has one version, and elements before it."""
    if any(found.get(name, word) != word for name, word in said.items() if name not in _ELEMENTS):
        return True
    whole = "version" in found and "by" in found
    return whole and bool(said.keys() & _ELEMENTS.keys() - found.keys())


def _creative_commons(parts: list[str], version: str | None, place: str | None) -> str | None:
    """Of its elements; the versions and countries differ in their texts, so none is made up."""
    if "by" not in parts:
        return None
    elements = [name for name in _ELEMENTS if name in parts]
    name = "-".join(filter(None, ["CC", *elements, version, place])).upper()
    return (identifier(name) if version else None) or f"LicenseRef-{name}"


def plain(text: str) -> str:
    """Its words in lower case."""
    kept = re.sub(r"[^\w.]+|_", " ", unicodedata.normalize("NFKC", text).lower())
    kept = re.sub(r"\.(?!\d)|(?<!\d)\.", " ", kept)
    return " ".join(re.sub(r"\blicence\b", "license", kept).split())
