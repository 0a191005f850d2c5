"""Approving all emails of a wave after one of each text, language and attachment was opened; and a test to oneself."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.letters.approving import Rendered
from outreach.model.ids import LetterId
from outreach.model.records import dataclass
from outreach.tasks import dashboard as tasks
from outreach.tasks.trying import try_out
from outreach.web.sessions import Act
from outreach.web.visit import Visit, letter_state, reading, writing


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """Emails that differ only in what the contacts' files say: one text, one language, the same attachments."""

    text: str
    language: str
    attachments: tuple[str, ...]
    letters: Sequence[Rendered]
    opened: Sequence[Rendered]


@dataclass(frozen=True, kw_only=True, slots=True)
class Together:
    """What one button approves: the digests of the letters by id, and how many of how many were opened."""

    digests: Mapping[str, str]
    seen: str


def kinds_of(visit: Visit, wave: str) -> list[Kind]:
    """The emails of a wave that wait for approval, one kind after another."""
    seen = visit.seen
    languages = {each.id: each.language or seen.world.campaign.language for each in seen.world.contacts}
    found: dict[tuple[str, str, tuple[str, ...]], list[Rendered]] = {}
    for each in seen.letters.values():
        if each.letter.wave == wave and letter_state(each) in ("ready", "changed"):
            carried = tuple(attachment.name for attachment in each.letter.message.attachments)
            key = (each.letter.template, languages.get(each.letter.contact, ""), carried)
            found.setdefault(key, []).append(each)
    return [
        Kind(
            text=text, language=language, attachments=carried, letters=letters,
            opened=[each for each in letters if each.letter.digest in visit.session.opened],
        )
        for (text, language, carried), letters in found.items()
    ]  # fmt: skip


@reading
def show(visit: Visit) -> Response:
    """The emails of one wave."""
    return page(visit, visit.request.path_params["wave"])


def page(visit: Visit, wave: str) -> Response:
    """What differs between the emails of a wave, and the button, if one of each kind was opened.

    Raises HTTPException if there is no such wave.
    """
    campaign = visit.seen.world.campaign
    if wave not in {each.id for each in campaign.waves}:
        raise HTTPException(404)
    kinds = kinds_of(visit, wave)
    digests = {each.letter.id: each.letter.digest for kind in kinds for each in kind.letters}
    opened = sum(len(kind.opened) for kind in kinds)
    may = bool(kinds) and all(kind.opened for kind in kinds) and campaign.approval != "none"
    offer = Together(digests=digests, seen=f"seen {opened} of {len(digests)}")
    return visit.page(
        "together.html",
        live="ask",
        wave=wave,
        us=sorted({each.email for each in campaign.everybody} | {each for each in campaign.team if "@" in each[1:]}),
        kinds=kinds,
        opened=opened,
        total=len(digests),
        word=visit.session.offer(offer) if may else "",
        differences={each.letter.id: _difference(kind, each) for kind in kinds for each in kind.letters},
    )


def _difference(kind: Kind, letter: Rendered) -> tuple[str, ...]:
    """The lines in which an email differs from the first of its kind that was opened."""
    first = (kind.opened or kind.letters)[0].letter.message
    message = letter.letter.message
    before, after = (f"{each.subject}\n{each.text}".splitlines() for each in (first, message))
    lines = difflib.unified_diff(before, after, lineterm="", n=0)
    return tuple(line for line in list(lines)[2:] if not line.startswith("@@"))


@writing
def approve(visit: Visit, form: Mapping[str, str]) -> Response:
    """Approve exactly the letters that were listed, once; none if one of them is another by now."""
    root, words, offer = visit.dashboard.root, visit.words, visit.session.taken_offer(form.get("word", ""))
    if not isinstance(offer, Together):
        said = words("This was done already, or this page is old. Nothing was changed.")
        return visit.back_to("/letters", said, "bad")
    wave = LetterId.parse(next(iter(offer.digests))).wave
    result = tasks.approve_together(root, offer.digests, offer.seen)
    if not result.confirmed:
        said = words("Something changed after you looked, so nothing was approved. This is how it is now.")
        return visit.back_to(f"/together/{wave}", said, "bad")
    n = len(offer.digests)
    said = words("Approved: 1 email") if n == 1 else words("Approved: {n} emails", n=words.number(n))
    act = Act(text=said, undo=lambda: tasks.withdraw_together(root, offer.digests))
    return visit.back_to("/send", said, act=act)


@writing
def test_to_me(visit: Visit, form: Mapping[str, str]) -> Response:
    """Send the email with its attachments to the sender's own address, as `outreach test` does."""
    id = form.get("id", "")
    tested = try_out(visit.dashboard.root, id)
    said = visit.words("Test sent to {email}", email=tested[0].to)
    if tested[0].accepted.via == "outbox":
        said = visit.words("The test is saved on this computer: no mailbox is connected.")
    return visit.back_to(f"/letters/{id}", said)
