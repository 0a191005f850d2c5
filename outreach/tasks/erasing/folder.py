"""The files below the campaign folder that name a person, and each as it would be without them.

Everything is looked into but `.git/`, `.outreach/` (`copies.py`) and the folder of a mailbox. Ours that can be made
again (drafts, reports) goes whole; a person's own files lose the passage, the row or the name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from outreach import storage
from outreach.campaign.contacts_plain import standing_contacts
from outreach.errors import Refused
from outreach.history.address_marks import normalised
from outreach.ledger.receipt_lines import FILE as RECEIPTS
from outreach.model.campaign import Campaign
from outreach.model.erasure import Erased, Fate, Place, Room
from outreach.model.records import dataclass
from outreach.pages.report_files import FORMATS, is_report
from outreach.tasks.erasing import settings
from outreach.tasks.erasing.contents import LARGEST, blanked_archive, names_them
from outreach.tasks.erasing.persons import ids_of
from outreach.words.blanking import ERASED, Needles, without_blocks

NAME = "[erased name]"
"""What stands for a name in a text for readers: `check` takes it for a placeholder, so that nobody gets it."""
_KEPT_ASIDE = re.compile(r"\.yours\.[^.]+$|\.kept-\d+\.[^.]+$")
_OFFICE = (".xlsx", ".ods", ".docx", ".odt", ".pptx", ".odp")
_ROOMS = {
    "contacts": Room.CONTACTS,
    "notes": Room.NOTES,
    "checklists": Room.NOTES,
    "templates": Room.TEXTS,
    "posts": Room.TEXTS,
    "drafts": Room.DRAFTS,
    "outbox": Room.DRAFTS,
    "materials": Room.MATERIALS,
}
_MADE_AGAIN = "`outreach draft` writes the others again"
_SETTINGS = ("campaign.yaml", "imports.yaml", "lookups.yaml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file as it would be: `after` None is gone, `to` another name of it. `read` is the digest of what was read."""

    place: Place
    read: str | None
    after: bytes | None
    to: str = ""


class Seeker:
    """What is looked for, made once: `all` in our own files, `readers` in texts for others."""

    def __init__(self, root: Path, erased: Erased) -> None:
        self.root, self.erased = root, erased
        standing = standing_contacts(root)
        mine, theirs = {*erased.contacts}, {*erased.addresses}
        self.other_ids = frozenset(each.id for each in standing) - mine
        rest = [each for each in standing if each.id not in mine]
        people = [each for contact in rest for each in contact.values.get("people", ())]
        people = [each for each in people if normalised(str(each.get("email", ""))) not in theirs]
        names = [*(str(each.values["name"]) for each in rest), *(str(each["name"]) for each in people)]
        self.all = Needles(erased.words, ids_of(erased), erased.token, names)
        self.readers = Needles(erased.personal, (), erased.token, names)
        self.others = Needles([each for each in names if each not in erased.words])

    def names_file(self, path: str) -> bool:
        """Whether a file is called after them, and not after another contact."""
        stem = PurePosixPath(path).name.split(".")[0]
        return stem not in self.other_ids and self.all.name_a_file(path)


def changes_below(root: Path, erased: Erased, campaign: Campaign | None) -> Iterator[Change]:
    """Every file that has to change, in the order of their names. Raises nothing for a file that cannot be read."""
    seeker = Seeker(root, erased)
    boxes = [each.folder.strip("/") for each in campaign.accounts.mail.inboxes if each.folder] if campaign else []
    skipped = (".git", ".outreach", *boxes)
    for file in storage.walk(root, ""):
        if file == RECEIPTS or any(file == each or file.startswith(f"{each}/") for each in skipped):
            continue
        if PurePosixPath(file).name.startswith(storage.UNFINISHED):  # a run that was killed left it
            yield _gone(file, None, Room.OTHER, "an unfinished file, which is removed")
            continue
        yield from _change_of(seeker, file)


def _change_of(seeker: Seeker, file: str) -> Iterator[Change]:
    room = _ROOMS.get(file.split("/")[0], Room.OTHER)
    called = seeker.names_file(file)
    try:
        content = storage.read(seeker.root, file, LARGEST)
    except (OSError, Refused):  # a link, or what nobody can read
        if called:
            yield _gone(file, None, room, "it is named after them, and is removed")
        return
    digest = storage.digest(content)
    if not called and not names_them(seeker.all, file, content):
        return
    if room is Room.DRAFTS or _KEPT_ASIDE.search(file):
        again = _MADE_AGAIN
        if file.startswith("outbox/"):
            again = "it is not made again" if called else "if you did not send it, `outreach confirm` makes it again"
        yield _gone(file, digest, Room.DRAFTS, f"this draft is removed; {again}")
    elif _is_ours(file, content):
        yield _gone(
            file, digest, Room.REPORTS, "made by outreach; it is removed, and you can make it again without them"
        )
    elif room is Room.CONTACTS or file in _SETTINGS:
        yield from _of_settings(seeker, file, content)
    elif called and room is not Room.TEXTS:
        yield _gone(file, digest, room, "it is named after them, and is removed")
    else:
        yield from _of_text(seeker, file, content, room, called=called)


def _is_ours(file: str, content: bytes) -> bool:
    """Whether outreach made it: a report, a calendar, a backup, an answer to an access request."""
    suffix = PurePosixPath(file).suffix.lower()
    if suffix == ".ics":
        return b"PRODID:-//outreach//" in content
    if content.startswith(b"PK\x03\x04") and b"manifest.json" in content[:200]:
        return True
    return suffix in FORMATS and is_report(suffix, content)


def _of_settings(seeker: Seeker, file: str, content: bytes) -> Iterator[Change]:
    """A file of contacts, campaign.yaml, imports.yaml or lookups.yaml."""
    room = Room.CONTACTS if file.startswith("contacts/") else Room.SETTINGS
    digest = storage.digest(content)
    lines = tuple(seeker.all.lines_of(content.decode("utf-8", "replace")))
    after = settings.without(seeker, file, content)
    if after is None:
        place = Place(
            room=room, fate=Fate.DECIDE, where=file, lines=lines,
            says="outreach cannot change it without losing something; remove them in an editor",
        )  # fmt: skip
        yield Change(place=place, read=digest, after=content)
    elif not after.strip():
        yield _gone(file, digest, room, "it contains nobody else, so the file is removed")
    else:
        says = "they are taken out" if room is Room.CONTACTS else "what names them is taken out"
        yield _changed(seeker, Place(room=room, fate=Fate.BLANK, where=file, lines=lines, says=says), digest, after)


def _of_text(seeker: Seeker, file: str, content: bytes, room: Room, *, called: bool) -> Iterator[Change]:
    """A text, a table, a card or a document of the person who runs the campaign."""
    digest, suffix = storage.digest(content), PurePosixPath(file).suffix.lower()
    for_readers = room in (Room.TEXTS, Room.MATERIALS)
    needles = seeker.readers if for_readers else seeker.all
    if suffix in _OFFICE:
        after = blanked_archive(needles, content)
        place = Place(room=room, fate=Fate.BLANK, where=file, says="their cells and names are blanked")
        if after is not None and after != content:
            yield _changed(seeker, place, digest, after)
            return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    if text is None or (not needles.are_in(text) and not called and not for_readers):
        says = "it names them, and outreach cannot change it; change or delete it yourself"
        yield Change(place=Place(room=room, fate=Fate.DECIDE, where=file, says=says), read=digest, after=content)
        return
    new, says = _rewritten(seeker, file, text, suffix, room)
    if not new.strip() and room is not Room.TEXTS:
        yield _gone(file, digest, room, "it is only about them, so the file is removed")
    elif new != text or called:
        lines = tuple(needles.lines_of(text)) or tuple(seeker.all.lines_of(text))
        place = Place(room=room, fate=Fate.BLANK, where=file, lines=lines, says=says)
        yield _changed(seeker, place, digest, new.encode("utf-8"))


def _rewritten(seeker: Seeker, file: str, text: str, suffix: str, room: Room) -> tuple[str, str]:
    """The text without them, and what was done to it as words."""
    if room is Room.TEXTS:
        says = f"the name becomes {NAME}, which holds the text until you rewrite it"
        return settings.renamed_in_text(seeker, seeker.readers.blanked(text, NAME)), says
    if room is Room.MATERIALS:
        return seeker.readers.blanked(text, ERASED), "the name is blanked; read the sentence again"
    ways: dict[str, tuple[Callable[[Seeker, str], str], str]] = {
        ".csv": (_without_rows, "their rows go"),
        ".tsv": (_without_rows, "their rows go"),
        ".vcf": (_without_cards, "their cards go"),
        ".md": (_without_passages, "the passages about them go"),
        ".txt": (_without_passages, "the passages about them go"),
    }
    way, says = ways.get(suffix, (lambda seeker, text: text, "what names them is blanked"))
    return seeker.all.blanked(way(seeker, text)), says


def _without_passages(seeker: Seeker, text: str) -> str:
    return without_blocks(text, seeker.all, seeker.others)


def _without_rows(seeker: Seeker, text: str) -> str:
    """A table without the rows that name them; every other row stays as it is, byte for byte."""
    lines, kept, at = text.splitlines(keepends=True), [], 0
    reader = csv.reader(io.StringIO(text))
    try:
        for number, _ in enumerate(reader):
            row = "".join(lines[at : reader.line_num])
            at = reader.line_num
            if number == 0 or not seeker.all.are_in(row):
                kept.append(row)
    except csv.Error:
        return text
    return "".join(kept)


def _without_cards(seeker: Seeker, text: str) -> str:
    cards = re.split(r"(?im)(?<=^END:VCARD)(\r?\n|$)", text)
    pairs = zip(cards[::2], [*cards[1::2], ""], strict=False)
    return "".join(f"{card}{end}" for card, end in pairs if not seeker.all.are_in(card))


def _changed(seeker: Seeker, place: Place, digest: str, after: bytes) -> Change:
    """The change of a file that stays, under another name where it is called after them."""
    file = PurePosixPath(place.where)
    if not seeker.names_file(place.where):
        return Change(place=place, read=digest, after=after)
    suffixes = "".join(file.suffixes)
    return Change(place=place, read=digest, after=after, to=str(file.with_name(f"{seeker.erased.token}{suffixes}")))


def _gone(file: str, digest: str | None, room: Room, says: str) -> Change:
    return Change(place=Place(room=room, fate=Fate.REMOVE, where=file, says=says), read=digest, after=None)


def make(root: Path, change: Change) -> None:
    """Change a file as planned. Raises EditedMeanwhile, Refused, OSError; doing it again does nothing."""
    file = change.place.where
    if change.place.fate is Fate.DECIDE:
        return
    if change.after is None:
        storage.remove(root, file, missing_ok=True)
        above = PurePosixPath(file).parent
        while len(above.parts) > 1 and storage.remove_empty(root, str(above)):
            above = above.parent
        return
    if change.to:
        if change.read != storage.digest(change.after):
            storage.replace(root, file, change.read, change.after)
        storage.rename(root, file, change.to)
    elif change.read != storage.digest(change.after):
        storage.replace(root, file, change.read, change.after)
