"""What `erase` shows: every place as a sentence, what is left for a person, and the reply to whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TypedDict

from outreach.model.erasure import Erased, Erasure, Fate, Place, Room
from outreach.pages.json_schema import Day, Line
from outreach.words.retention import kept_until
from outreach.words.windows import MONTHS

TITLES = {
    Room.CONTACTS: "Contacts",
    Room.NOTES: "Notes and checklists",
    Room.TEXTS: "Emails and posts",
    Room.SETTINGS: "Settings",
    Room.MATERIALS: "Materials",
    Room.DRAFTS: "Drafts",
    Room.REPORTS: "Reports and calendars",
    Room.OTHER: "Other files",
    Room.LEDGER: "History",
    Room.RECEIPTS: "Sent records",
    Room.COPIES: "Copies",
    Room.UNSURE: "Lines that may also mean them: read them (outreach cannot tell)",
    Room.BEYOND: "What you have to do yourself",
}
_DONE = {Fate.REMOVE: "gone", Fate.BLANK: "changed", Fate.RENAME: "renamed"}
_REPLIES = {
    "en": (
        "You asked us to erase your data. We have erased what we kept about you on {day}.",
        "We keep a coded mark of your address so that we do not write again. It cannot be read back.",
        "We kept no mark of your address.",
        "If you think that we got this wrong, you can complain to a data protection authority.",
    ),
    "de": (
        "Sie haben uns gebeten, Ihre Daten zu löschen. "
        "Wir haben am {day} gelöscht, was wir über Sie gespeichert hatten.",
        "Wir behalten ein verschlüsseltes Kennzeichen Ihrer Adresse, damit wir Ihnen nicht noch einmal schreiben. "
        "Ihre Adresse lässt sich daraus nicht ablesen.",
        "Wir haben auch kein Kennzeichen Ihrer Adresse behalten.",
        "Wenn Sie meinen, dass wir etwas falsch gemacht haben, "
        "können Sie sich bei einer Datenschutzbehörde beschweren.",
    ),
    "fr": (
        "Vous nous avez demandé d'effacer vos données. "
        "Nous avons effacé le {day} ce que nous conservions à votre sujet.",
        "Nous gardons une empreinte chiffrée de votre adresse afin de ne plus vous écrire. "
        "Elle ne permet pas de retrouver l'adresse.",
        "Nous n'avons gardé aucune empreinte de votre adresse.",
        "Si vous estimez que nous n'avons pas bien traité votre demande, "
        "vous pouvez saisir une autorité de protection des données.",
    ),
}
"""By language: what was done, that a mark is kept, that none is, and where to complain (GDPR Art. 12(4), 17)."""


def day_text(day: date) -> str:
    """A day in words: 13 January 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def reply_lines(erased: Erased, today: date) -> tuple[str, ...]:
    """The reply to the person, in their language where it is English, French or German; for printing only."""
    language = erased.language.partition("-")[0]
    done, mark, none, complain = _REPLIES.get(language, _REPLIES["en"])
    written = {"de": f"{today:%-d.%-m.%Y}", "fr": f"{today:%d/%m/%Y}"}
    day = written.get(language) or day_text(today)
    return (done.format(day=day), none if erased.forget else mark, complain)


def groups(found: Erasure) -> Iterator[tuple[str, list[Place]]]:
    """The places under the titles of their rooms."""
    for room, places in groupby(found.places, key=lambda place: place.room):
        yield TITLES[room], list(places)


def place_line(place: Place, *, done: bool) -> str:
    """A place on one line: where, in which lines, and what becomes of it."""
    at = f":{','.join(map(str, place.lines[:5]))}{'...' if len(place.lines) > 5 else ''}" if place.lines else ""
    what = f" ({_DONE[place.fate]})" if done and place.fate in _DONE else ""
    return f"{place.where}{at}{what}: {place.says}"


def erasure_lines(found: Erasure, today: date) -> Iterator[str]:
    """All of it as text."""
    erased = found.erased
    if found.done and not found.places:
        yield f"Nothing is left about {erased.name}."
        return
    where = "" if not erased.within else f" (in {', '.join(erased.within)})"
    yield f"{erased.name}{where}: {'erased' if found.done else 'what would be erased'}"
    for title, places in groups(found):
        yield f"{title}:"
        yield from (f"  {place_line(place, done=found.done)}" for place in places)
        if places[0].room is Room.UNSURE and not found.done:
            yield '  If a name there is theirs, erase it too: --also NAME, for example --also "A. Lima"'
    due = day_text(kept_until(erased.asked, "1mo"))
    if not found.is_complete:
        yield "NOT COMPLETE: some files have to be changed by you. They are listed above. Then erase again."
        if found.done:
            yield "Until then .outreach/ keeps who it is. Your reply to them follows when nothing is left."
            return
    if not found.done:
        yield f"Nothing was erased. They asked on {day_text(erased.asked)}; you have until {due} (GDPR Art. 12)."
        if not erased.forget:
            yield "A coded mark of the address stays, so that nobody writes to them again (to keep no mark: --no-mark)."
        return
    yield "Your reply to them (it is stored nowhere; copy it now):"
    yield from (f"    {line}" for line in reply_lines(erased, today))


class PlaceObject(TypedDict):
    """A place that names somebody; `fate` is what becomes of it, and `lines` count from 1."""

    room: Room
    fate: Fate
    where: str
    lines: list[Line]
    says: str


class ErasureObject(TypedDict):
    """An erasure: what would be done, or (`done`) was. `reply` is empty until it is complete, and stored nowhere."""

    who: str
    name: str
    within: list[str]
    done: bool
    complete: bool
    asked: Day
    due: Day
    mark_kept: bool
    places: list[PlaceObject]
    reply: list[str]


class OverObject(TypedDict):
    """Somebody who is kept for longer than `legal.keep_for` says; `within` is their organisation, or ""."""

    who: str
    name: str
    within: str
    until: Day


class OverListObject(TypedDict):
    """Everybody of whom `erase --due` says so."""

    kept_too_long: list[OverObject]


class ErasuresObject(TypedDict):
    """What `erase --due --go` erased."""

    erased: list[ErasureObject]


def erasure_object(found: Erasure, today: date) -> ErasureObject:
    """The object of `erase --json`."""
    erased = found.erased
    return {
        "who": erased.who,
        "name": erased.name,
        "within": list(erased.within),
        "done": found.done,
        "complete": found.is_complete,
        "asked": erased.asked.isoformat(),
        "due": kept_until(erased.asked, "1mo").isoformat(),
        "mark_kept": not erased.forget,
        "places": [
            {"room": e.room, "fate": e.fate, "where": e.where, "lines": list(e.lines), "says": e.says}
            for e in found.places
        ],
        "reply": list(reply_lines(erased, today)) if found.done and found.is_complete else [],
    }
