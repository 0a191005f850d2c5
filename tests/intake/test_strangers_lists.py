"""Lists that strangers made: who is on them arrives or is asked about, nobody is made up, and no refusal is lost.

Each is short, and stands for a kind: notes of a meeting, an export, a page that was saved.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from outreach.intake.account import Account
from outreach.intake.holding import NO_MAIL, held
from outreach.intake.joining import join
from outreach.model.found import FoundContact
from outreach.tasks.importing.documents import read_documents


def read(folder: Path, name: str, text: str, account: Account | None = None) -> list[FoundContact]:
    (folder / name).write_text(text, encoding="utf-8")
    found = read_documents([folder / name], {}, folder / "campaign", account or Account()).found
    return [contact for each in found for contact in each.contacts]


def named(found: list[FoundContact]) -> dict[str, dict[str, Any]]:
    return {str(each.values["name"]): dict(each.values) for each in found}


def no_mail(found: list[FoundContact], account: Account) -> tuple[set[str], list[str]]:
    """Who is held, and the addresses that the questions about that are about."""
    contacts, _ = held(found, account, date(2026, 11, 30))
    asked = [address for each in account.questions if each.id.startswith(NO_MAIL) for address in each.affects]
    return {str(each.values["name"]) for each in contacts if each.values.get("do_not_contact")}, asked


def reached(values: dict[str, Any]) -> list[str]:
    return [channel["email"] for channel in values.get("channels", ()) if "email" in channel]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("- Kim calls Elm Harbour Club (Una Bell, una@elmharbour.example)", "Elm Harbour Club"),
        ("- Jo mailt Vereniging Slotpark <bestuur@slotpark.example>", "Vereniging Slotpark"),
        ("- Klinik am Deich hat abgesagt (info@klinik-deich.example)", "Klinik am Deich"),
        ("- Peat Union has left the alliance: office@peatunion.example", "Peat Union"),
        ("- Médecins sans Eau, info@medecins-sans-eau.example", "Médecins sans Eau"),
        ("- Amnistia regional, hola@amnistia.example", "Amnistia regional"),
        ("- Spore Circle (DE) - contact [at] spore.example", "Spore Circle"),
        ("- Vélo Lac (président : Marc Petit) : contact@velolac.example", "Vélo Lac"),
    ],
)
def test_what_is_told_of_somebody_is_none_of_the_name(tmp_path: Path, line: str, name: str) -> None:
    found = named(read(tmp_path, "notes.md", f"# Partners\n\n- Bird Fund, info@birdfund.example\n{line}\n"))
    assert found.keys() == {"Bird Fund", name}


def test_an_item_that_begins_with_a_link_is_called_by_it_and_so_are_those_beside_it(tmp_path: Path) -> None:
    text = (
        "# River groups\n\n## Europe\n\n"
        "- [Inn Watch](https://innwatch.example) - Watches the river in four countries, and publishes all that it "
        "finds each year. Contact: <hello@innwatch.example>\n"
        "- [Loire Libre](https://loirelibre.example) - Keeps it wild.\n\n"
        "## Tools\n\n- [A map](https://map.example) - where they are\n"
    )
    found = named(read(tmp_path, "rivers.md", text))
    assert found.keys() == {"Inn Watch", "Loire Libre"}
    assert found["Loire Libre"]["website"] == "https://loirelibre.example"
    assert "missing" in found["Loire Libre"]


def test_names_of_a_list_without_an_address_are_one_question(tmp_path: Path) -> None:
    text = (
        "# Supporters\n\n- Fern Fund - info@fern.example\n- Moss Club - info@moss.example\n- Lichen Lab (IT)\n"
        "- Alga Labs\n"
    )
    account = Account()
    assert named(read(tmp_path, "a.md", text, account)).keys() == {"Fern Fund", "Moss Club"}
    (question,) = [each for each in account.questions if each.id.startswith("no-address")]
    assert "Lichen Lab (IT), Alga Labs" in question.ask
    assert named(read(tmp_path, "a.md", text, Account({question.id: "keep"}))).keys() == {
        "Fern Fund", "Moss Club", "Lichen Lab", "Alga Labs",
    }  # fmt: skip


def test_who_is_asked_about_keeps_what_is_said_of_them(tmp_path: Path) -> None:
    text = (
        "# Call with the network\n\n**Río Claro** still thinks; write to info@rioclaro.example next week.\n\n"
        "The **Chamber of Mills** does not want any more mails from us, which they wrote to the whole of our network "
        "(mills@chamber.example).\n"
    )
    account = Account()
    found = read(tmp_path, "call.md", text, account)
    assert no_mail(found, account) == (set(), [])
    assert named(found).keys() == {"Río Claro"}
    assert any("mills@chamber.example" in each.affects for each in account.questions)


def test_councillors_below_the_name_of_their_party_are_the_contacts(tmp_path: Path) -> None:
    text = (
        "# Council of Watertown\n\n## Green Watertown (2 seats)\n* Femke Bell (chair), f.bell@watertown.example\n"
        "* Yusuf Demir, y.demir@watertown.example\n\n## Harbour List\n* Cor Dam - c.dam@watertown.example\n"
    )
    assert named(read(tmp_path, "council.md", text)).keys() == {"Femke Bell", "Yusuf Demir", "Cor Dam"}


def test_a_form_is_called_by_the_name_in_it_and_a_no_to_its_question_is_asked_about(tmp_path: Path) -> None:
    form = (
        "# Partner form\n\n**Name of organisation:** {}\n**E-mail:** {}\n"
        "**May we add you to the mailing list?** {}\n\n---\n\n"
    )
    text = form.format("Tern Trust", "ada@tern.example", "no") + form.format("Auk Patrol", "bo@auk.example", "yes")
    account = Account()
    found = read(tmp_path, "forms.md", text, account)
    assert named(found).keys() == {"Tern Trust", "Auk Patrol"}
    assert no_mail(found, account) == ({"Tern Trust"}, ["ada@tern.example"])


def test_the_foot_of_a_page_is_asked_about_below_its_own_headings_too(tmp_path: Path) -> None:
    page = (
        "<h1>Our partners</h1><div><h3>Reef Rescue</h3><p><a href='https://reef.example'>Website</a> "
        "<a href='mailto:team@reefrescue.example'>Email</a></p></div><div><h3>Kelp Net</h3><p>"
        "<a href='https://kelp.example'>Website</a> <a href='mailto:hi@kelpnet.example'>Email</a></p></div>"
        "<footer><h4>Contact</h4><p>Tide Coalition</p><p>info@tidecoalition.example</p></footer>"
    )
    account = Account()
    assert named(read(tmp_path, "p.html", page, account)).keys() == {"Reef Rescue", "Kelp Net"}
    assert any("info@tidecoalition.example" in each.affects for each in account.questions)


@pytest.mark.parametrize(
    "page",
    [
        '<p><span style="text-decoration: line-through">Opera West, west@opera.example</span></p>',
        '<style>.c3{color:red;text-decoration:line-through}</style><p><span class="c1 c3">Opera West, '
        "west@opera.example</span></p>",
    ],
)
def test_what_a_page_strikes_out_by_its_style_is_asked_about(tmp_path: Path, page: str) -> None:
    text = f"<h1>Press contacts</h1>{page}<p>Radio Fen, studio@radiofen.example</p>"
    account = Account()
    assert no_mail(read(tmp_path, "p.html", text, account), account) == ({"Opera West"}, ["west@opera.example"])


def test_a_bold_line_above_a_table_of_desks_is_whose_they_are(tmp_path: Path) -> None:
    text = (
        "# Trade union contacts\n\n**United Rail Workers**\n\n| Office | Mail |\n|---|---|\n"
        "| Head office | hq@urw.example |\n| North region | north@urw.example |\n\n"
        "---\nLast checked: April 2026. Corrections to lists@ours.example please.\n"
    )
    account = Account()
    found = named(read(tmp_path, "unions.md", text, account))
    assert {name: reached(values) for name, values in found.items()} == {
        "United Rail Workers": ["hq@urw.example", "north@urw.example"]
    }
    assert [each.value for each in account.refusals] == ["lists@ours.example"]


def test_in_a_sentence_the_address_is_of_whoever_stands_before_it(tmp_path: Path) -> None:
    text = "# Contacts\n\n- Ash Growers - Sid Leaf - has left, new contact is Mo Twig <mo@ashgrowers.example>\n"
    (found,) = read(tmp_path, "a.md", text)
    assert [person["name"] for person in found.values.get("people", ()) if "email" in person] == ["Mo Twig"]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("Outlet,Name,E-Mail\nThe Oar (https://notes.example/The-Oar-1a2b),Ida Korn,ida@oar.example\n", {"The Oar"}),
        ("Newspaper,Mail\n*The Anchor*[1],desk@anchor.example\nDe Boei[12],info@boei.example\n",
         {"The Anchor", "De Boei"}),
        ("Journalist Name,Publication(s),Email\nUma Pell,\"Freelance (Orbit, Tide)\",uma@umapell.example\n"
         "Kay Brand,The Oar,kay@oar.example\n", {"Uma Pell", "The Oar"}),
        ("Name,Wahlkreis,E-Mail\n\"Dr. Hahn, Sabine\",1,sabine.hahn@landtag.example\n"
         "\"von Ahlen, Götz\",2,goetz.vonahlen@landtag.example\n", {"Dr. Sabine Hahn", "Götz von Ahlen"}),
    ],
)  # fmt: skip
def test_a_name_in_a_table_is_taken_without_what_was_added_to_it(tmp_path: Path, table: str, names: set[str]) -> None:
    assert named(read(tmp_path, "t.csv", table)).keys() == names


EMPLOYED = (
    "Contact ID,Contact Type,Display Name,Current Employer,Email,No Bulk Emails (User Opt Out)\n"
    "1,Organization,Elm Society,,office@elm.example,\n"
    "2,Individual,Ms Jana Prins,Elm Society,jana@elm.example,{}\n"
)


def test_employees_stand_beside_their_employer(tmp_path: Path) -> None:
    (joint,) = join(read(tmp_path, "civi.csv", EMPLOYED.format("")), [])
    assert joint.values["name"] == "Elm Society"
    assert [person["name"] for person in joint.values["people"]] == ["Jana Prins"]


def test_an_employee_who_said_no_keeps_that_and_the_employer_is_written_to(tmp_path: Path) -> None:
    contacts, _ = held(read(tmp_path, "civi.csv", EMPLOYED.format("1")), Account(), date(2026, 11, 30))
    joints = {str(each.values["name"]): each.values for each in join(contacts, [])}
    assert "do_not_contact" not in joints["Elm Society"]
    assert joints["Jana Prins"]["do_not_contact"]


@pytest.mark.parametrize(
    "remark",
    ["ha pedido no recibir más correos", "möchte nur Briefpost", "letters only please", "asked not to get the news"],
)
def test_a_remark_beside_somebody_holds_the_letter(tmp_path: Path, remark: str) -> None:
    account = Account()
    found = read(tmp_path, "t.csv", f"Name,Email,Remark\nElm,info@elm.example,{remark}\nOak,info@oak.example,\n")
    assert no_mail(found, account)[0] == {"Elm"}


def test_those_below_a_line_that_takes_them_off_are_held(tmp_path: Path) -> None:
    text = (
        "Please add these people to the press list:\n\nInes Delft, Canal Courier, ines@canalcourier.example\n"
        "Newsdesk, Lock Radio: news@lockradio.example\n\nAnd please take these off:\n\n"
        "Eva Sill, Dam Daily, eva.sill@damdaily.example\n"
    )
    account = Account()
    found = read(tmp_path, "mail.txt", text, account)
    assert "Lock Radio" in named(found)
    assert no_mail(found, account)[0] == {"Eva Sill"}
