"""Nobody is dropped without a word: names without an address, and refusals in a person's own words, are asked about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.account import Account
from outreach.intake.doubts import DOUBTS, doubt_in
from outreach.intake.holding import NO_MAIL, held
from outreach.model.found import FoundContact, Question
from tests.intake.test_nearly_no import INNOCENT
from tests.intake.test_strangers_lists import named, no_mail, read

FORMS = {
    "headings.md": "## {name}\n\n{what}\n\n",
    "items.md": "- {name} - {what}\n",
    "bold items.md": "- **{name}**: {what}\n",
    "bold lines.md": "**{name}**\n\n{what}\n\n",
    "lines.txt": "{name}, {what}\n",
    "dots.txt": "{name} \u00b7 {what}\n",
    "nested.md": "- {name}\n  - {what}\n",
}


def asked(account: Account, kind: str) -> list[Question]:
    return [each for each in account.questions if each.id.startswith(kind)]


@pytest.mark.parametrize("form", FORMS)
def test_who_stands_as_the_others_do_and_has_no_address_is_asked_about(tmp_path: Path, form: str) -> None:
    rows = [
        ("Birch Archive", "birch@birch.example"),
        ("Cedar Forum", "nobody found yet"),
        ("Elder Works", "elder@elder.example"),
        ("Fir Alliance", "phone in the morning"),
        ("Gorse Press", "gorse@gorse.example"),
    ]
    name = f"{form.replace(' ', '-')}"
    text = "# Partners\n\n" + "".join(FORMS[form].format(name=who, what=what) for who, what in rows)
    account = Account()
    assert named(read(tmp_path, name, text, account)).keys() == {"Birch Archive", "Elder Works", "Gorse Press"}
    (question,) = asked(account, "no-address")
    assert "Cedar Forum, Fir Alliance" in question.ask
    kept = named(read(tmp_path, name, text, Account({question.id: "keep"})))
    assert kept.keys() == {who for who, _ in rows}
    assert all("missing" in kept[who] for who in ("Cedar Forum", "Fir Alliance"))


def test_a_heading_a_total_and_a_sentence_are_not_asked_about(tmp_path: Path) -> None:
    text = (
        "# Outlets\n\n## Dailies\n\n### Fen Gazette\n\nnews@fen.example\n\n### Marsh Mail\n\ndesk@marsh.example\n\n"
        "## Austria\n\n### Lake Radio\n\nhi@lakeradio.example\n\n## Notes\n\nWe meet at nine.\n\nTotal: 3 outlets\n"
    )
    account = Account()
    assert named(read(tmp_path, "a.md", text, account)).keys() == {"Fen Gazette", "Marsh Mail", "Lake Radio"}
    assert not asked(account, "no-address")


def test_whom_a_pasted_message_names_are_one_question(tmp_path: Path) -> None:
    text = (
        "Subject: who has answered\n\nHi Kim,\n\nthese answered:\n\n> Elm Club (Ann Poe, ann@elmclub.example) - yes\n"
        "> Oak Union <office@oakunion.example> - wants the logo\n\nBest\nTess\n"
    )
    account = Account()
    read(tmp_path, "mail.txt", text, account)
    (question,) = asked(account, "in-letter")
    assert "Elm Club (ann@elmclub.example), Oak Union (office@oakunion.example)" in question.ask
    assert set(question.affects) == {"ann@elmclub.example", "office@oakunion.example"}
    assert named(read(tmp_path, "mail.txt", text, Account({question.id: "take"}))).keys() == {"Elm Club", "Oak Union"}


OWN_WORDS = """
told me never to pitch her again | they were cross that we wrote at all | said "please lose our number" |
feel we spammed them | lieber nicht, der war ziemlich sauer | hat entnervt aufgelegt | waren angefressen |
refus net, ils sont fâchés | se désolidarisent | nous ont raccroché au nez | se niegan a recibir nada nuestro |
están hartos | nos bloqueó | assolutamente contrari, non insistere | ci ha intimato di smettere |
laat ons voortaan met rust | afgehaakt | hingen meteen op | zangados com o comunicado | desligaram logo |
prosiła, żeby dać jej spokój | obraziły się | mają nas dosyć | Bad os om at lade være med at skrive
"""


def about(remark: str, label: str = "") -> FoundContact:
    said = {"fields": {label: remark}} if label else {"internal_notes": remark}
    return FoundContact(id="elm", values={"id": "elm", "name": "Elm Club", **said}, file="a.csv", line=2)


@pytest.mark.parametrize("remark", [each.strip() for each in OWN_WORDS.split("|")])
def test_a_refusal_in_a_persons_own_words_is_a_doubt(remark: str) -> None:
    for each in (about(remark), about(remark, "Remarks")):
        (contact,) = held([each], Account(), date(2026, 11, 30))[0]
        assert contact.values.get("do_not_contact")


@pytest.mark.parametrize("remark", [each.strip() for each in INNOCENT.split("|")])
def test_what_refuses_nothing_is_none(remark: str) -> None:
    assert not doubt_in(about(remark))


@pytest.mark.parametrize("name", ["Fed Up Mothers", "Stop Ecocide", "Refuse Collective", "Basta"])
def test_a_name_is_no_refusal(name: str) -> None:
    each = FoundContact(
        id="a", values={"id": "a", "name": name}, file="a.md", line=1, lines=(f"{name}: info@a.example, keen",)
    )
    assert not doubt_in(each)


@given(st.text(max_size=200))
def test_any_remark_is_a_doubt_or_none(remark: str) -> None:
    doubt_in(about(remark))


def test_all_doubts_of_a_document_are_one_question_that_holds_their_letters(tmp_path: Path) -> None:
    text = (
        "Organisation,Email,Remarks\nElm Club,elm@elm.example,they were cross\nOak Union,oak@oak.example,keen to help\n"
        "Ash Trust,ash@ash.example,they feel we spammed them\n"
    )
    account = Account()
    assert no_mail(read(tmp_path, "a.csv", text, account), account)[0] == {"Elm Club", "Ash Trust"}
    (question,) = asked(account, NO_MAIL)
    assert question.affects == ("elm@elm.example", "ash@ash.example")
    account = Account({question.id: "ignore"})
    assert not any(says is True for says in no_mail(read(tmp_path, "a.csv", text, account), account)[0])
    account = Account({question.id: "one-by-one"})
    found = read(tmp_path, "a.csv", text, account)
    no_mail(found, account)
    first, second = asked(account, DOUBTS)
    account = Account({**account.answers, first.id: "ignore", second.id: "do-not-contact"})
    kept, open_ones = no_mail(read(tmp_path, "a.csv", text, account), account)
    assert "Ash Trust" in kept
    assert not open_ones


@pytest.mark.parametrize(
    ("label", "value", "is_held"),
    [
        ("SMS campaigns", "Unsubscribed", False),
        ("Ne pas téléphoner", "Oui", False),
        ("Keep me updated about future events?", "No", True),
        ("isExcludedFromCampaigns", "true", True),
        ("Estado de contacto de marketing", "Contacto de no marketing", True),
        ("Stage", "Dead", True),
        ("Response", "passed", True),
    ],
)
def test_a_column_is_about_mail_or_about_something_else(tmp_path: Path, label: str, value: str, is_held: bool) -> None:
    text = f'Organisation,Email,"{label}"\nElm Club,elm@elm.example,{value}\nOak Union,oak@oak.example,\n'
    account = Account()
    kept, _ = no_mail(read(tmp_path, "a.csv", text, account), account)
    assert kept == ({"Elm Club"} if is_held else set())


def test_an_organisation_is_written_to_and_not_the_person_beside_its_name(tmp_path: Path) -> None:
    text = (
        "Elm Forum, office: Fr. Ott, ott@elmforum.example\nOak Union (ref. Dario Neri) dario@oakunion.example\n"
        "Ash Press \u2013 reporter: Ines Morel \u2013 ines.morel@ashpress.example\n"
    )
    assert named(read(tmp_path, "a.txt", text)).keys() == {"Elm Forum", "Oak Union", "Ash Press"}


def test_a_row_is_called_by_the_cell_that_its_domain_names(tmp_path: Path) -> None:
    text = (
        "Organisation,Xyzzy,Email\nElm Club,a,info@elmclub.example\nOak Union,b,info@oakunion.example\n"
        ",Ash Gallery,info@ashgallery.example\n"
    )
    assert named(read(tmp_path, "a.csv", text)).keys() == {"Elm Club", "Oak Union", "Ash Gallery"}


def test_lone_rows_above_others_are_one_question(tmp_path: Path) -> None:
    rows = "".join(f"Group {n},A B,a{n}@group{n}.example\n" for n in range(9))
    text = f"Organisation,Person,Email\nAustria,,\n{rows}Old friends,,\nElm Club,,e@elm.example\nNew friends,,\n"
    text += "Oak Union,,o@oak.example\nGrand Totals (12 records),,\n"
    account = Account()
    found = named(read(tmp_path, "a.csv", text, account))
    assert len(found) == 11
    (question,) = asked(account, "heading")
    assert "Old friends, New friends" in question.ask
    assert len(named(read(tmp_path, "a.csv", text, Account({question.id: "organisation"})))) == 13


@pytest.mark.parametrize("remark", ["D-US", "US office", "Successfully lobbied on the Cyber Resilience Act"])
def test_a_country_or_a_law_is_no_refusal(remark: str) -> None:
    assert not doubt_in(about(remark, "delegation"))


def test_a_labelled_item_of_a_section_that_lists_nobody_is_not_asked_about(tmp_path: Path) -> None:
    text = (
        "# Partners\n\n- **Elm Club:** info@elmclub.example\n- **Oak Union:** info@oakunion.example\n\n## When\n\n"
        "- **Current timing (mid-December):** good for the first ones, and for all others in January or later\n"
    )
    account = Account()
    read(tmp_path, "a.md", text, account)
    assert not asked(account, "no-address")
