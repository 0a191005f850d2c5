"""One cell -> values in the words of a contact; None if it is not what its column promises."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from outreach.intake.addresses import addresses, fault_of
from outreach.intake.grid import Cell, text_of
from outreach.intake.no_means_no import speaks_of_mail
from outreach.intake.persons import in_order, looks_like_person, people_in, untitled
from outreach.intake.vocabulary import folded, kind_of, role_of, roles, words_of
from outreach.words.country_names import country_code, stated_country
from outreach.words.languages import language_of

_YES = frozenset("✓ ✔ ☑".split())
_NO = frozenset("- \u2013 ✗ ✘".split())
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
    bare = folded(word)
    if word in _YES or bare in words_of("yes"):
        return True
    return False if word in _NO or (bare and bare in words_of("no")) else None


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
    """`0`, `Tier 1`, `Priorität: 2`; words such as `high` are not a number."""
    found = re.fullmatch(r"(?:[^\W\d]+[ .:]*)?#?(\d{1,2})(?:\.0)?", text_of(cell).strip())
    return int(found[1]) if found and not isinstance(cell, bool) else None


def words(cell: Cell) -> list[str]:
    """The tags of a cell: between `,`, `;`, `|`, `:::` or lines, without the marks of Mailchimp and Google."""
    found = (word.strip().lstrip("#*").strip(' "') for word in re.split(r"[,;|\n]|:::", text_of(cell)))
    return list(dict.fromkeys(word for word in found if word))


def country(cell: Cell) -> str | None:
    return country_code(text_of(cell))


def stated(cell: Cell) -> str | None:
    """As `country`, for a cell whose label says that it is one: `D`, `AUT`."""
    return stated_country(text_of(cell))


def language(cell: Cell) -> str | None:
    first = re.split(r"[,;/]", text_of(cell))[0]
    return language_of(first)


def kind(cell: Cell) -> str | None:
    return kind_of(text_of(cell))


def site(cell: Cell) -> str | None:
    """A web address, with `https://` where none is before it."""
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
    person. An address that a campaign could not use is left over.
    """
    channels: list[dict[str, str]] = []
    people: list[dict[str, str]] = []
    left: list[str] = []
    found = list(addresses(text_of(cell)))
    if not found:
        return [], [], text_of(cell).strip()
    before = found[0].before
    for at, each in enumerate(found):
        tail, between, following = _around(each.behind, is_last=at + 1 == len(found))
        if each.kind == "email" and not fault_of(each.address):
            left += _mail(each.address, before, tail, role, channels, people)
        elif each.kind in ("mastodon", "bluesky"):
            channels.append({each.kind: each.address})
        else:
            left.append(f"{before.strip()} {each.written}".strip())
        left += between
        before = following
    return channels, people, "; ".join(part for part in left if any(sign.isalnum() for sign in part))


_TAIL = re.compile(r"[\s>\]\"']*(?:\(([^()]*)\))?")


def _around(behind: str, *, is_last: bool) -> tuple[str, list[str], str]:
    """What is in brackets behind an address, what belongs to nobody, and what is before the next one."""
    if behind.startswith("](mailto:"):
        return "", [], ""
    tail = _TAIL.match(behind)
    inside, rest = (tail[1] or "", behind[tail.end() :]) if tail else ("", behind)
    parts = [part.strip(" \t.") for part in re.split(r"[;,|/\n]", rest)]
    if is_last:
        return inside, parts, ""
    return inside, parts[:-1], parts[-1] if parts else ""


def _mail(
    address: str, before: str, inside: str, role: str, channels: list[dict[str, str]], people: list[dict[str, str]]
) -> list[str]:
    """One address with the words around it; what of them is left over."""
    *earlier, near = re.split(r"[;|\n]", before)
    name, _, in_brackets = near.strip(" \t<[").strip().strip("\"'").partition("(")
    name = in_order(" ".join(name.replace('"', " ").strip(" :,-\u2013\t<").split()))
    told = [words.strip(" )>") for words in (in_brackets, inside) if words.strip(" )>")]
    channel, left = {"email": address}, [part.strip() for part in earlier]
    person = untitled(name)[1]
    if looks_like_person(person):
        people.append({"name": person, "email": address})
    elif name and len(name) <= 40 and not speaks_of_mail(name):
        channel["role"] = role_of(name)
    elif name:
        left.append(name)
    for words in told:
        if speaks_of_mail(words):
            left.append(words)
        elif "role" not in channel and (
            folded(words) in roles() or any(part in roles() for part in folded(words).split())
        ):
            channel["role"] = role_of(words)
        elif people and people[-1].get("email") == address and "role" not in people[-1]:
            people[-1] = {"name": people[-1]["name"], "role": words, "email": address}
        else:
            left.append(words)
    if role and "role" not in channel:
        channel["role"] = role
    channels.append(channel)
    return left


def persons(cell: Cell) -> tuple[list[dict[str, str]], str]:
    """The people of a cell with names, roles and addresses, and what is not a person."""
    return people_in(text_of(cell))


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
