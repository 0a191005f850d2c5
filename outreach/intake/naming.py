"""Whether a name and a mail address belong together, and whether the words before an address name an organisation."""

from __future__ import annotations

import regex

from outreach.intake.addresses import origin
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.words import meaning
from outreach.intake.persons import is_desk, looks_like_person, untitled
from outreach.intake.titles import named
from outreach.intake.vocabulary import folded, words_of
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS

_SECOND = frozenset(("co", "com", "org", "net", "ac", "gov", "gv", "or"))
"""What is before the end of a domain and names nobody: `bees.co.uk`."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_CAPITALS = regex.compile(
    r"\p{Lu}[\p{L}\p{N}&'\u2019.-]*(?:\s(?:(?:of|for|the|de|du|des|di|da|do|del|della|dei|la|le|les|el|los|y|e|et|für|und|der|die|das|am|im|an|van|het|and|&)\s){0,2}"
    r"\p{Lu}[\p{L}\p{N}&'\u2019-]*){0,5}"
)


def fits(name: str, address: str) -> bool:
    """Whether a name is in the domain of an address: `Morning Ledger` in `news@ledger.example`.

    At a provider of mailboxes the part before the `@` counts.
    """
    local, _, domain = address.casefold().partition("@")
    hosts = [label for label in domain.split(".")[:-1] if label not in _SECOND]
    labels = [folded(local)] if domain in FREE_MAIL else [folded(label) for label in hosts]
    squeezed = [label.replace(" ", "") for label in labels]
    spelt = f"{name} {name.casefold().translate(_UMLAUTS)}"
    words = [word for word in folded(name).split() if word not in words_of("filler")]
    written = {word for word in folded(spelt).split() if word not in words_of("filler")}
    own = {part for label in labels for part in label.split()}
    if any(
        (len(word) > 3 and any(word in label or (len(label) > 3 and label in word) for label in squeezed))
        or word in own
        for word in written
    ):
        return True
    initials, joined = "".join(word[0] for word in words), "".join(words)
    return (len(initials) > 2 and any(part.startswith(initials) for part in own)) or joined in own


def owns(name: str, page: str) -> bool:
    """Whether a web page has the name in its domain: `Elm Club` and `https://www.elmclub.example/contact`."""
    host = origin(page).partition("://")[2].removeprefix("www.")
    return host not in SHARED_HOSTS and fits(name, f"-@{host}")


def is_part(name: str, address: str) -> bool:
    """Whether what is before an address is not an organisation: a person, a desk, a label, or nothing."""
    bare = named(name).name.strip(" \"'*_")
    if not bare or "@" in bare or meaning(bare):
        return True
    return not fits(bare, address) and (looks_like_person(untitled(bare)[1]) or is_desk(bare))


def fitting(text: str, address: str) -> str:
    """The words of a sentence that the domain of an address names: `Rent Forum` before info@rentforum.example."""
    found = [match.group() for match in _CAPITALS.finditer(text)]
    return max((each for each in found if fits(each, address) and not says_no(each)), key=len, default="")
