"""What a server's answer means where it is not a yes: by its status alone, whatever language its words are in."""

from __future__ import annotations

from datetime import UTC, datetime

from outreach.connections.http_service import Answer
from outreach.errors import NotSent
from outreach.networks.rate_limits import until_free

_MAY_HAVE_HEARD = frozenset((302, 303, 408, 409, 425, 499))
"""No plain no: what came of it is elsewhere, time ran out, somebody else is at it, or whoever asked had hung up."""
_MOST_WORDS = 200
_WHAT = {404: "it does not know this", 405: "it does not do this", 410: "this is gone", 413: "this is too large"}


def leaves_doubt(status: int) -> bool:
    """Whether a request with this answer may have been carried out nevertheless."""
    return status >= 500 or status < 300 or status in _MAY_HAVE_HEARD


def refused(answer: Answer, host: str, log_in: str) -> NotSent:
    """An answer that is not a yes, as what it is to the campaigner. `log_in` is the hint where it does not know us."""
    status, words = answer.status, _words(answer)
    reply = f"{status}: {words}" if words else str(status)
    if status == 429:
        until = until_free(answer.headers, datetime.now(UTC))
        hint = "Run the same command again then." if until != "for now" else "Try again later."
        return NotSent(f"{host} accepts no more requests {until} (429).", hint=hint, reply=reply, stops_run=True)
    if status in (401, 403):
        sentence = f"{host} does not allow this ({status})."
        return NotSent(sentence, hint=log_in, permanent=True, reply=reply, stops_run=True)
    if status < 300:
        return NotSent(f"{host} answered, but its answer could not be understood ({status}).", stops_run=True)
    if status < 400:
        return NotSent(
            f"{host} redirects to another address ({status}).",
            hint="Correct its address in accounts, in campaign.yaml.",
            stops_run=True,
        )
    if leaves_doubt(status):
        return NotSent(f"{host} is in trouble ({status}).", hint="Try again later.", reply=reply, stops_run=True)
    what = _WHAT.get(status, "it does not take this")
    said = f": “{words}”" if words else ""
    return NotSent(f"{host} refused: {what} ({status}){said}.", permanent=True, reply=reply)


def about_file(refusal: NotSent, file: str) -> NotSent:
    """The same refusal, naming the file that it is about."""
    return NotSent(
        f"{file}: {refusal}",
        hint=refusal.hint,
        permanent=refusal.permanent,
        reply=f"{file}: {refusal.reply}",
        stops_run=refusal.stops_run,
    )


def _words(answer: Answer) -> str:
    """What the server says, on one line and not too long; "" where it says nothing in JSON."""
    found = answer.object()
    said = [str(found[name]) for name in ("message", "error_description", "error") if isinstance(found.get(name), str)]
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in " ".join(said[:1])).split())
    return line if len(line) <= _MOST_WORDS else f"{line[:_MOST_WORDS]}…"
