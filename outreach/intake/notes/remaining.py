"""Checklists, and what is kept as a note because it gives nothing to a file of its own kind."""

from __future__ import annotations

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.dates import spans
from outreach.intake.notes.words import folded
from outreach.intake.outline import Section
from outreach.words.slugs import slug_of

_CHECKLIST = regex.compile(
    r"\b(?:check ?lists?|checkliste\w*|to ?-?dos?|aufgabenliste|vorbereitung|liste de controle)\b"
)
_DIVIDES = regex.compile(r"\s*\|[\s|:-]+")
"""The line below the names of a table's columns."""
_PLAN = regex.compile(
    r"\b(?:plan\w*|campaign|timeline|schedule|calendar|tasks|kampagne|zeitplan\w*|ablauf\w*|aufgaben|fahrplan|campagne|"
    r"calendrier|planning|taches|campana|calendario|cronograma|tareas|campagna|scadenze|compiti|taken|kampania|"
    r"harmonogram|zadania|campanha|tarefas)\b"
)
_FOR_NOTES = regex.compile(
    r"\b(?:faq|frequently asked|response strategy|responses|answers?|q&a|haufige fragen|antworten|reaktionen|"
    r"umgang mit|antwortstrategie|fragen und antworten)\b"
)


def read_checklists(account: Account) -> None:
    """Sections with boxes to tick; in a document that gives nothing else, only where the heading says checklist."""
    for section in account.document.top.walk():
        boxes = [block for block in section.blocks if block.kind == "item" and block.ticked is not None]
        if not boxes or not all(account.is_free(block.line) for block in boxes):
            continue
        titles = [section.title, *(above.title for above in section.above())]
        is_list = any(_CHECKLIST.search(folded(title)) for title in titles) or len(boxes) > 1
        if account.is_empty and not is_list and not is_plan(account):
            continue
        body = account.document.raw(section.line, section.own_end).rstrip("\n -") + "\n"
        to = account.add_text("checklists", slug_of(section.title or "checklist"), {}, body, section.line)
        account.take(section.line, section.own_end, "checklist", to)


def is_plan(account: Account) -> bool:
    """Whether a document that gives nothing else is somebody's plan: it says so, or is made of days."""
    lines = account.document.source
    dated = [span for text in lines if not text.lstrip().startswith(("#!", "import ")) for span in spans(text)]
    titled = any(_PLAN.search(folded(section.title)) for section in account.document.top.walk() if section.level)
    said = sum(span.year is not None for span in dated)
    return (titled and (said > 0 or len(dated) > 2)) or said * 4 > sum(bool(text.strip()) for text in lines)


def read_notes_kept(account: Account) -> None:
    """What nobody took: kept as notes, a file for each section, where the document is about a campaign."""
    top = account.document.top
    first = top.children[0].title if top.children else ""
    if account.is_empty and not _FOR_NOTES.search(folded(first)) and not is_plan(account):
        return
    for section in _chapters(top):
        _keep(account, section)
    for section in top.walk():
        if section.level and account.is_free(section.line):
            account.take(section.line, section.line, "heading", "", "noted")


def _chapters(top: Section) -> list[Section]:
    """The document's chapters: its highest sections of which there is more than one."""
    here = top
    while len(here.children) == 1 and here.children[0].children:
        here = here.children[0]
    return [top, *([here] if here is not top else []), *here.children]


def _keep(account: Account, section: Section) -> None:
    last = section.end if section.level and not _is_above(section) else section.own_end
    free = [number for number in range(section.line, last + 1) if account.is_free(number)]
    words = [number for number in free if any(sign.isalnum() for sign in account.document.source[number - 1])]
    headings = {part.line for part in section.walk() if part.level}
    if not any(number not in headings for number in words):
        for number in words:
            account.take(number, number, "heading", "", "noted")
        return
    lines = [
        account.document.source[number - 1] for number in range(section.line, last + 1) if _is_kept(account, number)
    ]
    body = regex.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n -") + "\n"
    title = section.title or account.document.name.rpartition(".")[0]
    to = account.add_text("notes", slug_of(title), {}, body, section.line)
    for number in words:
        account.take(number, number, "remark", to, "noted")


def _is_kept(account: Account, number: int) -> bool:
    if _DIVIDES.fullmatch(account.document.source[number - 1]):
        return False
    return account.is_free(number) or not account.document.source[number - 1].strip()


def _is_above(section: Section) -> bool:
    return len(section.children) > 1 and section.level <= 1
