"""What somebody is: organisation, project, institution, research, media or person; of the EU or not; from where."""

from __future__ import annotations

import regex

from outreach.intake.notes.words import folded
from outreach.intake.persons import is_person

_OF_NAMES = (
    (
        "institution",
        r"commission|parliament|council|ministry|agency|agentur|kommission|parlament|\w*ministerium|bundes\w*amt|"
        r"committee|ausschuss|dg \w+|meps?|directorate|behorde|authority|ministere|comite|government|regierung|"
        r"senat|\w*kanzlei|landtag|bundestag",
    ),
    (
        "research",
        r"universit\w*|institut|institute|fraunhofer|max planck|research|forschung\w*|hochschule|academy of|"
        r"akademie der|cnrs|inria|leibniz|helmholtz|think tank|\w*institut|college|eth|observatory",
    ),
    (
        "media",
        r"\w*zeitung|news|magazin\w*|magazine|radio|tv|journal|podcast|times|post|herald|gazette|weekly|"
        r"rundschau|redaktion|press agency|nachrichten|tagblatt|tageblatt|\w*funk|kurier|presse",
    ),
    ("project", r"project|projekt|distribution"),
)
_OF_HEADINGS = (
    (
        "media",
        r"media|press|presse|medien|journalis\w*|redaktion\w*|outlets?|newspapers?|zeitungen|fachmedien|medias|stampa",
    ),
    (
        "research",
        r"research|forschung|wissenschaft|academi\w*|universit\w*|institutes?|hochschulen|recherche|think tanks?",
    ),
    ("project", r"projects?|projekte?|maintainers?"),
    (
        "institution",
        r"institutions?|institutionen|agencies|behorden|ministerien|ministries|government|authorities|politik",
    ),
)
_WORDS = {
    "organisation": r"organi[sz]ation|ngo|verband|verein|association|lobby\w*|stiftung|foundation|bundnis|alliance",
    "project": r"projekt|project|software|community",
    "institution": r"institution|behorde|agency|ministry|ministerium|amt|public body|government|eu",
    "research": r"research|forschung\w*|university|universitat|institut\w*|wissenschaft|academic|think tank",
    "media": r"media|medium|medien|press|presse|zeitung|newspaper|magazin\w*|blog|podcast|journalis\w*|radio",
    "person": r"person|individual|einzelperson|mensch|maintainer|journalist|politician|abgeordnete\w*|expert\w*|people",
}
_NO_MEDIUM = regex.compile(
    r"\b(?:foundation|organi[sz]ers?|organi[sz]ations?|project|institute?|e\s?v|association|verband|verein|stiftung|"
    r"initiative|alliance|network|netzwerk|group|team|society|gesellschaft|gmbh|ltd|inc|union|federation|bund|"
    r"europe|international|conference|consortium|university|linux|software|center|centre|zentrum|museum|office|"
    r"council|parliament|commission|magazine|news|the|for|of|and|fur|und|der|die|das|freunde|club|committee|agency|"
    r"\w+(?:bund|verband|verein|werk|kreis|zeitung|rat|amt|haus)|radio|press|party|partei|lab|labs|board|members|watch|action|digital|open|free|european|city|stadt)\b"
)
_PERSONAL = regex.compile(
    r"\b(?:founder|maintainer|author|developer|creator|professor|journalist|writer|president of|mep|speaker|blogger|"
    r"grunder\w*|autor\w*|entwickler\w*|betreuer\w*|professorin|journalistin|abgeordneter?|sprecherin|she|her|his|"
    r"he|him|herself|himself|public figure|hauptentwickler\w*|pflegt)\b"
)
_EUROPEAN = regex.compile(
    r"\b(?:european (?:commission|parliament|council|union|central bank|court|investment bank|committee)|dg [a-z]{2,}|"
    r"directorate general|meps?|eu (?:commission|parliament|council|agency)|enisa|council of the eu|"
    r"europaisch\w* (?:kommission|parlament|rat|union)|eu kommission|eu parlament|commission europeenne|"
    r"parlement europeen|comision europea|parlamento europeo|commissione europea|generaldirektion)\b"
)
_COUNTRIES = {
    folded(name): code
    for code, names in {
        "AT": "Austria;Österreich;Austrian;österreichisch", "BE": "Belgium;Belgien;Belgique;Belgian;belgisch",
        "BG": "Bulgaria;Bulgarien", "CA": "Canada;Kanada", "CH": "Switzerland;Schweiz;Suisse;Swiss",
        "CY": "Cyprus;Zypern", "CZ": "Czechia;Czech Republic;Tschechien",
        "DE": "Germany;Deutschland;Allemagne;German;deutsch;deutsche;deutscher;deutsches",
        "DK": "Denmark;Dänemark;Danish", "EE": "Estonia;Estland;Estonian", "ES": "Spain;Spanien;España;Spanish",
        "FI": "Finland;Finnland;Finnish", "FR": "France;Frankreich;French;französisch;französische",
        "GB": "United Kingdom;UK;Great Britain;Großbritannien;Vereinigtes Königreich;England;Scotland;British",
        "GR": "Greece;Griechenland;Greek", "HR": "Croatia;Kroatien", "HU": "Hungary;Ungarn",
        "IE": "Ireland;Irland;Irish", "IT": "Italy;Italien;Italia;Italian", "LT": "Lithuania;Litauen",
        "LU": "Luxembourg;Luxemburg", "LV": "Latvia;Lettland", "MT": "Malta",
        "NL": "Netherlands;The Netherlands;Niederlande;Holland;Nederland;Dutch", "NO": "Norway;Norwegen;Norwegian",
        "PL": "Poland;Polen;Polska;Polish", "PT": "Portugal;Portuguese", "RO": "Romania;Rumänien",
        "SE": "Sweden;Schweden;Sverige;Swedish", "SI": "Slovenia;Slowenien", "SK": "Slovakia;Slowakei",
        "UA": "Ukraine", "US": "USA;US;United States;Vereinigte Staaten", "JP": "Japan", "AU": "Australia;Australien",
    }.items()
    for name in names.split(";")
}  # fmt: skip
_CODES = frozenset(_COUNTRIES.values())
_BASED = regex.compile(
    r"\b(\p{L}[\p{L} ]{1,20}?)[ -]based\b|\bbased in (?:the )?(\p{Lu}[\p{L} ]{2,20})|\b(?:Sitz|ansässig) in (\p{L}+)"
)
_ADJECTIVE = regex.compile(
    r"^(?:an? |the |eine? )?(\p{Lu}\p{L}+) (?:\p{L}+ ){0,3}?(?:institution|institute|organi[sz]ation|journalism|"
    r"magazine|newspaper|association|foundation|think tank|university|agency|ngo|institut|verein|verband|magazin)\b"
)


def kind_of(name: str, headings: tuple[str, ...], words: str, said: str) -> str:
    """What `name` is. `said` is what the notes say outright, `headings` stand above it, the nearest first."""
    if said:
        bare = folded(said)
        for kind, pattern in _WORDS.items():
            if regex.search(rf"\b(?:{pattern})\b", bare):
                return kind
    bare = folded(name)
    if is_person(name) and _PERSONAL.search(folded(words)):
        return "person"
    if any(regex.search(r"\b(?:individuals|personen|people|einzelpersonen|persons)\b", folded(h)) for h in headings):
        return "person" if is_person(name) else "organisation"
    for heading in headings[:2]:
        named = [kind for kind, pattern in _OF_HEADINGS if regex.search(rf"\b(?:{pattern})\b", folded(heading))]
        if named == ["media"]:
            return "media"
    for kind, pattern in _OF_NAMES:
        if regex.search(rf"\b(?:{pattern})\b", bare) and not (kind == "media" and _NO_MEDIUM.search(bare)):
            return kind
    for heading in headings[:2]:
        for kind, pattern in _OF_HEADINGS:
            if regex.search(rf"\b(?:{pattern})\b", folded(heading)):
                return kind
    return "organisation"


def says_kind(said: str) -> bool:
    """Whether words about a kind name one."""
    return any(regex.search(rf"\b(?:{pattern})\b", folded(said)) for pattern in _WORDS.values())


def is_of_the_eu(name: str) -> bool:
    """Whether `name` is an institution of the EU."""
    return bool(_EUROPEAN.search(folded(name)))


def country_named(text: str) -> str | None:
    """The code of the country that `text` is or ends with (`Germany`, `1000 Brussels, Belgium`, `DE`)."""
    last = regex.split(r"[,;/]|\s[-\u2013]\s", text.strip(" ."))[-1].strip()
    if last in _CODES:
        return last
    return _COUNTRIES.get(folded(last))


def country_in(text: str) -> str | None:
    """The country that a description names: `UK-based`, `based in Spain`, `German research institution`."""
    for match in (*_BASED.finditer(text), *_ADJECTIVE.finditer(text)):
        named = next((group for group in match.groups() if group), "")
        if found := _COUNTRIES.get(folded(named)) or _COUNTRIES.get(folded(named.split()[-1])):
            return found
    return None
