"""Remarks that may be a refusal in a person's own words: asked about together, and until then nobody is written to.

`no_means_no` knows how lists and people say no. Here is what remains: that somebody does not want, is angry, hangs up
or leaves (`unwilling` in `words/languages`). Most of it is a no, some is none, and a lost no is worse than one more
question for a whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from outreach.intake.account import Account, id_of
from outreach.model.found import FoundContact, Place
from outreach.words.phrases import compiled, folded, phrases

DOUBTS = "no-mail-perhaps"
"""What the ids of these questions begin with."""
LEAVE = "do-not-contact"
IGNORE = "ignore"
EACH = "one-by-one"
_LONGEST = 30
"""Words of a remark that are read. Longer ones describe somebody."""
_CLAUSE = 14
_SHOWN = 90
_AMBIGUOUS = frozenset(("on", "me", "my"))
"""Words for us that are others in another language, or mean whoever writes the list."""
_HARMLESS = ("harmless", "undecided", "facts", "not_no", "not_yet", "answered")
_REACHED = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_COUNTRY = re.compile(r"\bUS\b")
_PREFIX = re.compile(r"\b(?:non?|nao|ohne)-(?=\w)|\bnon? profit\b|\bnon (?=lucrati|gov|gouv|stat)")
_OBJECT = re.compile(
    r"\s+(?:\w+ )?(?:about|over|of|the|from|to the|uber|wegen|gegen|den|die|das|aus|contre|contra|contro|au|aux|du|des|"
    r"la|le|les|il|lo|gli|al|alla|alle|del|della|el|los|las|a la|o|os|as|ao|do|da|tegen|de|het|wobec|przeciw)\s+\w"
)
"""What follows where anger or refusal has an object of its own: "complained about the cycle path"."""
_ANSWERED = re.compile(r"^[^\"]*\?\W*(?:yes|no|ja|nein|oui|non|si|sim|nao|tak|nie|nee|x)?\W*$")
"""A question of a form with its answer, which `no_means_no` reads: "May we write to you? yes"."""
_QUOTED = re.compile(r"[*_#>|\u2022]+")


def doubt_in(each: FoundContact) -> str:
    """The first remark about a contact that may be a refusal, as it was written; "" where there is none."""
    values = each.values
    names = [str(values.get(key, "")) for key in ("name", "short")]
    names += [str(person["name"]) for person in values.get("people", ())]
    for label, remark in _remarks(each):
        said = _REACHED.sub(" , ", remark)
        said = said if said.isupper() and len(said.split()) > 2 else _COUNTRY.sub(" ", said)
        for name in sorted(filter(None, names), key=len, reverse=True):
            said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " 0 ", said, flags=re.IGNORECASE)
        plain = _PREFIX.sub(" ", folded(said))
        if _is_status(label) and plain.strip(" .!?-") in _alone():
            return f"{label}: {remark.strip()}"
        if len(plain.split()) <= _LONGEST and _is_doubtful(plain):
            return f"{label}: {remark.strip()}" if label else _QUOTED.sub("", remark).strip(" -\u2013\u2014:")
    return ""


def _remarks(each: FoundContact) -> Iterator[tuple[str, str]]:
    """What is said of a contact in words, each with its label: notes, unknown columns, roles, lines of running text."""
    values = each.values
    for label, value in values.get("fields", {}).items():
        yield str(label), str(value)
    for text in (values.get("internal_notes", ""), values.get("missing", ""), *each.lines):
        for line in str(text).split("\n"):
            yield "", line
    for tag in values.get("tags", ()):
        yield "", str(tag)
    for item in (*values.get("channels", ()), *values.get("people", ())):
        yield "", str(item.get("role", ""))


@lru_cache(maxsize=65536)
def _is_doubtful(plain: str) -> bool:
    """Whether folded words say that somebody is unwilling, angry or leaving, and not of a matter of their own.

    So does what speaks of us ("who gave them our address") without a word of support, an answer or a meeting.
    """
    is_open = _finder("not_no").search(plain) or _ANSWERED.search(plain)  # "do not hesitate, we are glad"
    for clause in re.split(r"[;!?\n|,:()\[\]\"]|\.(?=\s)|\s-+\s", plain):
        told = _finder("undecided").sub(" ", clause)
        is_of_us = len(clause.split()) <= _CLAUSE and _finder("us", "reaching", "lists").search(told)
        if is_of_us and not is_open and _us().search(told) and not _finder(*_HARMLESS).search(clause):
            return True
        for found in _finder("unwilling").finditer(told) if len(clause.split()) <= _CLAUSE else ():
            if is_of_us or not _OBJECT.match(told[found.end() :]):
                return True
    return False


@lru_cache(maxsize=8)
def _finder(*keys: str) -> re.Pattern[str]:
    return compiled([phrase for key in keys for phrase in phrases("refusal", key)])


@lru_cache(maxsize=1)
def _us() -> re.Pattern[str]:
    return compiled([word for word in phrases("refusal", "us") if word not in _AMBIGUOUS])


@lru_cache(maxsize=1)
def _alone() -> frozenset[str]:
    return frozenset(folded(word) for word in phrases("refusal", "unwilling_alone"))


@lru_cache(maxsize=1024)
def _is_status(label: str) -> bool:
    """Whether a column says how it stands with somebody: `Status`, `Lead Status`, `Stage`, `Response`."""
    plain = folded(label).strip(" ?:")
    stati = {folded(word) for word in phrases("refusal", "status")} | {
        folded(word) for word in phrases("columns", "stage")
    }
    return plain in stati or plain.rpartition(" ")[2] in ("status", "state", "stage", "response", "reaction")


def decided(found: Sequence[FoundContact], doubts: Mapping[int, str], account: Account) -> dict[int, str]:
    """For each contact with a doubt what to do: one answer for a document, or one each where a person wants that."""
    result: dict[int, str] = {}
    by_file: dict[str, list[int]] = {}
    for at in doubts:
        by_file.setdefault(found[at].file, []).append(at)
    for file, positions in by_file.items():
        words = {at: doubts[at] for at in positions}
        first = found[positions[0]]
        several = len(set(words.values())) > 1
        given = account.answers.get(id_of(DOUBTS, file, "")) if several else EACH
        if given == EACH:
            result |= {at: _ask_one(found[at], words[at], account) for at in positions}
            continue
        answer = account.ask(
            DOUBTS,
            Place(file=file, line=first.line),
            "",
            ask=f"These remarks may say that somebody wants no more mail: {_list(found, words)}. Leave them all out?",
            choices=(LEAVE, IGNORE, EACH),
            default=LEAVE,
            affects=_addresses(found[at] for at in positions),
        )
        result |= dict.fromkeys(positions, answer)
    return result


def _ask_one(each: FoundContact, words: str, account: Account) -> str:
    return account.ask(
        DOUBTS,
        Place(file=each.file, line=each.line),
        words,
        ask=f'"{words[:_SHOWN]}" ({each.values.get("name", each.id)}): do not contact, or ignore it?',
        choices=(LEAVE, IGNORE),
        default=LEAVE,
        affects=_addresses([each]),
    )


def _list(found: Sequence[FoundContact], words: Mapping[int, str]) -> str:
    return ", ".join(f'"{said[:_SHOWN]}" ({found[at].values.get("name", found[at].id)})' for at, said in words.items())


def _addresses(contacts: Iterable[FoundContact]) -> list[str]:
    channels = [channel for each in contacts for channel in each.values.get("channels", ())]
    return list(dict.fromkeys(str(channel["email"]) for channel in channels if "email" in channel))
