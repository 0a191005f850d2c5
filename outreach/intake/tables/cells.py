"""One cell -> values in the words of a contact; None where it is not what its column promises."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from outreach.intake.tables.grid import Cell, text_of
from outreach.intake.tables.vocabulary import ROLES, folded, kind_of, role_of
from outreach.words.country_names import country_code
from outreach.words.languages import language_of

_ADDRESS = re.compile(
    r"(?:mailto:)?(?<![^\s<>,;:\"()\[\]|])([^\s<>,;:\"()\[\]|]+@[^\s<>,;:\"()\[\]|@]+\.[^\s<>,;:\"()\[\]|@]+)", re.I
)
_YES = frozenset("yes y true x 1 ja j oui o si s tak t wahr vrai vero ✓ ✔ ☑".split())
_NO = frozenset("no n false 0 nein non nie nee falsch faux falso - \u2013 ✗ ✘".split())
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]\S*)?", re.I)
_MASTODON = re.compile(r"@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)@((?:[a-z0-9-]+\.)+[a-z]{2,24})", re.I)
_MASTODON_PAGE = re.compile(r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,24})/@([A-Za-z0-9_.-]+)/?", re.I)
_BLUESKY_PAGE = re.compile(r"(?:https?://)?bsky\.app/profile/([^/\s?]+)/?", re.I)
_HANDLE = re.compile(r"@?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24})", re.I)
_DAY = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})"), (3, 2, 1)),
)


def yes_or_no(cell: Cell) -> bool | None:
    """`ja`, `oui`, `x` and the like."""
    word = text_of(cell).strip().casefold().rstrip(".")
    return True if word in _YES or folded(word) in _YES else False if word in _NO or folded(word) in _NO else None


def day(cell: Cell) -> str | None:
    """`2026-01-13` or `13.1.2026` as the former; `1/2/2026` means two days, so it is none."""
    text = text_of(cell).strip()
    for pattern, (year, month, dayth) in _DAY:
        if found := pattern.fullmatch(text):
            try:
                return date(int(found[year]), int(found[month]), int(found[dayth])).isoformat()
            except ValueError:
                return None
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return None


def tier(cell: Cell) -> int | None:
    """`0`, `Tier 1`, `Priorität: 2`; words such as `high` are no number."""
    found = re.fullmatch(r"(?:[^\W\d]+[ .:]*)?#?(\d{1,2})(?:\.0)?", text_of(cell).strip())
    return int(found[1]) if found and not isinstance(cell, bool) else None


def words(cell: Cell) -> list[str]:
    """The tags of a cell: between `,`, `;`, `|` or lines."""
    return list(dict.fromkeys(word.strip().lstrip("#") for word in re.split(r"[,;|\n]", text_of(cell)) if word.strip()))


def country(cell: Cell) -> str | None:
    return country_code(text_of(cell))


def language(cell: Cell) -> str | None:
    first = re.split(r"[,;/]", text_of(cell))[0]
    return language_of(first)


def kind(cell: Cell) -> str | None:
    return kind_of(text_of(cell))


def site(cell: Cell) -> str | None:
    """A web address, with `https://` where none stands before it."""
    text = text_of(cell).strip().strip("<>")
    if not _SITE.fullmatch(text) or "@" in text.split("/")[0]:
        return None
    return text if re.match(r"https?://", text, re.I) else f"https://{text}"


def mastodon(cell: Cell) -> str | None:
    text = text_of(cell).strip()
    if found := _MASTODON.fullmatch(text):
        return f"@{found[1]}@{found[2].lower()}"
    page = _MASTODON_PAGE.fullmatch(text)
    return f"@{page[2]}@{page[1].lower()}" if page else None


def bluesky(cell: Cell) -> str | None:
    text = text_of(cell).strip()
    found = _BLUESKY_PAGE.fullmatch(text) or _HANDLE.fullmatch(text)
    return found[1].lower() if found else None


def emails(cell: Cell, role: str = "") -> tuple[list[dict[str, str]], list[dict[str, str]], str]:
    """The channels of a cell, the people named beside them, and what of the cell is left over.

    `Press: press@x.org; Maria Example <maria@x.org>` is two channels, the first with the role `press`, and a
    person.
    """
    channels, people, left = [], [], []
    for part in _parts(text_of(cell)):
        found = _ADDRESS.search(part)
        if found is None:
            left.append(part)
            continue
        address = found[1].rstrip(".")
        beside = re.sub(r"[<>()\[\]\"']", " ", part.replace(found[0], " ")).strip(" :,-\u2013\t")
        beside = " ".join(beside.split())
        channel = {"email": address}
        if beside and folded(beside) not in ROLES and re.search(r"<\s*" + re.escape(found[0]), part):
            people.append({"name": beside, "email": address})
        elif beside and len(beside) <= 40:
            channel["role"] = role_of(beside)
        elif beside:
            left.append(beside)
        if role and "role" not in channel:
            channel["role"] = role
        channels.append(channel)
    return channels, people, "; ".join(left)


def _parts(text: str) -> list[str]:
    """A cell's pieces with one address each: between `;`, `|`, lines, and `,`, `/` or spaces before an address."""
    pieces = [piece.strip() for piece in re.split(r"[;|\n]", text) if piece.strip()]
    found: list[str] = []
    for piece in pieces:
        if len(_ADDRESS.findall(piece)) < 2:
            found.append(piece)
            continue
        begin = 0
        ends = [match.end() for match in _ADDRESS.finditer(piece)]
        for at, end in enumerate(ends):
            last = len(piece) if at + 1 == len(ends) else _end_of_part(piece, end)
            found.append(piece[begin:last].strip(" ,/"))
            begin = last
    return [part for part in found if part]


def _end_of_part(piece: str, end: int) -> int:
    """Where the part of an address that ends at `end` ends: behind `>` and what stands in brackets."""
    behind = re.match(r">|\s*\([^()]*\)", piece[end:])
    return end + behind.end() if behind else end


def persons(cell: Cell) -> list[dict[str, str]]:
    """`Maria Example (Director); Jo Doe, Press` as people with names, roles and addresses."""
    found = []
    for part in re.split(r"[;\n|]", text_of(cell)):
        person: dict[str, str] = {}
        if address := _ADDRESS.search(part):
            person["email"] = address[1]
            part = part.replace(address[0], " ").replace("<", " ").replace(">", " ").replace("()", " ")
        shape = re.fullmatch(r"\s*([^(),]+?)\s*(?:\(([^()]+)\)|,\s*(.+?)|\s[\u2013-]\s+(.+?))?[\s,]*", part)
        name = (shape[1] if shape else part).strip(" ,-")
        if not name:
            continue
        role = next((group for group in (shape[2], shape[3], shape[4]) if group), "") if shape else ""
        found.append({"name": " ".join(name.split()), **({"role": role.strip()} if role else {}), **person})
    return found


def social(cell: Cell) -> tuple[list[dict[str, str]], str]:
    """The channels among several links and handles, and what is left over."""
    channels, left = [], []
    for part in re.split(r"[\s,;|]+", text_of(cell)):
        if found := _BLUESKY_PAGE.fullmatch(part):
            channels.append({"bluesky": found[1].lower()})
        elif account := mastodon(part):
            channels.append({"mastodon": account})
        elif part:
            left.append(part)
    return channels, " ".join(left)


def free(cell: Cell) -> Any:
    """A value for `fields`: a number where it reads back as it stands, else as written."""
    if isinstance(cell, str) and re.fullmatch(r"-?(?:0|[1-9]\d{0,14})", cell):
        return int(cell)
    return cell
