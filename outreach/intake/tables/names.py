"""What the cells of a column say of names: whether they are people's, or of those who own the domains beside them."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from outreach.intake import cells
from outreach.intake.addresses import addresses, origin
from outreach.intake.contact import is_named
from outreach.intake.grid import Row, text_of
from outreach.intake.naming import fits
from outreach.intake.persons import (
    INITIALS,
    in_order,
    is_blank_word,
    is_likely_person,
    is_organised,
    looks_like_person,
    untitled,
)
from outreach.intake.shapes import shape_of
from outreach.intake.vocabulary import folded, words_of
from outreach.model.records import dataclass
from outreach.words.given_names import GIVEN_NAMES
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS

_WORD = regex.compile(r"[^\W\d_]{2}")
"""Two letters: none are in `A1` or in a moment, and no name is without."""
_SEVERAL = regex.compile(r"\s*(?:[;/|\n(]|\s&\s|\s\+\s)")
_LONGEST = 90


@dataclass(frozen=True, kw_only=True)
class Names:
    """Shares, from 0 to 1, of the cells that are filled; of the rows with an address for `owners` and `mailed`."""

    worded: float
    """Words, and no number, yes or sentence."""
    differing: float
    capitals: float
    people: float
    """A first name, a title or initials counts whole; two words with capitals alone count half."""
    mailed: float
    """The address of the row has the person's name."""
    owners: float
    """The domain of the row has the name."""
    organised: float
    short: float
    """One word in capitals: `FNAUT`, a short form beside a name."""
    first: str = ""


class Domains:
    """The addresses of each row, and the domains that are somebody's own."""

    def __init__(self, sample: Sequence[Row]) -> None:
        self.mails = [_mails(row) for row in sample]
        self.own = [
            [*dict.fromkeys(d for mail in mails if (d := mail.rpartition("@")[2]) not in FREE_MAIL | SHARED_HOSTS),
             *_hosts(row)]
            for row, mails in zip(sample, self.mails, strict=True)
        ]  # fmt: skip
        theirs = [
            mail if (domain := mail.rpartition("@")[2]) in FREE_MAIL else domain for m in self.mails for mail in m[:1]
        ]
        self.diversity = (len(set(theirs)) - 1) / (len(theirs) - 1) if len(theirs) > 1 else 0.0
        """0 if all rows have one domain, 1 where each has its own; a free mailbox counts as one."""


def _mails(row: Row) -> list[str]:
    texts = [text for cell in row.cells if "@" in (text := text_of(cell)) or shape_of(text) == "email"]
    texts += [target for _, target in row.links if target.lower().startswith("mailto:")]
    return [each.address.casefold() for text in texts for each in addresses(text) if each.kind == "email"]


def _hosts(row: Row) -> list[str]:
    sites = [cells.site(text) or "" for cell in row.cells if shape_of(text := text_of(cell)) == "url"]
    sites += [target for _, target in row.links if target.startswith("http")]
    hosts = (origin(each).partition("://")[2].removeprefix("www.") for each in sites if each)
    return [host.casefold() for host in hosts if host and host.casefold() not in SHARED_HOSTS]


def names_in(sample: Sequence[Row], at: int, domains: Domains) -> Names:
    """What the cells of the column `at` say."""
    filled = [
        (text, n) for n, row in enumerate(sample) if (text := text_of(row.at(at)).strip()) and not is_blank_word(text)
    ]
    names = [(text, n) for text, n in filled if _is_worded(text)]
    if not names:
        return Names(worded=0, differing=0, capitals=0, people=0, mailed=0, owners=0, organised=0, short=0)
    reached = [(text, n) for text, n in names if domains.mails[n]]
    owned = [(text, n) for text, n in names if domains.own[n]]
    bare = [text.strip("\"'") for text, _ in names]
    return Names(
        worded=len(names) / len(filled),
        differing=len({folded(text) for text, _ in names}) / len(names),
        capitals=sum(not text[:1].islower() for text in bare) / len(names),
        people=sum(_likely_person(text, domains.mails[n]) for text, n in names) / len(names),
        mailed=_share([any(is_named(mail, _first(text)) for mail in domains.mails[n]) for text, n in reached]),
        owners=_share([any(fits(text, f"-@{host}") for host in domains.own[n]) for text, n in owned]),
        organised=_share([is_organised(folded(text)) for text, _ in names]),
        short=_share([text.isupper() and len(text) < 10 and " " not in text for text in bare]),
        first=names[0][0],
    )


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 0.0


def _is_worded(text: str) -> bool:
    if not _WORD.search(text) or len(text) > _LONGEST or (text.endswith((".", "!", "?")) and len(text.split()) > 5):
        return False
    if folded(text) in words_of("yes") | words_of("no"):
        return False
    return shape_of(text) in ("text", "country") or (shape_of(text) == "long" and len(text.split()) < 13)


def _first(text: str) -> str:
    """The first name of a cell, in its order and without a form of address: `Fox, Ann; Bell, Una` is `Ann Fox`."""
    one = _SEVERAL.split(text, maxsplit=1)[0].strip()
    turned = in_order(one)
    return untitled(turned if turned != one else one.partition(",")[0])[1]


def _likely_person(text: str, mails: Sequence[str]) -> float:
    one = _SEVERAL.split(text, maxsplit=1)[0].strip()
    name = _first(text)
    turned = in_order(one) != one
    titled = untitled(one.partition(",")[0])[0]
    words = folded(name).split()
    if (titled and not is_organised(folded(name))) or INITIALS.fullmatch(name):
        return 1.0
    if not looks_like_person(name):
        return 0.4 if len(words) == 1 and words[0] in GIVEN_NAMES else 0.0
    return 1.0 if is_likely_person(name) or turned or any(is_named(mail, name, wholly=True) for mail in mails) else 0.5
