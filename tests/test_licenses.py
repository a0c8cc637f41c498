"""Licences by the words of sites, and what they permit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from acav1m.filters.license import License
from acav1m.licenses import PERMITS, named, permits, spdx

WORDS = {
    "cc-by-4.0": "CC-BY-4.0",
    "CC BY 4.0": "CC-BY-4.0",
    "cc_by_4.0": "CC-BY-4.0",
    "CC BY 4.0 DEED": "CC-BY-4.0",
    "CC-BY-ND-NC 4.0": "CC-BY-NC-ND-4.0",
    "Creative Commons Attribution 3.0": "CC-BY-3.0",
    "Creative Commons Attribution-Share Alike 3.0 Unported": "CC-BY-SA-3.0",
    "Attribution-NonCommercial-ShareAlike License 2.0": "CC-BY-NC-SA-2.0",
    "Creative Commons Attribution-NoDerivs 2.5 Generic": "CC-BY-ND-2.5",
    "CC BY-SA 3.0 IGO": "CC-BY-SA-3.0-IGO",
    "Creative Commons Attribution license (reuse allowed)": "CC-BY-3.0",
    "https://creativecommons.org/licenses/by-nc-nd/3.0/": "CC-BY-NC-ND-3.0",
    "http://creativecommons.org/licenses/by/4.0/legalcode?x": "CC-BY-4.0",
    "https://creativecommons.org/licenses/by-nc-sa/2.0/de/": "CC-BY-NC-SA-2.0-DE",
    "https://creativecommons.org/licenses/by/3.0/us/": "CC-BY-3.0-US",
    "creativecommons.org/licenses/by-sa/1.0": "CC-BY-SA-1.0",
    "http://creativecommons.org/licenses/publicdomain/": "CC-PDDC",
    "https://creativecommons.org/publicdomain/zero/1.0/deed.de": "CC0-1.0",
    "https://creativecommons.org/publicdomain/mark/1.0/": "CC-PDM-1.0",
    "//creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "CC BY-NC-SA 4.0 (Attribution-NonCommercial-ShareAlike)": "CC-BY-NC-SA-4.0",
    "creativeCommon": "CC-BY-3.0",
    "Public Domain Dedication (CC0)": "CC0-1.0",
    "CC0": "CC0-1.0",
    "CC0 1.0 Universal": "CC0-1.0",
    "Creative Commons Zero": "CC0-1.0",
    "Public Domain Mark 1.0": "CC-PDM-1.0",
    "Public Domain Mark 1.0 Universal": "CC-PDM-1.0",
    "https://spdx.org/licenses/MIT.html": "MIT",
    "mit or cc-by-4.0": "MIT OR CC-BY-4.0",
    "Standard YouTube License": "LicenseRef-YouTube-Standard",
    "YouTube Standard Licence": "LicenseRef-YouTube-Standard",
    "all-rights-reserved": "LicenseRef-All-Rights-Reserved",
    "https://www.flickr.com/commons/usage/": "LicenseRef-No-Known-Copyright-Restrictions",
    "public domain": "LicenseRef-Public-Domain",
    "Public Domain Work": "LicenseRef-Public-Domain",
    "LicenseRef-ours": "LicenseRef-ours",
}
NO_VERSION = {
    "by-nc-nd": "LicenseRef-CC-BY-NC-ND",
    "Attribution - Non Commercial": "LicenseRef-CC-BY-NC",
    "attribution-cc": "LicenseRef-CC-BY",
    "https://creativecommons.org/licenses/by/3.0/fr/": "LicenseRef-CC-BY-3.0-FR",
}
NOT_THOSE = {
    "CC BY 4.0 except for evil": "LicenseRef-CC-BY-4.0-except-for-evil",
    "By me": "LicenseRef-By-me",
    "CC BY 5.0": "LicenseRef-CC-BY-5.0",
    "CC BY 4.0 / CC BY-NC 4.0": "LicenseRef-CC-BY-4.0-CC-BY-NC-4.0",
    "CC BY 3.0 and 4.0": "LicenseRef-CC-BY-3.0-and-4.0",
    "CC BY 3.0, 4.0": "LicenseRef-CC-BY-3.0-4.0",
    "Creative Commons": "LicenseRef-Creative-Commons",
    "Copyrighted (contact publisher)": "LicenseRef-Copyrighted-contact-publisher",
    "https://example.org/terms?x=1": "LicenseRef-example.org-terms-x-1",
    "版权所有": "LicenseRef-e78988e69d83e68980e69c89",
}


@pytest.mark.parametrize(("text", "expected"), [*(WORDS | NO_VERSION | NOT_THOSE).items()])
def test_words_of_sites(text: str, expected: str) -> None:
    assert spdx(text) == expected


@pytest.mark.parametrize("text", [None, "", "  ", "Unknown", "none", "N/A"])
def test_no_licence_is_none(text: str | None) -> None:
    assert spdx(text) is None


@given(st.text())
def test_any_text_becomes_an_identifier_that_stays_one(text: str) -> None:
    found = spdx(text)
    if found is not None:
        assert spdx(found) == found
        assert re.fullmatch(r"[A-Za-z0-9.+() -]+", found)


@pytest.mark.parametrize("text", [*NOT_THOSE, "LicenseRef-ours", "MIT OR CC-BY-4.0"])
def test_what_nobody_knows_permits_nothing(text: str) -> None:
    assert not any(permits(spdx(text) or "", use) for use in PERMITS)


@pytest.mark.parametrize(
    ("identifier", "uses"),
    [
        ("CC0-1.0", {"redistributable", "commercial", "derivatives"}),
        ("CC-BY-SA-3.0-IGO", {"redistributable", "commercial", "derivatives"}),
        ("CC-BY-ND-4.0", {"redistributable", "commercial"}),
        ("CC-BY-NC-2.0", {"redistributable", "derivatives"}),
        ("LicenseRef-CC-BY-NC-ND", {"redistributable"}),
        ("LicenseRef-YouTube-Standard", set()),
    ],
)
def test_uses(identifier: str, uses: set[str]) -> None:
    assert {use for use in PERMITS if permits(identifier, use)} == uses
    for use in PERMITS:
        assert License(**{use: True}).keeps(license=identifier) == (use in uses)


def test_a_list_of_licences() -> None:
    step = License(allow=["cc by 4.0", "CC0"])
    assert step.allow == ("CC-BY-4.0", "CC0-1.0")
    assert step.keeps(license="CC0-1.0")
    assert not step.keeps(license="CC-BY-3.0")
    assert not step.keeps(license=None)
    assert License(allow=["CC0"], unknown="keep").keeps(license=None)
    assert not License(deny=["CC0"], unknown="keep").keeps(license="CC0-1.0")
    assert License().keeps(license="LicenseRef-ours")


@pytest.mark.parametrize(
    ("text", "near"), [("CC-BY-4", "CC-BY-4.0"), ("ccby", "no SPDX identifier"), ("", "''")]
)
def test_a_misspelt_one_is_refused(text: str, near: str) -> None:
    with pytest.raises(ValueError, match=re.escape(near)):
        named(text)
    with pytest.raises(ValidationError, match="SPDX"):
        License(allow=[text])
