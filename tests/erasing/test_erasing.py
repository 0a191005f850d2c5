"""Somebody is erased: no byte below the folder names them, and everybody else is as before."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from outreach.tasks.erasing.erasing import Request, erase
from tests.erasing.people import bytes_with, canary, live, person_id, write_people
from tests.sending.campaigns import run

PERSONS = int(os.environ.get("OUTREACH_ERASED", "3"))


def test_no_byte_below_the_folder_names_who_was_erased_and_the_others_are_as_before(tmp_path: Path) -> None:
    root = write_people(tmp_path, PERSONS)
    live(root, PERSONS)
    before = bytes_with(root, canary(1))
    assert bytes_with(root, canary(0))
    found = erase(root, Request(who=person_id(0)))
    assert not found.done
    assert found.places
    assert bytes_with(root, canary(0)), "a look changes nothing"
    done = erase(root, Request(who=person_id(0), go=True))
    assert bytes_with(root, canary(0)) == []
    assert done.is_complete, [place for place in done.places if place.fate == "decide"]
    remade = ("backup.zip", "plan.ics", "report", ".outreach/cache", ".outreach/rehearsal", ".outreach/ledger.db")
    after = bytes_with(root, canary(1))
    assert [each for each in before if each not in after and not each.startswith(remade)] == []


def test_a_clone_erases_the_same_person_before_it_sends(tmp_path: Path) -> None:
    first = write_people(tmp_path / "first", 2)
    live(first, 2)
    second = Path(shutil.copytree(first, tmp_path / "second"))
    erase(first, Request(who=person_id(0), go=True))
    pull(first, second)
    run(second, "send", "one", "--go")
    assert bytes_with(second, canary(0)) == []
    assert bytes_with(second, canary(1))
    assert run(second, "send", "one", "--go").code == 0


def pull(source: Path, target: Path) -> None:
    """What Git brings to a clone: every file but those that it ignores."""
    ours = (".outreach", "mailbox", "outbox", "drafts", "report", "backup", "plan", "theirs")
    for path in [*target.iterdir()]:
        if not path.name.startswith(ours):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in source.iterdir():
        if not path.name.startswith(ours):
            (shutil.copytree if path.is_dir() else shutil.copy)(path, target / path.name)
