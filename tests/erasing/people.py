"""A campaign of persons, each with a canary in every field, answer, note and file name, and a look at every byte."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import xlsxwriter
import yaml

from outreach.model.event import EventKind
from outreach.model.payload import OutcomePayload, PlainPayload
from outreach.tasks.approving import approve
from outreach.tasks.world import Session, session
from tests.sending.campaigns import run, write_campaign

BY_COMMAND = 3
"""So many persons' calls, promises and pauses are recorded by the commands themselves."""
POST = "---\nnetworks: [bluesky]\n---\nThank you @{%s} and others!\n"


def canary(number: int) -> str:
    """What stands in everything about one person, and nowhere else."""
    return f"qz{number:04}canary"


def write_people(root: Path, count: int, *, inbox: bool = True) -> Path:
    """The campaign: `count` persons and one organisation with people, written to, noted and answered."""
    mail = "{transport: outbox, inbox: {folder: mailbox}}" if inbox else "{transport: outbox}"
    write_campaign(root, contacts=1, mail=mail)
    for folder in ("posts", "notes", "checklists", "materials", "mailbox", "contacts/private"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for number in range(count):
        _write_person(root, number, canary(number))
    _write_together(root, [canary(number) for number in range(count)])
    return root


def person_id(number: int) -> str:
    """The id of a person: a name."""
    return f"{canary(number)}-person"


def _write_person(root: Path, number: int, word: str) -> None:
    contact = {
        "id": f"{word}-person", "name": f"{word.title()} Person", "kind": "person", "tier": 0,
        "channels": [
            {"email": f"{word}@mail.example"}, {"mastodon": f"@{word}@social.example"},
            {"bluesky": f"{word}.bsky.example"}, {"form": f"https://forms.example/{word}"},
        ],
        "greeting": f"Dear {word} Person",
        "website": f"https://{word}.example/about",
        "personal_text": f"Your talk {word}-talk was good.",
        "internal_notes": f"Never says {word}-secret aloud.",
        "found_at": f"page {word}-page of the list",
        "imported_from": f"{word}-list.csv line 3",
        "public_statement": {"quote": f"I support {word}-quote", "url": f"https://news.example/{word}"},
        "fields": {"phone": f"+49 30 5550{number:04}", f"key{number}": f"value {word}-value"},
    }  # fmt: skip
    folder = "contacts/private" if number % 2 else "contacts"
    (root / f"{folder}/{word}-person.yaml").write_text(yaml.safe_dump(contact), encoding="utf-8")
    (root / f"notes/{word}-person.md").write_text(f"# Call\n\nSaid {word}-note.\n", encoding="utf-8")
    (root / f"posts/thanks-{number}.md").write_text(POST % f"{word}-person", encoding="utf-8")
    (root / f"materials/for-{word}-person.txt").write_text(f"Only for {word}-eyes.\n", encoding="utf-8")
    (root / f"mailbox/{word}.eml").write_bytes(_answer(word))


def _answer(word: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"{word.title()} Person <{word}@mail.example>"
    mail["To"] = "alex@sender.example"
    mail["Subject"] = f"Re: Hello {word.title()} Person"
    mail["Message-ID"] = f"<{word}-id@mail.example>"
    mail["Date"] = "Mon, 30 Nov 2037 10:00:00 +0000"
    mail.set_content(f"Yes, with pleasure. My number is {word}-number.")
    return bytes(mail)


def _write_together(root: Path, words: list[str]) -> None:
    """Files in which all of them stand."""
    items = "".join(f"- {word.title()} Person wants {word}-wish\n" for word in words)
    (root / "notes/meeting.md").write_text(f"# Meeting\n\nAll came.\n\n{items}\n## Next\n\nBread.\n", encoding="utf-8")
    ticks = "".join(f"- [ ] Call {word.title()} Person about {word}-errand\n" for word in words)
    (root / "checklists/calls.md").write_text(f"# Calls\n\n{ticks}- [ ] Buy stamps\n", encoding="utf-8")
    rows = "".join(f"{word.title()} Person,{word}@mail.example,{word}-cell\n" for word in words)
    (root / "list.csv").write_text(f"name,email,note\nSomebody Else,else@else.example,stays\n{rows}", encoding="utf-8")
    cards = "".join(f"BEGIN:VCARD\nFN:{word.title()} Person\nNOTE:{word}-card\nEND:VCARD\n" for word in words)
    (root / "cards.vcf").write_text(f"BEGIN:VCARD\nFN:Somebody Else\nEND:VCARD\n{cards}", encoding="utf-8")
    book = xlsxwriter.Workbook(str(root / "list.xlsx"))
    sheet = book.add_worksheet()
    for number, word in enumerate(words):
        sheet.write_row(number, 0, [f"{word.title()} Person", f"{word}@mail.example", "note"])
    book.close()
    handles = "".join(f"  '{word}.bsky.example': {{did: 'did:plc:{word}', on: 2026-01-02}}\n" for word in words)
    (root / "lookups.yaml").write_text(f"handles:\n  else.example: {{did: 'did:plc:else', on: 2026-01-02}}\n{handles}")
    memory = [f"  {word}-person: {{{word}-list.csv: name=1a2b}}\n" for word in words]
    old = "".join(memory[::2])  # as older versions remembered all
    (root / "imports.yaml").write_text(f"contacts:\n  c0000: {{all.csv: name=ab12}}\n{old}", encoding="utf-8")
    (root / "contacts/private/.imports.yaml").write_text(f"contacts:\n{''.join(memory[1::2])}", encoding="utf-8")
    (root / "contacts/office.yaml").write_text(
        yaml.safe_dump({"id": "office", "name": "The Office", "via": f"{words[0]}-person",
                        "internal_notes": f"Met {words[0].title()} Person there."}), encoding="utf-8",
    )  # fmt: skip
    text = (root / "campaign.yaml").read_text(encoding="utf-8")
    goal = f"contacts['{words[0]}-person'].answered"
    more = f"  - {{id: two, to: \"id in ['{words[0]}-person', 'c0000']\", template: again, needs: \"{goal}\"}}\n"
    (root / "campaign.yaml").write_text(text + more, encoding="utf-8")


def live(root: Path, count: int) -> None:
    """What happens in such a campaign: drafts, letters, notes, answers, reports, backups, caches."""
    run(root, "draft")
    for number in range(count):
        word = canary(number)
        yours = root / f"drafts/letters/one/{word}-person.yours.eml"
        yours.write_text(f"To: {word}@mail.example\n\nMine {word}-mine\n", encoding="utf-8")
    approve(root, ["one"])
    sent = run(root, "send", "one", "--go")
    assert sent.code == 0, sent
    assert len([*(root / "outbox/one").iterdir()]) == count + 1
    assert run(root, "sync").code in (0, 1)
    for number in range(min(count, BY_COMMAND)):
        word = canary(number)
        id = f"{word}-person"
        run(root, "log", id, "they-called", f"spoke of {word}-call", "--url", f"https://calls.example/{word}")
        run(root, "log", "c0000", "other", f"{word.title()} Person was there")
        run(root, "log", id, "promised", "--due", "14d", f"to send {word}-thing")
        run(root, "outcome", id, "supports", f"because {word}-why")
        run(root, "pause", id, "--because", f"{word}-pause")
        run(root, "resume", id)
        run(root, "suppress", f"{word}@mail.example", "--because", f"{word}-asked")
    with session(root) as opened:
        for number in range(BY_COMMAND, count):
            _happens(opened, canary(number))
        opened.pass_on_suppressions()
    for name in ("report.html", "report.xlsx", "report.md", "report.json", "report.csv"):
        assert run(root, "report", "--out", str(root / name)).code == 0
    run(root, "access-request", person_id(0), "--out", str(root / "theirs.json"))
    run(root, "agenda", "--ics", str(root / "plan.ics"))
    run(root, "status", now="2026-12-01T10:00:00+01:00")
    assert run(root, "backup", str(root / "backup.zip")).code == 0
    run(root, "restore", str(root / "backup.zip"))
    (root / "outbox/one").mkdir(parents=True, exist_ok=True)
    (root / f"outbox/one/{person_id(0)}.kept-1.eml").write_text(f"{canary(0)}-kept\n", encoding="utf-8")


def _happens(opened: Session, word: str) -> None:
    """The same as the commands record, for the others: hundreds of them would load the campaign thousands of times."""
    id = f"{word}-person"
    url = f"https://calls.example/{word}"
    opened.record(EventKind.THEY_CALLED, contact=id, text=f"spoke of {word}-call", url=url)
    opened.record(EventKind.OTHER, contact="c0000", text=f"{word.title()} Person was there")
    opened.record(EventKind.PROMISE, contact=id, text=f"to send {word}-thing", due=opened.now.date())
    opened.record(EventKind.OUTCOME, OutcomePayload(word="supports"), contact=id, text=f"because {word}-why")
    opened.record(EventKind.HELD, PlainPayload(name=f"contact:{id}"), text=f"{word}-pause")
    opened.record(EventKind.RELEASED, PlainPayload(name=f"contact:{id}"))
    opened.record(EventKind.SUPPRESSED, address=f"{word}@mail.example", text=f"{word}-asked")


def bytes_with(root: Path, word: str, *, inbox: str = "mailbox") -> list[str]:
    """Every place below the folder where a canary stands, in whatever packing; `.git/` and the inbox left out."""
    found = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] in (".git", inbox):
            continue
        if word in name.lower():
            found.append(f"{name} (its name)")
        if path.is_file() and any(word.encode() in each.lower() for each in _views(path.read_bytes())):
            found.append(name)
    return found


def _views(content: bytes) -> Iterator[bytes]:
    yield content
    yield quopri.decodestring(content)
    for line in content.split(b"\n\n"):
        try:
            yield base64.b64decode(line, validate=False)
        except ValueError:
            continue
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
