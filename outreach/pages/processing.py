"""The record of processing as Markdown, with the skeleton of a balancing test and the register of requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypedDict

from outreach.pages.report_text import escaped
from outreach.reporting.processing import Processing

TO_WRITE = "*(write it)*"
_ACTS = {
    "individual-alone": "one person, for nobody else",
    "individual-with-others": "a person together with others",
    "organisation": "an organisation",
    "for-client": "for a client",
}


def processing_markdown(found: Processing) -> str:
    """The whole page."""
    return "\n".join(processing_lines(found)) + "\n"


def processing_lines(found: Processing) -> Iterator[str]:
    """Its lines; they read well on a terminal, too."""
    yield f"<!-- outreach report -->\n# {escaped(found.campaign.title)}: privacy records"
    yield f"\nMade on {found.made_on} from the campaign's files. It names none of your contacts."
    yield f"No legal advice. What only you know is yours to write: {TO_WRITE}.\n"
    yield "## Record of processing (GDPR, Art. 30)\n"
    yield from (f"- **{label}:** {text}" for label, text in _record(found))
    yield "\n## Balancing test (GDPR, Art. 6(1)(f)): a skeleton\n"
    yield "Copy it into the file that `legal: assessment` names, and answer it there.\n"
    yield from _balancing(found)
    yield "\n## Register of requests\n"
    yield from _register(found)


def _record(found: Processing) -> Iterator[tuple[str, str]]:
    campaign, legal = found.campaign, found.campaign.legal
    sender = [found.sender.name, found.sender.email, " ".join((found.sender.postal_address or "").split())]
    yield "Controller", ", ".join(escaped(each) for each in sender if each)
    yield "Acts as", _ACTS.get((legal.sender if legal else None) or "", TO_WRITE)
    yield "Data protection officer", f"{TO_WRITE} or: none is needed"
    yield "Purpose", escaped(legal.interest) if legal and legal.interest else TO_WRITE
    yield "Legal basis", legal.basis if legal else TO_WRITE
    yield "Emails go to", _counts(((wave.id, None) for wave in campaign.waves), "no wave yet")
    persons = f"{found.persons} of {found.contacts} contacts name a person" if found.persons else "no person is named"
    yield "Categories of people", f"{persons} ({_counts(found.kinds, 'nobody')})"
    yield "Countries", _counts(((each or "not known", number) for each, number in found.countries), "none")
    yield "Categories of data", "; ".join(found.data) or "none"
    yield "Where the data is from", f"said for {found.with_source} of {found.persons} (`found_at`)"
    if found.collected is not None:
        first, last = found.collected
        yield "Collected", f"{first} to {last}" if first != last else str(first)
    yield "Recipients", "; ".join(escaped(each) for each in found.recipients) or "none: nothing is sent yet"
    yield "Transfers to third countries", f"{TO_WRITE}: where your mail provider and networks keep data"
    keep_for = legal.keep_for if legal else None
    yield "Erased", f"{keep_for} after the last contact" if keep_for else f"{TO_WRITE} (`legal: keep_for`)"
    yield (
        "Security",
        "history and drafts can be read by this computer's user only, and are kept out of Git; connections are "
        f"encrypted (TLS); passwords lie in the keyring. Backups and devices: {TO_WRITE}",
    )


def _balancing(found: Processing) -> Iterator[str]:
    legal = found.campaign.legal
    interest = escaped(legal.interest) if legal and legal.interest else TO_WRITE
    yield f"1. **What for?** {interest}"
    yield f"2. **Is it necessary?** Could an office address, a public post or fewer people do? {TO_WRITE}"
    yield f"3. **Who is written to?** {found.persons} of {found.contacts} contacts name a person."
    yield f"   What did they expect when they published the address? {TO_WRITE}"
    yield f"4. **What does it do to them?** One first email each, at most {_follow_ups(found)}. {TO_WRITE}"
    yield "5. **What keeps it fair?** Any answer ends the follow-ups; a no ends it for good; no pixels, no counting of"
    keep_for = legal.keep_for if legal else None
    yield f"   clicks; names are kept {keep_for or TO_WRITE} after the last contact. {TO_WRITE}"
    yield f"6. **Result, by whom, on which day?** {TO_WRITE}"


def _follow_ups(found: Processing) -> str:
    most = max((wave.follow_up.times for wave in found.campaign.waves if wave.follow_up is not None), default=0)
    return f"{most} reminder{'' if most == 1 else 's'}"


def _register(found: Processing) -> Iterator[str]:
    if not found.requests:
        yield "Nobody asked for anything yet."
        return
    yield "| asked | what | answer due | done |\n|---|---|---|---|"
    for each in found.requests:
        done = "yes" if each.done and each.kind == "access" else each.done or "open"
        yield f"| {each.asked} | {each.kind} | {each.due or ''} | {done} |"


def _counts(pairs: Iterable[tuple[str, int | None]], nothing: str) -> str:
    return ", ".join(f"{escaped(what)} {number}" if number else escaped(what) for what, number in pairs) or nothing


class RecordLine(TypedDict):
    """A line of the record."""

    what: str
    text: str


class RequestObject(TypedDict):
    """A request, without who made it; days are ISO 8601."""

    kind: str
    asked: str
    due: str | None
    done: bool


class ProcessingObject(TypedDict):
    """What `report --gdpr --json` prints."""

    made_by: str
    made_on: str
    record: list[RecordLine]
    requests: list[RequestObject]


def processing_object(found: Processing) -> ProcessingObject:
    """The object of `report --gdpr --json`."""
    return {
        "made_by": "outreach report",
        "made_on": found.made_on.isoformat(),
        "record": [{"what": label, "text": text} for label, text in _record(found)],
        "requests": [
            {
                "kind": each.kind,
                "asked": each.asked.isoformat(),
                "due": each.due.isoformat() if each.due else None,
                "done": each.done is not None,
            }
            for each in found.requests
        ],
    }
