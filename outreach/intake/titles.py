"""What a heading or the beginning of an item says: a name, its short form, a country, a tier."""

from __future__ import annotations

import regex

from outreach.intake.decoration import undecorated
from outreach.intake.notes.words import folded
from outreach.model.records import dataclass

_NUMBERING = regex.compile(r"^(?:\d{1,3}[.)]\s+|[^\p{L}\p{N}\"'(\[]+)")
_SHORT = regex.compile(r"^(.+?)\s*\(([^()]{2,60})\)\s*(.*)$")
_INITIALS = regex.compile(r"(?:^|\s)(?:\p{Lu}\.\s?)+$")
_TAIL = regex.compile(r"^(.{2,}?)(?<!\s)\s++[-\u2013\u2014|]\s+(.+)$")
_SITE = regex.compile(r"\S+[.@]\S+")
_TIER_WORDS = (
    r"tier|stufe|prioritat|priority|prio|level|ebene|phase|welle|wave|rang|rank|gruppe|group|batch|niveau|priorite|"
    r"kategorie|category|kreis|circle|runde|round|prioridad|priorita|fase|etappe|step"
)
_NUMBERED = regex.compile(
    rf"\b(?:{_TIER_WORDS})\s*-?\s*(?P<after>\d{{1,2}}|[ivx]{{1,4}}|[a-f])\b|\b(?P<before>\d{{1,2}})\s+(?:{_TIER_WORDS})\b"
)
_ORDINALS = {
    "first": 1, "erste": 1, "erster": 1, "hochste": 1, "highest": 1, "top": 1, "high": 1, "hohe": 1, "hoch": 1,
    "second": 2, "zweite": 2, "zweiter": 2, "medium": 2, "mittlere": 2, "mittel": 2,
    "third": 3, "dritte": 3, "dritter": 3, "low": 3, "niedrige": 3, "niedrig": 3, "geringe": 3,
}  # fmt: skip
_RANKED = regex.compile(
    rf"\b({'|'.join(_ORDINALS)})\s+(?:{_TIER_WORDS})\b|\b(?:{_TIER_WORDS})\s+({'|'.join(_ORDINALS)})\b"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}

_GENERIC = frozenset(
    folded(word)
    for word in (
        "contact contacts list lists distribution mailing press media journalists journalism outlets organisations "
        "organizations organisation ngos associations partners partner institutions institution research researchers "
        "institutes universities academia projects foundations communities community groups group people persons "
        "individuals experts maintainers leaders developers policy politics politicians parties members parliament "
        "commission ministries authorities agencies companies industry supporters allies networks initiatives "
        "newspapers magazines blogs podcasts radio tv channels recipients addressees others other more further and "
        "the of for to a in on with und oder mit für von der die das weitere andere sonstige alle kontakte "
        "kontaktliste verteiler adressen adressliste empfänger verbände verband vereine organisationen medien presse "
        "zeitungen redaktionen projekte stiftungen forschung wissenschaft hochschulen universitäten institute "
        "einrichtungen behörden ministerien politik parteien abgeordnete personen einzelpersonen menschen "
        "gemeinschaft gemeinschaften netzwerke partnerorganisationen unterstützer verbündete bündnispartner "
        "initiativen firmen unternehmen fachleute key main important major technical national international local "
        "european wichtige wichtigste zentrale europäische nationale lokale regionale outreach stakeholders targets "
        "médias presse associations organismes chercheurs contacts medios prensa organizaciones media stampa "
        "supporting advocacy lobbying dedicated directory overview übersicht address addresses book targets "
        "amplification think tanks bodies institutional academic civil society zivilgesellschaft umweltverbände "
        "fachverbände fachmedien additional entwickler entwicklerinnen wissenschaftler journalisten journalistinnen "
        "eu brussels brüssel public öffentliche institutionen ngo lists anlaufstellen ansprechpartner"
    ).split()
)
_RESEARCH = regex.compile(
    r"\b(?:to (?:be )?research(?:ed)?|needs? research|research needed|to (?:be )?f(?:ind|ound)|"
    r"still (?:missing|to find|open)|"
    r"not yet (?:known|found)|(?:noch )?zu recherchieren|recherchieren|noch (?:zu )?(?:suchen|finden|offen|klaren)|"
    r"recherche (?:notig|offen|ausstehend)|zu suchen|"
    r"a (?:re)?chercher|a trouver|por (?:investigar|buscar|encontrar)|"
    r"da (?:ri)?cercare|da trovare|(?:nog )?(?:uit )?te zoeken|nog uitzoeken|"
    r"do (?:ustalenia|znalezienia|sprawdzenia)|tbd|unknown contacts?|"
    r"missing contacts?|fehlende (?:kontakte|adressen))\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """What a heading names: the name itself, its short form, and the remarks around it."""

    name: str
    short: str = ""
    remarks: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    """What is around it and sets it apart: `NOT`, `(raus!)`, a cross."""


def named(title: str) -> Named:
    """`Open Source Initiative (OSI) - European Engagement` taken apart; a remark in parentheses is none of the name."""
    words, marks = undecorated(" ".join(title.split()).rstrip(": "))
    words = _NUMBERING.sub("", words).rstrip(": ")
    remarks: list[str] = []
    short = ""
    if found := _SHORT.match(words):
        words, inside, behind = found.groups()
        behind = behind.strip(" -\u2013\u2014:,")
        if behind and _INITIALS.search(words):
            words, behind = f"{inside} {behind}", ""  # `Dhr. K. (Koen) Bos`
        elif is_short_form(inside, words):
            short = inside
        elif is_swapped(words, inside) and not _SITE.fullmatch(inside):
            words, short = inside, words
        else:
            remarks.append(inside)
        if behind:
            remarks.append(behind)
    elif words.count("(") > words.count(")"):
        words, _, inside = words.partition("(")  # an item was cut at a comma in it
        remarks.append(inside)
    elif found := _TAIL.match(words):
        words = found[1]
        remarks.append(found[2])
    return Named(name=words.strip(), short=short, remarks=tuple(remarks), marks=marks)


def is_short_form(short: str, name: str) -> bool:
    """Whether `short` abbreviates `name`: one word in capitals, shorter, that begins with a letter of the name."""
    if (
        len(short.split()) > 2
        or "," in short
        or len(short) >= len(name)
        or sum(letter.isupper() for letter in short) < 2
    ):
        return False
    return short[0].casefold() in {word[0].casefold() for word in regex.findall(r"\p{L}+", name)}


def is_swapped(words: str, inside: str) -> bool:
    """Whether a short form stands before the name in parentheses: `FSFE (Free Software Foundation Europe)`."""
    return "." not in words and len(words.split()) == 1 and inside[0].isupper() and is_short_form(words, inside)


def tier_of(title: str) -> int | None:
    """The number in `Tier 0: ...`, `Stufe 2`, `2. Priorität`, `Priorität A`; None if a heading names none."""
    words = folded(title)
    if found := _NUMBERED.search(words):
        return _number(found["after"] or found["before"])
    if found := _RANKED.search(words):
        return _ORDINALS[found[1] or found[2]]
    return None


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    return _ROMAN.get(text) if text in _ROMAN else ord(text) - ord("a") + 1


def is_list_title(title: str) -> bool:
    """Whether a heading only says what kind of contacts follow: `Media`, `Weitere Verbände`."""
    words = [word for word in regex.split(r"[\s/&+]+", folded(title)) if word and not word.isdigit()]
    return bool(words) and all(word in _GENERIC for word in words)


def is_general(word: str) -> bool:
    """Whether a folded word is one of titles: `groups`, `wissenschaft`."""
    return word in _GENERIC and len(word) > 3


def names_contacts(title: str) -> bool:
    """Whether a title says that a list of contacts follows."""
    return bool(
        regex.search(
            r"\b(?:contacts|contact (?:list|directory|data)|(?:distribution|mailing|press|media|recipient) list|"
            r"address(?:es| book| list)|who to (?:contact|write)|stakeholders?|recipients|outreach (?:list|targets)|"
            r"kontakte|kontaktliste|\w*verteiler|adress\w*|empfanger\w*|ansprechpartner\w*|anlaufstellen|"
            r"director(?:y|io)|annuaire|elenco|rubrica|contactenlijst|adressenlijst|lista (?:de|di|kontakt\w*)|"
            r"repertoire|"
            r"liste de contacts|contactos|contatti|organi[sz]ations to \w+|people to (?:contact|write))\b",
            folded(title),
        )
    )


def is_to_research(text: str) -> bool:
    """Whether words say that an address is still to be found."""
    return bool(_RESEARCH.search(folded(text)) or _RESEARCH.search(text.casefold()))
