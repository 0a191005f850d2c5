"""Notes: whoever has a name and an address arrives, whatever the title says; nothing that was read is lost."""

from __future__ import annotations

from typing import Any

import pytest

from outreach.intake.account import Account
from outreach.intake.notes.markdown import read_notes
from tests.intake import documents


def contacts(text: str, account: Account | None = None) -> dict[str, Any]:
    return {str(each.values["name"]): each.values for each in read_notes("a.md", text, account).contacts}


def emails(values: Any) -> list[str]:
    return [channel["email"] for channel in values.get("channels", ()) if "email" in channel]


ROADS = {"Open Roads Society": ["hello@roads.example"], "River Watch": ["info@river.example"]}


@pytest.mark.parametrize("title", ["Partners", "Journalists", "MEPs", "Wen wir fragen", "Qui contacter", "Sojusznicy"])
@pytest.mark.parametrize(
    "text",
    [
        "- Open Roads Society: hello@roads.example\n- River Watch: info@river.example\n",
        "1. **Open Roads Society** — hello@roads.example — a study\n2. **River Watch** — info@river.example\n",
        "| Institution | Contact email |\n|---|---|\n| Open Roads Society | hello@roads.example |\n"
        "| River Watch | info@river.example |\n",
        "```csv\nname,email\nOpen Roads Society,hello@roads.example\nRiver Watch,info@river.example\n```\n",
        "Open Roads Society, Jana Prins, hello@roads.example\nRiver Watch, Tom Eik, info@river.example\n",
        "Open Roads Society\nhello@roads.example\n\nRiver Watch\ninfo@river.example\n",
        "Open Roads Society\n\nhello@roads.example\n\nRiver Watch\n\ninfo@river.example\n",
        "Open Roads Society - hello [at] roads.example\nRiver Watch - info@river.example\n",
        "Name: Open Roads Society\nE-Mail: hello@roads.example\n\nName: River Watch\nE-Mail: info@river.example\n",
        "Open Roads Society <hello@roads.example>\nRiver Watch <info@river.example>\n",
        "## Open Roads Society\n\nE-mail: hello@roads.example\n\n## River Watch\n\nKontakt: info@river.example\n",
        "* [Open Roads Society](mailto:hello@roads.example)\n* [River Watch](mailto:info@river.example)\n",
    ],
)
def test_a_list_is_taken_whatever_its_title_says(title: str, text: str) -> None:
    account = Account()
    found = contacts(f"# {title}\n\n{text}", account)
    assert {name: emails(values) for name, values in found.items()} == ROADS
    assert not account.questions
    assert not account.refusals


def test_somebody_in_a_document_about_something_else_is_asked_about() -> None:
    account = Account()
    assert not contacts(documents.README, account)
    question, nameless = account.questions
    assert (question.affects, nameless.affects) == (("jane@mytool.example",), ("dev@mytool.example",))
    assert list(contacts(documents.README, Account({question.id: "yes"}))) == ["Jane Doe"]


def test_addresses_without_names_are_one_question() -> None:
    account = Account()
    text = 'hello@roads.example\ninfo@river.example\n"Tom Eik" <tom@bench.example>\n'
    found = contacts(text, account)
    assert {name: emails(values) for name, values in found.items()} == {"Tom Eik": ["tom@bench.example"]}
    (question,) = account.questions
    assert question.affects == ("hello@roads.example", "info@river.example")
    assert len(contacts(text, Account({question.id: "take"}))) == 3


@pytest.mark.parametrize(
    "line", ["Lobby Register: Yes", "Registered Lobbyist: Yes", "CSR Title: Head, Giving", "Revenue Potential: 1M",
             "Alignment Score: 85/100", "Membership Status: Active"],
)  # fmt: skip
def test_a_label_is_no_person(line: str) -> None:
    told = line.replace(": ", ":** ")
    text = f"# Contacts\n\n## Tier 1\n\n### Alder Works\n\n- **Contact:** a@alder.example\n- **{told}\n"
    values = contacts(text)["Alder Works"]
    assert "people" not in values
    assert line in values["internal_notes"]


def test_a_value_that_no_key_takes_stands_under_its_label() -> None:
    text = (
        "# Contacts\n\n## Bee Friends\n**Email:** info@bees.example\n**Country:** Freedonia\n**Language:** Klingon\n"
        "**Tier:** many\n**Kind:** guild of beekeepers\n**Collected:** last spring\n**Role:** campaigns\n"
        "**Via:** Wasp Watch\n\n## Wasp Watch\n**Email:** info@wasps.example\n"
    )
    values = contacts(text)["Bee Friends"]
    assert values["fields"] == {
        "Tier": "many", "Language": "Klingon", "Collected": "last spring", "Role": "campaigns", "Country": "Freedonia",
    }  # fmt: skip
    assert (values["tags"], values["via"]) == (["guild of beekeepers"], "wasp-watch")


@pytest.mark.parametrize(
    ("label", "said", "key", "value"),
    [
        ("Country", "Pologne", "country", "PL"), ("Land", "Oostenrijk", "country", "AT"),
        ("Langue", "néerlandais", "language", "nl"), ("Taal", "Duits", "language", "de"),
        ("Kategoria", "uniwersytet", "kind", "research"), ("Tipologia", "giornale", "kind", "media"),
        ("Etiquetas", "a, b", "tags", ["a", "b"]), ("Fuso orario", "Europe/Rome", "timezone", "Europe/Rome"),
        ("Zuständig", "maria", "owner", "maria"), ("Fonte", "o sítio deles", "found_at", "o sítio deles"),
    ],
)  # fmt: skip
def test_labels_of_notes_are_understood_as_columns_are(label: str, said: str, key: str, value: object) -> None:
    other = "## Wasps\n**Email:** i@w.example\n"
    text = f"# Contacts\n\n## Bee Friends\n**Email:** i@b.example\n**{label}:** {said}\n\n{other}"
    assert contacts(text)["Bee Friends"][key] == value


def test_a_table_below_a_contact_is_of_others() -> None:
    text = (
        "# Contact list\n\n## Tier 0\n\n### Bee Friends\n\nContact: info@bees.example\n\nYour angle: Your map.\n\n"
        "| Name | Email |\n|---|---|\n| Hedge Club | hello@hedge.example |\n"
    )
    found = contacts(text)
    assert {name: emails(values) for name, values in found.items()} == {
        "Bee Friends": ["info@bees.example"], "Hedge Club": ["hello@hedge.example"],
    }  # fmt: skip
    assert found["Bee Friends"]["personal_text"] == "Your map."


def test_boxes_become_a_checklist_and_a_plan_stays_as_a_note() -> None:
    plan = "# Winter campaign\n\n## Timeline\n\n- 3 December 2026: letters\n- 15 December 2026: thread\n\n- [ ] ask\n"
    found = read_notes("plan.md", plan)
    assert {text.folder for text in found.texts} <= {"notes", "checklists"}
    assert "3 December 2026: letters" in "".join(text.body for text in found.texts)
    assert not [passage for passage in found.passages if passage.kind == "not-understood"]
    boxes = read_notes("boxes.md", "# Tasks\n\n- [ ] ask Clara\n- [ ] print posters\n")
    assert [text.folder for text in boxes.texts] == ["checklists"]


def test_people_of_a_list_are_people_with_their_organisation() -> None:
    found = contacts(
        "# Signed\n\nAnna Holt, River Trust (a.holt@rivertrust.example)\nMdB Kai Sommer: kai.sommer@bundestag.example\n"
        "Député : Julien Favre, julien.favre@assemblee.example\n"
    )
    assert list(found) == ["Anna Holt", "MdB Kai Sommer", "Julien Favre"]
    assert {values["kind"] for values in found.values()} == {"person"}
    assert found["Anna Holt"]["fields"] == {"organisation": "River Trust"}


def test_a_line_of_several_people_is_several_contacts() -> None:
    text = 'Anna Berg <anna@berg.example>, "Müller, Karl" <k.mueller@muster.example>; Open Door <post@door.example>\n'
    assert {name: emails(values) for name, values in contacts(text).items()} == {
        "Anna Berg": ["anna@berg.example"], "Karl Müller": ["k.mueller@muster.example"],
        "Open Door": ["post@door.example"],
    }  # fmt: skip


def test_a_phone_number_reaches_somebody_among_others_and_a_sentence_is_asked_about() -> None:
    account = Account()
    found = contacts(
        "# Groups\n\n- Elm Street Residents: 0161 555 0101\n- Oak Road: oak@road.example\n- Ash: ash@ash.example\n\n"
        "The youth council may join; write to Ella Stone <ella.stone@youth.example> after the exams.\n",
        account,
    )
    assert list(found) == ["Elm Street Residents", "Oak Road", "Ash"]
    assert [each.affects for each in account.questions] == [("ella.stone@youth.example",)]


@pytest.mark.parametrize("greeting", ["Dear neighbours,", "Liebe Nachbarn,", "Estimados vecinos,"])
def test_a_letter_is_no_list_of_contacts(greeting: str) -> None:
    account = Account()
    told = "come to our party. Tell us (us@street.example) whether you come."
    text = f"{greeting}\n\n{told}\n\nBest regards,\nKlara Fuchs\nk@street.example\n"
    assert not contacts(text, account)
    asked = {address for each in account.questions for address in each.affects}
    assert asked | {each.value for each in account.refusals} == {"us@street.example", "k@street.example"}


@pytest.mark.parametrize("written", ["newsroom [at] fen.example", "newsroom@fen.example"])
def test_an_address_in_parentheses_behind_a_name_is_theirs_however_it_is_spelled(written: str) -> None:
    account = Account()
    (values,) = contacts(f"# Media\n\n- Radio Fen ({written}), call first\n", account).values()
    assert (values["name"], emails(values), account.refusals) == ("Radio Fen", ["newsroom@fen.example"], ())


def test_a_person_behind_an_address_is_a_person_and_no_role() -> None:
    (values,) = contacts("# Allies\n\n- Setos Society: president@setos.example (Sra. María López)\n").values()
    assert emails(values) == ["president@setos.example"]
    assert [each["name"] for each in values["people"]] == ["María López"]
