"""A wave with `correction_of`: in the thread, to exactly those who got that version and have not answered."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest

from tests.inbox.messages import message
from tests.sending.campaigns import results, run, said, write_campaign

SENT = "2026-01-13T10:00:00+01:00"
LATER = "2026-01-15T10:00:00+01:00"
SOON = "2026-01-15T11:00:00+01:00"
FIX = "  - {id: fix, correction_of: one, to: \"received('brief', version='1.0')\", template: sorry, follow_up: false}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three contacts: c0000 and c0001 got the brief in version 1.0, c0002 gets nothing yet."""
    root = write_campaign(tmp_path, mail="{transport: outbox, inbox: {folder: mailbox}}")
    (root / "mailbox").mkdir()
    (root / "templates" / "sorry.md").write_text(
        "---\nsubject: 'Re: {{ previous.subject }}'\nattachments: [brief]\n---\n"
        "Dear {{ contact.name }}, the brief had a mistake; here it is again.\n"
    )
    configure(root, "brief.txt", "1.0", more="")
    for contact in ("c0000", "c0001"):
        run(root, "approve", contact, now=SENT)
    assert list(results(root, "--go", now=SENT).values()).count("done") == 2
    (root / "brief.txt").write_text("The corrected brief.\n")
    configure(root, "brief.txt", "1.1", more=FIX)
    return root


def configure(root: Path, file: str, version: str, *, more: str) -> None:
    lines = (root / "campaign.yaml").read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("attachments:", "  - {id: fix"))]
    attachments = f"attachments: {{brief: {{file: {file}, version: '{version}'}}}}\n"
    (root / "campaign.yaml").write_text("".join([*kept[:4], attachments, *kept[4:], more]))


def answered(root: Path, contact: str) -> None:
    sent = letters(root)[f"one/{contact}"]
    (root / "mailbox" / f"{contact}.eml").write_bytes(
        message(f"info@{contact}.example", "Thank you, we read it.", answers=sent["Message-ID"])
    )


def letters(root: Path) -> dict[str, email.message.Message]:
    found = {}
    for file in (root / "outbox").rglob("*.eml"):
        parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        found[f"{file.parent.name}/{file.stem}"] = parsed
    return found


def corrections(root: Path, now: str = LATER) -> dict[str, str]:
    found = said(root, "agenda", now=now)["items"]
    return {each["contact"]: each["state"] for each in found if each.get("wave") == "fix"}


def test_exactly_those_who_got_that_version_get_the_correction_in_their_thread(root: Path) -> None:
    run(root, "sync", now=LATER)
    assert set(corrections(root)) == {"c0000", "c0001"}
    assert "received" not in str(said(root, "check", now=LATER)["problems"])
    run(root, "approve", "fix", now=LATER)
    assert list(results(root, "fix", "--go", now=LATER).values()).count("done") == 2
    out = letters(root)
    first, fix = out["one/c0000"], out["fix/c0000"]
    assert fix["In-Reply-To"] == first["Message-ID"]
    assert fix["References"] == first["Message-ID"]
    assert fix["Subject"] == f"Re: {first['Subject']}"
    assert fix["To"] == first["To"]
    assert [part.get_content() for part in fix.iter_attachments()] == ["The corrected brief.\n"]  # type: ignore[attr-defined]
    assert results(root, "fix", "--go", now=SOON) == {}


def test_who_answered_gets_none(root: Path) -> None:
    answered(root, "c0001")
    run(root, "sync", now=LATER)
    assert {id: state for id, state in corrections(root).items() if state != "held"} == {"c0000": "due"}
    run(root, "approve", "fix", now=LATER)
    assert [id for id, result in results(root, "fix", "--go", now=LATER).items() if result == "done"] == ["fix/c0000/0"]


def test_one_who_got_the_new_version_gets_none(root: Path) -> None:
    run(root, "sync", now=LATER)
    run(root, "approve", "c0002", now=LATER)
    assert results(root, "one", "--go", now=LATER)["one/c0002/0"] == "done"
    assert set(corrections(root, SOON)) == {"c0000", "c0001"}


@pytest.mark.parametrize(
    ("to", "whom"),
    [
        ("received('brief')", {"c0000", "c0001"}),
        ("received('brief', version='1.1')", set()),
        ("received('brief', version='1.0') and id == 'c0001'", {"c0001"}),
        ("received('other')", set()),
        ("true", {"c0000", "c0001"}),
    ],
)
def test_the_condition_says_whom(root: Path, to: str, whom: set[str]) -> None:
    run(root, "sync", now=LATER)
    configure(root, "brief.txt", "1.1", more=FIX.replace("received('brief', version='1.0')", to))
    assert set(corrections(root)) == whom


def test_a_mailbox_that_was_not_read_holds_it(root: Path) -> None:
    assert set(corrections(root).values()) == {"held"}
    run(root, "sync", now=LATER)
    assert set(corrections(root).values()) == {"due"}


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (FIX.replace("correction_of: one", "correction_of: onne"), "one"),
        (FIX.replace("correction_of: one, ", ""), "received"),
        (FIX.replace("correction_of: one", "correction_of: fix"), "fix"),
        (FIX.replace("version='1.0'", "versio='1.0'"), "versio"),
    ],
)
def test_a_mistake_in_it_is_a_problem_with_its_place(root: Path, more: str, says: str) -> None:
    configure(root, "brief.txt", "1.1", more=more)
    problems = [each for each in said(root, "check", now=LATER)["problems"] if each["level"] == "error"]
    assert any(says in each["message"] + (each["hint"] or "") for each in problems), problems
    assert "fix" not in run(root, "agenda", now=LATER).out


def test_it_is_written_once_also_if_the_file_is_gone_and_the_template_changes(root: Path) -> None:
    run(root, "sync", now=LATER)
    run(root, "approve", "fix", now=LATER)
    results(root, "fix", "--go", now=LATER)
    template = root / "templates" / "sorry.md"
    template.write_text(template.read_text() + "\nMore.\n")
    run(root, "approve", "fix", now=SOON)
    assert "done" not in results(root, "fix", "--go", now=SOON).values()
