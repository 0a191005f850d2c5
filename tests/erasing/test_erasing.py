"""Somebody is erased: no byte below the folder names them, and everybody else is as before.

`OUTREACH_ERASED` says how many persons the campaign has (3 here); one, and every tenth of them, is erased.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import psycopg
import pytest

from outreach.campaign.contacts_plain import standing_contacts
from outreach.errors import CannotTell, UnknownName
from outreach.ledger import open_ledger
from outreach.ledger.moving import move
from outreach.tasks.erasing.erasing import Request, erase
from tests.erasing.people import bytes_with, canary, live, person_id, write_people
from tests.sending.campaigns import run, said, write_campaign
from tests.servers.postgres import put_into_postgres

PERSONS = int(os.environ.get("OUTREACH_ERASED", "3"))
GONE = (0, *range(2, 2 + PERSONS // 10))
"""Who is erased; number 1 stays."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign of persons in which everything happened."""
    root = write_people(tmp_path_factory.mktemp("lived"), PERSONS)
    live(root, PERSONS)
    return root


@pytest.fixture
def root(lived: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(lived, tmp_path / "campaign"))


def of_others(root: Path) -> list[Any]:
    """What the ledger says of everybody else, and what their files say."""
    with open_ledger(root) as ledger:
        past, numbers = ledger.past(), [event.number for event in ledger.events()]
        assert past == ledger.full_past()
        messages = [each for each in ledger.mail().messages() if each.contact == person_id(1)]
        assert messages, "the answer of the other was read"
        gone = [person_id(number) for number in GONE]
        claims = [id for claim in ledger.claims() if not any(each in (id := str(claim.of)) for each in gone)]
    others = [e.values for e in standing_contacts(root) if e.id not in (*gone, "office")]
    kept = [id for id in claims if "erased" not in id]
    return [past.contacts[person_id(1)], numbers[:20], messages, kept, others]


def test_no_byte_below_the_folder_names_who_was_erased_and_the_others_are_as_before(root: Path) -> None:
    before, others = bytes_with(root, canary(1)), of_others(root)
    assert bytes_with(root, canary(0))
    found = erase(root, Request(who=person_id(0)))
    assert not found.done
    assert bytes_with(root, canary(1)) == before, "a look changes nothing"
    done, *more = (erase(root, Request(who=person_id(number), go=True)) for number in GONE)
    for number, each in zip(GONE, (done, *more), strict=True):
        assert bytes_with(root, canary(number)) == []
        assert each.is_complete, [place for place in each.places if place.fate == "decide"]
    assert of_others(root) == others
    remade = ("backup.zip", "plan.ics", "report", ".outreach/cache", ".outreach/rehearsal", ".outreach/ledger.db")
    after = bytes_with(root, canary(1))
    assert [each for each in before if each not in after and not each.startswith(remade)] == []
    listed = {(place.room, place.where) for place in found.places if place.fate != "beyond"}
    assert {(place.room, place.where) for place in done.places if place.fate != "beyond"} <= listed


def test_in_postgresql_no_table_and_no_file_of_one_names_who_was_erased(
    root: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = put_into_postgres(root, postgres, monkeypatch)
    assert canary(0).encode() in table_files(address)
    for number in GONE:
        erase(root, Request(who=person_id(number), go=True))
    left = table_files(address)
    assert [number for number in GONE if canary(number).encode() in left or bytes_with(root, canary(number))] == []
    assert canary(1).encode() in left


def test_tables_that_a_move_left_in_postgresql_are_named_or_dropped(
    root: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = put_into_postgres(root, postgres, monkeypatch)
    move(root, "sqlite", go=True)
    text = (root / "campaign.yaml").read_text(encoding="utf-8")
    (root / "campaign.yaml").write_text(text.replace("ledger: postgresql", "ledger: sqlite"), encoding="utf-8")
    beyond = [
        f"{e.where}: {e.says}" for e in erase(root, Request(who=person_id(0), go=True)).places if e.fate == "beyond"
    ]
    (left,) = [each for each in beyond if "DROP SCHEMA" in each]
    assert address.rpartition("/")[2] in left
    (root / "campaign.yaml").write_text(text, encoding="utf-8")
    move(root, "postgresql", go=True)
    assert canary(0).encode() in table_files(address), "sealed, under another name"
    erase(root, Request(who=person_id(2), go=True))
    assert not [number for number in (0, 2) if canary(number).encode() in table_files(address)]


def table_files(address: str) -> bytes:
    """Every byte of the files of a database, after VACUUM FULL, and every row as text."""
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("VACUUM FULL")
        session.execute("CHECKPOINT")
        (oid,) = session.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or (0,)
        files = session.execute("SELECT pg_ls_dir(%s)", [f"base/{oid}"]).fetchall()
        read = "SELECT pg_read_binary_file(%s, 0, 1000000000, true)"
        found = [session.execute(read, [f"base/{oid}/{name}"]).fetchone() for (name,) in files]
        names = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            found += session.execute(f'SELECT t::text FROM public."{name}" t'.encode()).fetchall()
    return b"\n".join(
        each[0] if isinstance(each[0], bytes) else str(each[0]).encode() for each in found if each
    ).lower()


def test_what_is_exported_afterwards_names_nobody_who_was_erased(root: Path) -> None:
    erase(root, Request(who=person_id(0), go=True))
    for name in ("report.html", "report.xlsx", "report.md", "report.json", "report.csv", "again.zip"):
        command = ("backup",) if name.endswith("zip") else ("report", "--out")
        assert run(root, *command, str(root / name)).code == 0
    assert run(root, "draft").code in (0, 1)
    run(root, "sync")
    run(root, "access-request", person_id(1), "--out", str(root / "one.json"))
    assert bytes_with(root, canary(0)) == []


def test_numbers_in_reports_stay_as_they_were(root: Path) -> None:
    before = counted(root)
    erase(root, Request(who=person_id(0), go=True))
    assert counted(root) == before


def counted(root: Path) -> dict[str, Any]:
    found = said(root, "report")
    totals = {each["key"]: each["number"] for each in found["totals"]}
    return {"totals": totals, "weeks": found["weeks"], "tiers": [(e["name"], e["counts"]) for e in found["tiers"]]}


def test_a_clone_erases_the_same_person_before_it_sends(root: Path, tmp_path: Path) -> None:
    second = Path(shutil.copytree(root, tmp_path / "second"))
    erase(root, Request(who=person_id(0), go=True))
    pull(root, second)
    assert run(second, "send", "one", "--go").code == 0
    assert bytes_with(second, canary(0)) == []
    assert bytes_with(second, canary(1))
    run(second, "sync")
    assert canary(0) not in (second / "receipts.jsonl").read_text(encoding="utf-8")


def pull(source: Path, target: Path) -> None:
    """What Git brings to a clone: every file but those that it ignores."""
    ours = (".outreach", "mailbox", "outbox", "drafts", "report", "backup", "plan", "theirs")
    for path in [*target.iterdir()]:
        if not path.name.startswith(ours):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in source.iterdir():
        if not path.name.startswith(ours):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, target / path.name)


def test_a_backup_from_before_brings_nobody_back(root: Path, tmp_path: Path) -> None:
    assert run(root, "backup", str(tmp_path / "old.zip")).code == 0
    erase(root, Request(who=person_id(0), go=True))
    for path in (root / ".outreach").glob("ledger.db*"):
        path.unlink()
    assert run(root, "restore", str(tmp_path / "old.zip")).code == 0
    assert bytes_with(root, canary(0)) == []


@pytest.mark.parametrize(
    "who",
    [
        "Qz0000canary Person", "qz0000canary@mail.example", "@qz0000canary@social.example", "qz0000canary.bsky.example",
        "+49 (30) 5550-0000", "030 55500000",
    ],
)  # fmt: skip
def test_a_person_is_found_by_name_address_handle_and_number(root: Path, who: str) -> None:
    assert erase(root, Request(who=who)).erased.contacts == (person_id(0),)


def test_one_person_of_an_organisation_goes_and_the_organisation_stays(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    (root / "contacts/house.yaml").write_text(
        "id: house\nname: Bee House\ntier: 0\nchannels:\n  - {email: info@house.example}\npeople:\n"
        "  # who answers\n  - {name: Ann Canary, email: ann@house.example}\n  - {name: Bob Keeper}\n"
        "internal_notes: Ann Canary is nice, so is Bob Keeper.\n",
        encoding="utf-8",
    )
    erase(root, Request(who="ann@house.example", go=True))
    (house,) = [each for each in standing_contacts(root) if each.id == "house"]
    assert [person["name"] for person in house.values["people"]] == ["Bob Keeper"]
    assert house.values["channels"] == [{"email": "info@house.example"}]
    assert house.values["internal_notes"] == "(erased) is nice, so is Bob Keeper."
    assert bytes_with(root, "canary") == []


def test_a_short_name_takes_nobody_elses_along_and_one_person_of_two_contacts_goes_from_both(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    files = {
        "contacts/ana.yaml": "{id: ana, name: Ana, kind: person, channels: [{email: ana@ana.example}]}\n",
        "contacts/ana-lima.yaml": "{id: ana-lima, name: Ana Lima, kind: person, channels: [{email: a@lima.example}]}\n",
        "contacts/coop.yaml": "{id: coop, name: Coop, people: [{name: Ana Lima, email: A@lima.example}]}\n",
        "notes/ana-lima.md": "- Ana Lima called\n- Ana called\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    assert erase(root, Request(who="ana", go=True)).is_complete
    assert not (root / "contacts/ana.yaml").exists()
    assert (root / "notes/ana-lima.md").read_text("utf-8") == "- Ana Lima called\n"
    for name in ("contacts/ana-lima.yaml", "contacts/coop.yaml"):
        assert (root / name).read_text("utf-8") == files[name]
    assert erase(root, Request(who="Ana Lima", go=True)).is_complete
    assert bytes_with(root, "lima") == []
    assert [each.id for each in standing_contacts(root)] == ["c0000", "coop"]


def test_who_may_be_several_is_asked_about(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=2)
    for id in ("a", "b"):
        (root / f"contacts/{id}.yaml").write_text(f"{{id: {id}, name: Ann Canary, kind: person}}\n", encoding="utf-8")
    with pytest.raises(CannotTell):
        erase(root, Request(who="Ann Canary", go=True))
    with pytest.raises(UnknownName):
        erase(root, Request(who="Nobody at all", go=True))


def test_what_no_program_can_change_makes_the_erasure_incomplete(root: Path) -> None:
    (root / "scan.bin").write_bytes(b"\xff\xfe\xff\x80" + b"Qz0000canary Person" + b"\xff")
    answer = run(root, "erase", person_id(0), "--go")
    assert answer.code == 1
    assert "NOT COMPLETE" in answer.out
    assert "scan.bin" in answer.out
    (root / "scan.bin").unlink()
    assert run(root, "erase", person_id(0), "--go").code == 0


def test_a_text_for_readers_is_stopped_until_somebody_rewrote_it(root: Path) -> None:
    text = root / "templates/again.md"
    text.write_text(text.read_text(encoding="utf-8") + "\nAs Qz0000canary Person said.\n", encoding="utf-8")
    erase(root, Request(who=person_id(0), go=True))
    assert "As [erased name] said." in text.read_text(encoding="utf-8")
    problems = {(each["file"], each["code"]) for each in said(root, "check")["problems"]}
    assert ("templates/again.md", "placeholder") in problems
    assert ("posts/thanks-0.md", "placeholder") in problems


def test_the_reply_is_printed_and_stored_nowhere(root: Path) -> None:
    answer = run(root, "forget", person_id(0), "--go", "--asked", "2026-11-01")
    sentence = "We keep a coded mark of your address so that we do not write again."
    assert sentence in answer.out
    assert bytes_with(root, sentence.lower()) == []
    assert "no mark" not in answer.out


def test_erasing_twice_says_that_nothing_is_left(root: Path) -> None:
    erase(root, Request(who=person_id(0), go=True))
    again = run(root, "erase", person_id(0), "--go")
    assert again.code == 0
    assert "Nothing is left" in again.out


def test_a_person_of_contacts_private_goes_and_the_others_there_stay(tmp_path: Path) -> None:
    root = write_campaign(tmp_path, contacts=1)
    (root / "contacts/private").mkdir()
    file = root / "contacts/private/c0000.yaml"
    file.write_text(
        "people:\n  - {name: Ann Canary, email: ann@canary.example}\n  - {name: Bob Keeper}\n"
        "channels:\n  - {email: ann@canary.example, role: press}\n",
        encoding="utf-8",
    )
    assert erase(root, Request(who="Ann Canary", go=True)).is_complete
    assert bytes_with(root, "canary") == []
    assert "Bob Keeper" in file.read_text(encoding="utf-8")
