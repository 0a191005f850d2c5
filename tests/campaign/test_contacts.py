"""Contacts out of YAML and CSV: every key, every mistake at its line and about its contact."""

from __future__ import annotations

import csv
import io
import os
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from outreach import storage
from outreach.campaign import plain_rows
from outreach.campaign.contacts import load_contacts
from outreach.campaign.contacts_csv import from_csv
from outreach.campaign.contacts_yaml import from_yaml
from outreach.campaign.schema import json_schema
from outreach.model.contact import Channel, ChannelKind, Contact, ContactKind, Person, PublicStatement
from tests.campaign.campaigns import CONTACTS, told, write


def one(text: str, file: str = "contacts/a.yaml") -> tuple[list[Contact], list[tuple[int, str, str]]]:
    """What is loaded from one file."""
    loaded = (from_csv if file.endswith(".csv") else from_yaml)(text, file)
    return loaded.contacts, [(p.line, p.code, p.about) for p in loaded.problems]


def table(text: str) -> tuple[list[Contact], list[tuple[int, str, str]]]:
    return one(text, "contacts/a.csv")


def test_every_key_of_a_contact_is_read() -> None:
    (contact, other), problems = one(CONTACTS)
    assert problems == []
    assert contact == Contact(
        id="openforum-europe",
        name="Open Forum Europe",
        file="contacts/a.yaml",
        line=1,
        was=("ofe",),
        not_before=date(2025, 12, 15),
        short="OFE",
        kind=ContactKind.ORGANISATION,
        tier=0,
        tags=("brussels", "policy"),
        country="BE",
        language="en",
        timezone="Europe/Brussels",
        website="https://openforumeurope.example",
        owner="maria",
        channels=(
            Channel(kind=ChannelKind.EMAIL, address="policy@openforumeurope.example", role="policy", line=16),
            Channel(kind=ChannelKind.FORM, address="https://openforumeurope.example/contact/", line=17),
            Channel(kind=ChannelKind.MASTODON, address="@ofe@eupolicy.example", line=18),
            Channel(kind=ChannelKind.BLUESKY, address="ofe.example", line=19),
        ),
        people=(Person(name="Maria Example", role="Director", email="m@ofe.example"),),
        personal_text="Your study began all this.",
        internal_notes="They prefer the phone.",
        found_at="their site",
        imported_from="list.csv line 3",
        collected_on=date(2025, 12, 14),
        public_statement=PublicStatement(quote="We agree", url="https://ofe.example/we", agreed_on=date(2026, 1, 2)),
        attachments=("brief",),
        fields={"postcode": "01067", "members": 12, "opens": "12:30", "open": True, "state": "NO"},
    )
    assert contact.lines["personal_text"] == 22
    assert (other.id, other.line, other.via, other.channels) == ("krugers-buro", 33, "openforum-europe", ())


def test_files_of_any_depth_are_read_in_the_same_order_everywhere(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "contacts/z.yml": "name: Z\n",
            "contacts/b/c/d.YAML": "- name: D\n",
            "contacts/private/p.csv": "name\nP\n",
            "contacts/a.csv": "name\nA\n",
            "contacts/README.md": "# no contact",
            "contacts/notes.txt": "x: [",
            "contacts/data.json": "{",
            "contacts/.hidden.yaml": "x: [",
            "contacts/.git/x.yaml": "x: [",
            "contacts/a.yaml~": "x: [",
            "contacts/#a.yaml#": "x: [",
            "contacts/a.yaml.bak": "x: [",
        },
    )
    (tmp_path / "contacts/b/back").symlink_to(tmp_path / "contacts")
    contacts, problems = load_contacts(tmp_path)
    assert problems == []
    assert [(c.id, c.file) for c in contacts] == [
        ("a", "contacts/a.csv"),
        ("d", "contacts/b/c/d.YAML"),
        ("p", "contacts/private/p.csv"),
        ("z", "contacts/z.yml"),
    ]


def test_a_campaign_without_contacts_has_none(tmp_path: Path) -> None:
    assert load_contacts(tmp_path) == ([], [])


def test_what_cannot_be_read_is_about_its_file(tmp_path: Path) -> None:
    write(tmp_path, {"contacts/a.yaml": "name: Bür\xf6".encode("latin-1"), "contacts/b.yaml": "word\n"})
    (tmp_path / "contacts/c.yaml").mkdir()
    (tmp_path / "contacts/d.yaml").symlink_to("d.yaml")
    _, problems = load_contacts(tmp_path)
    assert told(problems) == [
        ("contacts/a.yaml", 1, "not-utf-8", "contact-file:contacts/a.yaml"),
        ("contacts/b.yaml", 1, "bad-value", "contact-file:contacts/b.yaml"),
        ("contacts/c.yaml", 1, "unreadable-file", "contact-file:contacts/c.yaml"),
        ("contacts/d.yaml", 1, "unreadable-file", "contact-file:contacts/d.yaml"),
    ]


def test_a_file_in_place_of_the_folder_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, {"contacts": "x"})
    assert told(load_contacts(tmp_path)[1]) == [("contacts", 1, "unreadable-file", "contact-file:contacts")]


def test_a_folder_that_may_not_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"contacts/a/b.yaml": "name: B\n", "contacts/c.yaml": "name: C\nvia: b\n"})
    entries = storage.entries

    def refusing(root: Path, name: str) -> list[storage.Entry]:
        if name == "contacts/a":
            raise PermissionError(13, "Permission denied")
        return entries(root, name)

    monkeypatch.setattr(storage, "entries", refusing)
    assert told(load_contacts(tmp_path)[1]) == [("contacts/a", 1, "unreadable-file", "contact-file:contacts/a")]


def test_a_mistake_in_one_contact_leaves_the_others_alone() -> None:
    text = (
        "- name: A\n  tier: 1\n- name: B: C\n  tier: 2\n- name: D\n  tier: x\n  kind: instituton\n- name: E\n"
        "- id: f\n  nam: F\n- id: g\n- {name: H, channels: [{email: a@b.example, form: https://b.example}]}\n"
    )
    contacts, problems = one(text)
    assert [c.id for c in contacts] == ["a", "b-c", "d", "e", "f", "h"]
    assert problems == [
        (3, "yaml-unquoted", "contact:b-c"),
        (6, "bad-value", "contact:d"),
        (7, "bad-value", "contact:d"),
        (10, "unknown-key", "contact:f"),
        (11, "missing-key", "contact:g"),
        (12, "bad-value", "contact:h"),
    ]


def test_a_list_past_mending_is_read_item_by_item() -> None:
    contacts, problems = one("- name: A\n- id: b\n  name: B\x07\n- name: C\n")
    assert [c.id for c in contacts] == ["a", "c"]
    assert [(code, about) for _, code, about in problems] == [("yaml-syntax", "contact:b")]


def test_a_channel_needs_exactly_one_address() -> None:
    text = "name: A\nchannels:\n  - {role: press}\n  - {emial: a@b.example}\n  - {email: x}\n  - a@b.example\n"
    contacts, problems = one(text)
    assert contacts[0].channels == ()
    assert [(line, code) for line, code, _ in problems] == [
        (3, "missing-key"),
        (4, "unknown-key"),
        (5, "bad-address"),
        (6, "bad-value"),
    ]


def test_an_address_outside_channels_is_shown_its_place() -> None:
    (problem,) = from_yaml("name: A\nemail: a@b.example\n", "a.yaml").problems
    assert "`channels: [{email: ...}]`" in problem.hint


@pytest.mark.parametrize(
    "name",
    [
        '"=?UTF-8?Q?Eve=0ABcc:_e@x.example?= é"',
        '"Eve\\nBcc: eve@x.example"',
        '"Eve\\u2028Bcc"',
        '"Eve\\u202egpj"',
        '"\\ue000"',
    ],
)
def test_a_name_that_could_forge_a_header_is_refused(name: str) -> None:
    contacts, problems = one(f"id: eve\nname: {name}\n")
    assert contacts == []
    assert problems == [(2, "unsafe-text", "contact:eve")]


def test_private_use_characters_are_refused_in_every_text() -> None:
    text = (
        'name: A\npersonal_text: "\\ue000"\ninternal_notes: "\\uf8ff"\ntags: ["\\ue001"]\n'
        'fields: {a: "\\ue002"}\npeople: [{name: "\\ue003"}]\n'
    )
    _, problems = one(text)
    assert [(line, code) for line, code, _ in problems] == [(n, "unsafe-text") for n in range(2, 7)]


def test_one_id_is_one_contact(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "contacts/a.yaml": "- name: FSFE\n",
            "contacts/b.yaml": "- {id: fsfe, name: Other}\n- name: fsfe\n",
            "contacts/c.csv": "id,name\nx,X\nx,Y\n",
        },
    )
    contacts, problems = load_contacts(tmp_path)
    assert [(c.id, c.name) for c in contacts] == [("fsfe", "FSFE"), ("x", "X")]
    assert told(problems) == [
        ("contacts/b.yaml", 1, "duplicate-id", "contact:fsfe"),
        ("contacts/b.yaml", 2, "duplicate-id", "contact:fsfe"),
        ("contacts/c.csv", 3, "duplicate-id", "contact:x"),
    ]
    assert "contacts/a.yaml:1" in problems[0].message


def test_via_has_to_name_a_contact(tmp_path: Path) -> None:
    files = {
        "contacts/a.yaml": "- name: FSFE\n- name: B\n  tier: 1\n  via: fsfee\n"
        "- name: C\n  via: c\n- name: D\n  via: fsfe\n"
    }
    _, problems = load_contacts(write(tmp_path, files))
    assert told(problems) == [
        ("contacts/a.yaml", 4, "unknown-reference", "contact:b"),
        ("contacts/a.yaml", 6, "bad-value", "contact:c"),
    ]
    assert problems[0].hint == "Did you mean `fsfe`?"


def test_via_may_name_somebody_in_a_file_that_could_not_be_read(tmp_path: Path) -> None:
    write(tmp_path, {"contacts/a.yaml": "name: B\nvia: elsewhere\n", "contacts/b.yaml": b"\xff\xfe"})
    assert [p.code for p in load_contacts(tmp_path)[1]] == ["not-utf-8"]


def test_a_control_character_is_about_the_contact_in_which_it_stands(tmp_path: Path) -> None:
    write(tmp_path, {"contacts/a.yaml": "- name: A\n- name: B\n  personal_text: x\x00y\n- name: C\n"})
    contacts, problems = load_contacts(tmp_path)
    assert [c.id for c in contacts] == ["a", "b", "c"]
    assert told(problems) == [("contacts/a.yaml", 3, "bad-character", "contact:b")]


def test_a_table_has_the_same_keys() -> None:
    text = (
        "id,Name,kind,eu,tier,tags,country,email,email_role,email2,email2_role,form,mastodon,bluesky,"
        "attachments,collected_on,do_not_contact,Postcode,members,personal_text\n"
        "\n"
        'ofe,"Open ""Forum"", Europe",project,yes,0,"policy; brussels",no,info@OFE.example,general,p@ofe.example,press,'
        'https://ofe.example/contact,@ofe@eu.example,ofe.example,brief,2025-12-14,no,01067,12,"one\n'
        'two"\n'
        "b,B,,,,,,,,,,,,,,,,,,\n"
    )
    (contact, other), problems = table(text)
    assert problems == []
    assert contact == Contact(
        id="ofe",
        name='Open "Forum", Europe',
        file="contacts/a.csv",
        line=3,
        kind=ContactKind.PROJECT,
        eu=True,
        tier=0,
        tags=("policy", "brussels"),
        country="NO",
        channels=(
            Channel(kind=ChannelKind.EMAIL, address="info@ofe.example", role="general", line=3),
            Channel(kind=ChannelKind.EMAIL, address="p@ofe.example", role="press", line=3),
            Channel(kind=ChannelKind.FORM, address="https://ofe.example/contact", line=3),
            Channel(kind=ChannelKind.MASTODON, address="@ofe@eu.example", line=3),
            Channel(kind=ChannelKind.BLUESKY, address="ofe.example", line=3),
        ),
        personal_text="one\ntwo",
        collected_on=date(2025, 12, 14),
        attachments=("brief",),
        fields={"Postcode": "01067", "members": 12},
    )
    assert other == Contact(id="b", name="B", file="contacts/a.csv", line=5)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_that_of_the_header(separator: str) -> None:
    header = separator.join(["name", '"a;b,c,d\te;f;g,\t"', "tier"])
    contacts, problems = table(f"{header}\n{separator.join(['X', 'y', '2'])}\n")
    assert problems == []
    assert (contacts[0].name, contacts[0].tier) == ("X", 2)


def test_a_table_of_names_alone_is_a_table() -> None:
    assert [c.name for c in table("name\nA\nB\n")[0]] == ["A", "B"]
    assert table("") == ([], [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("navn,tier\nA,1\n", 1),
        ("A,1\nB,2\n", 1),
        ("\nname,tier,tier\nA,1,2\n", 2),
        ('"name,tier\nA,1\n', 1),
    ],
)
def test_a_table_without_a_fitting_header_is_one_problem(text: str, line: int) -> None:
    assert table(text) == ([], [(line, "csv-shape", "contact-file:contacts/a.csv")])


def test_rows_of_another_length_are_told_and_nothing_else_about_them() -> None:
    text = "name,tier,country\nA,1,BE\nB,1\nC,1,BE,x\nD,1,BE,,\nE,some,thing,else\nF,2,BE\n"
    contacts, problems = table(text)
    assert [c.id for c in contacts] == ["a", "b", "c", "d", "e", "f"]
    assert problems == [(n, "csv-shape", f"contact:{c}") for n, c in ((3, "b"), (4, "c"), (6, "e"))]


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    text = 'name,personal_text,tier\nA,"one\ntwo\n\nfour",x\n\nB,z,y\n'
    assert [(line, code) for line, code, _ in table(text)[1]] == [(2, "bad-value"), (7, "bad-value")]


def test_quotation_marks_that_do_not_pair_up_are_told_at_their_row() -> None:
    contacts, problems = table('name,tier\nA,1\n"B"x,1\nC,2\nD,"1\nE,2\n')
    assert [c.id for c in contacts] == ["a", "c"]
    assert problems == [(n, "csv-shape", "contact-file:contacts/a.csv") for n in (3, 5)]


def test_mistakes_in_cells_are_told_at_their_row() -> None:
    text = (
        "id,name,tier,email,tags,note,\nok,A,1,a@b.example,x,,\nB B,B,one,b.example,\ue000,\ue001,\n"
        ",,1,,,,\nd,,1,,,,\ne,E,,,,,lost\n"
    )
    contacts, problems = table(text)
    assert [c.id for c in contacts] == ["ok", "b", "e"]
    assert problems == [
        (3, "bad-value", "contact:b"),
        (3, "bad-value", "contact:b"),
        (3, "unsafe-text", "contact:b"),
        (3, "bad-address", "contact:b"),
        (3, "unsafe-text", "contact:b"),
        (4, "missing-key", "contact-file:contacts/a.csv"),
        (5, "missing-key", "contact:d"),
        (6, "csv-shape", "contact:e"),
    ]


def test_ten_thousand_contacts_are_read_in_a_moment(tmp_path: Path) -> None:
    rows = ["name;email;email_role;tier;tags;country;language;kind;personal_text;internal_notes;founded;collected_on"]
    rows += [
        f"Organisation Nümber {n};info@org{n}.example;policy;{n % 4};a,b;BE;en;project;Your work on {n};ctx;"
        f"{1900 + n % 100};2025-12-{n % 28 + 1:02}"
        for n in range(10_000)
    ]
    write(tmp_path, {"contacts/big.csv": "\n".join(rows)})
    began = time.process_time()
    contacts, problems = load_contacts(tmp_path)
    assert time.process_time() - began < 5  # 0.3 s where nothing else runs and nothing is measured
    assert (len(contacts), problems) == (10_000, [])


@given(st.text(st.sampled_from(list('name,;\t"\n x:-id')), max_size=60))
def test_no_table_raises(text: str) -> None:
    from_csv(text, "a.csv")
    from_csv(f"name,id,email,tags,x\n{text}", "a.csv")


keys = st.sampled_from(
    ["id", "name", "tier", "tags", "channels", "people", "fields", "public_statement", "via", "kind", "x"]
)
values = st.sampled_from(
    ["x", "1", "[a, 1]", "{a: b}", "[{email: a@b.example}, 1]", "~", "*a", '""', "[[[]]]", "NO", "{quote: x}"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(keys, values), min_size=1, max_size=5), max_size=4))
def test_no_contact_raises_and_what_is_wrong_is_about_one(items: list[list[tuple[str, str]]]) -> None:
    text = "".join("".join(f"{' -'[not n]} {k}: {v}\n" for n, (k, v) in enumerate(item)) for item in items)
    loaded = from_yaml(text, "a.yaml")
    assert all(p.about.startswith(("contact:", "contact-file:")) for p in loaded.problems)
    assert len(loaded.contacts) <= len(items)


# --- identities ----------------------------------------------------------------------------------------


def test_was_names_an_id_that_no_contact_has_any_more(tmp_path: Path) -> None:
    text = (
        "- {id: a, name: A}\n- id: b\n  name: B\n  was: a\n- id: c\n  was: c\n  name: C\n"
        "- {id: d, name: D, was: old}\n- id: e\n  name: E\n  was: old\n- {id: f, name: F, was: gone}\n"
    )
    write(tmp_path, {"contacts/a.yaml": text})
    contacts, problems = load_contacts(tmp_path)
    assert [contact.id for contact in contacts] == list("abcdef")
    assert told(problems) == [
        ("contacts/a.yaml", 4, "duplicate-id", "contact:b"),
        ("contacts/a.yaml", 6, "duplicate-id", "contact:c"),
        ("contacts/a.yaml", 11, "duplicate-id", "contact:e"),
    ]
    assert "`A`, in contacts/a.yaml:1" in problems[0].message
    assert problems[1].message == "This contact `was` itself."


@pytest.mark.parametrize("ident", ["con", "nul", "aux", "prn", "com1", "lpt9"])
def test_an_id_that_windows_keeps_for_itself_is_refused(tmp_path: Path, ident: str) -> None:
    write(tmp_path, {"contacts/a.yaml": f"name: A\nid: {ident}\n", "contacts/b.csv": "name,email\nA,a@a.example\n"})
    assert told(load_contacts(tmp_path)[1]) == [("contacts/a.yaml", 2, "bad-value", f"contact:{ident}")]


def test_a_name_whose_id_windows_keeps_for_itself_asks_for_another(tmp_path: Path) -> None:
    write(tmp_path, {"contacts/b.csv": "name,kind\nOK,media\nAUX,media\n"})
    _, problems = load_contacts(tmp_path)
    assert told(problems) == [("contacts/b.csv", 3, "bad-value", "contact:aux")]
    assert problems[0].hint == "Give it another, such as `id: aux-media`."


@pytest.mark.parametrize("ident", ["Con", "A", "a.b", "a/b", "a b", "-a", "ä"])
def test_an_id_whose_draft_could_lie_in_the_place_of_anothers_cannot_be_written(ident: str) -> None:
    assert one(f"name: A\nid: {ident}\n")[1][0][:2] == (2, "bad-value")


@pytest.mark.parametrize(
    ("first", "second"),
    [("Ngos.csv", "ngos.csv"), ("NO/a.yaml", "no/a.yaml"), ("\u00fc.csv", "u\u0308.csv")],
    ids=["file", "folder", "accent"],
)
def test_files_that_other_computers_take_for_one_are_one_problem(tmp_path: Path, first: str, second: str) -> None:
    first, second = sorted((f"contacts/{first}", f"contacts/{second}"))
    texts = {".csv": "name\n{}\n", "yaml": "name: {}\n"}
    write(tmp_path, {file: texts[file[-4:]].format(name) for file, name in ((first, "A"), (second, "B"))})
    contacts, problems = load_contacts(tmp_path)
    assert [contact.id for contact in contacts] == ["a"]
    assert told(problems) == [(second, 1, "duplicate-id", f"contact-file:{second}")]
    assert first in problems[0].message


# --- tables --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["ngo; rios", '"ngo, rios"', '"[ngo, rios]"', "[ngo; rios]", '"[""ngo"", \'rios\']"', '"[ngo, rios, ]"']
)
def test_several_words_in_a_cell_may_be_typed_as_in_yaml(cell: str) -> None:
    contacts, problems = table(f"name,tags\nA,{cell}\n")
    assert (contacts[0].tags, problems) == (("ngo", "rios"), [])


def test_an_empty_list_in_a_cell_is_none() -> None:
    assert table("name,tags\nA,[]\n")[0][0].tags == ()


def test_a_role_without_the_column_of_its_address_is_a_problem_and_the_rows_are_read() -> None:
    contacts, problems = table("name,email,email_role,email2_role\nA,a@a.example,general,press\n")
    assert problems == [(1, "csv-shape", "contact-file:contacts/a.csv")]
    assert [(channel.address, channel.role) for channel in contacts[0].channels] == [("a@a.example", "general")]
    assert contacts[0].fields == {}
    assert table("name,website_role\nA,x\n")[1] == []


# -- one mistake, one Problem ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("name,emial,tier\nA,a@x.example,1\nB,b@x.example,1\n", "Did you mean `email`?"),
        ("name,adress\nA,a@x.example\n", "Did you mean `email`?"),
        ("name,tier\nA,a@x.example,1\nB,b@x.example,1\n", "Name every column"),
        ("name,,tier\nA,a@x.example,1\nB,b@x.example,1\n", "Name the column"),
    ],
)
def test_a_header_that_lacks_or_misspells_a_cell_is_one_problem(text: str, hint: str) -> None:
    loaded = from_csv(text, "contacts/a.csv")
    assert [(p.line, p.code) for p in loaded.problems] == [(1, "csv-shape")]
    assert hint in loaded.problems[0].hint
    assert loaded.contacts == []
    assert not loaded.whole


def test_columns_that_look_like_keys_are_told_and_kept() -> None:
    loaded = from_csv("name,email,do_not_contct,adress,teir,members\nA,a@x.example,yes,b,0,4\n", "contacts/a.csv")
    assert [(p.line, p.code, p.is_error) for p in loaded.problems] == [(1, "unknown-column", False)] * 3
    for near, problem in zip(("do_not_contact", "email", "tier"), loaded.problems, strict=True):
        assert f"`{near}`" in problem.hint
    assert dict(loaded.contacts[0].fields) == {"do_not_contct": "yes", "adress": "b", "teir": 0, "members": 4}


@pytest.mark.parametrize(
    ("second", "line"),
    [
        ("name: Bbb\n  tier: 0\n", 3),
        ("name: Bbb\ntier: 0\ncountry: BE\n", 3),
        ("  name: Bbb\n  tier: 0\n", 3),
    ],
)
def test_a_contact_without_its_dash_is_one_problem_and_the_others_are_read(second: str, line: int) -> None:
    contacts, problems = one(f"- name: Aaa\n  tier: 0\n{second}- name: Ccc\n  tier: x\n- name: Ddd\n")
    assert [each.id for each in contacts] == ["aaa", "ccc", "ddd"]
    assert problems[0] == (line, "yaml-duplicate-key", "contact:aaa")
    assert [(code, about) for _, code, about in problems[1:]] == [("bad-value", "contact:ccc")]


def test_a_first_contact_without_its_dash_is_one_problem_and_the_others_are_read() -> None:
    contacts, problems = one("name: Aaa\ntier: 0\n\n- name: Bbb\n  tier: 0\n\n- name: Ccc\n")
    assert [each.id for each in contacts] == ["bbb", "ccc"]
    assert problems == [(1, "yaml-syntax", "contact-file:contacts/a.yaml")]


def test_a_name_twice_among_people_is_no_second_contact() -> None:
    loaded = from_yaml("- name: Aaa\n  people: [{name: A, name: B}]\n", "contacts/a.yaml")
    assert ["is here twice" in p.message for p in loaded.problems] == [True]


@pytest.mark.parametrize("value", ["", ' ""', " ~", ' "  "', " null"])
def test_do_not_contact_without_a_word_after_it_is_never_a_letter(value: str) -> None:
    assert one(f"name: Aaa\ndo_not_contact:{value}\n")[1] == [(2, "bad-value", "contact:aaa")]
    assert table("name,do_not_contact\nA,\n")[1] == []


@pytest.mark.parametrize("key", ["personal_text", "internal_notes", "missing"])
def test_a_value_too_long_for_any_letter_is_told_at_its_line(key: str) -> None:
    assert one(f"name: Aaa\n{key}: {'a' * 20_000}\n")[1] == []
    assert one(f"name: Aaa\n{key}: {'a' * 20_001}\n")[1] == [(2, "bad-value", "contact:aaa")]
    assert table(f"name,{key}\nAaa,{'a' * 20_001}\n")[1] == [(2, "bad-value", "contact:aaa")]
    assert one(f"name: Aaa\nfields:\n  x: {'a' * 20_001}\n")[1] == [(3, "bad-value", "contact:aaa")]


@pytest.mark.parametrize("name", ["\u200b", "\u2060\u00ad", "\u3164", "a\u2066b\u2069", "a\u202ab", "\u202bx"])
def test_a_name_that_shows_nothing_or_turns_the_writing_is_refused(name: str) -> None:
    for contacts, problems in (one(f'name: "{name}"\n'), table(f"name,tier\n{name},1\n")):
        assert contacts == []
        assert [code for _, code, _ in problems] == ["unsafe-text"]


def test_links_to_folders_elsewhere_are_not_followed_and_said_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"contacts/a.yaml": "name: Aaa\n", "elsewhere/b.yaml": "name: Bbb\n", "contacts/in/c.yaml": "name: C\n"},
    )
    os.symlink(tmp_path / "elsewhere", tmp_path / "contacts" / "out")
    os.symlink(tmp_path, tmp_path / "contacts" / "up")
    os.symlink(tmp_path / "contacts" / "in", tmp_path / "contacts" / "again")
    contacts, problems = load_contacts(tmp_path)
    assert sorted(each.id for each in contacts) == ["aaa", "c"]
    assert [(p.file, p.code) for p in problems] == [
        ("contacts/out", "unreadable-file"),
        ("contacts/up", "unreadable-file"),
    ]


def test_control_characters_in_a_files_name_are_shown_escaped(tmp_path: Path) -> None:
    write(tmp_path, {"contacts/a\nb\x1b.yaml": "nam: Aaa\n"})
    _, problems = load_contacts(tmp_path)
    assert {p.file for p in problems} == {"contacts/a\\nb\\x1b.yaml"}


def test_an_editor_is_told_that_a_channel_has_one_address() -> None:
    validator = Draft202012Validator(json_schema("contacts"))
    assert validator.is_valid({"name": "A", "channels": [{"email": "a@x.example", "role": "press"}]})
    assert not validator.is_valid({"name": "A", "channels": [{"email": "a@x.example", "form": "https://x.example"}]})
    assert not validator.is_valid({"name": "A", "channels": [{"role": "press"}]})


@pytest.mark.parametrize(
    "value", ["[" * 5000 + "]" * 5000, "{a: " * 5000 + "}" * 5000, "[" * 5000, "{a: {b: " + "[" * 2000]
)
def test_a_contact_that_is_too_deep_to_be_read_stops_itself_only(value: str) -> None:
    text = f"- {{id: one, name: One}}\n- id: x\n  name: X\n  fields: {{a: {value}}}\n- {{id: three, name: Three}}\n"
    loaded = from_yaml(text, "contacts/a.yaml")
    assert [contact.id for contact in loaded.contacts] == ["one", "x", "three"]
    (problem,) = loaded.problems
    assert (problem.line, problem.about, problem.is_error) == (4, "contact:x", True)


@pytest.mark.parametrize("error", [RecursionError, MemoryError, OverflowError])
@pytest.mark.parametrize("reader", ["from_yaml", "from_csv"])
def test_a_file_beyond_the_reach_of_python_stops_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str, error: type[Exception]
) -> None:
    def read(text: str, file: str) -> object:
        if "bad" in text:
            raise error
        return reading(text, file)

    module = "outreach.campaign.contacts"
    reading = {"from_yaml": from_yaml, "from_csv": from_csv}[reader]
    monkeypatch.setattr(f"{module}.{reader}", read)
    suffix = "csv" if reader == "from_csv" else "yaml"
    files = {"csv": {"contacts/a.csv": "name\nbad\n", "contacts/b.csv": "name\nGood\n"}}.get(
        suffix, {"contacts/a.yaml": "name: bad\n", "contacts/b.yaml": "name: Good\n"}
    )
    contacts, problems = load_contacts(write(tmp_path, files))
    assert [contact.id for contact in contacts] == ["good"]
    assert told(problems) == [
        (f"contacts/a.{suffix}", 1, "unreadable-file", f"contact-file:contacts/a.{suffix}"),
    ]


def test_a_table_of_a_thousand_and_one_columns_is_one_problem() -> None:
    _, found = table("name," + ",".join(f"c{number}" for number in range(1000)) + "\nX\n")
    assert [(line, code) for line, code, _ in found] == [(1, "csv-shape")]
    _, found = table("name," + ",".join(f"c{number}" for number in range(999)) + "\nX" + "," * 999 + "\n")
    assert found == []


def test_thousands_of_unknown_keys_are_each_told_without_a_guess() -> None:
    _, found = one("name: X\n" + "".join(f"tagz{number}: v\n" for number in range(300)))
    assert len(found) == 300
    assert all(code == "unknown-key" for _, code, _ in found)


@pytest.mark.parametrize(
    "address", ["a" * 40_000 + "@x.example", "a@" * 9_000 + "x.example", "x@" + "a." * 20_000 + "example", "@" * 40_000]
)
def test_an_address_that_goes_on_and_on_is_refused_unread(address: str) -> None:
    _, found = one(f"- {{name: X, channels: [{{email: '{address}'}}]}}\n")
    assert [code for _, code, _ in found] == ["bad-address"]


def test_a_name_has_at_most_two_thousand_characters() -> None:
    contacts, found = one(f"name: {'n' * 2001}\n")
    assert (contacts, [code for _, code, _ in found]) == ([], ["bad-value"])
    contacts, found = one(f"name: {'n' * 2000}\nid: n\n")
    assert [contact.id for contact in contacts] == ["n"]


# --- rows in which nothing is odd ------------------------------------------------------------------------

CELLS = {
    "name": ["Open Forum", "Ünï & Co", " spaced ", "", "\u200b", "a\x07b"],
    "id": ["", "ofe", "Not A Slug", "a_b"],
    "tier": ["", "0", "7", "x", "100"],
    "email": ["", "info@a.example", "INFO@A.EXAMPLE", "two@a.example, three@a.example", "no address", "ä@ü.example"],
    "email_role": ["", "policy", "7"],
    "form": ["", "https://a.example/form", "a.example"],
    "tags": ["", "one", "one; two,three", "[one, 'two']", ";"],
    "country": ["", "de", "Germany", "XX"],
    "website": ["", "https://a.example", "a.example"],
    "do_not_contact": ["", "no", "yes", "they asked"],
    "angle": ["", "Your work."],
    "stage": ["", "research"],
    "eu": ["", "yes", "maybe"],
    "map": ["", "1.5", "007", "null", "~", "true", "\ue000", "x" * 20_001, "words"],
}


@given(
    st.lists(st.sampled_from(sorted(CELLS.keys() - {"name"})), unique=True, max_size=6).flatmap(
        lambda columns: st.tuples(
            st.just(["name", *columns]),
            st.lists(st.tuples(*(st.sampled_from(CELLS[each]) for each in ["name", *columns])), max_size=5),
        )
    )
)
def test_a_row_reads_the_same_whether_or_not_it_is_looked_at_closely(table: tuple[list[str], list[tuple[str]]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([table[0], *table[1]])
    fast = from_csv(out.getvalue(), "contacts/a.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_rows.PlainRows, "contact", lambda self, line, row: None)
        slow = from_csv(out.getvalue(), "contacts/a.csv")
    assert fast == slow
    for one, other in zip(fast.contacts, slow.contacts, strict=True):
        assert [one.line_of(key) for key in CELLS] == [other.line_of(key) for key in CELLS]
        assert [(type(value), value) for value in one.fields.values()] == [
            (type(value), value) for value in other.fields.values()
        ]
