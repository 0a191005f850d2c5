"""A small campaign in which every command has something to say, and a call of each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.sending.campaigns import write_campaign

MAIL = "{transport: outbox, inbox: {folder: mailbox}}"
NOW = "2026-01-13T10:00:00+01:00"
MORE = """\
  - {id: two, to: "tier == 1", template: odd, needs: "decision('go') == 'go'"}
decisions: [{id: go, ask: "Do we go on?", by: 2026-01-20, choices: [stop, go]}]
fill_links: [links.md]
"""
POST = "---\nnetworks: [hackernews]\ntitles: [A title]\nlink: https://example.org/brief\n---\nA text about bees.\n"


def write_everything(root: Path, *, mail: str = MAIL) -> Path:
    """The campaign: four letters, a post by hand, a decision, a document with a link to fill in, a mailbox."""
    write_campaign(root, mail=mail, more=MORE)
    for name in ("posts", "mailbox"):
        (root / name).mkdir()
    (root / "contacts/odd.yaml").write_text("{id: odd, name: Odd, tier: 1, channels: [{email: a@odd.example}]}\n")
    (root / "templates/odd.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}.\n", encoding="utf-8")
    (root / "posts/bees.md").write_text(POST, encoding="utf-8")
    (root / "links.md").write_text("Hacker News bees: [link when posted]\n", encoding="utf-8")
    return root


def every_command(text: str, beside: Path, document: Path) -> Iterator[list[str]]:
    """Every command but `dashboard`, in an order in which they do something.

    `text` stands wherever a person may say something, `beside` is a folder for what they write, `document` one
    to import.
    """
    yield from (["import", str(document)], ["import", str(document), "--go"], ["check"], ["draft"], ["preview"])
    yield from (["draft", "--contact", "c0000"], ["preview", "one/c0000/0"], ["test", "c0000"], ["links"])
    yield from (
        ["approve", "one", "--yes"],
        ["approve", "bees", "--yes"],
        ["send"],
        ["send", "one", "--go"],
        ["publish"],
    )
    yield from (["digest"], ["digest", "--go"])
    yield from (["reply", "c0000", "--template", "hello"], ["approve", "reply/c0000/1"], ["reply", "c0000", "--go"])
    yield from (["sort", "m1", "answer"], ["sort", "--undo", "m1"])
    yield from (["lookup"], ["sync"], ["assign", "m1", "c0001"], ["confirm", "--wave", "one", "--sent"])
    yield from (["publish", "bees", "--url", f"https://news.ycombinator.com/item?id=1{text}"], ["correct", "bees"])
    yield from (
        ["publish", "bees", "--url", "https://news.ycombinator.com/item?id=1"],
        ["unpublish", "bees"],
        ["links", "--go"],
    )
    yield from (["log", "c0000", "they-called", text], ["log", "bees", "other", f"a{text}b"], ["log", "--undo"])
    yield from (["log", "c0002", "promised", "--due", "14d", "--owner", text, "later"], ["decide", "go", "go", text])
    yield from (["allow", "two", "--because", text], ["outcome", "c0000", "supports", text], ["done", "c0001", text])
    yield from (
        ["pause", "--because", text],
        ["agenda"],
        [],
        ["resume"],
        ["pause", "one", "--because", text],
        ["resume", "one"],
    )
    yield from (["status"], ["status", "--due", "--answers", "--unmatched"], ["agenda", "--all", "--simulate", "30"])
    yield from (["show", "c0000"], ["show", "c0001"], ["show", "bees"], ["suppress", "c0002", "--because", text])
    yield from (
        ["report"],
        ["report", "--public"],
        ["report", "--for", "c0001"],
        ["access-request", "c0000"],
        ["run", "--once"],
    )
    yield from (["erase", "c0001"], ["erase", "--due"], ["erase", text, "--asked", text])
    yield from (["sync"], ["backup", str(beside / "backup.zip")], ["restore", str(beside / "backup.zip")])
    yield from (["trust", str(beside)], ["trust", str(beside / text)], ["trust", "--undo", str(beside)])
    yield from (
        ["demo", str(beside / "example")],
        ["help"],
        ["help", "sending"],
        ["help", text],
        ["completion", "bash"],
    )
    yield from (
        ["doctor"],
        ["ledger", "move", "sqlite"],
        ["login", "mail"],
        ["schema"],
        ["init", str(beside / "new"), "--from", str(document)],
    )
    # What is not there, named as somebody might be made to type it.
    yield from (["show", text], ["send", text], ["status", "--to", text], ["report", "--since", text], ["login", text])
    yield from (["sort", text, "answer"], ["sort", "m1", text])
    yield from (["merge", text, "c0000"], ["merge", "c0000", text, "--go"])
    yield from (["match", text, "c0000"], ["outcome", "c0000", text], ["decide", "go", text], ["schema", text])
    yield from ([f"--{text}"], [f"x{text}"], ["log", "c0000", text], ["agenda", "--ics", str(beside / f"no/{text}")])
    yield from (
        ["import", str(beside / text)],
        ["report", "--out", f"a{text}"],
        ["restore", str(beside / text)],
        ["--help"],
    )
