"""A reply with their message quoted below it, as mail programs write it."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import datetime

from outreach.letters.mime import Message, faults
from outreach.words.header_text import without_overrides
from outreach.words.local_format import day_in

_STYLE = "margin:0 0 0 .8em;border-left:2px solid #ccc;padding-left:.8em;white-space:pre-wrap"
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def quoted_below(message: Message, *, wrote: str, at: datetime, text: str, language: str) -> Message:
    """The message with what somebody `wrote` (a name) at the local instant `at` below its own text."""
    said = _CONTROLS.sub(" ", text.replace("\r\n", "\n")).strip()
    if not said:
        return message
    top = f"{day_in(language, at.date())}, {at:%H:%M}, {wrote}:"
    quote = "\n".join(f"> {line}".rstrip() for line in said.split("\n"))
    body = message.text.rstrip() + f"\n\n{top}\n{quote}\n"
    shown = message.html
    if shown is not None:
        block = f'<p>{html.escape(top)}</p>\n<blockquote dir="auto" style="{_STYLE}">{html.escape(said)}</blockquote>\n'
        before, end, after = shown.rpartition("</body>")
        shown = f"{before}{block}{end}{after}" if end else shown + block
    return replace(message, text=body, html=shown)


def in_thread(
    message: Message, *, subject: str, otherwise: str, answers: str | None, before: tuple[str, ...]
) -> Message:
    """The message as an answer to the Message-ID `answers`, with the ids `before` it; its subject is theirs.

    Ids and subjects that no header can hold are left out: `otherwise` stands for the subject. Phones put characters
    that turn the direction of writing around into those of Arabic and Hebrew: without these they read the same.
    """
    known = [id for id in before if id != answers and not faults(replace(message, references=(id,)))]
    thread = (*known, *([answers] if answers and not faults(replace(message, in_reply_to=answers)) else []))
    message = replace(message, in_reply_to=thread[-1] if answers in thread else None, references=tuple(thread))
    said = " ".join(_CONTROLS.sub(" ", without_overrides(subject)).split())
    answered = replace(message, subject=said or otherwise)
    return replace(message, subject=otherwise) if faults(answered) else answered
