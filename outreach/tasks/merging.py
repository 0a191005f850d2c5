"""Two contacts become one: the values of both, the history of both, and what named the other names the one that stays.

Only files change. The history follows because the other's id becomes a former id (`was`) of the one that stays:
letters, answers, notes, pauses and opt-outs of both count from then on. Git, or the old files, take a merge back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from outreach import storage
from outreach.campaign.contacts_plain import (
    StandingContact,
    changes_of,
    found_again,
    read_again,
    says_anything,
    standing_files,
    without,
)
from outreach.campaign.contacts_private import FOLDER as PRIVATE
from outreach.campaign.imports import Digests, load_imports
from outreach.campaign.listing import list_files
from outreach.campaign.splicing import changed as with_changes
from outreach.errors import CannotTell, EditedMeanwhile, UnknownName
from outreach.history.address_marks import person_tokens
from outreach.intake.joining import taken_in
from outreach.ledger.address_keys import read_address_keys
from outreach.model.records import dataclass
from outreach.tasks.editing import Edit, keeps_people_apart, save
from outreach.words.suggestions import nearest

_GOES = frozenset(("id", "name", "was", "collected_on", "imported_from"))
"""Keys in which two contacts differ without contradicting each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Merge:
    """What becomes of the files: `edits`, and those that are gone because nobody is left in them."""

    keep: str
    other: str
    name: str
    edits: tuple[Edit, ...]
    removed: tuple[str, ...]
    differs: tuple[tuple[str, Any, Any], ...]
    """Key, the value that stays, and the other's that goes."""


def merge(root: Path, keep: str, other: str, *, go: bool) -> Merge:
    """What makes one contact of `keep` and `other`; written if `go`.

    Raises UnknownName, CannotTell if only a person can change a file, EditedMeanwhile, CannotWrite.
    """
    files = {file.file: file.content for file in standing_files(root)}
    standing = {each.id: each for file in standing_files(root) for each in file.contacts}
    for id in (keep, other):
        if id not in standing:
            raise UnknownName("contact", id, nearest(id, standing))
    if keep == other:
        raise CannotTell(f"{keep} is one contact already", "Name two contacts.")
    merged = _merge(root, files, standing, keep, other)
    if go:
        for edit in merged.edits:
            if edit.file not in merged.removed:
                save(root, edit)
            elif storage.digest_of(root, edit.file) != edit.read:
                raise EditedMeanwhile(edit.file)
            else:
                storage.remove(root, edit.file)
    return merged


def _merge(
    root: Path, files: Mapping[str, bytes], standing: Mapping[str, StandingContact], keep: str, other: str
) -> Merge:
    values, differs = together(standing[keep], standing[other])
    texts = {file: content.decode("utf-8") for file, content in files.items()}
    touched: dict[str, str] = {}
    private = keeps_people_apart(root)
    last = standing[other]
    is_person = last.file.startswith(PRIVATE) or last.values.get("kind") == "person"
    if is_person and not standing[keep].file.startswith(PRIVATE):
        # Their letters have a token in receipts.jsonl; a clone that never saw their file knows them by it alone.
        tokens = person_tokens(other, read_address_keys(root)[0])
        values["was"] = list(dict.fromkeys((*standing[keep].was, *tokens, other, *last.was)))

    def put(contact: StandingContact, new: Mapping[str, Any], last: StandingContact | None = None) -> None:
        if contact.file in touched:
            contact = found_again({**texts, **touched}, contact)
        after = changes_of({**texts, **touched}, contact, new, private=private, other=last)
        if after is None:
            hint = f"Change {contact.id} in an editor: " + ", ".join(k for k in new if contact.values.get(k) != new[k])
            raise CannotTell(f"{contact.file} cannot be changed without losing a comment or a column", f"{hint}.")
        touched.update(after)

    put(standing[keep], values, replace(last, own={**last.own, "was": [other, *last.own.get("was", ())]}))
    for each in standing.values():
        if each.values.get("via") == other and each.id != keep:
            put(each, {**each.values, "via": keep})
    after = without(touched.get(last.file, texts[last.file]), last)
    if after is None:
        raise CannotTell(
            f"{other} cannot be taken out of {last.file}", f"Remove it in an editor, and merge again: {other}."
        )
    touched[last.file] = after
    removed = [] if says_anything(after, last.file) else [last.file]
    if last.laid.file:
        touched[last.laid.file] = ""
        removed.append(last.laid.file)
    edits = [_edit(file, files.get(file), text) for file, text in touched.items()]
    edits += [*_references(root, other, keep), *_memory(root, standing[keep], standing[other])]
    return Merge(
        keep=keep,
        other=other,
        name=str(standing[other].values["name"]),
        edits=tuple(edits),
        removed=tuple(removed),
        differs=tuple(differs),
    )


def together(keep: StandingContact, other: StandingContact) -> tuple[dict[str, Any], list[tuple[str, Any, Any]]]:
    """The values of both, and where they differ: what `keep` says stands. A no of either is a no of both."""
    values = dict(keep.values)
    more = {key: value for key, value in other.values.items() if key not in ("id", "name", "was")}
    if other.values.get("kind") == "person" and keep.values.get("kind") != "person":
        fields = more.get("fields", {})
        address = next((each["email"] for each in more.get("channels", ()) if "email" in each), None)
        person = {"name": other.values["name"], "role": fields.get("role"), "email": address}
        more = {**more, "people": [{key: value for key, value in person.items() if value}, *more.get("people", ())]}
        more.pop("kind")
    no = [said for said in (keep.values.get("do_not_contact"), other.values.get("do_not_contact")) if said]
    differs = [said for said in taken_in(values, more) if said[0] not in (*_GOES, "do_not_contact", "not_before")]
    if no:
        values["do_not_contact"] = no[0]
    waits = [each.values["not_before"] for each in (keep, other) if "not_before" in each.values]
    if waits:
        values["not_before"] = max(waits)
    if "missing" not in keep.values.keys() & other.values.keys():
        values.pop("missing", None)  # one of them could be written to
    if values.get("via") in (keep.id, other.id):
        del values["via"]
    values["was"] = list(dict.fromkeys((*keep.was, other.id, *other.was)))
    return read_again(values)[0], differs


def _edit(file: str, content: bytes | None, after: str) -> Edit:
    read = None if content is None else storage.digest(content)
    return Edit(file=file, read=read, before=(content or b"").decode("utf-8"), after=after)


def _references(root: Path, other: str, keep: str) -> Iterator[Edit]:
    """The waves, templates and posts that name the other, with the id of the one that stays."""
    texts = [file for folder in ("templates", "posts") for file in list_files(root, folder, (".md",))[0]]
    named = [(root, PurePath("campaign.yaml"), "campaign.yaml"), *((each.root, each.path, each.file) for each in texts)]
    for base, path, file in named:
        try:
            content = storage.read(base, path)
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        after = named_anew(text, other, keep, is_text=file.endswith(".md"))
        if after != text:
            yield _edit(file, content, after)


def named_anew(text: str, old: str, new: str, *, is_text: bool) -> str:
    """A template, post or campaign.yaml with `new` where it names the contact `old`; every other byte stays.

    These are `contacts['old']`, `id == 'old'` and `id in ['old', ...]` in expressions, `@{old}`, and `mentions`.
    """
    name = re.escape(old)
    text = re.sub(rf"(\bcontacts\s*\[\s*)(['\"]){name}\2(\s*\])", rf"\g<1>\g<2>{new}\g<2>\g<3>", text)
    text = re.sub(rf"(\bid\s*[=!]=\s*)(['\"]){name}\2", rf"\g<1>\g<2>{new}\g<2>", text)
    text = re.sub(
        r"\bid\s+(?:not\s+)?in\s*[\[(][^\])]*[\])]",
        lambda found: re.sub(rf"(['\"]){name}\1", rf"\g<1>{new}\g<1>", found[0]),
        text,
    )
    if not is_text:
        return text
    text = text.replace(f"@{{{old}}}", f"@{{{new}}}")
    front = re.match(r"(\s*---[ \t]*\r?\n)(.*?)(?=^---[ \t]*\r?$)", text, re.S | re.M)
    mentions = re.search(r"^mentions:.*?(?=^\S|\Z)", front[2], re.S | re.M) if front else None
    if front is None or mentions is None:
        return text
    ids = re.findall(r"[a-z0-9][a-z0-9-]*", mentions[0].partition(":")[2])
    if old not in ids:
        return text
    wanted = list(dict.fromkeys(new if each == old else each for each in ids))
    after = with_changes(front[2], (), {"mentions": wanted}, order=None)
    return text if after is None else front[1] + after + text[front.end() :]


def _memory(root: Path, keep: StandingContact, other: StandingContact) -> Iterator[Edit]:
    """What imports remember, in which what documents said of the other counts as said of the one that stays."""
    memory = load_imports(root)
    imports = memory.imports
    if other.id not in imports.contacts:
        return
    bases: dict[str, Digests] = dict(imports.contacts.get(keep.id, {}))
    for document, digests in imports.contacts[other.id].items():
        mine = bases.get(document, {})
        bases[document] = {
            key: tuple(dict.fromkeys((*mine.get(key, ()), *digests.get(key, ())))) for key in {**mine, **digests}
        }
    new = replace(imports, contacts={**imports.contacts, keep.id: bases})
    for file, text in memory.with_new(new, {keep.id: keep.file, other.id: other.file}):
        if text != (file.text or ""):
            yield Edit(file=file.file, read=file.read, before=file.text or "", after=text)
