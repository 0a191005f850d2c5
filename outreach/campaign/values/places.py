"""Readers of languages, countries and time zones."""

from __future__ import annotations

from functools import lru_cache

from outreach.campaign.definitions.definition import shown
from outreach.campaign.values.text import Fault, did_you_mean, reads
from outreach.words.calendar import has_holidays, holiday_countries
from outreach.words.country_names import COUNTRIES, country_code, stated_country
from outreach.words.languages import language_named, language_tag
from outreach.words.suggestions import nearest
from outreach.words.wall_time import zone_names

_COUNTRY_HINTS = {
    "UK": "The United Kingdom is `GB`.",
    "EL": "Greece is `GR`.",
    "EU": "Write the country of its seat, and `eu: true`.",
}
# Languages of three letters that Europe's regions write in; others need a region or script after them in file
# names, because `old`, `new` and `bak` are languages too.
_THREE_LETTERS = frozenset(
    "ast bar csb cnr dsb ext frp frr fur gsw hsb ksh lad lij lld lmo ltg mwl nap nds pms rmy rom rup sco "
    "scn sgs sma smj smn sms stq szl vec vls vro wae zza ber fil kab sah".split()
)
_LANGUAGE_HINTS = {
    "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "cn": "zh", "ua": "uk", "al": "sq", "rs": "sr", "at": "de",
    "gb": "en-GB", "us": "en-US",
}  # fmt: skip


def language_suffix(value: str) -> str | None:
    """The language that a part of a file's name (`de`, `pt-BR`) means, or None."""
    tag = language_tag(value)
    if tag is not None and len(tag) == 3 and tag not in _THREE_LETTERS:
        return None
    return tag


@reads(
    expected="a language tag (BCP 47)",
    example="en",
    schema={
        "type": "string",
        "pattern": "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{4,8})*$",
    },
)
@lru_cache(maxsize=1024)
def language(value: str) -> str:
    """A BCP 47 tag; reads in its usual case."""
    tag = language_tag(value.strip())
    if tag is None:
        known = _LANGUAGE_HINTS.get(value.strip().casefold()) or language_named(value, everywhere=False)
        raise Fault(hint=f"Did you mean `{known}`?" if known else "")
    return tag


@reads(
    expected="a country code of two letters (ISO 3166-1)",
    example="BE",
    schema={"anyOf": [{"enum": sorted(COUNTRIES)}, {"type": "string", "pattern": "^[a-z]{2}$"}]},
)
@lru_cache(maxsize=1024)
def country(value: str) -> str:
    """An ISO 3166-1 code of two letters, in any case; reads in capitals. `NO` is Norway."""
    code = value.strip().upper()
    if code in COUNTRIES:
        return code
    hint = _COUNTRY_HINTS.get(code)
    if hint is None:
        named = country_code(value, everywhere=False) or stated_country(value)
        hint = f"Did you mean `{named}`?" if named else ""
    raise Fault(hint=hint)


@reads(expected="a country code of two letters (ISO 3166-1)", example="BE", schema=country.schema())
@lru_cache(maxsize=1024)
def holiday_country(value: str) -> str:
    """A country whose public holidays are known, as an ISO 3166-1 code of two letters; no part of one."""
    code, known = value.strip().upper(), holiday_countries()
    if code in COUNTRIES and has_holidays(code):
        return code
    country, part, _ = code.partition("-")
    if part and country in COUNTRIES:
        sentence = f"`{shown(value)}` is a part of a country, and `holidays` takes whole countries."
        raise Fault(sentence, f"Write `{country}`, and the days of that part under `avoid`.")
    named = known.get(value.strip().casefold()) or country_code(value, everywhere=False)
    if named is None and (near := nearest(value.strip(), known)):
        named = known[near]
    hint = f"Did you mean `{named}`?" if named and named != code else _COUNTRY_HINTS.get(code, "")
    raise Fault(f"No public holidays are known for `{shown(value)}`.", hint)


def _is_timezone(value: str) -> bool:
    # `EST`, `GMT+1` and the like keep no daylight saving time.
    return value in zone_names() and ("/" in value or value == "UTC")


@lru_cache(maxsize=256)
def _nearest_timezone(value: str) -> str:
    # A suggestion that is refused itself, or that of `GMT+1` is `Etc/GMT+1`, west of Greenwich, helps nobody.
    known = [zone for zone in zone_names() if _is_timezone(zone) and not zone.startswith("Etc/")]
    towns = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(known) if "/" in zone}
    if found := towns.get(value.replace(" ", "_").rpartition("/")[2].casefold()):
        return f"Did you mean `{found}`?"
    return did_you_mean(value, known)


@reads(
    expected="a time zone (IANA)",
    example="Europe/Brussels",
    schema={"type": "string", "pattern": "^(UTC|[A-Za-z_]+/[A-Za-z0-9_+/-]+)$"},
)
def timezone(value: str) -> str:
    """The name of an IANA time zone."""
    if not _is_timezone(value):
        raise Fault(hint=_nearest_timezone(value))
    return value
