"""What is asked for: a look in a rehearsal, a task with the deadline of the law, retention, and no mark at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from outreach.campaign.contacts_plain import standing_contacts
from tests.erasing.people import bytes_with
from tests.sending.campaigns import run, said, write_campaign

NOW = "2026-12-01T10:00:00+01:00"
ANN = "{id: ann-canary, name: Ann Canary, kind: person, tier: 0, channels: [{email: ann@canary.example}]}\n"
HOUSE = (
    "id: house\nname: Bee House\ntier: 0\nchannels: [{email: info@house.example}]\n"
    "people: [{name: Cleo Canary, email: cleo@house.example}, {name: Bob Keeper}]\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_campaign(tmp_path, contacts=2, more="approval: none\n")
    (tmp_path / "contacts/ann.yaml").write_text(ANN, encoding="utf-8")
    (tmp_path / "contacts/house.yaml").write_text(HOUSE, encoding="utf-8")
    return tmp_path


def ids(root: Path) -> list[str]:
    return [each.id for each in standing_contacts(root)]


def tasks(root: Path) -> list[Any]:
    found = said(root, "agenda")["items"]
    return [(e["contact"], e["reason"]) for e in found if str(e["id"]).startswith("promise/") and e["state"] == "due"]


def test_a_rehearsal_shows_every_place_and_erases_nothing(root: Path) -> None:
    shown = run(root, "erase", "ann-canary", now=NOW)
    assert "contacts/ann.yaml" in shown.out
    refused = run(root, "erase", "ann-canary", "--go", now=NOW)
    assert refused.code != 0
    assert "With OUTREACH_NOW set, nothing is erased" in refused.err
    assert "ann-canary" in ids(root)
    assert {each["where"] for each in said(root, "erase", "ann-canary")["places"]} >= {"contacts/ann.yaml"}


@pytest.mark.parametrize(("who", "of"), [("ann-canary", "ann-canary"), ("Cleo Canary", "house")])
def test_a_request_with_its_day_is_a_task_until_one_month_later_and_ends_with_the_erasure(
    root: Path, who: str, of: str
) -> None:
    run(root, "erase", who)
    assert tasks(root) == [], "without a day nobody asked yet"
    for _ in range(2):
        shown = run(root, "erase", who, "--asked", "2026-10-31")
        assert "you have until 30 November 2026" in shown.out
    ((contact, reason),) = tasks(root)
    assert contact == of
    assert "GDPR 17: erase" in reason
    assert "Canary" not in reason
    assert "GDPR 17" in run(root).out
    assert "| 2026-10-31 | erasure | 2026-11-30 | open |" in run(root, "report", "--gdpr").out
    assert "is still to come" in run(root, "erase", who, "--asked", "2061-01-01").err
    run(root, "erase", who, "--go")
    assert tasks(root) == []
    assert re.search(r"\| 2026-10-31 \| erasure \| 2026-11-30 \| 20", run(root, "report", "--gdpr").out)
    assert run(root, "report", "--gdpr").out.count("| erasure |") == 1
    assert bytes_with(root, "ann-canary" if who == "ann-canary" else "cleo") == []


def test_who_is_kept_for_too_long_is_listed_and_erased_and_nobody_else(root: Path) -> None:
    file = root / "campaign.yaml"
    text = file.read_text("utf-8").replace("interest: asking", "interest: asking, keep_for: 2y")
    file.write_text(text, encoding="utf-8")
    for name, day in (("ann", "2001-01-31"), ("house", "2001-01-31")):
        file = root / f"contacts/{name}.yaml"
        more = f"collected_on: {day}"
        text = file.read_text("utf-8")
        text = text.replace("tier: 0,", f"tier: 0, {more},") if text.startswith("{") else f"{text}{more}\n"
        file.write_text(text, encoding="utf-8")
    (root / "contacts/young.yaml").write_text(
        "{name: Dan Young, kind: person, collected_on: 2099-01-01}\n", encoding="utf-8"
    )
    listed = said(root, "erase", "--due")["kept_too_long"]
    assert [(each["name"], each["within"], each["until"]) for each in listed] == [
        ("Ann Canary", "", "2003-01-31"),
        ("Cleo Canary", "Bee House", "2003-01-31"),
        ("Bob Keeper", "Bee House", "2003-01-31"),
    ]
    assert run(root, "erase", "--due", "--go").code == 0
    assert sorted(ids(root)) == ["c0000", "c0001", "dan-young", "house"]
    assert bytes_with(root, "canary") == bytes_with(root, "keeper") == []
    assert "There is nobody to erase." in run(root, "erase", "--due").out


def test_without_a_period_nobody_is_due(root: Path) -> None:
    assert said(root, "erase", "--due") == {"kept_too_long": []}
    assert "`keep_for: 2y` under `legal`" in run(root, "erase", "--due").out


@pytest.mark.parametrize("no_mark", [False, True])
def test_a_mark_keeps_them_from_being_written_to_and_no_mark_does_not(root: Path, no_mark: bool) -> None:
    done = run(root, "erase", "ann-canary", "--go", *(["--no-mark"] if no_mark else []))
    assert ("We kept no mark of your address." in done.out) == no_mark
    (root / "contacts/ann.yaml").write_text(ANN.replace("ann-canary", "a-again"), encoding="utf-8")
    states = {each["id"]: each["state"] for each in said(root, "status")["contacts"]}
    assert (states["a-again"] == "opted-out") == (not no_mark)


# -- a list that names them again ---------------------------------------------------------------------


def test_whoever_was_erased_is_left_out_of_a_new_list_and_it_is_said(root: Path, tmp_path: Path) -> None:
    run(root, "erase", "ann-canary", "--go")
    run(root, "erase", "cleo@house.example", "--go")
    rows = [
        "Organisation,Contact person,Email",
        "Ann Canary,,ANN@canary.example",
        "Canary & Co,,ann@canary.example",
        "Bee House,Cleo Canary,cleo@house.example",
        "Moth House,Dora Keeper,dora@moth.example",
    ]
    (tmp_path / "list.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    before = (root / "contacts/house.yaml").read_text("utf-8")
    for command in (("import", str(tmp_path / "list.csv"), "--go"), ("import", str(tmp_path / "list.csv"))):
        answer = run(root, *command)
        assert answer.out.count("This row is left out: they asked not to be written to.") == 3
        assert "3 asked for no more mail." in answer.out
    assert (root / "contacts/house.yaml").read_text("utf-8") == before
    assert sorted(ids(root)) == ["c0000", "c0001", "house", "moth-house"]
    (tmp_path / "list.csv").unlink()
    assert bytes_with(root, "canary") == []


def test_without_a_mark_a_list_may_bring_them_back(root: Path, tmp_path: Path) -> None:
    run(root, "erase", "ann-canary", "--go", "--no-mark")
    (tmp_path / "list.csv").write_text("Name,Email\nAnn Canary,ann@canary.example\n", encoding="utf-8")
    run(root, "import", str(tmp_path / "list.csv"), "--go")
    assert "ann-canary" in ids(root)


@pytest.mark.parametrize(("who", "named"), [("Canary, Ann", "Canary, Ann"), ("Canary, Cleo", "canary-cleo")])
def test_a_name_is_found_with_the_surname_first_as_lists_and_file_names_have_it(
    root: Path, who: str, named: str
) -> None:
    (root / "notes").mkdir()
    (root / "notes/calls.md").write_text(f"# Calls\n\n{who}: will call.\n\nThe bees stay.\n", encoding="utf-8")
    (root / f"notes/2026-{named}.txt").write_text("minutes\n", encoding="utf-8")
    assert run(root, "erase", who, "--go").code == 0
    assert bytes_with(root, who) == []
    assert "The bees stay." in (root / "notes/calls.md").read_text("utf-8")
    assert [path.name for path in (root / "notes").iterdir()] == ["calls.md"]


def test_a_letter_in_outbox_is_not_said_to_be_made_again(root: Path) -> None:
    (root / "contacts/ann.yaml").write_text(ANN.replace("tier: 0,", "tier: 0, personal_text: Bees.,"), encoding="utf-8")
    assert run(root, "send", "one", "--go").code == 0
    says = {each["where"]: each["says"] for each in said(root, "erase", "ann-canary")["places"]}
    assert "not made again" in says["outbox/one/ann-canary.eml"]


def test_after_erasing_nobody_is_asked_about_an_email_that_is_no_longer_in_outbox(root: Path) -> None:
    (root / "contacts/ann.yaml").write_text(ANN.replace("tier: 0,", "tier: 0, personal_text: Bees.,"), encoding="utf-8")
    assert run(root, "send", "one", "--go").code == 0
    there = len(list((root / "outbox/one").glob("*.eml")))
    assert said(root, "status")["written_not_sent"] == there
    assert run(root, "erase", "ann-canary", "--go").code == 0
    status = said(root, "status")
    assert (status["written_not_sent"], status["no_longer_listed"]) == (there - 1, {})
    tasks = [each["id"] for section in said(root)["sections"] for each in section["items"]]
    assert not [each for each in tasks if "erased-" in each]


HOME = ("stop.me@bücher.example", "STOP.ME@xn--bcher-kva.example", "Stop.Me@BÜCHER.example")


@pytest.mark.parametrize("by", ["command", "list"])
@pytest.mark.parametrize("listed", HOME)
def test_an_address_with_a_domain_of_its_own_letters_is_suppressed_however_it_is_written(
    root: Path, listed: str, by: str
) -> None:
    contact = "{id: stop, name: Books, tier: 0, personal_text: Bees., channels: [{email: 'stop.me@bücher.example'}]}\n"
    (root / "contacts/stop.yaml").write_text(contact, encoding="utf-8")
    if by == "list":
        (root / "never.csv").write_text(f"email\n{listed}\n", encoding="utf-8")
        assert run(root, "import", "--suppress", str(root / "never.csv"), "--go", "--no-ask").code == 0
    else:
        assert run(root, "suppress", listed).code == 0
    run(root, "send", "one", "--go")
    assert list((root / "outbox").rglob("c0000.eml"))
    assert not list((root / "outbox").rglob("stop.eml"))


@pytest.mark.parametrize("who", HOME)
def test_both_ways_of_writing_such_an_address_are_erased(root: Path, who: str) -> None:
    contact = "{id: stop, name: Ed Reader, kind: person, tier: 0, channels: [{email: 'stop.me@bücher.example'}]}\n"
    (root / "contacts/stop.yaml").write_text(contact, encoding="utf-8")
    (root / "notes").mkdir()
    (root / "notes/a.md").write_text("".join(f"{each}\n\n" for each in (*HOME, "Bees stay.")), encoding="utf-8")
    assert run(root, "erase", who, "--go").code == 0
    assert (root / "notes/a.md").read_text("utf-8").strip() == "Bees stay."


def test_a_former_id_that_somebody_changed_by_hand_is_erased_with_them(root: Path) -> None:
    ann = ANN.replace("tier: 0,", "tier: 0, personal_text: Bees.,")
    (root / "contacts/ann.yaml").write_text(ann, encoding="utf-8")
    assert run(root, "send", "one", "--go").code == 0
    (root / "contacts/ann.yaml").write_text(ann.replace("ann-canary", "reader"), encoding="utf-8")
    assert run(root, "erase", "ann@canary.example", "--go").code == 0
    assert bytes_with(root, "ann-canary") == []
