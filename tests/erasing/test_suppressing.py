"""Whoever said no gets nothing: after an import, a restore, a merge, under another id, on a clone, in another campaign.

`OUTREACH_NO_MEANS_NO` says how many histories are tried (8 here).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.campaign.suppressions import add_suppressions, read_suppressions
from outreach.errors import OutreachError, SuppressionsUnreadable
from outreach.tasks.erasing.erasing import Request, erase
from outreach.tasks.merging import merge
from outreach.tasks.records import backup, restore
from outreach.tasks.world import session
from tests.sending.campaigns import run, said, write_campaign

HISTORIES = int(os.environ.get("OUTREACH_NO_MEANS_NO", "8"))
ADDRESSES = ("info@c0000.example", "info@c0001.example")
"""Two that say no; the others do not."""


def planned(root: Path) -> set[str]:
    """The addresses of every letter that may go out one day."""
    with session(root) as opened:
        _, plan = opened.planned()
        letters = {each.id: each for each in plan.recipients}
        open_ones = [letters[i.id] for i in plan.items if i.id in letters and i.state in ("due", "waiting")]
        addresses = {each.channel.address for each in open_ones if each.channel is not None}
        assert "info@c0002.example" in addresses, "the others get theirs"
        return addresses


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("begun")
    write_campaign(root, contacts=3, more="approval: none\n")
    run(root, "suppress", ADDRESSES[0], "--because", "asked")
    run(root, "suppress", "c0001", "--because", "asked")
    return root


def test_no_letter_is_planned_to_a_suppressed_address_whatever_happens_next(begun: Path, tmp_path: Path) -> None:
    assert planned(begun).isdisjoint(ADDRESSES)
    for seed in range(HISTORIES):
        chance = random.Random(seed)
        root = Path(shutil.copytree(begun, tmp_path / f"history-{seed}"))
        backup(root, tmp_path / f"{seed}.zip")
        happened = []
        for step in range(4):
            act = chance.choice((imported, restored, merged, renamed, erased, cloned))
            happened.append(act.__name__)
            try:
                root = act(root, chance, tmp_path / f"{seed}-{step}")
            except OutreachError:  # refused, so nothing happened
                continue
            assert planned(root).isdisjoint(ADDRESSES), (seed, happened)
        shutil.rmtree(root)


def imported(root: Path, chance: random.Random, aside: Path) -> Path:
    """The same addresses come back with a new list, under other names."""
    name = f"New {chance.random()}"
    (root / "contacts/new.csv").write_text(
        f"id,name,tier,email,personal_text\nnew-{chance.randrange(10**6)},{name},0,{chance.choice(ADDRESSES)},Text.\n",
        encoding="utf-8",
    )
    return root


def restored(root: Path, chance: random.Random, aside: Path) -> Path:
    """The ledger is lost, and the backup from the beginning is brought back."""
    for path in (root / ".outreach").glob("ledger.db*"):
        path.unlink()
    restore(root, aside.with_name(f"{aside.name.partition('-')[0]}.zip"))
    return root


def merged(root: Path, chance: random.Random, aside: Path) -> Path:
    """Two contacts become one."""
    ids = [*ids_of(root)]
    keep, other = chance.sample(ids, 2)
    if "c0002" not in (keep, other):
        merge(root, keep, other, go=True)
    return root


def renamed(root: Path, chance: random.Random, aside: Path) -> Path:
    """An id changes, and nobody says what it was."""
    id = chance.choice(ids_of(root))
    if id != "c0002":
        for path in (root / "contacts").iterdir():
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(f"{id},", f"x{chance.randrange(10**6)},"), encoding="utf-8")
    return root


def erased(root: Path, chance: random.Random, aside: Path) -> Path:
    """Somebody is erased, and comes back with the list from which they came."""
    id = chance.choice(ids_of(root))
    if id != "c0002":
        files = {path: path.read_text(encoding="utf-8") for path in (root / "contacts").iterdir()}
        erase(root, Request(who=id, go=True))
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    return root


def cloned(root: Path, chance: random.Random, aside: Path) -> Path:
    """Another computer has the files, and no ledger."""
    return Path(shutil.copytree(root, aside, ignore=shutil.ignore_patterns(".outreach")))


def ids_of(root: Path) -> list[str]:
    with session(root) as opened:
        return [contact.id for contact in opened.loaded.folder.contacts]


def test_taking_a_no_back_takes_it_back_on_clones_too(begun: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(begun, tmp_path / "campaign"))
    run(root, "log", "--undo", ADDRESSES[0])
    assert ADDRESSES[0] in planned(root)
    assert ADDRESSES[0] in planned(cloned(root, random.Random(), tmp_path / "clone"))


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes campaigns that share a list outside of their folders."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def make(name: str) -> Path:
        more = f"approval: none\nsuppressions: {tmp_path / 'no.txt'}\n"
        return write_campaign(tmp_path / name, contacts=3, more=more)

    return make


def test_another_campaign_that_shares_the_list_writes_to_nobody_on_it(
    shared: Callable[[str], Path], tmp_path: Path
) -> None:
    one, two = shared("one"), shared("two")
    listed = tmp_path / "no.txt"
    listed.write_text("# by telephone\ninfo@c0001.example\n", encoding="utf-8")
    assert run(two, "send", "one", "--go").code == 2, "a list that is not allowed holds everything"
    assert "suppressions-unreadable" in {each["code"] for each in said(two, "check")["problems"]}
    for root in (one, two):
        run(root, "trust", str(listed))
    run(one, "suppress", "c0000", "--because", "asked")
    assert planned(two) == {"info@c0002.example"}
    assert "c0000" not in listed.read_text(encoding="utf-8"), "we write marks only"
    assert "# by telephone\ninfo@c0001.example\n" in listed.read_text(encoding="utf-8")
    erase(one, Request(who="c0001", go=True))
    assert not read_suppressions(two, str(listed)).holds("info@c0002.example")
    run(one, "log", "--undo", "c0000")
    assert planned(two) == {"info@c0000.example", "info@c0002.example"}


def test_a_line_that_is_no_address_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    listed = tmp_path / "no.txt"
    listed.write_text("anna\n", encoding="utf-8")
    with pytest.raises(SuppressionsUnreadable):
        add_suppressions(tmp_path, "no.txt", ["a@b.example"])
    assert listed.read_text(encoding="utf-8") == "anna\n"


@pytest.mark.parametrize(
    "text",
    [
        "info@a.example\n",
        "# by telephone\n\n Info@A.example  # asked\n",
        'Email,Name,Reason\ninfo@a.example,"Doe, Jo",unsubscribed\n',
        'E-Mail-Adresse\n"info@a.example"\n',
        "Jo Doe <info@a.example>;2026-01-13\n",
    ],
)
def test_a_list_may_be_the_export_of_another_tool(tmp_path: Path, text: str) -> None:
    """An address that is not understood would be written to again."""
    (tmp_path / "no.csv").write_text(text, encoding="utf-8")
    assert read_suppressions(tmp_path, "no.csv").holds("info@a.example")
    add_suppressions(tmp_path, "no.csv", ["else@b.example"], without=["info@a.example"])
    assert not read_suppressions(tmp_path, "no.csv").holds("info@a.example")
    assert read_suppressions(tmp_path, "no.csv").holds("else@b.example")


def test_a_heading_stands_at_the_top_only(tmp_path: Path) -> None:
    (tmp_path / "no.csv").write_text("a@b.example\nmail of Jo: unknown\n", encoding="utf-8")
    with pytest.raises(SuppressionsUnreadable, match="line 2 has no email address"):
        read_suppressions(tmp_path, "no.csv")
