"""No opt-out is lost on its way, whatever the document: the ways to say it, in tables, notes, pages and cards."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.acceptance.command import outreach
from tests.intake.test_nearly_no import INNOCENT, REFUSED
from tests.intake.test_no_means_no import ASK, BOUNCED, NO, NOTHING, each

STEP = int(os.environ.get("OUTREACH_EVERY_NTH_NO", "6"))
SAID = [text for text in each(NO) + each(BOUNCED) + each(ASK) + each(REFUSED) if '"' not in text][::STEP]
FINE = [text for text in each(NOTHING) + each(INNOCENT) if ":" not in text][::STEP]
ROWS = [
    (f"Org X{chr(97 + at // 26)}{chr(97 + at % 26)}", f"o{at}@o{at}.example", text)
    for at, text in enumerate(SAID + FINE)
]
FORMATS = {
    "notes.csv": ("Organisation,Email,Notes\n", '{0},{1},"{2}"\n'),
    "status.csv": ("Organisation,Email,Status\n", '{0},{1},"{2}"\n'),
    "own.csv": ("Organisation,Email,Xyzzy\n", '{0},{1},"{2}"\n'),
    "beside.csv": ("Organisation,Email\n", '{0},"{1} ({2})"\n'),
    "bullets.md": ("# Contacts\n\n", "- {0}: {1} - {2}\n"),
    "sections.md": ("# Contacts\n\n", "## {0}\n\n**Email:** {1}\n\n{2}\n\n"),
    "table.md": ("# Contacts\n\n| Organisation | Email | Remark |\n|---|---|---|\n", "| {0} | {1} | {2} |\n"),
    "list.txt": ("", "{0}\n{1}\n{2}\n\n"),
    "page.html": ("<h1>Contacts</h1><ul>", "<li>{0}: <a href='mailto:{1}'>{1}</a> ({2})</li>"),
    "cards.vcf": ("", "BEGIN:VCARD\nVERSION:3.0\nFN:{0}\nORG:{0}\nEMAIL:{1}\nNOTE:{2}\nEND:VCARD\n"),
}


@pytest.mark.parametrize("name", list(FORMATS))
def test_whoever_said_no_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("OUTREACH_NOW", "2026-11-29T09:00:00+00:00")
    head, row = FORMATS[name]
    (tmp_path / name).write_text(head + "".join(row.format(*cells) for cells in ROWS), encoding="utf-8")
    outreach("init", str(tmp_path / "new"), "--from", str(tmp_path / name))
    status = outreach("status", "--json", "--campaign", str(tmp_path / "new")).json["contacts"]
    states = {contact["name"]: contact["state"] for contact in status}
    held = ("opted-out", "answered")
    assert [(text, states.get(org)) for org, _, text in ROWS[: len(SAID)] if states.get(org) not in held] == []
    wrongly = [(text, states[org]) for org, _, text in ROWS[len(SAID) :] if states.get(org) == "opted-out"]
    assert wrongly == []
