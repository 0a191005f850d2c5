"""Readers of languages, countries and time zones."""

from __future__ import annotations

import re
from functools import lru_cache

from outreach.files.reading.reader import Fault, TextReader, did_you_mean, shown
from outreach.rules.calendar import has_holidays, holiday_countries
from outreach.rules.suggestions import nearest
from outreach.rules.wall_time import zone_names

# ISO 3166-1 alpha-2, officially assigned.
COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
    BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
    IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
    MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
    PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
    SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
    YT ZA ZM ZW
    """.split()
)
_COUNTRY_HINTS = {
    "UK": "The United Kingdom is `GB`.",
    "EL": "Greece is `GR`.",
    "EU": "Write the country of its seat, and `eu: true`.",
}
_COUNTRY_NAMES = {
    "austria": "AT", "belgium": "BE", "belgië": "BE", "belgique": "BE", "bulgaria": "BG", "croatia": "HR",
    "cyprus": "CY", "czechia": "CZ", "denmark": "DK", "danmark": "DK", "deutschland": "DE", "españa": "ES",
    "estonia": "EE", "finland": "FI", "france": "FR", "germany": "DE", "greece": "GR", "hungary": "HU",
    "ireland": "IE", "italia": "IT", "italy": "IT", "latvia": "LV", "lithuania": "LT", "luxembourg": "LU",
    "malta": "MT", "netherlands": "NL", "nederland": "NL", "norge": "NO", "norway": "NO", "österreich": "AT",
    "poland": "PL", "polska": "PL", "portugal": "PT", "romania": "RO", "schweiz": "CH", "slovakia": "SK",
    "slovenia": "SI", "spain": "ES", "sverige": "SE", "sweden": "SE", "switzerland": "CH", "ukraine": "UA",
    "united kingdom": "GB", "united states": "US", "usa": "US",
}  # fmt: skip

# ISO 639-1.
LANGUAGES = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik
    io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml
    mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd
    se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve
    vi vo wa wo xh yi yo za zh zu
    """.split()
)
# Languages of three letters that Europe's regions write in; others need a region or script after them in file
# names, because `old`, `new` and `bak` are languages too.
_THREE_LETTERS = frozenset(
    "ast bar csb cnr dsb ext frp frr fur gsw hsb ksh lad lij lld lmo ltg mwl nap nds pms rmy rom rup sco "
    "scn sgs sma smj smn sms stq szl vec vls vro wae zza ber fil kab sah".split()
)
_LANGUAGE_HINTS = {
    "cz": "cs", "dk": "da", "gr": "el", "jp": "ja", "cn": "zh", "ua": "uk", "al": "sq", "rs": "sr", "at": "de",
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "dutch": "nl",
    "nederlands": "nl", "spanish": "es", "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt",
    "português": "pt", "norwegian": "nb", "norsk": "nb", "swedish": "sv", "svenska": "sv", "danish": "da",
    "dansk": "da", "polish": "pl", "polski": "pl", "czech": "cs", "greek": "el", "finnish": "fi",
    "ukrainian": "uk", "gb": "en-GB", "us": "en-US",
}  # fmt: skip
_TAG = re.compile(
    r"(?P<language>[A-Za-z]{2,3})(?P<script>-[A-Za-z]{4})?(?P<region>-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*)"
)


@lru_cache(maxsize=4096)
def language_tag(value: str) -> str | None:
    """The BCP 47 tag in its usual case (`de-AT`), or None where `value` is none."""
    found = _TAG.fullmatch(value)
    if not found or (len(found["language"]) == 2 and found["language"].lower() not in LANGUAGES):
        return None
    script, region = found["script"] or "", found["region"] or ""
    return found["language"].lower() + script.title() + region.upper() + found["variants"].lower()


def language_suffix(value: str) -> str | None:
    """The language that a part of a file's name (`de`, `pt-BR`) means, or None."""
    tag = language_tag(value)
    if tag is not None and len(tag) == 3 and tag not in _THREE_LETTERS:
        return None
    return tag


@lru_cache(maxsize=1024)
def _language(value: str) -> str:
    tag = language_tag(value.strip())
    if tag is None:
        known = _LANGUAGE_HINTS.get(value.strip().casefold())
        raise Fault(hint=f"Did you mean `{known}`?" if known else "")
    return tag


def language() -> TextReader:
    """A BCP 47 tag; reads in its usual case."""
    pattern = "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{4,8})*$"
    return TextReader(
        _language,
        expected="a language tag (BCP 47)",
        example="en",
        schema={"type": "string", "pattern": pattern},
    )


@lru_cache(maxsize=1024)
def _country(value: str) -> str:
    code = value.strip().upper()
    if code in COUNTRIES:
        return code
    named = _COUNTRY_NAMES.get(value.strip().casefold())
    raise Fault(hint=f"Did you mean `{named}`?" if named else _COUNTRY_HINTS.get(code, ""))


def country() -> TextReader:
    """An ISO 3166-1 code of two letters, in any case; reads in capitals. `NO` is Norway."""
    return TextReader(
        _country,
        expected="a country code of two letters (ISO 3166-1)",
        example="BE",
        schema={"anyOf": [{"enum": sorted(COUNTRIES)}, {"type": "string", "pattern": "^[a-z]{2}$"}]},
    )


@lru_cache(maxsize=1024)
def _holiday_country(value: str) -> str:
    code, known = value.strip().upper(), holiday_countries()
    if code in COUNTRIES and has_holidays(code):
        return code
    country, part, _ = code.partition("-")
    if part and country in COUNTRIES:
        sentence = f"`{shown(value)}` is a part of a country, and `holidays` takes whole countries."
        raise Fault(sentence, f"Write `{country}`, and the days of that part under `avoid`.")
    named = known.get(value.strip().casefold()) or _COUNTRY_NAMES.get(value.strip().casefold())
    if named is None and (near := nearest(value.strip(), [*known, *_COUNTRY_NAMES])):
        named = known.get(near) or _COUNTRY_NAMES.get(near)
    hint = f"Did you mean `{named}`?" if named and named != code else _COUNTRY_HINTS.get(code, "")
    raise Fault(f"No public holidays are known for `{shown(value)}`.", hint)


def holiday_country() -> TextReader:
    """A country whose public holidays are known, as an ISO 3166-1 code of two letters; no part of one."""
    return TextReader(
        _holiday_country,
        expected="a country code of two letters (ISO 3166-1)",
        example="BE",
        schema=country().schema(),
    )


def _is_timezone(value: str) -> bool:
    # `EST`, `GMT+1` and the like keep no daylight saving time.
    return value in zone_names() and ("/" in value or value == "UTC")


@lru_cache(maxsize=256)
def _nearest_timezone(value: str) -> str:
    known = zone_names()
    towns = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(known) if "/" in zone}
    if found := towns.get(value.replace(" ", "_").rpartition("/")[2].casefold()):
        return f"Did you mean `{found}`?"
    return did_you_mean(value, known)


def _timezone(value: str) -> str:
    if not _is_timezone(value):
        raise Fault(hint=_nearest_timezone(value))
    return value


def timezone() -> TextReader:
    """The name of an IANA time zone."""
    return TextReader(
        _timezone,
        expected="a time zone (IANA)",
        example="Europe/Brussels",
        schema={"type": "string", "pattern": "^(UTC|[A-Za-z_]+/[A-Za-z0-9_+/-]+)$"},
    )
