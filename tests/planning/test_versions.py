"""Which language of a template a contact gets."""

from __future__ import annotations

import pytest

from outreach.model.template import Template, Variant
from outreach.planning.versions import Versions


def texts(*languages: str | None) -> list[Template]:
    return [Template(name="hello", file=f"templates/hello.{each}.md", body="Hi.", language=each) for each in languages]


@pytest.mark.parametrize(
    ("there", "fallback", "wanted", "got"),
    [
        ((None, "de", "fr"), (), "sk", None),
        ((None, "de", "fr"), ("fr",), "sk", "fr"),
        ((None, "de", "fr"), ("cs", "de", "fr"), "sk", "de"),
        ((None, "de", "fr"), ("fr",), "de-AT", "de"),
        ((None, "fr"), ("fr",), "en", None),  # the file without a language is in the campaign's
        ((None, "fr"), ("en", "fr"), "sk", None),
        (("de", "en"), (), "sk", "en"),
        (("de", "fr"), (), "sk", "de"),
    ],
)
def test_a_language_that_a_text_lacks_falls_back_in_order(
    there: tuple[str | None, ...], fallback: tuple[str, ...], wanted: str, got: str | None
) -> None:
    found = Versions(texts(*there), "en", fallback).find("hello", Variant.MAIL, wanted)
    assert found is not None
    assert found.language == got
