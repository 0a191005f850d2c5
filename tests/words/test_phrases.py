"""The languages' files: complete where they say so, and read as a native speaker would write them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.words.phrases import compiled, finder, folded, languages, phrases, tables

FILES = sorted((files("outreach.words") / "languages").iterdir(), key=lambda each: each.name)
ANSWERS = ("yes", "negative", "positive")
"""Lists of what stands alone in a cell of a table."""
TAGS = [each.name.removesuffix(".toml") for each in FILES]


def read(tag: str) -> dict[str, Any]:
    """The language; where its file cannot be read, the test says which file and line."""
    try:
        return tomllib.loads((files("outreach.words") / "languages" / f"{tag}.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        pytest.fail(f"outreach/words/languages/{tag}.toml: {error}", pytrace=False)


def test_the_languages_that_campaigns_write_in_most_are_complete() -> None:
    assert all(read(tag)["complete"] for tag in ("de", "en", "es", "fr", "it", "nl", "pl", "pt"))


@pytest.mark.parametrize("tag", TAGS)
def test_no_list_of_a_complete_language_is_missing_or_empty(tag: str) -> None:
    language, english = read(tag), read("en")
    for table, lists in english.items() if language["complete"] else ():
        if isinstance(lists, dict) and table != "greeting":
            missing = [key for key in lists if not language.get(table, {}).get(key)]
            assert not missing, f"outreach/words/languages/{tag}.toml: [{table}] lacks {', '.join(missing)}"


@pytest.mark.parametrize("tag", TAGS)
def test_every_list_has_only_phrases_that_some_text_can_hold(tag: str) -> None:
    language, english = read(tag), read("en")
    for table, lists in language.items():
        where = f"outreach/words/languages/{tag}.toml: [{table}]"
        if not isinstance(lists, dict) or table == "greeting":
            continue
        assert table in english, where
        for key, found in lists.items():
            assert key in english[table], f"{where} has no list {key}; those of en.toml are {', '.join(english[table])}"
            for phrase in found if table in ("mail", "refusal") and key not in ANSWERS else ():
                assert isinstance(phrase, str), f"{where} {key}: {phrase!r} is no text"
                assert phrase.strip(), f"{where} {key} has an empty phrase"
                assert phrase.count("(") == phrase.count(")"), f"{where} {key}: a bracket is missing in {phrase!r}"
                compiled([phrase])
    months = language.get("mail", {}).get("months", ())
    assert len(months) in (0, 12), f"outreach/words/languages/{tag}.toml: months has {len(months)} entries, not 12"


@pytest.mark.parametrize(
    ("phrase", "text", "holds"),
    [
        ("remove us", "Please remove\n us.", True),
        ("remove us", "remove usually", False),
        ("remov* us", "removing us", True),
        ("take (us|me) off", "take me off it", True),
        ("remove * list", "remove our old address from the list", False),
        ("remove * list", "remove us from the list", True),
        ("not (be)? read", "not read", True),
        ("l'adresse", "l’adresse", True),
        ("désinscrire", "DESINSCRIRE", True),
        ("e-mails", "e mails", True),
        ("配信停止", "メールの配信停止をお願いします", True),
    ],
)
def test_a_phrase_is_found_as_it_is_written_down(phrase: str, text: str, holds: bool) -> None:
    assert (compiled([phrase]).search(folded(text)) is not None) is holds


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_language_that_names_the_folder_for_drafts_names_those_for_what_was_sent_and_deleted() -> None:
    keys = ("sent_folders", "drafts_folders", "skipped_folders")
    known = {tag: {key for key in keys if table.get(key)} for tag, table in tables("mail").items()}
    assert {tag for tag, found in known.items() if found and found != set(keys)} == set()
    folders = [name for key in keys for name in {folded(each) for each in phrases("mail", key)}]
    assert len(folders) == len(set(folders)), "one name for two kinds of folder"


def test_every_language_is_asked() -> None:
    assert "abmelden" in phrases("mail", "opt_out_words")
    assert finder("mail", "opt_out").search(folded("Bitte nehmen Sie uns aus Ihrem Verteiler"))


def test_a_table_read_alone_is_the_table_of_the_whole_file() -> None:
    whole = languages()
    names = {name for each in whole.values() for name, value in each.items() if isinstance(value, dict)}
    assert {"mail", "greeting"} <= names
    for name in names:
        assert tables(name) == {tag: each[name] for tag, each in whole.items() if name in each}
