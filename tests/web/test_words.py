"""The catalogues cover every sentence of the pages, in every language, with the same blanks."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from outreach.model.contact import ChannelKind, ContactKind
from outreach.model.event import EventKind
from outreach.model.mail import SORT_WORDS, MailKind
from outreach.model.outcome import OUTCOMES
from outreach.model.plan import ItemState
from outreach.model.problem import Level
from outreach.model.report import CONTACT_COLUMNS
from outreach.model.state import ContactState
from outreach.pages.erasing import TITLES as ROOMS
from outreach.pages.report_month import NAMES as AUDIENCE_NAMES
from outreach.pages.report_tables import COLUMNS as COLUMNS_OF_TABLES
from outreach.tasks.editing import fields_of
from outreach.web.catalogue import LANGUAGES, words_in
from outreach.web.pages.adding import CHOICES, COLUMNS
from outreach.web.pages.begin import TIMES_LABELS
from outreach.web.pages.contact import HAPPENED
from outreach.web.pages.edit import FIRST, LABELS, MORE
from outreach.web.pages.letters import STATES
from outreach.web.pages.networks import NETWORK_LABELS
from outreach.web.pages.new_post import FIELDS, POST_LABELS, WHEN
from outreach.web.pages.plan import WAVE_WHEN
from outreach.web.pages.texts import TEXT_LABELS
from outreach.web.pages.today import TITLES
from outreach.web.visit import quoted, tone
from outreach.words.windows import MONTHS, WEEKDAYS

WEB = Path(__file__).resolve().parents[2] / "outreach" / "web"
TEXT = r'"((?:[^"\\]|\\.)*)"|' + r"'((?:[^'\\]|\\.)*)'"
KINDS = (ContactState, ItemState, ContactKind, ChannelKind, Level)
NAMES = {
    *(str(each) for kind in KINDS for each in kind), *SORT_WORDS,
    "published", "outbox", "done", "ours-turn", "Mailing list",
    *HAPPENED.values(), *CHOICES.values(), *COLUMNS.values(),
    *(LABELS.get(each.key, each.explanation) for each in (*FIRST, *MORE)),
    *TIMES_LABELS.values(), *WHEN.values(), *WAVE_WHEN.values(), *POST_LABELS.values(),
    *TEXT_LABELS.values(), *NETWORK_LABELS.values(),
    *(choice for field in (*FIELDS, *fields_of("templates/")) for choice in field.choices),
    *ROOMS.values(), *STATES, *TITLES.values(),
    *(text for each in OUTCOMES for text in (each.word, each.meaning)), *MONTHS,
    *(day[:3] for day in WEEKDAYS), *(f"{month[:3]}." for month in MONTHS),
}  # fmt: skip
"""What the pages look up by a name that stands in the program."""
LABEL = re.compile(r'(?:_letters|_with|counted)\(\s*"\w+",\s*"([^"]+)"|label\s?=\s?"([^"]+)"')
REPORT = {
    *(title for titles in COLUMNS_OF_TABLES.values() for title in titles), 
    *AUDIENCE_NAMES.values(), *map(str, EventKind),
    *(title for each in CONTACT_COLUMNS.values() for title in (each.table, each.public) if title),
    *(one or other for file in ("tallies", "monthly") for one, other in LABEL.findall(
        (WEB.parent / "reporting" / f"{file}.py").read_text(encoding="utf-8"))),
    "tier", "wave", "none", "reached", "not reached",
}  # fmt: skip
"""What a report looks up: titles of columns, labels of counts, kinds of events."""


def sentences() -> set[str]:
    """Every sentence that a template or module hands to the catalogue."""
    found = set()
    report = [*(WEB.parent / "pages").glob("report*.py"), *(WEB.parent / "pages" / "layouts").glob("report*.html")]
    for file in [*WEB.glob("templates/*.html"), *WEB.rglob("*.py"), *(WEB.parent / "team").glob("*.py"), *report]:
        text = file.read_text(encoding="utf-8")
        found |= {one or other for one, other in re.findall(rf"(?:\bt|\bwords|_words|\bsay)\(\s*(?:{TEXT})", text)}
        for number in re.findall(r"\bt\.counted\((.*?)\) }}", text):
            found |= set(re.findall(r'"((?:1|\{n\}|and|Add) [^"]*)"', number))
    return found - {""}


def test_the_sentences_are_found() -> None:
    assert {"Approve this post", "1 email", "{n} emails", "Paused: {what}"} <= sentences()
    assert len(sentences()) > 150


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    said = tomllib.loads((WEB / f"words/{language}.toml").read_text(encoding="utf-8"))
    assert sorted((sentences() | NAMES | REPORT) - set(said)) == []
    assert sorted(set(said) - sentences() - NAMES - REPORT) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_blanks_of_its_sentence(language: str) -> None:
    said = tomllib.loads((WEB / f"words/{language}.toml").read_text(encoding="utf-8"))
    blanks = {sentence: set(re.findall(r"{\w+}", sentence)) for sentence in said}
    assert {sentence for sentence, text in said.items() if set(re.findall(r"{\w+}", text)) != blanks[sentence]} == set()


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("de", "de"), ("de-AT, en;q=0.5", "de"), ("fr, en;q=0.2, de;q=0.7", "fr"),
     ("pl, en;q=0.2, de;q=0.7", "de"), ("de;q=0, en", "en"), ("", "en"),
     ("*", "en"), ("de;q=x, en", "en"), ("EN-gb", "en"), (",;,;q=", "en")],
)  # fmt: skip
def test_the_language_is_the_most_wanted_one_that_there_is(accepted: str, language: str) -> None:
    assert words_in(None, accepted).language == language


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The key “name” of “x”"),
        ("de", "The key „name“ of „x“"),
        ("fr", "The key «\u00a0name\u00a0» of «\u00a0x\u00a0»"),
    ],
)
def test_names_stand_in_the_quotation_marks_of_the_language(language: str, said: str) -> None:
    assert quoted("The key `name` of “x”", language) == said


def test_numbers_are_grouped_as_the_language_groups_them() -> None:
    said = {name: words_in(name, "").counted(12_345, "1 email", "{n} emails") for name in LANGUAGES}
    assert said == {"en": "12,345 emails", "de": "12.345 E-Mails", "fr": "12\u202f345 e-mails"}


@pytest.mark.parametrize(
    ("word", "colour"),
    [
        ("changed", "bad"),
        ("bounced", "bad"),
        ("approved", "good"),
        ("answered", "good"),
        ("due", "calm"),
        ("new", "plain"),
    ],
)
def test_a_state_has_its_colour(word: str, colour: str) -> None:
    assert tone(word) == colour


def test_everything_that_can_happen_with_a_contact_has_its_sentence() -> None:
    kinds = {str(kind) for kind in (*EventKind, *MailKind)}
    of_posts = {"corrected", "retracted", "counted"}
    not_shown = {"undone", "committing", "mailbox-read", "to-sort"}
    assert kinds - set(HAPPENED) == of_posts | not_shown
