"""Changing a file of the campaign from a form: what would change, what would come of it, and the saving itself.

What is written is what was shown: a file that changed since it was read is not written, and stays as it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.campaign_yaml import load_campaign
from outreach.campaign.contacts_plain import StandingContact, changes_of, new_files, read_again, standing_files
from outreach.campaign.contacts_private import FOLDER as PRIVATE
from outreach.campaign.contacts_private import keep_out_of_git
from outreach.campaign.findings import Finding
from outreach.campaign.text import read_instead
from outreach.errors import CannotTell, EditedMeanwhile, UnknownName, not_written
from outreach.model.records import dataclass
from outreach.tasks.authorship import remember_author
from outreach.tasks.campaign import load
from outreach.tasks.previewing import Preview, preview
from outreach.words.slugs import free, slug_of

_TEXT = re.compile(r"(?:templates|posts)/[^/\\]+\.md")
MOST = 200_000
"""Characters of a text that a form may hold."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """A file below the campaign folder: its text as it was read, and as it should be.

    `read` is the digest of the bytes that were read, None for a file that is to be new. `private` is the edit of the
    file in `contacts/private/` that belongs to the same contact, if it has one or gets one.
    """

    file: str
    read: str | None
    before: str
    after: str
    private: Edit | None = None

    @property
    def changes(self) -> bool:
        """Whether anything would be written."""
        return self.before != self.after or (self.private is not None and self.private.changes)

    @property
    def stamp(self) -> str:
        """What tells that nobody wrote the files since they were read; "" for a new one."""
        return f"{self.read or ''}{self.private.read or '' if self.private else ''}"

    @property
    def difference(self) -> tuple[str, ...]:
        """The lines that go (`-`) and come (`+`), with one line around them."""
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=1)
        shown = [line for line in list(lines)[2:] if not line.startswith("@@")]
        if self.private is not None and self.private.changes:
            shown += [f"  {self.private.file}", *self.private.difference]
        return tuple(shown)

    @property
    def back(self) -> Edit:
        """The edit that takes this one back, as long as nobody else wrote the file since."""
        digest = storage.digest(self.after.encode("utf-8"))
        return Edit(file=self.file, read=digest, before=self.after, after=self.before)


def read_contact(root: Path, id: str) -> tuple[StandingContact, str, dict[str, bytes]]:
    """The contact as its files have it, the stamp of these, and their bytes. Raises UnknownName."""
    files = {file.file: file for file in standing_files(root, only=id)}
    contact = next((each for file in files.values() for each in file.contacts if each.id == id), None)
    if contact is None:
        raise UnknownName("contact", id, None)
    contents = {file: files[file].content for file in (contact.file, contact.laid.file) if file in files}
    return contact, "".join(map(storage.digest, contents.values())), contents


def edit_contact(root: Path, id: str, values: Mapping[str, Any]) -> tuple[Edit, list[Finding]]:
    """The edit that gives a contact these values (each key whole; empty ones go), and what is wrong with them.

    Raises UnknownName, CannotTell if only a person can change the file.
    """
    contact, _, contents = read_contact(root, id)
    if "fields" in values:
        old = contact.values.get("fields", {})
        values = {**values, "fields": {key: _kept(old.get(key), each) for key, each in values["fields"].items()}}
    values = {key: _kept(contact.values.get(key), value) for key, value in values.items()}
    wanted, findings = read_again({**contact.values, **values})
    texts = {file: content.decode("utf-8") for file, content in contents.items()}
    after = changes_of(texts, contact, wanted, private=keeps_people_apart(root)) if "name" in wanted else {}
    if after is None and not findings:
        keys = [key for key in {**contact.values, **wanted} if contact.values.get(key) != wanted.get(key)]
        if contact.place is None:
            said = f"{contact.file} is a table that has no column for this: {', '.join(keys)}"
            raise CannotTell(said, "Add the column in a spreadsheet, or move the contact into a file of its own.")
        said = f"In {contact.file} there is a comment that would be lost"
        raise CannotTell(said, f"Change it in an editor: {', '.join(keys)}.")
    edits = {}
    for file in dict.fromkeys((contact.file, *texts, *(after or ()))):
        before = texts.get(file, "")
        read = storage.digest(contents[file]) if file in contents else None
        edits[file] = Edit(file=file, read=read, before=before, after=(after or {}).get(file, before))
    own = edits.pop(contact.file)
    return replace(own, private=next(iter(edits.values()), None)), findings


def keeps_people_apart(root: Path) -> bool:
    """Whether what is new of people goes to `contacts/private/`: always, unless nobody else reads the repository."""
    campaign, _ = load_campaign(root)
    return campaign is None or campaign.repository != "private"


def _kept(old: Any, new: Any) -> Any:
    """What a form cannot say otherwise stays as it was: a number among free values, a `false`, a line end."""
    is_same = str(old).strip() == str(new) or (old is False and not new)
    return old if old is not None and not isinstance(old, list | dict) and is_same else new


def new_contact(root: Path, values: Mapping[str, Any]) -> tuple[Edit, list[Finding], str]:
    """The edit that adds a contact in a file of its own, what is wrong with it, and its id."""
    read, findings = read_again(values)
    wanted = slug_of(str(read.get("name", ""))) or "contact"
    taken = {contact.id for file in standing_files(root) for contact in file.contacts}

    def is_taken(id: str) -> bool:
        return id in taken or any(storage.exists(root, f"{folder}{id}.yaml") for folder in ("contacts/", PRIVATE))

    id = free(wanted, is_taken)
    files = new_files(id, read, private=keeps_people_apart(root)) if read.get("name") else {f"contacts/{id}.yaml": ""}
    edits = [Edit(file=file, read=None, before="", after=text) for file, text in files.items()]
    return replace(edits[0], private=next(iter(edits[1:]), None)), findings, id


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
    if len(text) > MOST:
        raise CannotTell(
            f"A text may have {MOST:,} characters, and this one has {len(text):,}", "Shorten it.", field="text"
        )
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
    edits = [each for each in (edit, edit.private) if each is not None]
    with read_instead({each.file: each.after.encode("utf-8") for each in edits}):
        found, problems = preview(root, name), load(root).problems
    files = [each.file for each in edits]
    return replace(found, problems=tuple(sorted({e for e in (*problems, *found.problems) if e.file in files})))


def save(root: Path, edit: Edit) -> None:
    """Write the files, if they still are what was read. Raises EditedMeanwhile, LinkInTheWay, CannotWrite."""
    is_aside = edit.file.startswith(PRIVATE)
    if edit.private is not None and edit.private.changes:
        save(root, edit.private)
    try:
        if edit.before != edit.after or edit.read is None:
            remember_author(root, edit.file, edit.after.encode("utf-8"))
            storage.replace(root, edit.file, edit.read, edit.after.encode("utf-8"), private=is_aside)
        if is_aside:
            keep_out_of_git(root)
    except OSError as error:
        raise not_written(edit.file, error) from error
    except EditedMeanwhile:
        if edit.private is not None and edit.private.changes:
            take_back(root, edit.private)
        raise


def take_back(root: Path, edit: Edit) -> None:
    """Undo an edit that was saved; a file that it made goes away. Raises EditedMeanwhile, CannotWrite."""
    if edit.private is not None and edit.private.changes:
        take_back(root, edit.private)
    if edit.read is not None:
        save(root, edit.back)
    elif storage.digest_of(root, edit.file) != edit.back.read:
        raise EditedMeanwhile(edit.file)
    else:
        storage.remove(root, edit.file)
