"""Addresses in a line of notes: mail, web pages, Mastodon and Bluesky accounts, and what stands before each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import regex

from outreach.intake.notes.outline import Line
from outreach.intake.notes.words import folded

Kind = Literal["email", "mastodon", "bluesky", "url"]

_TLD = r"[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]"
_HOST = rf"(?:[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}-]*[\p{{L}}\p{{N}}])?\.)+{_TLD}"
_HOST_SPELT = r"[\p{L}\p{N}-]+(?:\s?(?:\.|[\[(](?:dot|punkt)[\])])\s?[\p{L}\p{N}-]+)+"
_FIND = regex.compile(
    rf"(?P<url>\bhttps?://[^\s<>\"'`|]+)"
    rf"|(?P<mastodon>(?<![\w.])@[\w.-]*\w@{_HOST})"
    rf"|(?P<email>(?<![\w.@])[\w.+'-]*[\w+](?:@{_HOST}|\s?[\[(](?:at|ät)[\])]\s?{_HOST_SPELT}))"
    rf"|(?P<bluesky>(?<![\w.@/])@(?P<handle>{_HOST}))"
    rf"|(?P<www>\bwww\.{_HOST}(?:/[^\s<>\"'`|]*)?)",
    regex.IGNORECASE,
)
_AT = regex.compile(r"\s?[\[(](?:at|ät)[\])]\s?", regex.IGNORECASE)
_DOT = regex.compile(r"\s?[\[(](?:dot|punkt)[\])]\s?", regex.IGNORECASE)
_PROFILE = regex.compile(r"https?://bsky\.app/profile/([^/\s]+)/?$")
_ACCOUNT = regex.compile(r"https?://([^/\s]+)/@([A-Za-z0-9_.-]+)/?$")
_NOT_SERVERS = ("medium.com", "youtube.com", "www.youtube.com", "tiktok.com", "www.tiktok.com", "threads.net")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An address with the words before and behind it on its line."""

    kind: Kind
    address: str
    before: str
    behind: str


def addresses(text: str, line: Line | None = None) -> Iterator[Address]:
    """The addresses in `text`, and the targets of the links of `line` that the text does not spell out."""
    shown = set()
    end = 0
    found = list(_FIND.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=False):
        kind, address = _read(match)
        if not address:
            continue
        shown.add(address)
        behind = text[match.end() : following.start() if following else len(text)]
        yield Address(kind=kind, address=address, before=text[end : match.start()], behind=behind)
        end = match.end()
    for link in line.links if line else ():
        kind, address = of_target(link.target)
        if address and address not in shown and not any(address in each for each in shown):
            shown.add(address)
            yield Address(kind=kind, address=address, before=link.label, behind="")


def _read(match: regex.Match[str]) -> tuple[Kind, str]:
    if match["url"]:
        return of_target(_without_end(match["url"]))
    if match["www"]:
        return "url", f"https://{_without_end(match['www'])}"
    if match["mastodon"]:
        return "mastodon", str(match["mastodon"])
    if match["email"]:
        address = _DOT.sub(".", _AT.sub("@", match["email"])).replace(" ", "")
        return "email", address if "." in address.rpartition("@")[2] else ""
    return "bluesky", str(match["handle"])


def of_target(target: str) -> tuple[Kind, str]:
    """What a link leads to: an address, an account, or a page. ("url", "") for what leads nowhere outside."""
    if target.startswith("mailto:"):
        return "email", target.removeprefix("mailto:").partition("?")[0]
    if profile := _PROFILE.match(target):
        return "bluesky", str(profile[1])
    account = _ACCOUNT.match(target)
    if account and account[1] not in _NOT_SERVERS:
        return "mastodon", f"@{account[2]}@{account[1]}"
    return "url", target if target.startswith(("http://", "https://")) else ""


def _without_end(url: str) -> str:
    """Without the punctuation that ends the sentence, and a bracket that was opened before the address."""
    url = url.rstrip(".,;:!?*_\u2026\u201d\u2019")
    end, unopened = len(url), sum(url.count(each) for each in ")]") - sum(url.count(each) for each in "([")
    while unopened > 0 and end and url[end - 1] in ")]":
        unopened -= 1
        end -= 1
        while end and url[end - 1] in ".,;:!?":
            end -= 1
    return url[:end]


_FORM_PATH = regex.compile(
    r"/(?:[^/?#]*[-_.])?(?:contact|kontakt|kontaktformular|contacto|contatti|contatto|contactez|feedback|impressum)"
    r"(?:[-_.][^/?#]*|us|-us)?(?:/|$|[?#])|/contact/contact",
    regex.IGNORECASE,
)


def is_form(url: str) -> bool:
    """Whether a page is one to write to them from, by its path."""
    return bool(_FORM_PATH.search(url.partition("://")[2].partition("#")[0]))


def origin(url: str) -> str:
    """The site that a page belongs to: `https://example.org`."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{regex.split(r'[/?#]', rest, maxsplit=1)[0]}"


_ROLES = (
    ("list", r"mailing[ -]?list|mailingliste|discussion|diskussion|verteiler"),
    ("policy", r"policy|politi\w*|public affairs|advocacy|eu affairs|interessenvertretung|lobby"),
    ("editorial", r"editor\w*|redaktion\w*|newsroom|submit\w*|articles?|artikel|r[eé]daction|redacci[oó]n|redazione"),
    ("tips", r"tips?|tipps?|hinweise?|whistle\w*|scoops?"),
    ("press", r"press|presse\w*|media|medien\w*|communications?|prensa|stampa|spokes\w*|kommunikation"),
    ("board", r"board|vorstand\w*|directors|pr[aä]sidium"),
    ("leader", r"(?:project |team )?lead(?:er)?|projektleit\w*|leitung|chair\w*|president|pr[aä]sident\w*|vorsitz\w*"),
    (
        "general",
        r"general|info\w*|main|e-?mail|mail|contact|contacts|kontakt|allgemein\w*|zentrale|office|b[uü]ro|sekretariat|"
        r"secretariat|hello|hallo|team|g[eé]n[eé]ral|geral|generale?|post|mailbox|enquiries|inquiries|anfragen|servus|moin",
    ),
)


def role_of(words: str) -> str:
    """The role that words before an address mean: `Policy team` is `policy`; their own words where none is known."""
    bare = folded(words)
    for role, pattern in _ROLES:
        if regex.search(rf"\b(?:{pattern})\b", bare):
            return role
    return bare[:60]


def role_by_address(email: str) -> str:
    """The role that an address itself shows: `press@` is `press`, whatever is at `lists.` a list; else `general`."""
    local, _, domain = email.partition("@")
    if regex.match(r"(?:lists?|groups|listserv|mailman)\.", domain) or domain.endswith("googlegroups.com"):
        return "list"
    bare = folded(regex.sub(r"[._+-]", " ", local))
    for role, pattern in _ROLES:
        if regex.search(rf"\b(?:{pattern})\b", bare):
            return role
    return ""
