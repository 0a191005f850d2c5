"""The message that asks somebody to approve texts, and the page with them that is attached to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from typing import TypedDict

from outreach.letters.letter import Letter
from outreach.networks.composing import Composed
from outreach.pages.posts import post_cards


class AskedTextObject(TypedDict):
    """A letter or post that somebody is to approve, with the digest of its bytes."""

    id: str
    digest: str


class AskedObject(TypedDict):
    """What somebody was asked to approve by email: `asked` is their address, `by` the last day of their answer."""

    asked: str
    by: str | None
    code: str
    items: list[AskedTextObject]
    left_out: dict[str, str]
    via: str
    receipt: str


LISTED = 50
"""So many recipients are named in the message; all of them are in the page."""
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "pre{white-space:pre-wrap;font:inherit;border-left:3px solid #888;padding-left:1rem}"
    "section{border-top:1px solid #ccc;margin-top:2rem}dt{font-weight:bold}"
)


def asked_text(
    title: str, who: str, code: str, by: date | None, letters: Sequence[Letter], posts: Sequence[Composed]
) -> str:
    """What the message says: how to answer, and who gets what. Ends with one newline."""
    until = f" The answer counts until the end of {by.day} {by:%B %Y}." if by is not None else ""
    count = [f"{len(letters)} {'email' if len(letters) == 1 else 'emails'}"] if letters else []
    count += [f"{len(posts)} {'post' if len(posts) == 1 else 'posts'}"] if posts else []
    lines = [
        f"{who} asks you to approve {' and '.join(count)} of the campaign {title}.",
        "",
        "To approve all of it exactly as it is, answer this message with one line and nothing else:",
        "",
        f"    OK {code}",
        "",
        f"Any other answer approves nothing; {who} reads it. If a text changes, the code no longer counts.{until}",
        "",
        "All texts are in the attached page (open it in your browser). The files that the emails carry are attached.",
        "",
    ]
    lines += [f"- to {_to(each)}: {each.message.subject}" for each in letters[:LISTED]]
    lines += [f"- and {len(letters) - LISTED} more, see the page"] if len(letters) > LISTED else []
    lines += [f"- post {each.id}" for each in posts]
    return "\n".join(lines) + "\n"


def asked_page(title: str, code: str, letters: Iterable[Letter], posts: Iterable[Composed]) -> str:
    """Every text whole, with its recipient and its attachments, as a page that loads nothing from anywhere."""
    body = [*_letters(letters), *_posts(posts)]
    head = f'<!doctype html><meta charset="utf-8"><title>{escape(title)}: {code}</title><style>{_STYLE}</style>'
    return f"{head}<h1>{escape(title)}</h1><p>To approve all of this, answer: <b>OK {code}</b></p>{''.join(body)}"


def _letters(letters: Iterable[Letter]) -> Iterator[str]:
    for each in letters:
        message = each.message
        facts = [("To", _to(each)), ("Subject", message.subject), *(("Copy", cc) for cc in message.cc)]
        facts += [
            ("Attached", f"{file.name} ({file.size:,} bytes, {file.sha256[:12]})") for file in message.attachments
        ]
        listed = "".join(f"<dt>{escape(name)}<dd>{escape(value)}" for name, value in facts)
        yield f"<section><h2>{escape(each.id)}</h2><dl>{listed}</dl><pre>{escape(message.text)}</pre></section>"


def _posts(posts: Iterable[Composed]) -> Iterator[str]:
    for each in posts:
        cards = "\n".join(post_cards(each))
        yield f"<section><h2>{escape(each.id)}</h2><pre>{escape(cards)}</pre></section>"


def _to(letter: Letter) -> str:
    return f"{letter.message.recipient_name} <{letter.message.recipient_email}>"
