"""Changing a file of the campaign from a form: what would change, what would come of it, and the saving itself.

What is written is what was shown: a file that changed since it was read is not written, and stays as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.contacts_plain import StandingContact, changed, contact_text, read_again, standing_files
from outreach.campaign.findings import Finding
from outreach.campaign.text import read_instead
from outreach.errors import CannotTell, EditedMeanwhile, UnknownName, not_written
from outreach.tasks.authorship import remember_author
from outreach.tasks.campaign import load
from outreach.tasks.previewing import Preview, preview
from outreach.words.slugs import slug_of

_TEXT = re.compile(r"(?:templates|posts)/[^/\\]+\.md")
MOST = 200_000
"""Characters of a text that a form may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A file below the campaign folder: its text as it was read, and as it should be.

    `read` is the digest of the bytes that were read, None for a file that is to be new.
    """

    file: str
    read: str | None
    before: str
    after: str

    @property
    def difference(self) -> tuple[str, ...]:
        """The lines that go (`-`) and come (`+`), with one line around them."""
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=1)
        return tuple(line for line in list(lines)[2:] if not line.startswith("@@"))

    @property
    def back(self) -> Edit:
        """The edit that takes this one back, as long as nobody else wrote the file since."""
        digest = storage.digest(self.after.encode("utf-8"))
        return Edit(file=self.file, read=digest, before=self.after, after=self.before)


def read_contact(root: Path, id: str) -> tuple[StandingContact, str, bytes]:
    """The contact as its file has it, the digest of that file, and its bytes. Raises UnknownName."""
    for file in standing_files(root, only=id):
        for contact in file.contacts:
            if contact.id == id:
                return contact, storage.digest(file.content), file.content
    raise UnknownName("contact", id, None)


def edit_contact(root: Path, id: str, values: Mapping[str, Any]) -> tuple[Edit, list[Finding]]:
    """The edit that gives a contact these values (each key whole; empty ones go), and what is wrong with them.

    Raises UnknownName, CannotTell where only a person can change the file.
    """
    contact, digest, content = read_contact(root, id)
    if "fields" in values:
        old = contact.values.get("fields", {})
        values = {**values, "fields": {key: _kept(old.get(key), each) for key, each in values["fields"].items()}}
    values = {key: _kept(contact.values.get(key), value) for key, value in values.items()}
    wanted, findings = read_again({**contact.values, **values})
    before = content.decode("utf-8")
    if "name" not in wanted:
        return Edit(file=contact.file, read=digest, before=before, after=before), findings
    after = changed(before, contact, wanted)
    if after is None and not findings:
        keys = [key for key in {**contact.values, **wanted} if contact.values.get(key) != wanted.get(key)]
        if contact.place is None:
            said = f"{contact.file} is a table that has no column for this: {', '.join(keys)}"
            raise CannotTell(said, "Add the column in a spreadsheet, or move the contact into a file of its own.")
        said = f"In {contact.file} there is a comment that would be lost"
        raise CannotTell(said, f"Change it in an editor: {', '.join(keys)}.")
    return Edit(file=contact.file, read=digest, before=before, after=before if after is None else after), findings


def _kept(old: Any, new: Any) -> Any:
    """What a form cannot say otherwise stays as it was: a number among free values, a `false`, a line end."""
    is_same = str(old).strip() == str(new) or (old is False and not new)
    return old if old is not None and not isinstance(old, list | dict) and is_same else new


def new_contact(root: Path, values: Mapping[str, Any]) -> tuple[Edit, list[Finding], str]:
    """The edit that adds a contact in a file of its own, what is wrong with it, and its id."""
    read, findings = read_again(values)
    wanted = slug_of(str(read.get("name", ""))) or "contact"
    taken = {contact.id for file in standing_files(root) for contact in file.contacts}
    number, id = 1, wanted
    while id in taken or storage.exists(root, f"contacts/{id}.yaml"):
        number += 1
        id = f"{wanted}-{number}"
    text = contact_text({"id": id, **read}) if read.get("name") else ""
    return Edit(file=f"contacts/{id}.yaml", read=None, before="", after=text), findings, id


def read_a_text(root: Path, file: str) -> tuple[str, str]:
    """The text of a template or post, and its digest. Raises UnknownName for any other file, CannotTell."""
    if not _TEXT.fullmatch(file) or not storage.exists(root, file):
        raise UnknownName("text", file, None)
    content = storage.read(root, file)
    try:
        return content.decode("utf-8"), storage.digest(content)
    except UnicodeDecodeError as error:
        raise CannotTell(f"{file} is not UTF-8", "Save it as UTF-8 in an editor.") from error


def edit_text(root: Path, file: str, text: str) -> Edit:
    """The edit that makes a template or post hold `text`. Raises UnknownName, CannotTell."""
    before, digest = read_a_text(root, file)
    after = text.replace("\r\n", "\n")
    if "\r\n" in before:
        after = after.replace("\n", "\r\n")
    if after and not after.endswith("\n"):
        after += "\r\n" if "\r\n" in before else "\n"
    return Edit(file=file, read=digest, before=before, after=after)


def look(root: Path, edit: Edit, name: str | None) -> Preview:
    """The first letters and posts (of a wave, contact or post) as they would be, and what would be wrong with the file.

    Raises UnknownName, CampaignUnreadable.
    """
    with read_instead({edit.file: edit.after.encode("utf-8")}):
        found, problems = preview(root, name), load(root).problems
    return replace(found, problems=tuple(sorted({e for e in (*problems, *found.problems) if e.file == edit.file})))


def save(root: Path, edit: Edit) -> None:
    """Write the file, if it still is what was read. Raises EditedMeanwhile, LinkInTheWay, CannotWrite."""
    try:
        remember_author(root, edit.file, edit.after.encode("utf-8"))
        storage.replace(root, edit.file, edit.read, edit.after.encode("utf-8"))
    except OSError as error:
        raise not_written(edit.file, error) from error


def take_back(root: Path, edit: Edit) -> None:
    """Undo an edit that was saved; a file that it made goes away. Raises EditedMeanwhile, CannotWrite."""
    if edit.read is not None:
        save(root, edit.back)
    elif storage.digest_of(root, edit.file) != edit.back.read:
        raise EditedMeanwhile(edit.file)
    else:
        storage.remove(root, edit.file)
