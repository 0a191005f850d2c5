"""Notes in Markdown become parts of a campaign, and every line is accounted for."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.errors import SourceTooLarge
from outreach.intake.notes.markdown import read_notes, together
from outreach.intake.notes.placeholders import with_variables
from outreach.intake.notes.timing import hours_in
from outreach.model.found import Found
from tests.intake import documents

SOCIAL = documents.SOCIAL.replace("{dated}", "Last updated: 3 November 2026")


def contacts(found: Found) -> dict[str, Any]:
    return {contact.id: contact.values for contact in found.contacts}


def texts(found: Found, folder: str) -> dict[str, Any]:
    return {text.name: text for text in found.texts if text.folder == folder}


def settings(found: Found, *path: str) -> list[Any]:
    return [setting.value for setting in found.settings if setting.path == path]


# --- contacts ------------------------------------------------------------------------------------


def test_an_organisation_has_its_tier_addresses_roles_people_and_angle() -> None:
    alliance = contacts(read_notes("list.md", documents.CONTACTS))["hedge-alliance"]
    assert (alliance["tier"], alliance["short"], alliance["country"]) == (0, "HA", "BE")
    assert alliance["channels"] == [
        {"email": "info@hedges.example", "role": "general"},
        {"email": "policy@hedges.example", "role": "policy"},
        {"email": "press@hedges.example", "role": "press"},
        {"form": "https://hedges.example/contact/"},
    ]
    assert alliance["people"] == [{"name": "Maria Example", "role": "Director"}]
    assert alliance["personal_text"] == "Your map has a white spot: our street."
    assert "They drew the map." in alliance["internal_notes"]
    assert alliance["imported_from"] == "list.md, line 7"
    assert alliance["collected_on"] == "2026-11-03"


def test_items_of_a_list_are_contacts_too_and_what_lacks_an_address_is_to_be_researched() -> None:
    found = contacts(read_notes("list.md", documents.CONTACTS))
    assert found["the-gardener"]["channels"] == [{"email": "tips@gardener.example", "role": "tips"}]
    assert found["the-gardener"]["kind"] == found["leaf-weekly"]["kind"] == "media"
    assert "missing" in found["road-office"]


def test_german_labels_and_tables_give_the_same() -> None:
    found = contacts(read_notes("liste.md", documents.KONTAKTE))
    assert list(found) == ["bienenbund", "heckenblatt", "institut-fur-grun"]
    assert [each["tier"] for each in found.values()] == [1, 2, 2]
    assert [each["kind"] for each in found.values()] == ["organisation", "media", "research"]
    assert found["bienenbund"]["personal_text"].startswith("Ihre Zählung endet")
    assert found["bienenbund"]["people"][0]["email"] == "maria@bienen.example"
    assert len(found["institut-fur-grun"]["channels"]) == 2
    assert found["heckenblatt"]["website"] == "https://blatt.example"


def test_nested_items_and_tables_of_another_kind_give_the_same() -> None:
    found = contacts(read_notes("partners.md", documents.PARTNERS))
    trust = found["clean-rivers-trust"]
    assert (trust["short"], trust["tier"], trust["website"]) == ("CRT", 1, "https://rivers.example")
    assert trust["people"] == [{"name": "Dr. Ann Lee", "role": "Policy Lead", "email": "ann@rivers.example"}]
    assert trust["personal_text"] == "mention the river report"
    assert found["river-watch"]["channels"] == [
        {"email": "office@watch.example", "role": "general"},
        {"bluesky": "watch.example"},
    ]
    assert found["water-institute"]["people"] == [{"name": "Bo Smith", "role": "Director"}]
    assert [each["kind"] for each in found.values()][2:] == ["research", "media", "institution"]
    assert found["european-parliament-rivers-committee"]["eu"] is True


def test_an_address_behind_a_name_is_that_persons() -> None:
    listed = (
        "# Contacts\n\n## Tier 1\n\n### Moth Club\n\nContact: Eva Moth <eva@moth.example>, press: press@moth.example\n"
    )
    (club,) = contacts(read_notes("list.md", listed)).values()
    assert club["people"] == [{"name": "Eva Moth", "email": "eva@moth.example"}]
    assert club["channels"] == [{"email": "press@moth.example", "role": "press"}]


def test_outlets_that_write_themselves_in_small_letters_are_contacts() -> None:
    found = contacts(read_notes("brunnen.md", documents.BRUNNEN))
    assert found["blatt24"]["channels"] == [{"email": "redaktion@blatt24.example", "role": "editorial"}]
    assert found["tropf"]["channels"] == [{"email": "lokal@tropf.example", "role": "general"}]
    assert found["blatt24"]["kind"] == found["tropf"]["kind"] == "media"


def test_the_question_that_the_notes_leave_open_is_what_is_to_be_found() -> None:
    works = contacts(read_notes("brunnen.md", documents.BRUNNEN))["brunnenwerke"]
    assert (works["missing"], works["tier"]) == ("Wer ist zuständig?", 1)


def test_a_person_before_an_address_is_a_person_and_keeps_the_title() -> None:
    office = contacts(read_notes("brunnen.md", documents.BRUNNEN))["wasseramt"]
    assert office["channels"] == [{"email": "presse@wasseramt.example", "role": "press"}]
    assert office["people"] == [
        {"name": "Prof. Dr. Maria Muster", "role": "Leiterin", "email": "muster@wasseramt.example"},
        {"name": "Dr. Jo Beispiel", "role": "Geschäftsführer"},
    ]


@pytest.mark.parametrize("text", [documents.RECIPE, documents.README, documents.PROGRAM, "", "\n\n"])
def test_a_document_about_something_else_gives_nothing(text: str) -> None:
    found = read_notes("other.md", text)
    assert not (found.contacts)
    assert not (found.texts)
    assert not (found.settings)
    assert not (found.remarks)
    assert {passage.kind for passage in found.passages} <= {"not-understood"}


# --- letters -------------------------------------------------------------------------------------


def test_a_letter_has_its_subject_its_body_and_variables_for_placeholders() -> None:
    letters = texts(read_notes("letters.md", documents.LETTERS), "templates")
    first, second = letters["advocacy-groups.md"], letters["media.md"]
    assert first.front == {"subject": "Hedges for {{ contact.name }}", "attachments": ["hedges"]}
    assert first.body == "Hello {{ contact.name }},\n\nplease read {{ links.brief }}.\n\n{{ sender.name }}\n"
    assert second.front["subject"] == "A story about hedges"
    assert second.body == "Dear editors,\n\nit grows.\n"


def test_timing_and_following_up_become_settings() -> None:
    found = read_notes("letters.md", documents.LETTERS)
    assert settings(found, "calendar", "prefer") == [[{"from": "01-02", "to": "01-15"}]]
    assert settings(found, "calendar", "avoid")[1] == [{"from": "08-01", "to": "08-31", "why": "summer break"}]
    assert settings(found, "follow_up") == [
        {"after": "14d", "template": "follow-up", "times": 1, "to": "kind != 'person'"}
    ]


def test_german_letters_and_times_give_the_same() -> None:
    found = read_notes("vorlagen.md", documents.VORLAGEN)
    (letter,) = texts(found, "templates").values()
    assert letter.body == "Guten Tag {{ contact.name }},\n\nsiehe {{ links.brief }}.\n\n{{ sender.name }}\n"
    assert settings(found, "calendar", "avoid") == [[{"from": "12-20", "to": "01-06", "why": "Ferien"}]]
    assert settings(found, "calendar", "days") == [["tue", "wed", "thu"]]
    assert settings(found, "calendar", "hours") == ["09:00-12:00"]
    spans = [hours_in(text) for text in ("18:00-24:00", "0:00 to 24:00", "18:00-00:00", "00:00-00:00", "9:00-24:30")]
    assert spans == ["18:00-24:00", "00:00-24:00", "18:00-24:00", None, None]


def test_letters_in_fences_and_below_headings_give_the_same() -> None:
    found = read_notes("emails.md", documents.FENCED)
    letters = texts(found, "templates")
    assert letters["partners.md"].front["subject"] == "River day on {{ facts.date }}"
    assert letters["partners.md"].body.startswith("Dear {{ contact.name }},\n\njoin us: {{ links.brief }}")
    assert letters["journalists.md"].front == {"subject": "A river story", "attachments": ["press-kit"]}
    assert letters["journalists.md"].body == "Dear {{ contact.name }},\n\nbye\n"
    assert settings(found, "calendar", "avoid") == [
        [{"from": "12-20", "to": "01-06"}],
        [{"from": "08-01", "to": "08-31"}],
    ]
    assert settings(found, "calendar", "prefer") == [[{"from": "03-02", "to": "03-13"}]]
    assert settings(found, "follow_up")[0]["to"] == "kind != 'person'"


def test_letters_and_posts_together_become_waves_that_wait_for_the_decision() -> None:
    names = ("list.md", "letters.md", "social.md")
    found = together(
        [read_notes(*each) for each in zip(names, (documents.CONTACTS, documents.LETTERS, SOCIAL), strict=True)]
    )
    waves = [wave for each in found for value in settings(each, "waves") for wave in value]
    assert [(wave["template"], wave["to"]) for wave in waves] == [
        ("advocacy-groups", "kind == 'organisation'"),
        ("media", "kind == 'media'"),
    ]
    assert {wave["needs"] for wave in waves} == {"decision('r-hedges') in ['enough']"}


def test_phases_with_weeks_let_the_later_waves_start_later() -> None:
    listed = documents.CONTACTS + "\n## Plan\n\n**Phase 1 (Week 1):** Tier 0\n**Phase 2 (Week 3):** Tier 5\n"
    social = SOCIAL.replace("## Success", "- **Jan 13:** Send the letters to organisations\n\n## Success")
    texts_of = zip(("list.md", "letters.md", "social.md"), (listed, documents.LETTERS, social), strict=True)
    found = together([read_notes(*each) for each in texts_of])
    waves = [wave for each in found for value in settings(each, "waves") for wave in value]
    assert [wave["start"] for wave in waves] == ["2027-01-13", "2027-01-27"]


def test_somebody_whom_a_letter_cannot_reach_is_in_no_wave_and_that_is_said() -> None:
    listed = documents.CONTACTS + "\n## Tier 3: People\n\n- **Jo Example**: maintainer, @jo@social.example\n"
    found = together([read_notes("list.md", listed), read_notes("letters.md", documents.LETTERS)])
    assert any("Jo Example has no mail address" in remark.message for remark in found[0].remarks)
    waves = [wave for each in found for value in settings(each, "waves") for wave in value]
    assert waves[0]["to"].endswith("and id not in ['jo-example']")


# --- posts ---------------------------------------------------------------------------------------


def test_a_fence_is_a_thread_for_both_networks_and_a_post_whole() -> None:
    posts = texts(read_notes("social.md", SOCIAL), "posts")
    thread, reddit = posts["thread.md"], posts["r-hedges.md"]
    assert thread.front["networks"] == ["bluesky", "mastodon"]
    assert thread.front["hashtags"] == {"bluesky": ["Hedges", "Streets"], "mastodon": ["Hedges"]}
    assert thread.body.split("\n---\n")[0] == "I would like to plant hedges in our street."
    assert reddit.body.startswith("## Hedges\n\nI want")
    assert reddit.front["community"] == "r/hedges"
    assert reddit.front["titles"] == ["Hedges for all: what did I miss?"]
    assert reddit.front["window"] == {"from": "2027-01-05", "to": "2027-01-07"}
    assert thread.front["window"] == {"from": "2027-01-08", "to": "2027-01-09"}


def test_a_thread_may_stand_in_the_text_itself() -> None:
    posts = texts(read_notes("social.md", documents.NUMBERED), "posts")
    assert posts["thread.md"].body == "We clean rivers.\n---\nIt takes a day.\n---\nJoin: {{ links.brief }}\n"
    assert posts["thread.md"].front["window"] == {"from": "2026-03-03", "to": "2026-03-04"}
    assert posts["linkedin.md"].front["networks"] == ["linkedin"]


def test_what_decides_about_going_on_becomes_a_decision() -> None:
    (decisions,) = settings(read_notes("social.md", SOCIAL), "decisions")
    assert decisions[0]["choices"] == ["enough", "failure"]
    assert decisions[0]["by"] == "2027-01-12"


def test_a_year_that_nobody_says_is_asked_for_and_never_guessed() -> None:
    found = read_notes("social.md", documents.SOCIAL.replace("{dated}", ""))
    assert "window" not in texts(found, "posts")["thread.md"].front
    assert any("There is no year for 'Jan 5-7'" in remark.message for remark in found.remarks)


def test_a_document_beside_it_may_say_the_year_and_that_is_told() -> None:
    found, _ = together(
        [read_notes("social.md", documents.SOCIAL.replace("{dated}", "")), read_notes("list.md", documents.CONTACTS)]
    )
    assert texts(found, "posts")["r-hedges.md"].front["window"]["from"] == "2027-01-05"
    assert any("2027 was taken, because list.md says" in remark.message for remark in found.remarks)


def test_boxes_are_a_checklist_and_questions_are_kept_as_a_note() -> None:
    found = read_notes("social.md", SOCIAL)
    assert "- [ ] Leaflet printed" in texts(found, "checklists")["checklist.md"].body
    assert "Who pays?" in texts(found, "notes")["frequently-asked-questions.md"].body


# --- accounting ----------------------------------------------------------------------------------

LINES = sorted({line for text in documents.ALL for line in text.split("\n")})
STRANGE = [
    "---",
    "===",
    "> quoted",
    "```",
    "~~~",
    "    code",
    "<div>",
    "| a | b |",
    "|---|---|",
    "\t",
    "# ",
    "1) x",
    "\u2028x",
]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.sampled_from(STRANGE), st.text(max_size=20)), max_size=40))
def test_every_line_with_words_is_accounted_for_exactly_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    source = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    counted = [0] * (len(source) + 1)
    for passage in read_notes("any.md", text).passages:
        for number in range(passage.line, passage.end + 1):
            counted[number] += 1
    assert [counted[number] for number, line in enumerate(source, 1) if line.strip()] == [
        1 for line in source if line.strip()
    ]
    assert max(counted) <= 1


@pytest.mark.parametrize("text", documents.ALL)
def test_the_same_document_gives_the_same(text: str) -> None:
    assert read_notes("a.md", text) == read_notes("a.md", text)


def test_ten_thousand_headings_end_with_a_sentence() -> None:
    with pytest.raises(SourceTooLarge, match="10,000 headings"):
        read_notes("book.md", "# A heading\n\nwords\n\n" * 10_000)


# --- sentences instead of labels -------------------------------------------------------------------


@pytest.mark.parametrize("text", [documents.SPREE, documents.RIVER])
def test_when_to_write_and_whom_to_remind_may_stand_in_sentences(text: str) -> None:
    found = read_notes("a.md", text)
    avoid = [each for value in settings(found, "calendar", "avoid") for each in value]
    assert [(each["from"], each["to"]) for each in avoid] == [("08-01", "08-31"), ("12-20", "01-06")]
    assert settings(found, "calendar", "days") == [["tue", "wed", "thu"]]
    (rule,) = settings(found, "follow_up")
    assert (rule["after"], rule["times"], rule["to"]) == ("21d", 1, "kind != 'person'")


def test_a_name_in_small_letters_and_one_without_any_address_are_contacts_too() -> None:
    found = contacts(read_notes("a.md", documents.SPREE))
    assert list(found) == ["eisvogelbund", "wasserbetriebe", "uferpost", "fluss24"]
    assert ("missing" in found["wasserbetriebe"], found["wasserbetriebe"]["tier"]) == (True, 2)
    assert found["fluss24"]["kind"] == "media"
    assert found["eisvogelbund"]["people"] == [{"name": "Dr. Maria Müller", "role": "Geschäftsführerin"}]


def test_a_campaign_of_german_notes_is_in_german() -> None:
    assert settings(read_notes("a.md", documents.SPREE), "language") == ["de"]
    assert settings(read_notes("a.md", documents.RIVER), "language") == []


def test_a_letter_that_ends_with_a_name_is_signed_by_the_sender_and_not_by_the_recipient() -> None:
    text = "# Vorlagen\n\n## Vorlage 1: Presse\n\nBetreff: Baden?\n\nGuten Tag {Name},\n\neine Geschichte.\n\n[Name]\n"
    (letter,) = texts(read_notes("v.md", text), "templates").values()
    assert letter.body.startswith("Guten Tag {{ contact.name }},")
    assert letter.body.rstrip().endswith("{{ sender.name }}")


def test_a_condition_that_is_left_out_leaves_no_space_behind() -> None:
    assert with_variables("It went well [if true].", in_post=True) == "It went well."


def test_what_is_attached_may_be_said_before_the_letter() -> None:
    text = "# Letters\n\n## Letter 1\n\n**Subject:** Hedges\n**Attachment:** plan.pdf\n\nDear {Name},\n\nread it.\n"
    (letter,) = texts(read_notes("l.md", text), "templates").values()
    assert letter.body == "Dear {{ contact.name }},\n\nread it.\n"
    assert letter.front["attachments"] == ["plan"]
