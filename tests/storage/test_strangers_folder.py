"""A stranger's campaign folder: a tree beside it is neither read nor changed, whatever stands at any name."""

from __future__ import annotations

import io
import shutil
import signal
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from outreach.ledger.backups import backup
from tests.acceptance.command import Answer
from tests.sending.campaigns import FAST, run
from tests.storage.traps import CANARY, TRAPS, canary_tree, picture

NOW = "2026-01-14T10:00:00+01:00"
CAMPAIGN = f"""\
id: stranger
title: Stranger
timezone: Europe/Brussels
sender: {{name: Alex Example, email: alex@sender.example}}
legal: {{basis: legitimate-interest, interest: asking, assessment: docs/assessment.md}}
attachments: {{brief: materials/brief.txt}}
accounts:
  mail: {{transport: outbox, inbox: {{folder: mailbox}}}}
  bluesky: {{transport: outbox, handle: a.bsky.social}}
pace: {FAST}
approval: none
fill_links: [docs/README.md]
waves: [{{id: w, to: "true", template: hello, start: 2026-01-13}}]
"""
FILES = {
    "campaign.yaml": CAMPAIGN,
    "contacts/a.yaml": "- {id: acme, name: Acme, channels: [{email: info@acme.example}]}\n",
    "templates/hello.md": "---\nsubject: Hello {{ contact.name }}\nattachments: [brief]\n---\nDear friends.\n",
    "posts/one.md": "---\nnetworks: bluesky\nat: 2026-01-14 09:59\nmedia: [{file: materials/p.png, alt: A}]\n---\nHi\n",
    "checklists/c.md": "- [ ] one\n",
    "docs/README.md": "[link when posted: one]\n",
    "docs/assessment.md": "Assessed.\n",
    "materials/brief.txt": "A brief.\n",
    "mailbox/new/1": "From: info@acme.example\nTo: alex@sender.example\nSubject: Re: Hello Acme\n\nYes.\n",
    "mailbox/cur/.keep": "",
    "notes/list.csv": "Name,Email\nNew,info@new.example\n",
    "lookups.yaml": "handles: {}\n",
}
COMMANDS = [
    "check --json", "draft", "preview", "agenda --ics cal.ics", "status", "show acme", "doctor",
    "links --go", "lookup", "import notes/list.csv --go", "import notes --go", "import ../own.csv --go",
    "approve w", "test acme", "send w --go --no-wait", "publish --go", "correct one", "sync", "run --once", "",
    "note acme call --at 2026-01-14T09:00", "report --out out/report.html", "report --out report.csv",
    "report --for acme --out acme.json", "export acme", "adopt",
]  # fmt: skip
REAL = ["status", "note acme call", "backup ../new.zip", "backup saved.zip", "restore ../saved.zip"]
"""Commands on the real ledger; the others work on a rehearsal."""
INPUTS = [
    "contacts/x.yaml", "contacts/x.csv", "templates/x.md", "posts/x.md", "checklists/x.md", "notes/x.csv",
    "notes/x.md", "mailbox/new/2", "contacts/folder", "materials/x.pdf",
]  # fmt: skip
NAMES = {
    "files beside others": INPUTS,
    "files that are named": ["materials/brief.txt", "materials/p.png", "docs/README.md", "docs/assessment.md"],
    "files of ours": ["lookups.yaml", "imports.yaml", "receipts.jsonl", "receipts.key"],
    "some folders of files": ["contacts", "checklists", "materials", "notes"],
    "other folders of files": ["templates", "posts", "docs", "mailbox/new"],
    **{name: [name] for name in ("campaign.yaml", "mailbox", "lookups", "drafts", "outbox", ".outreach")},
    "folders below drafts and outbox": ["drafts/letters", "drafts/posts", "outbox/w", "outbox/posts"],
    "drafts": ["drafts/letters/w/acme.eml", "drafts/letters/w/.outreach-unfinished", "drafts/posts/one.bluesky.json"],
    "outbox": ["outbox/w/acme.eml", "outbox/w/.acme.eml.new", "outbox/w/.outreach-unfinished", "outbox/posts/bluesky"],
    "unfinished files": [
        ".outreach-unfinished", "contacts/.outreach-unfinished", "docs/.outreach-unfinished", "lookups.yaml.new",
    ],
    "folders below .outreach": [".outreach/blobs", ".outreach/cache"],
    "files that keep it out of Git": [".outreach/.gitignore"],
    "caches and locks": [
        ".outreach/cache/drafts.json", ".outreach/cache/drafts.lock", ".outreach/cache/.outreach-unfinished",
        ".outreach/receipts.lock", ".outreach/mail.lock", ".outreach/backup.lock", ".outreach/receipts.jsonl.new",
    ],
    "locks": [".outreach/ledger.lock", ".outreach/opening.lock", ".outreach/bluesky.lock"],
    "ledgers": [".outreach/ledger.db", ".outreach/rehearsal.db"],
    "what belongs to ledgers": [
        f".outreach/{name}.db{end}" for name in ("ledger", "rehearsal") for end in ("-wal", "-shm", "-journal")
    ],
    "copies of ledgers": [
        ".outreach/rehearsal.db.new", ".outreach/ledger.db.backing-up", ".outreach/ledger.db.restoring",
        ".outreach/ledger.db.before-restore", ".outreach/ledger.db.before-restore.new", ".outreach/receipts.restoring",
    ],
    "what is asked for": ["cal.ics", "report.csv", "acme.json", "saved.zip", "out"],
}  # fmt: skip
KINDS = [
    "a fitting link", "a relative fitting link", "a chain of links", "a link through a linked folder",
    "a link to nothing", "a link to itself", "a link to a device", "a pipe",
]  # fmt: skip


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Fails where it takes longer: a pipe was opened, or something endless is read."""

    def too_long(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "campaign"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    into = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(into, "PNG")
    (folder / "materials/p.png").write_bytes(into.getvalue())
    backup(folder, folder.parent / "saved.zip")
    shutil.rmtree(folder / ".outreach")
    return folder


@pytest.fixture
def campaign(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign that works, beside a canary tree, a table of one's own and a backup of its ledger."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    canary_tree(tmp_path / "canary")
    (tmp_path / "own.csv").write_text("Name,Email\nOwn,info@own.example\n")
    shutil.copy(original.parent / "saved.zip", tmp_path)
    made = Path(shutil.copytree(original, tmp_path / "campaign"))
    monkeypatch.chdir(made)
    return made


def do(campaign: Path, command: str, *, now: str | None = NOW) -> Answer:
    with at_most(30):
        answer = run(campaign, *command.split(), now=now)
    assert answer.code in (0, 1, 2), (command, answer.err)
    assert CANARY not in answer.out + answer.err, command
    return answer


def holds_canary(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    content = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content += b"".join(archive.read(name) for name in archive.namelist())
    return CANARY.encode() in content


def test_the_campaign_works_and_does_what_the_traps_are_about(campaign: Path) -> None:
    """Else no trap below would ever be stepped into."""
    for command in COMMANDS:
        do(campaign, command)
    for command in REAL:
        do(campaign, command, now=None)
    made = picture(campaign)
    for name in (
        "drafts/letters/w/acme.eml", "outbox/w/acme.eml", "lookups.yaml", "imports.yaml", "contacts/own.yaml",
        "contacts/new.yaml", ".outreach/rehearsal.db", ".outreach/ledger.db", "report.csv", "acme.json", "saved.zip",
        "cal.ics", ".outreach/cache/drafts.json",
    ):  # fmt: skip
        assert name in made, name
    assert any(name.startswith("outbox/posts/bluesky/") for name in made)
    assert any(name.startswith(".outreach/blobs/") for name in made)
    assert (campaign.parent / "new.zip").is_file()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("group", NAMES)
def test_nothing_beside_the_folder_is_read_or_changed(campaign: Path, group: str, kind: str) -> None:
    canary = campaign.parent / "canary"
    before = picture(canary)
    for name in NAMES[group]:
        place = campaign / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
        TRAPS[kind](place, canary)
    # Every command meets most groups and kinds; all three of them together would take an hour.
    turn = [*NAMES].index(group) + KINDS.index(kind)
    for number, command in enumerate(COMMANDS):
        if (turn + number) % 6 == 0 or command.startswith(("check", "draft", "send")):
            do(campaign, command)
    for number, command in enumerate(REAL):
        if (turn + number) % 5 == 0:
            do(campaign, command, now=None)
    assert picture(canary) == before
    assert not [path for path in campaign.parent.rglob("*") if canary not in path.parents and holds_canary(path)]


WORDS: Mapping[str, str] = {
    "contacts/x.yaml": "check",
    "templates/x.md": "check",
    "materials/brief.txt": "check",
    "docs/README.md": "check",
    "receipts.jsonl": "check",
    "mailbox": "sync",
    "drafts": "check",
    "outbox": "check",
    ".outreach": "check",
    ".outreach/blobs": "check",
    ".outreach/ledger.db": "status",
}


@pytest.mark.parametrize("name", WORDS)
def test_a_link_that_leads_out_is_said_once_with_what_to_do(campaign: Path, name: str) -> None:
    place = campaign / name
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(campaign.parent / "canary" / ("mail" if "." not in name[1:] else "file.txt"))
    command = WORDS[name]
    if command == "check":
        found = [each for each in run(campaign, "check", "--json", now=NOW).json["problems"] if name in str(each)]
        assert len(found) == 1, found
        assert "link" in found[0]["hint"] or "outreach trust" in found[0]["hint"] or "Copy it" in found[0]["hint"]
    else:
        answer = run(campaign, command, now=NOW if command == "sync" else None)
        assert answer.code in (1, 2)
        assert "leads out of the campaign folder" in answer.err or "it is a link" in answer.err
        assert answer.err.count("\n") == 2, answer.err
