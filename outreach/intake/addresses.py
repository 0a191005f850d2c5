"""Addresses in a line of notes: mail, web pages, Mastodon and Bluesky accounts, and what is before each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Literal
from urllib.parse import unquote

import regex

from outreach.campaign.values.addresses import email as email_value
from outreach.campaign.values.text import Fault
from outreach.intake.notes.words import folded
from outreach.intake.outline import Line
from outreach.model.records import dataclass
from outreach.words.desks import ROLES, role_in

Kind = Literal["email", "mastodon", "bluesky", "url"]

_TLD = r"[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]"
_HOST = rf"(?:[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}-]*[\p{{L}}\p{{N}}])?\.)+{_TLD}"
_AT = r"(?:\s?[\[({<]\s?(?:at|ät|a|arroba|arobase|chiocciola|apenstaartje|małpa|malpa|@)\s?[\])}>]\s?|\s@\s)"
_DOT = r"(?:\s?[\[({<]\s?(?:dot|punkt|point|punto|ponto|kropka|\.)\s?[\])}>]\s?|\.)"
_SPOKEN_DOT = r"\s(?:dot|punkt|point|punto|ponto|kropka)\s"
_LOCAL = r"[\w.+'&-]*[\w+]"
_FIND = regex.compile(
    rf"(?P<url>\bhttps?://[^\s<>\"'`|]+)"
    rf"|(?P<mastodon>(?<![\w.])@[\w.-]*\w@{_HOST})"
    rf"|(?P<email>(?<![\w.@])(?:mailto:)?{_LOCAL}(?:@{_HOST}|(?:{_DOT}{_LOCAL})?{_AT}[\p{{L}}\p{{N}}-]+(?:{_DOT}[\p{{L}}\p{{N}}-]+)+))"
    rf"|(?P<spoken>(?<![\w.@])\w[\w.+-]*(?:{_SPOKEN_DOT}[\w+-]+)*\s(?:at|ät|arroba|chez|chiocciola|arobase|apenstaartje|małpa|malpa)\s[\w-]+(?:{_SPOKEN_DOT}[\w-]+)+)"
    rf"|(?P<bluesky>(?<![\w.@/])@(?P<handle>{_HOST}))"
    rf"|(?P<www>\bwww\.{_HOST}(?:/[^\s<>\"'`|]*)?)",
    regex.IGNORECASE,
)
_ANY_AT = regex.compile(_AT, regex.IGNORECASE)
_ANY_DOT = regex.compile(rf"{_DOT}|{_SPOKEN_DOT}", regex.IGNORECASE)
_SPOKEN_AT = regex.compile(r"\s(?:at|ät|arroba|chez|chiocciola|arobase|apenstaartje|małpa|malpa)\s", regex.IGNORECASE)
_PROFILE = regex.compile(r"https?://bsky\.app/profile/([^/\s]+)/?$")
_ACCOUNT = regex.compile(r"https?://([^/\s]+)/@([A-Za-z0-9_.-]+)/?$")
_NOT_SERVERS = ("medium.com", "youtube.com", "www.youtube.com", "tiktok.com", "www.tiktok.com", "threads.net")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"))
_PLAIN = str.maketrans(
    {**{chr(k): None for k in _INVISIBLE}, "\uff20": "@", "\ufe6b": "@", "\uff0e": ".", "\u00a0": " ", "\u202f": " "}
)
_BROKEN = regex.compile(r"[^\s<>,;:()\[\]\"'|]*[^\s<>,;:()\[\]\"'|@]@[^\s<>,;()\[\]\"'|]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """An address with the words before and behind it on its line; `written` is how the text has it."""

    kind: Kind
    address: str
    before: str
    behind: str
    written: str = ""

    @property
    def was_cleaned(self) -> bool:
        """Whether it was there in another spelling: `jo [at] x.example`."""
        return self.kind == "email" and self.written.removeprefix("mailto:") != self.address


def plain(text: str) -> str:
    """The text without signs that have no width, and with plain `@`, `.` and spaces."""
    return text if text.isascii() else text.translate(_PLAIN)


def addresses(text: str, line: Line | None = None) -> Iterator[Address]:
    """The addresses in `text`, and the targets of the links of `line` that the text does not spell out."""
    shown = set()
    end = 0
    bare = plain(text)
    found = list(_FIND.finditer(bare)) if may_hold(bare) else []
    for match, following in zip(found, [*found[1:], None], strict=False):
        kind, address = _read(match)
        if not address:
            continue
        shown.add(address)
        behind = bare[match.end() : following.start() if following else len(bare)]
        written = match.group() if bare == text else _written(text, bare, match)
        yield Address(kind=kind, address=address, before=bare[end : match.start()], behind=behind, written=written)
        end = match.end()
    for link in line.links if line else ():
        kind, address = of_target(link.target)
        if address and address not in shown and not any(address in each for each in shown):
            shown.add(address)
            yield Address(kind=kind, address=address, before=link.label, behind="", written=address)


def may_hold(text: str) -> bool:
    """Whether an address could be in it, in any spelling; fast."""
    return "@" in text or "\uff20" in text or "://" in text or "www." in text or bool(_HINT.search(text))


_HINT = regex.compile(
    r"[\[({<]\s?(?:at|ät|a|arroba|arobase|chiocciola|apenstaartje|małpa|malpa)\s?[\])}>]|\s(?:at|ät|arroba|chez|chiocciola|arobase|apenstaartje|małpa|malpa)\s.*(?:dot|punkt|point|punto|ponto|kropka)\s|www\.",
    regex.IGNORECASE,
)


def _written(text: str, bare: str, match: regex.Match[str]) -> str:
    """The piece of `text` that `match` found in its plain form, with the signs without width."""
    if len(text) == len(bare):
        return text[match.start() : match.end()]
    kept = [at for at, sign in enumerate(text) if ord(sign) not in _INVISIBLE]
    first = kept[match.start() - 1] + 1 if match.start() else 0
    return text[first : kept[match.end() - 1] + 1]


def broken(text: str) -> Iterator[tuple[str, str]]:
    """What has an `@` and is not an address or account, with the reason."""
    bare = plain(text)
    if "@" not in bare:
        return
    rest = _FIND.sub(lambda match: " " * len(match.group()), bare)
    for match in _BROKEN.finditer(rest):
        value = match.group()
        domain = value.rpartition("@")[2]
        behind = rest[match.end() : match.end() + 20]
        if value.count("@") > 1:
            reason = "it has two @"
        elif "_" in domain:
            reason = "no domain has an underscore"
        elif "." not in domain and (rest_of_domain := regex.match(r"\s\.[\w.-]+|\.?\s[\w-]+\.[\w.-]+", behind)):
            value, reason = f"{value}{rest_of_domain.group()}", "its domain has a space"
        else:
            reason = "it is not an address"
        yield value, reason


def _read(match: regex.Match[str]) -> tuple[Kind, str]:
    if match["url"]:
        return of_target(_without_end(match["url"]))
    if match["www"]:
        return "url", f"https://{_without_end(match['www'])}"
    if match["mastodon"]:
        return "mastodon", str(match["mastodon"])
    if match["spoken"]:
        local, _, host = _SPOKEN_AT.sub("@", match["spoken"], count=1).partition("@")
        return "email", f"{_ANY_DOT.sub('.', local)}@{_ANY_DOT.sub('.', host)}"
    if match["email"]:
        words = match["email"].removeprefix("mailto:")
        if "@" in words and not _ANY_AT.search(words):
            return "email", words
        local, _, host = _ANY_AT.sub("\0", words, count=1).partition("\0")
        address = f"{_ANY_DOT.sub('.', local)}@{_ANY_DOT.sub('.', host)}".replace(" ", "")
        return "email", address if "." in address.rpartition("@")[2] else ""
    return "bluesky", str(match["handle"])


def of_target(target: str) -> tuple[Kind, str]:
    """What a link leads to: an address, an account, or a page. ("url", "") for what leads nowhere outside."""
    if target.lower().startswith("mailto:"):
        return "email", unquote(target[7:].partition("?")[0]).strip()
    if profile := _PROFILE.match(target):
        return "bluesky", str(profile[1])
    account = _ACCOUNT.match(target)
    if account and account[1] not in _NOT_SERVERS:
        return "mastodon", f"@{account[2]}@{account[1]}"
    return "url", target if target.startswith(("http://", "https://")) else ""


@lru_cache(maxsize=32768)
def fault_of(email: str) -> str:
    """Why a campaign could not write to this address; "" where it could."""
    try:
        email_value.parse(email)
    except Fault as fault:
        return (fault.sentence or "this is not an address").rstrip(".").removeprefix("This is not an address: ").lower()
    return ""


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


def role_of(words: str) -> str:
    """The role that words before an address mean: `Policy team` is `policy`; their own words where none is known."""
    bare = folded(words)
    return role_in(bare) or bare[:60]


def is_role(role: str) -> bool:
    """Whether it is one of the roles that are known."""
    return any(role == known for known, _ in ROLES)


def role_by_address(email: str) -> str:
    """The role that an address itself shows: `press@` is `press`, whatever is at `lists.` a list; else `general`."""
    local, _, domain = email.partition("@")
    if regex.match(r"(?:lists?|groups|listserv|mailman)\.", domain) or domain.endswith("googlegroups.com"):
        return "list"
    return role_in(folded(regex.sub(r"[._+-]", " ", local)))
