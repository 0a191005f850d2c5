"""Two contacts become one: nobody is written to twice, no refusal is lost, and nothing names what is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.campaign.contacts_plain import StandingContact
from outreach.tasks.merging import named_anew, together
from tests.acceptance.command import Answer
from tests.sending.campaigns import FAST, results, run

KEEP = """\
# Our oldest ally
id: keep
name: Open Roads
tier: 0
channels:
  - {email: info@roads.example}
internal_notes: They phone.
"""
OTHER = """\
id: other
name: Open Roads e.V.
tier: 1
was: older
country: BE
channels:
  - {email: office@roads.example, role: office}
  - {email: info@roads.example}
people:
  - {name: Jana Prins, role: Director}
internal_notes: They write.
"""
THIRD = "- id: third\n  name: Third\n  tier: 5\n  via: other  # they asked\n- id: fourth\n  name: Fourth\n"
POST = "---\nnetworks: [bluesky]\nneeds: contacts['other'].answered\n---\nThanks to @{other}!\n"
TEMPLATE = (
    "---\nsubject: Hello\nmentions: [other, third]\n---\nDear {{ contact.name }}, see {{ contacts['other'].name }}.\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("contacts", "templates", "posts"):
        (tmp_path / folder).mkdir()
    (tmp_path / "campaign.yaml").write_text(
        "id: small\ntitle: Small\ntimezone: Europe/Brussels\nsender: {name: Alex, email: alex@sender.example}\n"
        f"pace: {FAST}\nlegal: {{basis: legitimate-interest, interest: asking}}\nwaves:\n"
        "  - {id: first, to: \"id == 'other'\", template: hello}   # one of them\n"
        "  - {id: later, to: 'tier == 0', template: hello, needs: \"contacts['other'].state == 'contacted'\"}\n"
    )
    (tmp_path / "contacts/keep.yaml").write_text(KEEP)
    (tmp_path / "contacts/other.yaml").write_text(OTHER)
    (tmp_path / "contacts/more.yaml").write_text(THIRD)
    (tmp_path / "templates/hello.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}, hello.\n")
    (tmp_path / "templates/mentions.md").write_text(TEMPLATE)
    (tmp_path / "posts/thanks.md").write_text(POST)
    return tmp_path


def merge(root: Path, *options: str) -> Answer:
    return run(root, "merge", "keep", "other", *options)


def test_without_go_a_merge_shows_what_it_would_change_and_writes_nothing(root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file()}
    found = merge(root)
    assert found.code == 0
    assert "contacts/other.yaml (goes away)" in found.out
    assert "Nothing was written" in found.out
    assert {path: path.read_bytes() for path in root.rglob("*.*") if path.is_file() and path in before} == before
    assert merge(root, "--json").json["removed"] == ["contacts/other.yaml"]


def test_the_one_that_stays_has_the_values_of_both(root: Path) -> None:
    assert merge(root, "--go").code == 0
    text = (root / "contacts/keep.yaml").read_text()
    assert not (root / "contacts/other.yaml").exists()
    assert text.startswith("# Our oldest ally\nid: keep\nname: Open Roads\n")
    for line in ("was: [other, older]", "tier: 0", "country: BE", "Jana Prins", "They phone.", "They write."):
        assert line in text
    assert text.count("info@roads.example") == 1
    assert "office@roads.example" in text


def test_nothing_names_the_contact_that_is_gone(root: Path) -> None:
    merge(root, "--go")
    assert "  via: keep   # they asked" in (root / "contacts/more.yaml").read_text()
    assert (root / "posts/thanks.md").read_text() == POST.replace("other", "keep")
    assert (root / "templates/mentions.md").read_text() == TEMPLATE.replace("other", "keep")
    campaign = (root / "campaign.yaml").read_text()
    assert "to: \"id == 'keep'\", template: hello}   # one of them" in campaign
    assert "contacts['keep'].state" in campaign
    problems = run(root, "check", "--json").json["problems"]
    assert not [each for each in problems if "other" in each["message"]]


def test_nobody_is_written_to_twice_because_the_history_of_both_counts(root: Path) -> None:
    assert run(root, "approve", "first").code == 0
    assert results(root, "first", "--go") == {"first/other/0": "done"}
    merge(root, "--go")
    status = {each["id"]: each for each in run(root, "status", "--json").json["contacts"]}
    assert set(status) == {"keep", "third", "fourth"}
    assert status["keep"]["state"] == "contacted"
    run(root, "approve", "later")
    assert results(root, "later", "--go").get("later/keep/0") in (None, "held")
    assert len(list((root / "outbox").rglob("*.eml"))) == 1
    kinds = [each["kind"] for each in run(root, "show", "keep", "--json").json["events"]]
    assert "accepted" in kinds


@pytest.mark.parametrize(("which", "how"), [
    ("keep", "suppress"), ("other", "suppress"), ("keep", "file"), ("other", "file"), ("other", "declines"),
])  # fmt: skip
def test_a_no_of_either_is_a_no_of_both(root: Path, which: str, how: str) -> None:
    if how == "suppress":
        run(root, "suppress", which)
    elif how == "declines":
        run(root, "outcome", which, "declines")
    else:
        file = root / f"contacts/{which}.yaml"
        file.write_text(file.read_text() + "do_not_contact: they said no\n")
    merge(root, "--go")
    status = {each["id"]: each["state"] for each in run(root, "status", "--json").json["contacts"]}
    assert status["keep"] in ("opted-out", "answered")


def test_a_pause_of_the_other_holds_the_one_that_stays(root: Path) -> None:
    run(root, "pause", "other", "--because", "wait")
    merge(root, "--go")
    held = run(root, "agenda", "--json").json["items"]
    assert {item["state"] for item in held if item["contact"] == "keep"} == {"held"}


def test_a_contact_in_a_list_or_a_table_goes_alone(root: Path) -> None:
    (root / "contacts/table.csv").write_text("id,name,email\na,Aaa,a@a.example\nb,Bbb,b@b.example\nc,Ccc,c@c.example\n")
    assert run(root, "merge", "keep", "b", "--go").code == 0
    assert (root / "contacts/table.csv").read_text() == "id,name,email\na,Aaa,a@a.example\nc,Ccc,c@c.example\n"
    assert run(root, "merge", "keep", "third", "--go").code == 0
    assert (root / "contacts/more.yaml").read_text() == "- id: fourth\n  name: Fourth\n"
    assert "was: [b, third]" in (root / "contacts/keep.yaml").read_text()


def test_both_may_stand_in_one_list(root: Path) -> None:
    assert run(root, "merge", "fourth", "third", "--go").code == 0
    assert (root / "contacts/more.yaml").read_text().count("- id:") == 1
    assert run(root, "merge", "keep", "fourth", "--go").code == 0
    assert not (root / "contacts/more.yaml").exists()


@pytest.mark.parametrize("words", [("keep", "nobody"), ("nobody", "keep"), ("keep", "keep")])
def test_a_merge_of_what_is_not_two_contacts_is_refused(root: Path, words: tuple[str, str]) -> None:
    assert run(root, "merge", *words, "--go").code == 2


def test_importing_the_documents_of_both_again_changes_nothing(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text("Name,Email,City\nOpen Roads,a@a.example,Ghent\nOpen Roads e.V.,b@b.example,Bruges\n")
    root = tmp_path / "campaign"
    run(None, "init", str(root), "--from", str(table))  # type: ignore[arg-type]
    assert run(root, "merge", "open-roads", "open-roads-e-v", "--go").code == 0
    found = run(root, "import", str(table), "--go", "--json").json
    assert [path for path in found["written"] if path.startswith("contacts/")] == []
    assert [path.name for path in (root / "contacts").iterdir()] == ["open-roads.yaml"]


def test_only_what_means_the_contact_is_named_anew() -> None:
    text = (
        "to: \"id in ['a', 'other'] and tag == 'other'\"\nneeds: decision('other') and contacts[\"other\"].answered\n"
    )
    assert named_anew(text, "other", "new", is_text=False) == (
        "to: \"id in ['a', 'new'] and tag == 'other'\"\nneeds: decision('other') and contacts[\"new\"].answered\n"
    )
    assert named_anew("@{other} @{others} contacts['others']", "other", "n", is_text=True) == (
        "@{n} @{others} contacts['others']"
    )


def test_a_person_becomes_one_of_the_people_of_an_organisation() -> None:
    office = StandingContact(id="o", file="", values={"name": "Office", "missing": "an address"})
    jo = StandingContact(
        id="jo", file="", values={"name": "Jo Doe", "kind": "person", "channels": [{"email": "jo@x.example"}]}
    )
    values, differs = together(office, jo)
    assert values["people"] == [{"name": "Jo Doe", "email": "jo@x.example"}]
    assert (values.get("kind"), values.get("missing"), differs) == (None, None, [])
