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
from outreach.campaign.definitions.post import PostKeys
from outreach.campaign.definitions.template import TemplateKeys
from outreach.campaign.findings import Finding
from outreach.campaign.forms import Field, as_typed, as_written, form_fields
from outreach.campaign.front_matter import parts_of, with_values
from outreach.campaign.strict_yaml import Mapping as KeysOfFile
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import read_instead
from outreach.errors import CannotTell, EditedMeanwhile, UnknownName, not_written
from outreach.model.records import dataclass
from outreach.tasks.authorship import remember_author
from outreach.tasks.campaign import load
from outreach.tasks.previewing import Preview, preview
from outreach.words.slugs import free, slug_of

_TEXT = re.compile(r"(?:templates|posts)/[^/\\]+\.md")
_OF_TEMPLATES = form_fields(TemplateKeys)
_ELSEWHERE = ("networks", "at", "window", "after", "needs", "media")
_OF_POSTS = tuple(field for field in form_fields(PostKeys) if field.key not in _ELSEWHERE)
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


def fields_of(file: str) -> tuple[Field, ...]:
    """What a form asks of a template or a post beside its text; when a post goes out is asked in a form of its own."""
    return _OF_TEMPLATES if file.startswith("templates/") else _OF_POSTS


@dataclass(frozen=True, kw_only=True, slots=True)
class TextForm:
    """A text as a form shows it: what each field has, without those that no field can show, and the words."""

    values: Mapping[str, str]
    body: str


def as_form(file: str, text: str) -> TextForm | None:
    """The form of a template or post; None where only the whole file can be shown."""
    parts = parts_of(text)
    if parts is None:
        return None
    node, _ = read_yaml(parts.keys)
    entries = {each.key: each.value for each in node.entries} if isinstance(node, KeysOfFile) else {}
    shown = {field.key: as_typed(field.key, entries.get(field.key)) for field in fields_of(file)}
    values = {key: value for key, value in shown.items() if value is not None}
    return TextForm(values=values, body=parts.body.replace("\r\n", "\n").strip("\n"))


def edit_fields(root: Path, file: str, typed: Mapping[str, str], body: str) -> Edit:
    """The edit that gives a template or post what is typed otherwise than it is. Raises as `edit_text`.

    What no field shows, comments, and the empty lines around the words stay as they are.
    """
    before, _ = read_a_text(root, file)
    form, parts = as_form(file, before), parts_of(before)
    if form is None or parts is None:
        raise CannotTell(f"{file} cannot be shown as a form", "Show the whole file, and fix what is wrong with it.")
    said = {key: text.replace("\r\n", "\n") for key, text in typed.items() if key in form.values}
    changes = {
        field.key: as_written(field, said[field.key])
        for field in fields_of(file)
        if said.get(field.key, form.values.get(field.key)) != form.values.get(field.key)
    }
    words, end = body.replace("\r\n", "\n").strip("\n"), "\r\n" if "\r\n" in before else "\n"
    if words == form.body:
        after = parts.body
    else:
        around = re.fullmatch(r"((?:\r?\n)*).*?((?:\r?\n)*)", parts.body, re.DOTALL)
        first, last = (around[1], around[2] or end) if around and form.body else ("", end)
        after = f"{first}{words.replace(chr(10), end)}{last}"
    text = with_values(before, changes, after, [field.key for field in fields_of(file)])
    if text is None:
        raise CannotTell(f"{file} has a comment that would be lost", "Show the whole file, and change it there.")
    return edit_text(root, file, text)


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
