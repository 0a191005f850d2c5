"""Address cards become contacts, and every line of them is accounted for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from outreach.intake.account import Account
from outreach.intake.vcard import read_cards

CARDS = """\
BEGIN:VCARD
VERSION:3.0
FN:Max Müller
N:Müller;Max;;Dr.;
ORG:Büro\\; Amt;Abteilung
EMAIL;TYPE=home:zu@hause.example
EMAIL;TYPE=work,pref:a@b.example
item1.URL:https://x.example/z
item1.X-ABLabel:_$!<HomePage>!$_
ADR;TYPE=work:;;Rue 1;Brüssel;;1000;Belgium
PHOTO;ENCODING=b:AAAA
 BBBB
NOTE:zeile\\nzwei\\, dr
 ei
X-SOCIALPROFILE;TYPE=mastodon:https://s.example/@foo
TITLE:Referent
END:VCARD

BEGIN:VCARD
VERSION:2.1
FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:B=C3=BCro der =
Dinge
ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:B=C3=BCro der Dinge
EMAIL;INTERNET:x@y.example
TEL;HOME;VOICE:123
no property
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:org
FN:Wasps
EMAIL;PREF=1:info@wasps.example
IMPP:xmpp:wasps@example.org
SOCIALPROFILE;SERVICE-TYPE=Bluesky:https://bsky.app/profile/wasps.example
LANG:de
END:VCARD
"""


def test_cards_of_three_versions_are_read() -> None:
    found = read_cards("a.vcf", CARDS)
    max_, thing, wasps = (each.values for each in found.contacts)
    assert (max_["name"], max_["kind"], max_["country"]) == ("Max Müller", "person", "BE")
    assert max_["channels"] == [
        {"email": "a@b.example"}, {"email": "zu@hause.example", "role": "personal"}, {"mastodon": "@foo@s.example"},
    ]  # fmt: skip
    assert max_["internal_notes"] == "zeile\nzwei, drei"
    assert max_["fields"]["organisation"] == "Büro; Amt"
    assert (thing["name"], thing["channels"], thing["fields"]) == (
        "Büro der Dinge", [{"email": "x@y.example"}], {"phone": "123"},
    )  # fmt: skip
    assert "kind" not in wasps
    assert wasps["channels"] == [{"email": "info@wasps.example"}, {"bluesky": "wasps.example"}]
    assert wasps["language"] == "de"


def test_what_is_left_out_is_said_by_line() -> None:
    lost = [each for each in read_cards("a.vcf", CARDS).passages if each.kind == "not-understood"]
    assert [(each.line, each.end, each.read_as) for each in lost] == [
        (11, 12, "a picture"), (26, 26, "no property of a card"),
    ]  # fmt: skip


LINES = st.sampled_from(
    ["BEGIN:VCARD", "END:VCARD", "FN:A", "FN:", "N:B;A", " folded", "EMAIL:a@b.example", "ORG:X;Y", "x", "", ":", ";:;",
     "TEL;HOME:1", "NOTE;ENCODING=QUOTED-PRINTABLE:a=", 'X;Y="a:b', "PHOTO:AAAA"]
)  # fmt: skip


@given(st.lists(LINES, max_size=25).map("\n".join))
def test_every_line_of_any_file_stands_in_one_passage(text: str) -> None:
    found = read_cards("a.vcf", text)
    lines = [line for each in found.passages for line in range(each.line, each.end + 1)]
    assert len(lines) == len(set(lines))
    assert {number for number, line in enumerate(text.split("\n"), 1) if line.strip()} <= set(lines)


PRIVATE = (
    "BEGIN:VCARD\nVERSION:3.0\nN:Sampaio;Leonor\nFN:Leonor Sampaio\nTEL:123\nADR:;;Rua 1;Porto;;;Portugal\nEND:VCARD\n"
)


def test_phone_and_address_of_a_person_are_left_out_unless_asked_for() -> None:
    account = Account()
    (left,) = read_cards("a.vcf", PRIVATE, account).contacts
    assert ("fields" in left.values, left.values["country"]) == (False, "PT")
    (question,) = account.questions
    assert question.optional
    (kept,) = read_cards("a.vcf", PRIVATE, Account({question.id: "keep"})).contacts
    assert kept.values["fields"]["phone"] == "123"


def test_a_card_without_a_name_and_an_address_that_is_none_are_said() -> None:
    account = Account()
    read_cards(
        "a.vcf",
        "BEGIN:VCARD\nVERSION:3.0\nEMAIL:info@bees.example\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Wasps\nEMAIL:a@@wasps.example\nEND:VCARD\n",
        account,
    )
    assert [each.affects for each in account.questions] == [("info@bees.example",)]
    assert [each.value for each in account.refusals] == ["a@@wasps.example"]


def test_a_card_of_a_desk_keeps_its_organisation() -> None:
    def card(name: str, organisation: str) -> str:
        return f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nORG:{organisation}\nEMAIL:a@a.example\nEND:VCARD\n"

    (desk,) = read_cards("a.vcf", card("Accueil", "Maison des Haies")).contacts
    assert desk.values["name"] == "Maison des Haies, Accueil"
    (short,) = read_cards("a.vcf", card("Łąki", "Fundacja Łąki")).contacts
    assert short.values["name"] == "Fundacja Łąki"
    (other,) = read_cards("a.vcf", card("The Lantern", "Lantern Media Ltd")).contacts
    assert (other.values["name"], other.values["fields"]) == ("The Lantern", {"organisation": "Lantern Media Ltd"})


def test_a_card_of_a_group_is_nobody() -> None:
    card = "BEGIN:VCARD\nVERSION:4.0\nKIND:{}\nFN:All partners\nEMAIL:all@list.example\nEND:VCARD\n"
    account = Account()
    assert not read_cards("a.vcf", card.format("group"), account).contacts
    assert [refusal.value for refusal in account.refusals] == ["all@list.example"]
    assert read_cards("a.vcf", card.format("org")).contacts
