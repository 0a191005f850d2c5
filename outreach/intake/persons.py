"""Whether words could be a person's name, and the people that a cell names."""

from __future__ import annotations

from functools import lru_cache

import regex

from outreach.intake.addresses import addresses
from outreach.intake.vocabulary import columns, folded, roles, words_of
from outreach.words.desks import not_names, organised
from outreach.words.given_names import GIVEN_NAMES

_PROFESSIONS = regex.compile(
    r"\b(?:geschaftsfuhr|vorsitzend|leiter|prasident|president|vicepresident|directeur|directrice|direktor|direttor|dyrektor|"
    r"coordinat|coordinador|coordenador|koordinat|koordynator|referent|beauftragt|campaign|kampagn|responsab|respons|"
    r"gerente|prezes|rzeczni|woordvoerder|voorzitter|bestuurder|portavoz|porta|portavoce|porte|jornalist|journalist|"
    r"periodist|giornalist|dziennikarz|redakteur|redacteur|redactor|redattor|reporter|professor|advocat|anwalt|lawyer|"
    r"avocat|abogad|avvocat|advis|treasur|schatzmeister|tresor|tesorer|assistant|assistent|speaker|founder|grunder|"
    r"fondat|fundador|founding|producer|researcher|analyst|spokes|deputy|senior|junior|member|mitglied|membre|lid)\w*"
)
"""What people do: `Maria Sousa, Geschäftsführerin` is not a last name before a first one."""
_TITLE = regex.compile(r"(?:Dr|Prof|Ing|Dipl|Mag)\.?(?:-?\p{Lu}?\p{L}+\.)*|PD")
_REACHING = frozenset(("email", "person_email", "website", "form", "phone", "mastodon", "bluesky", "social"))
_ACADEMIC = frozenset("dr dra prof professor mag mgr drs ir ing eng dott dott ssa prof ssa dipl ing pr".split())
_PARTICLE = r"von|van|de|der|den|zu|di|del|della|dos|das|da|do|la|le|el|ter|ten|af|av|y|e|i"
_OF_NOBLES = regex.compile(r"\b(?:von|van|zu) (?:der|den|dem|die)\b")
_SHAPED = regex.compile(rf"\p{{Lu}}[\p{{L}}\p{{M}}.'\u2019-]*|{_PARTICLE}")
_DESK = regex.compile(
    r"desk|\w+redaktion|newsdesk|newsroom|switchboard|hotline|enquir(?:y|ies)|inquir(?:y|ies)|queries"
)
INITIALS = regex.compile(r"(?:\p{Lu}\.[\s-]?){1,3}(?:\p{Ll}{2,3}\s)*\p{Lu}[\p{L}'\u2019-]+")
"""`M. Rota`, `J.-P. de Wit`."""
_DEGREES = regex.compile(
    r"(?:(?:Ph\.? ?D|[BM]\.? ?Sc|[BM]\.? ?A|Dr\.?Sc|C\.?Sc|LL\.? ?[BM]|MBA|DiS|M[DE]?P|[A-Z]{2,4})\.?[ ,]*)+"
)
"""What is behind a name: `Eva Černá, Ph.D.` has no first name there."""
_LAST_FIRST = regex.compile(r"(?P<last>[^,()@]+),\s*(?P<first>[^,()@]+)")
GREETING = regex.compile(
    r"(?:dear|hi|hello|hey|liebe\w*|sehr geehrte\w*|hallo|guten tag|cher\w*|bonjour|estimad\w*|querid\w*|hola|"
    r"car[oaie]|gentil\w*|egregi\w*|buongiorno|beste|geachte|szanown\w*|drog\w*|dzien dobry|carissim\w*|prezad\w*|"
    r"ola|exmo\w*)\b"
)
"""How a letter begins: `Sehr geehrter Herr ...`."""
_ROLE_WORDS = regex.compile(r"\s[\u2013\u2014-]\s+|\s*[,|]\s+|\s*\(([^()]*)\)")


def is_organised(folded_name: str) -> bool:
    """Whether a name has a word of organisations."""
    return bool(organised().search(folded_name))


@lru_cache(maxsize=8192)
def is_person(name: str) -> bool:
    """Whether `name` could be a person's: two to four capitalised words, none of them of an organisation."""
    words = [word for word in name.split() if not _TITLE.fullmatch(word)]
    shaped = 2 <= len(words) <= 5 and all(_SHAPED.fullmatch(word) for word in words)
    return (
        shaped
        and words[-1][:1].isupper()
        and not organised().search(_OF_NOBLES.sub(" ", folded(name)))
        and not name.isupper()
    )


@lru_cache(maxsize=8192)
def looks_like_person(name: str) -> bool:
    """Whether it could, and names no desk or office either (`Policy Team`)."""
    return is_person(name) and not not_names().search(folded(name))


@lru_cache(maxsize=4096)
def is_blank_word(text: str) -> bool:
    """Whether a cell says that there is nothing: `n/a`, `-`, `unbekannt`."""
    bare = folded(text.strip(" []<>(){}"))
    return not any(sign.isalnum() for sign in text) or bare in words_of("none") or folded(text) in words_of("none")


@lru_cache(maxsize=8192)
def is_likely_person(name: str) -> bool:
    """Whether it looks like a person and has a first name that is frequent, a title, or initials."""
    title, bare = untitled(name)
    words = folded(bare).split()
    if INITIALS.fullmatch(bare):
        return True
    return looks_like_person(bare) and (bool(title) or bool({words[0], words[-1]} & GIVEN_NAMES))


def is_desk(name: str) -> bool:
    """Whether words name a desk or what somebody does: `Press office`, `News desk`, `Vice-Chair`; not `Open Media`."""
    words = folded(name).split()
    if not words or len(words) > 4:
        return False
    known = words_of("function") | roles().keys() | words_of("filler")
    ends = words[-1] in words_of("function") or _DESK.fullmatch(words[-1])
    return bool(ends) or all(word in known or not_names().fullmatch(word) for word in words)


def is_greeting(text: str) -> bool:
    """Whether words are the first line of a letter: `Sehr geehrter Herr Dr. Berg`, `Liebe Ina,`; not `Cara Dunn`."""
    words = folded(text).split()
    told = text.rstrip().endswith((",", "!")) or any(word in words_of("honorific") for word in words[1:])
    return told and 2 <= len(words) <= 12 and bool(GREETING.match(" ".join(words)))


def is_profession(word: str) -> bool:
    """Whether a word is what somebody does: `Chefredakteur`."""
    return bool(_PROFESSIONS.search(folded(word).removeprefix("chef")))


def untitled(words: str) -> tuple[str, str]:
    """The form of address before a name, and the name; a doctor stays one: (`Frau`, `Dr. Lena Berg`)."""
    parts = words.split()
    number = 0
    while number < len(parts) - 1 and folded(parts[number]) in words_of("honorific") - _ACADEMIC:
        number += 1
    return " ".join(parts[:number]), " ".join(parts[number:])


def in_order(name: str) -> str:
    """`Sousa, Maria Ana` as `Maria Ana Sousa`, `Dr. Hahn, Eva` as `Dr. Eva Hahn`; anything else as it stands."""
    found = _LAST_FIRST.fullmatch(name.strip())
    if not found:
        return name
    first, last = found["first"].strip(), found["last"].strip()
    if _DEGREES.fullmatch(first):
        return name
    title, _, bare = last.partition(" ")
    if bare and _TITLE.fullmatch(title):
        return name if (turned := in_order(f"{bare}, {first}")) == f"{bare}, {first}" else f"{title} {turned}"
    turned = f"{first} {last.title() if last.isupper() else last}"
    one_each = len(last.split()) <= 3 and len(first.split()) <= 3
    is_role = not_names().search(folded(first)) or _PROFESSIONS.search(folded(first))
    return turned if one_each and looks_like_person(turned) and not is_role else name


def turned(name: str) -> str:
    """A name of a column that has last names first: `Wiśniewska Anna` as `Anna Wiśniewska`.

    One whose first word is a first name, and the last none, stands the other way round after all.
    """
    if in_order(name) != name:
        return in_order(name)
    title, bare = untitled(name)
    words = bare.split()
    given = [folded(word) in GIVEN_NAMES for word in words]
    if (
        len(words) < 2
        or (given[0] and not given[-1])
        or not looks_like_person(bare.title() if bare.isupper() else bare)
    ):
        return name
    start = next((at for at, word in enumerate(words) if not regex.fullmatch(_PARTICLE, word.lower())), 0)
    at = next((at for at in range(start + 1, len(words)) if given[at]), start + 1)
    last = " ".join(word.title() if word.isupper() else word for word in words[:at])
    return " ".join(filter(None, (title, *words[at:], last)))


def people_in(text: str) -> tuple[list[dict[str, str]], str]:
    """The people of a cell with their roles and addresses, and the words that are none.

    `Maria Example (Director); Jo Doe, Press` are two; `n/a`, `(editor)`, `Yes` and a web address are nobody.
    """
    found: list[dict[str, str]] = []
    left: list[str] = []
    if is_blank_word(text):
        return [], ""
    for part in regex.split(r"[;\n|/]|\s(?:&|and|und|et|y|e|i|en)\s(?=\p{Lu}\p{L}+\s\p{Lu})", text):
        person: dict[str, str] = {}
        mails = [each for each in addresses(part) if each.kind == "email"]
        for each in mails[:1]:
            person["email"] = each.address
            part = part.replace(each.written, " ").replace("<", " ").replace(">", " ").replace("()", " ")
        bare = " ".join(part.split()).strip(" ,-\u2013:\"'")
        if not bare or is_blank_word(bare):
            if person:
                left.append(person["email"])
            continue
        name, role = _name_and_role(bare)
        if name:
            said = {"name": name, "role": role, **person}
            found.append({key: value for key, value in said.items() if value})
        else:
            left.append(bare + (f" {person['email']}" if person else ""))
    return found, "; ".join(left)


def _name_and_role(bare: str) -> tuple[str, str]:
    label, colon, value = bare.partition(":")
    if colon:  # `Chair: Ann Lee` is a person, `Contact form: here` nobody
        name, role = _name_and_role(value.strip())
        return (name, role or label.strip()) if looks_like_person(name) else ("", "")
    turned = in_order(bare)
    if turned != bare:
        return untitled(turned)[1], ""
    inside = regex.match(r"(?P<name>[^()]+)\((?P<role>[^()]+)\)[\s,]*$", bare)
    if inside and in_order(inside["name"].strip(" ,")) != inside["name"].strip(" ,"):
        return in_order(inside["name"].strip(" ,")), inside["role"].strip()
    parts = [part.strip(" ,") for part in _ROLE_WORDS.split(bare) if part and part.strip(" ,")]
    if not parts:
        return "", ""
    if not looks_like_name(parts[0]):
        second = parts[1] if len(parts) > 1 and looks_like_person(untitled(parts[1])[1]) else ""
        return (untitled(second)[1], parts[0]) if second else ("", "")
    return untitled(parts[0])[1], ", ".join(parts[1:])


def looks_like_name(text: str) -> bool:
    """Whether what stands where a person is expected may be one: a name, and no sentence, address or yes."""
    name = untitled(text)[1]
    word = folded(name)
    if (
        not word
        or "://" in name
        or "www." in name
        or "@" in name
        or name.startswith("(")
        or any(c.isdigit() for c in name)
    ):
        return False
    if name.split()[-1].islower() and folded(name.split()[-1]) in words_of("none"):
        return False  # `Secretary vacant`
    if word in words_of("yes") | words_of("no") | words_of("none") or columns().get(word) in _REACHING:
        return False
    is_capital = name[:1].isalpha() and not name[:1].islower()  # Arabic, Hebrew, Chinese: letters without a case
    return len(name.split()) <= 6 and is_capital and not (not_names().search(word) and not is_person(name))
