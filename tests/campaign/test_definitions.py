"""A definition says everything about a key: its value, its sentence, its column, its field in a form, its old names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.definitions.campaign import CampaignKeys
from outreach.campaign.definitions.contact import ContactKeys
from outreach.campaign.definitions.definition import Definition, key
from outreach.campaign.definitions.shapes import ListOf
from outreach.campaign.findings import Finding
from outreach.campaign.folder import once
from outreach.campaign.forms import FieldKind, form_fields
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.values import plain
from outreach.model.problem import Problem
from tests.campaign.variations import VALUES, changed, lines_of, paths, put, raw


class GuestKeys(Definition, what="guest"):
    name: Annotated[str, plain.line_text("Maria")] = key("Who comes", required=True)
    personal_note: Annotated[str | None, plain.text("Welcome")] = key("What we say to them", was=("angle", "note"))


class PartyKeys(Definition, what="evening"):
    guests: Annotated[tuple[GuestKeys, ...], ListOf()] = key("Who comes", default=())
    seats: Annotated[int | None, plain.integer(1, 9)] = key("How many chairs there are")


def read(text: str, definition: type[Definition] = PartyKeys) -> tuple[Definition | None, list[Finding]]:
    node, findings = read_yaml(text)
    assert node is not None
    return definition.read(node, findings), sorted(findings)


def test_all_mistakes_are_told_at_once_and_the_rest_is_read() -> None:
    party, findings = read("guests:\n- {name: A, nmae: B}\n- {name: [x], note: N}\n- two\n- {angle: x}\nseats: 12\n")
    assert [(found.line, found.code) for found in findings] == [
        (2, "unknown-key"), (3, "bad-value"), (3, "old-key"), (4, "bad-value"), (5, "missing-key"), (5, "old-key"),
        (6, "bad-value"),
    ]  # fmt: skip
    assert isinstance(party, PartyKeys)
    assert [guest.values() for guest in party.guests] == [
        {"name": "A"}, {"personal_note": "N"}, {"personal_note": "x"},
    ]  # fmt: skip
    assert party.seats is None


def test_an_old_name_is_read_with_a_hint_and_not_beside_the_new_one() -> None:
    guest, findings = read("name: A\nangle: hello\n", GuestKeys)
    assert isinstance(guest, GuestKeys)
    assert (guest.personal_note, guest.line_of("personal_note")) == ("hello", 2)
    assert [(f.code, f.message) for f in findings] == [("old-key", "`angle` is now `personal_note`.")]
    guest, findings = read("name: A\nangle: hello\npersonal_note: new\n", GuestKeys)
    assert isinstance(guest, GuestKeys)
    assert guest.personal_note == "new"
    assert [f.code for f in findings] == ["yaml-duplicate-key"]
    assert "angle" in GuestKeys.cells()[0]


def test_an_old_name_is_said_once_in_a_campaign() -> None:
    said = [
        Problem(file=f"contacts/{n}.yaml", line=1, code=code, message=message, about=f"contact:{n}")
        for n in range(3)
        for code, message in (("old-key", "`angle` is now `personal_note`."), ("bad-value", "x"))
    ]
    assert [problem.code for problem in once(said)] == ["old-key", "bad-value", "bad-value", "bad-value"]


@given(st.sampled_from(sorted(VALUES)), st.data())
def test_no_sentence_of_the_library_reaches_a_person(name: str, data: st.DataObject) -> None:
    text = (Path(__file__).parents[2] / "campaign.yaml").read_text(encoding="utf-8")
    values = raw(read_yaml(text)[0])
    path = data.draw(st.sampled_from(list(paths(values))))
    broken = "\n".join(lines_of(changed(values, path, put(VALUES[name])))) + "\n"
    for finding in read(broken, CampaignKeys)[1]:
        assert finding.line > 0
        words = f"{finding.message} {finding.hint}"
        assert not [each for each in ("Input should", "valid ", "pydantic", "Field required") if each in words]
        assert finding.message[0] == "`" or finding.message[0].isupper()


def test_a_form_asks_for_each_key_of_a_contact_in_its_own_way() -> None:
    fields = {field.key: field for field in form_fields(ContactKeys)}
    assert list(fields) == list(ContactKeys.keys)
    assert fields["name"].required
    assert (fields["name"].kind, fields["name"].example) == (FieldKind.LINE, "Open Forum Europe")
    assert fields["kind"].choices[:2] == ("organisation", "project")
    kinds = {
        key: str(fields[key].kind) for key in ("kind", "tier", "eu", "collected_on", "tags", "people", "personal_text")
    }
    assert kinds == {
        "kind": "choice", "tier": "number", "eu": "yes-or-no", "collected_on": "day", "tags": "several",
        "people": "several", "personal_text": "text",
    }  # fmt: skip
