"""A contact without an id gets one from its name, the same on every computer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.words.slugs import slug_of


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Free Software Foundation Europe", "free-software-foundation-europe"),
        ("Krügers Büro", "krugers-buro"),
        ("Blåelv kommune – Øvre Ælvdal", "blaelv-kommune-ovre-aelvdal"),
        ("O'Brien\N{RIGHT SINGLE QUOTATION MARK}s Trust", "obriens-trust"),
        ("Straßenfluß e. V.", "strassenfluss-e-v"),
        ("  --Debian!  ", "debian"),
        ("עמותת נחל Yarkelet", "yarkelet"),
    ],
)
def test_a_name_becomes_a_slug(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_name_without_latin_letters_gets_a_stable_slug() -> None:
    assert slug_of("جمعية نهر") == slug_of("جمعية نهر")
    assert re.fullmatch(r"contact-[0-9a-f]{8}", slug_of("جمعية نهر"))
    assert slug_of("جمعية نهر") != slug_of("جمعية بحر")


@given(st.text())
def test_every_text_has_a_slug_that_is_safe_in_a_file_name(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug_of(name))
    assert len(slug_of(name)) <= 100
