"""Readers of addresses: mail, web, Mastodon, Bluesky."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from outreach.campaign.values.text import Fault, reads
from outreach.words.header_text import header_fault

# What the library accepts without a change but for the case of the domain; everything else it judges
# itself. This spares its import and 20 us an address.
_ORDINARY = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@"
    r"(?:(?=[A-Za-z0-9-]{1,63}\.)[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.){1,8}"
    r"(?:[a-z]{2,3}|[A-Z]{2,3}|example|test|info|coop)"
)
_RESERVED = re.compile(r"(?:^|\.)(?:alt|arpa|tor)$")
_ANY_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")
_HANDLE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?", re.I)
_FEDIVERSE = re.compile(r"@?([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?)@([^@\s/]+)")
_LONGEST_URL = 2000
_PLAIN_URL = re.compile(r"(https?)://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:/[A-Za-z0-9._~/-]*)?")
_LONGEST_ADDRESS = 1000
"""Characters of a mail address or account with all that may be around it; RFC 5321 allows 254."""


@reads(
    expected="a mail address",
    example="info@example.org",
    schema={"type": "string", "pattern": "^[^@ ]+@[^@ ]+\\.[^@ ]+$"},
    code="bad-address",
)
def email(value: str) -> str:
    """Exactly one mail address; reads with its domain in lower-case ASCII, the part before `@` as written."""
    value = value.strip()
    local, _, domain = value.rpartition("@")
    if _ORDINARY.fullmatch(value) and len(local) <= 64 and len(value) <= 254:
        domain = domain.lower()
        if not _RESERVED.search(domain):
            return f"{local}@{domain}"
    return _judged(value)


def _judged(value: str) -> str:
    """`value` as the library reads it, its domain in ASCII."""
    if len(value) > _LONGEST_ADDRESS:
        raise Fault("This is longer than an address can be.")
    if header_fault(value):
        raise Fault("This address holds a character that no address can hold.", "Type it again.")
    found = _ANY_ADDRESS.findall(value)
    if len(found) > 1:
        raise Fault("These are several addresses, where one is expected.", f"Write only one: {found[0]}")
    if found and found[0].removeprefix("mailto:") != value:
        raise Fault("Write the address alone, without a name around it.", f"Write only: {found[0]}")
    from email_validator import EmailNotValidError, validate_email

    try:
        valid = validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Fault(f"This is not an address: {_without_stop(str(error))}.") from None
    if valid.ascii_email is None:
        sentence = "This address has letters outside ASCII before the `@`, which many servers refuse."
        raise Fault(sentence, "Ask for an address without them.")
    return valid.ascii_email


def _without_stop(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


@reads(
    expected="a mail address, or `@` and a domain",
    example="pat@example.org",
    schema={"type": "string", "pattern": "^[^@ ]*@[^@ ]+\\.[^@ ]+$"},
    code="bad-address",
)
def email_or_domain(value: str) -> str:
    """One mail address, or `@` and a domain for all addresses there; reads in lower case."""
    value = value.strip()
    words = [f'"{word}"' if word.startswith("@") else word for word in re.split(r"[\s,;]+", value) if word]
    if len(words) > 1 and "<" not in value:
        raise Fault(hint=f"Write a list: [{', '.join(words)}].")
    return f"@{email.parse(f'a{value}').partition('@')[2]}" if value.startswith("@") else email.parse(value).casefold()


def is_url(value: str, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    """Whether `value` is one complete address with one of `schemes`."""
    if len(value) <= _LONGEST_URL and (plain := _PLAIN_URL.fullmatch(value)) is not None:
        return plain[1] in schemes  # as most are; what follows would say the same in five times the time
    if len(value) > _LONGEST_URL or re.search(r"[\s<>\"\x00-\x1f\x7f-\x9f]", value) or header_fault(value):
        return False
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "mailto" in schemes and "@" in parts.path
    return parts.scheme in schemes and bool(re.fullmatch(r"[^\s.]+(\.[^\s.]+)*\.?", parts.hostname or ""))


@reads(
    expected="a web address", example="https://example.org/", schema={"type": "string", "pattern": "^https?://[^\\s]+$"}
)
def url(value: str) -> str:
    """An address that begins with http:// or https://."""
    value = value.strip()
    if is_url(value):
        return value
    raise Fault(hint=f"Did you mean `https://{value}`?" if is_url(f"https://{value}") else "")


@reads(
    expected="an https address",
    example="https://example.org/",
    schema={"type": "string", "pattern": "^https://[^\\s]+$"},
)
def https(value: str) -> str:
    """An address that begins with https://."""
    found: str = url.parse(value)
    if not found.startswith("https://"):
        raise Fault(hint="It has to be https (RFC 8058).")
    return found


@reads(
    expected="a web address",
    example="https://example.org/",
    schema={"type": "string", "pattern": "^(https?://[^\\s]+|.*\\{\\{.*)$"},
)
def url_or_template(value: str) -> str:
    """A web address, or a text with `{{ ... }}` that becomes one."""
    return value.strip() if "{{" in value and not header_fault(value.strip()) else url.parse(value)


@reads(
    expected="a web or mailto address",
    example="https://example.org/brief",
    schema={"type": "string", "pattern": "^(https?://|mailto:)[^\\s]+$"},
)
def link(value: str) -> str:
    """An http, https or mailto address."""
    value = value.strip()
    if is_url(value, ("http", "https", "mailto")):
        return value
    raise Fault(hint=f"Did you mean `https://{value}`?" if is_url(f"https://{value}") else "")


@reads(
    expected="a Mastodon account with its server",
    example='"@openforumeurope@eupolicy.social"',
    schema={"type": "string", "pattern": "^@?[A-Za-z0-9_.-]+@[^@\\s/]+$"},
    code="bad-address",
)
def mastodon(value: str) -> str:
    """A Mastodon account; reads as `@user@server`."""
    value = value.strip()
    found = _FEDIVERSE.fullmatch(value)
    if found and _HANDLE.fullmatch(found[2]):
        return f"@{found[1]}@{found[2].lower()}"
    page = re.fullmatch(r"https?://([^/\s]+)/@([A-Za-z0-9_.-]+)/?", value)
    raise Fault(hint=f'Write `"@{page[2]}@{page[1]}"`.' if page else "")


@reads(
    expected="a Bluesky handle",
    example="example.bsky.social",
    schema={"type": "string", "pattern": "^@?[A-Za-z0-9.-]+$"},
    code="bad-address",
)
def bluesky(value: str) -> str:
    """A Bluesky handle; reads without its `@`."""
    handle = value.strip().removeprefix("@")
    if _HANDLE.fullmatch(handle) and len(handle) <= 253:
        return handle.lower()
    page = re.fullmatch(r"https?://bsky\.app/profile/([^/\s]+)/?", value.strip())
    raise Fault(hint=f"Write `{page[1]}`." if page else "")
