"""The files below the campaign folder that name a person, and each as it would be without them.

Everything is looked into but `.git/`, `.outreach/` (`copies.py`) and the folder of a mailbox. Ours that can be made
again (drafts, reports) goes whole; a person's own files lose the passage, the row or the name.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.utils import getaddresses
from pathlib import Path, PurePosixPath
from typing import Any

from outreach import storage
from outreach.errors import Refused, TooLarge
from outreach.history.address_marks import normalised
from outreach.ledger.receipt_lines import FILE as RECEIPTS
from outreach.model.campaign import Campaign
from outreach.model.erasure import Fate, Place, Room
from outreach.model.records import dataclass
from outreach.pages.report_files import FORMATS, is_report
from outreach.tasks.erasing import office, settings
from outreach.tasks.erasing.contents import LARGEST, addresses_in, names_them, records_in
from outreach.tasks.erasing.seeker import Seeker, state_of
from outreach.words.blanking import ERASED, is_about, without_blocks

NAME = "[erased name]"
"""What stands for a name in a text for readers: `check` takes it for a placeholder, so that nobody gets it."""
_KEPT_ASIDE = re.compile(r"\.yours\.[^.]+$|\.kept-\d+\.[^.]+$")
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


LEFT = (Fate.DECIDE, Fate.LOOK)
"""What is left for a person, and not changed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A file as it would be: `after` None is gone, `to` another name of it. `read` is the digest of what was read."""

    place: Place
    read: str | None
    after: bytes | None
    to: str = ""


def changes_below(seeker: Seeker, campaign: Campaign | None) -> Iterator[Change]:
    """Every file that has to change, in the order of their names. Raises nothing for a file that cannot be read."""
    for file in files_below(seeker.root, campaign):
        if PurePosixPath(file).name.startswith(storage.UNFINISHED):  # a run that was killed left it
            yield _gone(file, None, Room.OTHER, "an unfinished file, which is removed")
        elif not seeker.is_free(file):
            state = state_of(seeker.root, file)
            changes = list(_change_of(seeker, file))
            if state is not None and not changes:
                seeker.free(file, state)
            yield from changes


def files_below(root: Path, campaign: Campaign | None) -> Iterator[str]:
    """Every file that is looked into, in the order of their names."""
    boxes = [each.folder.strip("/") for each in campaign.accounts.mail.inboxes if each.folder] if campaign else []
    skipped = (".git", ".outreach", *boxes)
    for file in storage.walk(root, ""):
        if file != RECEIPTS and not any(file == each or file.startswith(f"{each}/") for each in skipped):
            yield file


def addresses_below(root: Path, campaign: Campaign | None) -> set[str]:
    """Every email address in the files that are looked into."""
    found: set[str] = set()
    for file in files_below(root, campaign):
        with suppress(OSError, Refused):
            found.update(addresses_in(file, storage.read(root, file, LARGEST)))
    return found


def is_made_of_others(file: str) -> bool:
    """Whether it is a letter that outreach made of contacts and texts, and that nobody wrote in."""
    return file.startswith(("drafts/", "outbox/")) and _KEPT_ASIDE.search(file) is None


def _change_of(seeker: Seeker, file: str) -> Iterator[Change]:
    room = _ROOMS.get(file.split("/")[0], Room.OTHER)
    called = seeker.names_file(file)
    try:
        content = storage.read(seeker.root, file, LARGEST)
    except (OSError, Refused) as error:  # a link, or what nobody can read
        if called:
            yield _gone(file, None, room, "it is named after them, and is removed")
        elif isinstance(error, TooLarge | PermissionError):
            says = f"outreach could not look into it: {error.strerror}"
            place = Place(room=Room.UNSURE, fate=Fate.LOOK, where=file, says=says)
            yield Change(place=place, read=None, after=None)
        return
    digest = storage.digest(content)
    if not called and not names_them(seeker.all, file, content, seeker.free_parts):
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
        says += _beside(content, after)
        yield _changed(seeker, Place(room=room, fate=Fate.BLANK, where=file, lines=lines, says=says), digest, after)


def _of_text(seeker: Seeker, file: str, content: bytes, room: Room, *, called: bool) -> Iterator[Change]:
    """A text, a table, a card or a document of the person who runs the campaign."""
    digest, suffix = storage.digest(content), _suffix_of(file)
    for_readers = room in (Room.TEXTS, Room.MATERIALS)
    needles = seeker.readers if for_readers else seeker.all
    lines: tuple[int, ...] = ()
    after: bytes | None = None
    if suffix in office.SUFFIXES:
        after = office.without(needles, seeker.others, content, whole=not for_readers)
        says = "the name is blanked" if for_readers else "rows and passages about them go"
    elif suffix == ".eml" and _is_mail_of(seeker, content):
        yield _gone(file, digest, room, "an email from them or to them, which is removed")
        return
    elif (read := _read_text(content)) is not None:
        text, codec = read
        new, says = _rewritten(seeker, file, text, suffix, room)
        after = new.encode(codec, "replace")
        says += "" if for_readers else _beside(text.encode(), new.encode())
        lines = tuple(needles.lines_of(text)) or tuple(seeker.all.lines_of(text))
    if after is None or names_them(needles, file, after):
        says = "it names them, and outreach cannot change it; change or delete it yourself"
        yield Change(place=Place(room=room, fate=Fate.DECIDE, where=file, says=says), read=digest, after=content)
    elif not after.strip() and room is not Room.TEXTS:
        yield _gone(file, digest, room, "it is only about them, so the file is removed")
    elif after != content or called:
        place = Place(room=room, fate=Fate.BLANK, where=file, lines=lines, says=says)
        yield _changed(seeker, place, digest, after)


def _beside(before: bytes, after: bytes) -> str:
    """What a person has to know where a name was blanked within a text that stays."""
    is_more = after.count(ERASED.encode()) > before.count(ERASED.encode())
    return f"; what is said beside {ERASED} stays: read it" if is_more else ""


def _suffix_of(file: str) -> str:
    """What kind of file it is, also where a program kept an older copy of it aside (`list.csv~`, `list.csv.bak`)."""
    return PurePosixPath(re.sub(r"(?i)(?:~|\.bak|\.old|\.orig)$", "", file)).suffix.lower()


def _read_text(content: bytes) -> tuple[str, str] | None:
    """A text, and in which encoding it is written again without another change; None for what is none."""
    for codec in ("utf-8", "utf-16", "cp1252"):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and text.encode(codec) == content:
            return text, codec
    return None


def _is_mail_of(seeker: Seeker, content: bytes) -> bool:
    """Whether an email was written by them, or to them alone."""
    mail = message_from_bytes(content, policy=policy.compat32)

    def named(*headers: str) -> set[str]:
        written = [str(each) for header in headers for each in mail.get_all(header, [])]
        return {normalised(address) for _, address in getaddresses(written)} - {""}

    theirs = {*seeker.erased.addresses}
    return bool(named("From", "Sender", "Reply-To") & theirs) or (bool(to := named("To", "Cc")) and to <= theirs)


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
        ".ics": (_without_events, "events that name them go"),
        ".mbox": (_without_mails, "emails from them or to them go"),
        ".json": (_without_records, "what it says of them goes"),
        ".html": (_without_blocks_of_page, "the passages about them go"),
        ".htm": (_without_blocks_of_page, "the passages about them go"),
        ".md": (_without_passages, "the passages about them go"),
        ".txt": (_without_passages, "the passages about them go"),
    }
    way, says = ways.get(suffix, (lambda seeker, text: text, "what names them is blanked"))
    return seeker.all.blanked(way(seeker, text)), says


def _without_passages(seeker: Seeker, text: str) -> str:
    return without_blocks(text, seeker.all, seeker.others)


def _without_blocks_of_page(seeker: Seeker, text: str) -> str:
    return office.page_without(seeker.all, seeker.others, text)


def _without_records(seeker: Seeker, text: str) -> str:
    """JSON without the objects about them; the rest is written as it was, but for spaces."""

    def kept(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: kept(each) for key, each in value.items()}
        if isinstance(value, list):
            return [kept(each) for each in value if not is_theirs(each)]
        return value

    def is_theirs(value: Any) -> bool:
        return isinstance(value, dict) and is_about(next(records_in(value)), seeker.all, seeker.others)

    try:
        known = json.loads(text)
    except ValueError:
        return text
    left = kept(known)
    if left == known:
        return text
    return json.dumps(left, ensure_ascii="\\u" in text, indent=2 if "\n" in text.strip() else None) + "\n"


def _without_rows(seeker: Seeker, text: str) -> str:
    """A table without the rows that name them; every other row stays as it is, byte for byte."""
    lines, kept, at = re.findall(r"[^\n]*\n|[^\n]+", text), [], 0
    between = max(",;\t|", key=lines[0].count) if lines else ","
    reader = csv.reader(lines, delimiter=between)
    try:
        for number, cells in enumerate(reader):
            row = "".join(lines[at : reader.line_num])
            at = reader.line_num
            is_theirs = seeker.all.own_a_row(cells) if number == 0 else is_about(cells, seeker.all, seeker.others)
            if not is_theirs:
                kept.append(row)
    except csv.Error:
        return text
    return "".join(kept)


def _without_cards(seeker: Seeker, text: str) -> str:
    return "".join(
        each for each in _until(text, r"(?im)^END:VCARD\r?(?:\n|$)") if not _names_them(seeker, ".vcf", each)
    )


def _without_events(seeker: Seeker, text: str) -> str:
    """A calendar without the events about them: what is before the first one, and behind the last, stays."""

    def without_them(found: re.Match[str]) -> str:
        return "" if _names_them(seeker, ".ics", found[0]) else found[0]

    return re.sub(r"(?ims)^BEGIN:(VEVENT|VTODO|VJOURNAL)\r?\n.*?^END:\1\r?(?:\n|\Z)", without_them, text)


def _without_mails(seeker: Seeker, text: str) -> str:
    mails = re.split(r"(?m)^(?=From )", text)
    return "".join(each for each in mails if not _is_mail_of(seeker, each.partition("\n")[2].encode("utf-8")))


def _names_them(seeker: Seeker, suffix: str, piece: str) -> bool:
    return names_them(seeker.all, suffix, piece.encode("utf-8", "replace"))


def _until(text: str, end: str) -> Iterator[str]:
    """A text in pieces, each with its end."""
    at = 0
    for found in re.finditer(end, text):
        yield text[at : found.end()]
        at = found.end()
    yield text[at:]


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
    if change.place.fate in LEFT:
        return
    if change.after is None:
        storage.remove(root, file, missing_ok=True)
        above = PurePosixPath(file).parent
        while (len(above.parts) > 1 or str(above) not in (".", *_ROOMS)) and storage.remove_empty(root, str(above)):
            above = above.parent
        return
    if change.to:
        if change.read != storage.digest(change.after):
            storage.replace(root, file, change.read, change.after)
        storage.rename(root, file, change.to)
    elif change.read != storage.digest(change.after):
        storage.replace(root, file, change.read, change.after)
