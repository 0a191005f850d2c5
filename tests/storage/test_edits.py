"""No edit is lost: what a person, Git or another program writes while a command runs is kept, and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from outreach import storage
from outreach.ledger.address_keys import address_key
from outreach.ledger.receipts import read_receipts, write_receipts
from tests.acceptance.command import Answer, outreach
from tests.ledger.histories import receipt
from tests.lookup.test_looking_up import ALICE, asked, root, web  # noqa: F401 - fixtures
from tests.lookup.web import Web

NOW = "2026-01-05T09:00:00+00:00"


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)


@pytest.fixture
def during(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Do something immediately before the first file is replaced, or the first of a name."""

    def edit_before(edit: Callable[[], object], name: str = "", times: int = 1) -> None:
        real, left = storage.replace, [times]

        def replace(folder: Path, path: str, *more: object, **named: object) -> None:
            if left[0] and str(path).endswith(name):
                left[0] -= 1
                edit()
            real(folder, path, *more, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(storage, "replace", replace)

    return edit_before


# --- import ------------------------------------------------------------------------------------------

TABLE = "Name,Email,Country\nAAA,info@aaa.example,AT\nBBB,info@bbb.example,BE\nCCC,info@ccc.example,CZ\n"


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    folder = tmp_path / "camp"
    assert outreach("init", str(folder)).code == 0
    for each in "ab":
        text = f"id: {each * 3}\nname: {each.upper() * 3}\nchannels:\n  - {{email: info@{each * 3}.example}}\n"
        (folder / f"contacts/{each}.yaml").write_text(text)
    (tmp_path / "in.csv").write_text(TABLE)
    return folder


def imported(campaign: Path, *more: str) -> Answer:
    return outreach("import", str(campaign.parent / "in.csv"), *more, folder=campaign)


def add_a_line(file: Path, line: str = "tier: 2\n") -> Callable[[], object]:
    return lambda: file.write_text(file.read_text() + line)


def test_a_contact_that_was_edited_while_its_import_ran_keeps_the_edit(
    campaign: Path, during: Callable[..., None]
) -> None:
    during(add_a_line(campaign / "contacts/a.yaml"))
    answer = imported(campaign, "--go")
    assert answer.code == 1
    assert "contacts/a.yaml was edited while this ran" in answer.out
    a, b = ((campaign / f"contacts/{each}.yaml").read_text() for each in "ab")
    assert a.endswith("tier: 2\n")
    assert "country" not in a
    assert "country: BE" in b
    assert (campaign / "contacts/ccc.yaml").is_file()
    # The next run starts from the edit, and brings what was left out.
    answer = imported(campaign, "--go")
    assert (answer.code, "edited" in answer.out) == (0, False), answer.out
    a = (campaign / "contacts/a.yaml").read_text()
    assert "tier: 2" in a
    assert "country: AT" in a
    assert imported(campaign, "--go").out.count("Everything is there already") == 1


def test_json_names_what_was_edited_and_what_was_written(campaign: Path, during: Callable[..., None]) -> None:
    during(add_a_line(campaign / "contacts/a.yaml"))
    found = imported(campaign, "--go", "--json").json
    assert found["edited"] == ["contacts/a.yaml"]
    assert sorted(found["written"]) == ["contacts/b.yaml", "contacts/ccc.yaml"]  # and not imports.yaml


def test_the_file_is_read_once_and_what_is_decided_is_decided_from_that(
    campaign: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edit between two readings of one file would be put into lines that are others by now."""
    from outreach.tasks.importing import contacts

    real = contacts.join

    def join(*given: object):  # type: ignore[no-untyped-def]
        (campaign / "contacts/a.yaml").write_text(
            "# three\n# new\n# lines\n" + (campaign / "contacts/a.yaml").read_text()
        )
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(contacts, "join", join)
    before = (campaign / "contacts/a.yaml").read_text()
    assert imported(campaign, "--go").code == 1
    assert (campaign / "contacts/a.yaml").read_text() == "# three\n# new\n# lines\n" + before


@pytest.mark.parametrize("name", ["campaign.yaml", "imports.yaml", "contacts/ccc.yaml", "templates/letter.md"])
def test_any_file_that_an_import_writes_may_be_edited_meanwhile(
    campaign: Path, name: str, during: Callable[..., None], tmp_path: Path
) -> None:
    notes = "# Template: letter\n\nSubject: Hello\n\nDear {{ contact.name }},\n\na word.\n\n# When\n\nOn weekdays.\n"
    (tmp_path / "notes.md").write_text(notes)
    assert outreach("import", str(tmp_path / "notes.md"), "--go", folder=campaign).code in (0, 1)
    (tmp_path / "notes.md").write_text(notes.replace("a word", "two words"))

    def edit() -> None:
        file = campaign / name
        file.parent.mkdir(exist_ok=True)
        file.write_text((file.read_text() if file.exists() else "name: Mine\n") + "# mine\n")

    during(edit)
    answer = outreach("import", str(tmp_path / "notes.md"), str(tmp_path / "in.csv"), "--go", folder=campaign)
    assert answer.code in (0, 1)
    assert (campaign / name).read_text().endswith("# mine\n")


def test_a_link_in_the_place_of_a_contact_is_not_written_through(campaign: Path) -> None:
    (campaign / "contacts/a.yaml").rename(campaign / "a.yaml")
    (campaign / "contacts/a.yaml").symlink_to("../a.yaml")
    before = (campaign / "a.yaml").read_text()
    answer = imported(campaign, "--go")
    assert answer.code == 2
    assert "it is a link" in answer.err
    assert (campaign / "a.yaml").read_text() == before


# --- lookup ------------------------------------------------------------------------------------------


def test_what_a_person_writes_into_lookups_while_the_net_is_asked_stays(
    root: Path,  # noqa: F811
    web: Web,  # noqa: F811
    during: Callable[..., None],
) -> None:
    mine = "# mine\nhandles:\n  zoe.example.org: {did: 'did:plc:zoe'}\n"
    during(lambda: (root / "lookups.yaml").write_text(mine), "lookups.yaml")
    found = asked(root, web)
    assert found.troubles == []
    text = (root / "lookups.yaml").read_text()
    assert text.startswith("# mine\n")
    assert "zoe.example.org: {did: 'did:plc:zoe'}" in text
    assert ALICE in text


def test_an_entry_that_a_person_wrote_meanwhile_is_not_overwritten_and_said(
    root: Path,  # noqa: F811
    web: Web,  # noqa: F811
    during: Callable[..., None],
) -> None:
    mine = "handles:\n  alice.bsky.social: {did: 'did:plc:mine'}\n"
    during(lambda: (root / "lookups.yaml").write_text(mine), "lookups.yaml")
    ((sentence, hint),) = asked(root, web).troubles
    assert "the edit was kept: alice.bsky.social" in sentence
    assert hint
    text = (root / "lookups.yaml").read_text()
    assert "did:plc:mine" in text
    assert ALICE not in text
    assert "bob.example.org" in text


# --- links -------------------------------------------------------------------------------------------


@pytest.fixture
def posted(tmp_path: Path) -> Path:
    folder = tmp_path / "posted"
    (folder / "posts").mkdir(parents=True)
    (folder / "campaign.yaml").write_text(
        "id: small\ntitle: Small\nsender: {name: Alex Example, email: alex@sender.example}\n"
        "fill_links: [../victim/doc.md, README.md]\n"
    )
    (folder / "posts/one.md").write_text("---\nnetworks: [reddit]\n---\nHello\n")
    (folder / "README.md").write_bytes("\ufeffSee [link when posted: one].\r\nBye.\r\n".encode())
    (tmp_path / "victim").mkdir()
    (tmp_path / "victim/doc.md").write_text("[link when posted: one]\n")
    url = "https://www.reddit.com/r/linux/comments/example"
    assert outreach("note", "one", "posted", "--url", url, folder=folder).code == 0
    return folder


def test_a_document_outside_is_not_filled_and_said_and_those_inside_are(posted: Path, tmp_path: Path) -> None:
    (problem,) = [
        each
        for each in outreach("check", "--json", folder=posted).json["problems"]
        if each["code"] == "document-missing"
    ]
    assert "leads out of the campaign folder" in problem["message"]
    answer = outreach("links", "--go", folder=posted)
    assert answer.code == 1
    assert "../victim/doc.md was not opened: it leads out of the campaign folder." in answer.out
    assert (tmp_path / "victim/doc.md").read_text() == "[link when posted: one]\n"
    assert (posted / "README.md").read_bytes() == (
        "\ufeffSee https://www.reddit.com/r/linux/comments/example.\r\nBye.\r\n".encode()
    )
    (trouble,) = json.loads(outreach("links", "--json", folder=posted).out)["troubles"]
    assert trouble.startswith("../victim/doc.md")


def test_a_document_that_is_edited_meanwhile_is_filled_with_the_edit(posted: Path, during: Callable[..., None]) -> None:
    during(add_a_line(posted / "README.md", "And [link when posted: one].\n"), "README.md", times=3)
    outreach("links", "--go", folder=posted)
    text = (posted / "README.md").read_text()
    assert text.count("https://www.reddit.com/r/linux/comments/example") == 4
    assert "link when posted" not in text


def test_a_document_that_is_edited_all_the_time_is_left_and_said(posted: Path, during: Callable[..., None]) -> None:
    during(add_a_line(posted / "README.md", "More.\n"), "README.md", times=1000)
    answer = outreach("links", "--go", folder=posted)
    assert answer.code == 1
    assert "README.md was edited while this ran" in answer.out
    assert "link when posted" in (posted / "README.md").read_text()


# --- receipts, which Git merges ------------------------------------------------------------------------


def test_a_receipt_that_git_brings_while_ours_is_written_is_kept(tmp_path: Path, during: Callable[..., None]) -> None:
    ours, theirs = receipt("one/aaa/0"), receipt("one/bbb/0")
    write_receipts(tmp_path, [theirs])
    line = (tmp_path / "receipts.jsonl").read_text()
    (tmp_path / "receipts.jsonl").unlink()
    during(lambda: (tmp_path / "receipts.jsonl").write_text(line), "receipts.jsonl")
    assert write_receipts(tmp_path, [ours]) == 1
    assert read_receipts(tmp_path) == ([ours, theirs], [])


def test_a_key_that_git_brings_meanwhile_is_not_overwritten(tmp_path: Path, during: Callable[..., None]) -> None:
    key = "ab" * 32
    during(lambda: (tmp_path / "receipts.key").write_text(f"{key}\n"), "receipts.key")
    with pytest.raises(Exception, match="edited while this ran"):
        address_key(tmp_path)
    assert address_key(tmp_path) == bytes.fromhex(key)
