"""Notes by headings: an address below an organisation's name is that organisation's, whoever's desk it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.campaign.contacts_plain import settled
from outreach.intake.account import Account
from outreach.intake.naming import fits
from outreach.intake.notes.markdown import read_notes
from outreach.intake.pages import text_of_page
from outreach.intake.persons import is_desk


def contacts(text: str, account: Account | None = None) -> dict[str, Any]:
    return {str(each.values["name"]): each.values for each in read_notes("a.md", text, account).contacts}


def addresses(values: Any) -> set[str]:
    found = {channel["email"] for channel in values.get("channels", ()) if "email" in channel}
    return found | {person["email"] for person in values.get("people", ()) if "email" in person}


PAPERS = """\
# Who could write about us

### Harbour Ledger
- **Ines Harrow** (Housing Editor): ines.harrow@harbourledger.example
- News desk: news@harbourledger.example

### Hill FM (radio)
- Lena Vogt (Presenter), lena@hillfm.example

### Valley Echo
- Media Enquiries: Ms Dora Finch, +44 20 7946 0999, media@echo.example
- Executive Director: Aoife Byrne
- Country: Ireland
"""


def test_desks_and_people_belong_to_the_organisation_in_the_heading_above_them() -> None:
    found = contacts(PAPERS)
    assert {name: addresses(values) for name, values in found.items()} == {
        "Harbour Ledger": {"ines.harrow@harbourledger.example", "news@harbourledger.example"},
        "Hill FM": {"lena@hillfm.example"},
        "Valley Echo": {"media@echo.example"},
    }
    people = {name: [person["name"] for person in values.get("people", ())] for name, values in found.items()}
    assert people == {
        "Harbour Ledger": ["Ines Harrow"],
        "Hill FM": ["Lena Vogt"],
        "Valley Echo": ["Dora Finch", "Aoife Byrne"],
    }
    assert found["Valley Echo"]["country"] == "IE"


@pytest.mark.parametrize("heading", ["Ashford North", "MPs", "Labour", "Members of the board", "Austria"])
def test_a_heading_that_only_groups_people_or_organisations_is_nobody(heading: str) -> None:
    mps = f"## {heading}\n- Sarah Whit: s.whit@parliament.example\n- Tom Oko: t.oko@parliament.example\n"
    assert set(contacts(f"{mps}\n## Dunholm\n- Priya Natt: p.natt@parliament.example\n")) == {
        "Sarah Whit",
        "Tom Oko",
        "Priya Natt",
    }


def test_a_country_above_one_organisation_is_not_its_name() -> None:
    text = "### Austria\n\n**Renters of Austria**  \nEmail: office@renters.example\n\n### Belgium\n\n**Home Union**  \n"
    assert set(contacts(f"{text}Email: info@homeunion.example\n")) == {"Renters of Austria", "Home Union"}


def test_items_below_items_are_contacts_and_those_above_them_headings() -> None:
    text = """# Targets

* **Universities**
  * Riverside University
    * Dept. of Urban Studies: urban@riverside.example
    * Prof. Helen Marsh (helen.marsh@riverside.example)
  * Polytechnic of Dale
    * press@dale.example
* **Do not contact**
  * Landlords First, hello@landlords.example
"""
    found = contacts(text)
    assert set(found) == {"Riverside University", "Polytechnic of Dale", "Landlords First"}
    assert addresses(found["Riverside University"]) == {"urban@riverside.example", "helen.marsh@riverside.example"}


@pytest.mark.parametrize("name", ["**Shelter Now**", "Shelter Now"])
def test_paragraphs_of_labels_below_a_name_belong_to_it(name: str) -> None:
    text = f"# Coalition\n\n{name}\n\nContact: Jane Poole, Director\n\nEmail: office@shelternow.example\n\n"
    found = contacts(text + "Youth Roof\n\nEmail: team@youthroof.example\n")
    assert {name: addresses(values) for name, values in found.items()} == {
        "Shelter Now": {"office@shelternow.example"},
        "Youth Roof": {"team@youthroof.example"},
    }


def test_lines_of_one_paragraph_that_each_name_somebody_are_contacts_of_their_own() -> None:
    text = "## Députés\n\n"
    text += "**M. Bernard Lefort** – b.lefort@assemblee.example\n**Mme Odile Roy** – o.roy@assemblee.example\n"
    assert [addresses(each) for each in contacts(text).values()] == [
        {"b.lefort@assemblee.example"},
        {"o.roy@assemblee.example"},
    ]


def test_in_a_sentence_the_words_that_an_address_names_are_asked_about() -> None:
    account = Account()
    text = "# Minutes\n\nBob met somebody from the Rent Observatory; their address is info@rentobservatory.example.\n"
    assert not contacts(text, account)
    assert [question.ask for question in account.questions] == [
        'Do you want to write to "Rent Observatory" (info@rentobservatory.example)?'
    ]


def test_who_made_the_list_is_not_on_it() -> None:
    account = Account()
    text = "# Partners\n\nUpdated: 12 May, by Jo Doe, jo@ourlist.example\n\n"
    text += "- Bees, info@bees.example\n- Ants, hi@ants.example\n"
    assert set(contacts(text, account)) == {"Bees", "Ants"}
    assert [refusal.value for refusal in account.refusals] == ["jo@ourlist.example"]


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("The Morning Ledger", "a@ledger.example", True),
        ("New York Times", "a@nytimes.example", True),
        ("Hillside Residents", "hillside@gmail.com", True),
        ("GEW Kreisverband", "kv@gew.example", True),
        ("Labour", "a@parliament.example", False),
        ("The Guardian", "a@observer.example", False),
    ],
)
def test_a_domain_names_an_organisation_by_a_word_or_its_initials(name: str, address: str, expected: bool) -> None:
    assert fits(name, address) is expected


def test_a_desk_is_told_from_an_organisation_with_such_a_word() -> None:
    assert all(map(is_desk, ("Press office", "News desk", "Vice-Chair", "General Enquiries", "Executive Director")))
    assert not any(map(is_desk, ("Open Media", "Northern Press Club", "Radio Brook", "Policy Lab Europe")))


NAMES = st.sampled_from(["Harbour Ledger", "Hill Echo", "Open Roads", "River Watch", "Bread Union", "Moor Gazette"])
PARTS = st.sampled_from(
    ["- Press office: press@{0}", "- Lena Vogt, lena@{0}", "- info@{0}", "- **Tom Eik** (Editor): t@{0}"]
)


@settings(max_examples=25)
@given(st.dictionaries(NAMES, st.lists(PARTS, min_size=1, max_size=3, unique=True), min_size=2, max_size=5))
def test_every_heading_with_its_own_domain_below_is_one_contact_with_all_of_it(lists: dict[str, list[str]]) -> None:
    domains = {name: f"{name.replace(' ', '').lower()}.example" for name in lists}
    text = "\n".join(f"## {name}\n" + "\n".join(lists[name]).format(domains[name]) + "\n" for name in lists)
    found = contacts(f"# Papers\n\n{text}")
    assert set(found) == set(lists)
    for name, parts in lists.items():
        assert len(addresses(found[name])) == len(parts)


def test_an_address_is_kept_where_only_its_role_cannot_be_one() -> None:
    channel = {"email": "media@echo.example", "role": "44 20 7946 0999"}
    assert settled({"id": "echo", "name": "Echo", "channels": [channel]})["channels"] == [
        {"email": "media@echo.example"}
    ]


def test_a_paragraph_of_bold_names_with_their_own_domains_is_as_many_contacts() -> None:
    text = "# Presse\n\n### TV\n\n**Radio Deich** – studio@radiodeich.example\n**Offener Kanal** – ok@kueste.example\n"
    assert {name: addresses(each) for name, each in contacts(text).items()} == {
        "Radio Deich": {"studio@radiodeich.example"},
        "Offener Kanal": {"ok@kueste.example"},
    }


def test_a_saying_and_the_title_of_a_list_are_no_names() -> None:
    account = Account()
    text = 'Press list of the Canal Group | [web](mailto:web@x.example)\n\n> "We hate mail" - Jo, jo@random.example\n\n'
    assert set(contacts(text + "- Bees, info@bees.example\n- Ants, hi@ants.example\n", account)) == {"Bees", "Ants"}
    assert {*(each.value for each in account.refusals), *(q for each in account.questions for q in each.affects)} == {
        "web@x.example",
        "jo@random.example",
    }


def test_a_committee_is_nobody_although_its_own_address_stands_below_it() -> None:
    page = """<h1>Steering committee</h1><table><tr><td><b>Dr. Olga Marsh</b><br>Chair<br><a
    href="mailto:o.marsh@marsh.example">E-mail</a></td><td><b>Tim Fen</b><br>Treasurer<br>tim@fen.example</td></tr>
    <tr><td><b>Lia Bog</b><br>lia at bog dot example</td><td></td></tr></table><p>secretary@steering.example</p>"""
    account = Account()
    found = contacts(text_of_page("a.html", page, account), account)
    assert {name: addresses(each) for name, each in found.items()} == {
        "Dr. Olga Marsh": {"o.marsh@marsh.example"},
        "Tim Fen": {"tim@fen.example"},
        "Lia Bog": {"lia@bog.example"},
    }
    asked = {each for question in account.questions for each in question.affects}
    assert "secretary@steering.example" in asked | {refusal.value for refusal in account.refusals}


def test_a_bold_line_above_items_with_names_of_their_own_is_a_heading() -> None:
    text = "## Redes\n\n**Medios libres**\n- Radio Vega (info arroba radiovega punto example), Madrid\n"
    text += "- El Alto: hola@elalto.example; contacto: Lucía Prado\n"
    assert set(contacts(text)) == {"Radio Vega", "El Alto"}


def test_a_region_above_organisations_is_nobody() -> None:
    text = "# Networks\n\n## Europe\n\n### Coast Alliance\n[Email](mailto:info@coastalliance.example)\n\n"
    text += "### Seas At Heart\nUmbrella. Director: Ingrid Sol.\n<office@seasatheart.example>\n"
    assert set(contacts(text)) == {"Coast Alliance", "Seas At Heart"}


def test_addresses_in_a_forwarded_list_are_refused_and_not_lost() -> None:
    account = Account()
    text = "From: Pia <pia@ours.example>\nTo: team\nSubject: contacts\n\nHere is what I found:\n\n"
    text += "Hazel Theatre - hazel@hazel.example (Nina Ash runs it)\nElm Gallery: elm@elm.example. Skip them.\n"
    found = contacts(text, account)
    used = {each for values in found.values() for each in addresses(values)}
    asked = {each for question in account.questions for each in question.affects}
    assert {"hazel@hazel.example", "elm@elm.example"} <= used | asked | {each.value for each in account.refusals}


def test_a_heading_above_one_organisation_of_another_name_is_nobody() -> None:
    text = (
        "# Kontakte\n\n## Presse\n### Überregional\n- Tagblatt\n  - Politik: politik@tagblatt.example\n- Wochenschau\n"
    )
    text += "  - redaktion@wochenschau.example\n### Lokal\n- Dorfbote, dorf@bote.example\n"
    assert set(contacts(text)) == {"Tagblatt", "Wochenschau", "Dorfbote"}


def test_thanks_at_the_end_of_a_list_are_no_name() -> None:
    text = "Please write to these:\n\nBloom Fund\ngrants@bloom.example\n\nThe Petal - editor@petal.example\n\n"
    assert set(contacts(text + "Thanks, Max (max@us.example)\n")) == {"Bloom Fund", "The Petal"}
