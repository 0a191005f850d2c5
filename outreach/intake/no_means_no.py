"""Whether a cell, a note, a heading or a category says that somebody wants no more mail, or was written to already.

One reading for tables, notes and cards. Its words are in `words/languages/XX.toml`: how those who keep a list write it
down (`[refusal]`) and, until a language is complete, how people ask for it in their answers (`[mail]`). Where the words
leave a doubt ("not before January", "by phone only") the answer is ASK: the letter waits until a person decides. So it
is where no phrase is known, but a negation stands near a word for writing or receiving (`_nearly`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from outreach.model.records import dataclass
from outreach.words.named_day import named_day
from outreach.words.phrases import compiled, folded, languages

_LONGEST = 4000
"""Characters of a text that are read. Longer ones are documents, and no remark about a contact."""
_PAIRS = (("negations", "reaching"), ("only", "on_paper"), ("leaving", "lists"), ("lists", "leaving"),
          ("complaint", "us"), ("us", "complaint"), ("complaint", "reaching"), ("reaching", "complaint"))  # fmt: skip
"""The lists whose words say no where the second stands up to five words behind the first: "no calls or mails"."""
_PAIRS_AT_THE_END = (("reaching", "negations"), ("on_paper", "only"))
"""The same where nothing follows: "mails bitte nicht", but not "the list is not complete"."""
_REMARK = 18
"""Words of a clause in which words that stand near each other may be a refusal. Longer ones tell of something."""

_NEGATED = re.compile(r"^(?:no|not|kein\w*|nicht|pas de|sans|sin|senza|geen|zonder|bez|sem|nao|nie)\b")


class Says(StrEnum):
    """What was said. The first five hold the letter; the weaker ones are behind."""

    NO = "no"
    BOUNCED = "bounced"
    ASK = "ask"
    DECLINED = "declined"
    ANSWERED = "answered"
    CONTACTED = "contacted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """`words` are quoted as they were written; `until` is the day from which we may write, `on` that of an event."""

    says: Says
    words: str
    until: date | None = None
    on: date | None = None


def read_row(cells: Iterable[tuple[str, object]], today: date) -> list[Reading]:
    """What the labelled values of one contact say, the strongest first. `today` completes days without a year."""
    pairs = [(label, value) for label, value in cells if value is not None and str(value).strip()]
    labels = {_label(label) for label, _ in pairs}
    by_post = any(_finds("no", label) and "mail" in label.split() for label in labels) and any(
        _finds("no", label) and re.search(r"e-?mail", label) for label in labels
    )
    found = []
    for label, value in pairs:
        if by_post and "mail" in _label(label).split():
            continue  # CiviCRM: "Do Not Mail" beside "Do Not Email" means letters on paper
        if (reading := read_cell(label, value, today)) is not None:
            found.append(reading)
    order = list(Says)
    return sorted(found, key=lambda reading: order.index(reading.says))


def read_cell(label: str, value: object, today: date) -> Reading | None:
    """What one value says under its label, the name of a column or of a field; None for nothing of this kind."""
    text = " ".join(str(value).split())[:_LONGEST]
    says, until, on = _cell(_label(label), text, today)
    return Reading(says=says, words=f"{label}: {text}"[:200], until=until, on=on) if says else None


def read_text(text: str, today: date) -> Reading | None:
    """What a note, a heading or a category says. A line `Status: unsubscribed` counts as a label and its value."""
    best: Reading | None = None
    order = list(Says)
    for part in re.split(r"[\n\r|]+|:::", text[:_LONGEST]):
        line = part.lstrip(" -*#>\t").rstrip(" *#\t")
        label, colon, value = line.partition("?" if "?" in line.partition(":")[0] else ":")  # `May we write? No`
        value = re.sub(r"^[-\u2013\u2014]+\s*(?=\w)", "", value.strip(" *:"))
        is_one = colon and len(label) < (100 if colon == "?" else 60)
        reading = read_cell(label.strip(" *"), value, today) if is_one else None
        if reading is None:
            says, until = _said(line, today)
            reading = Reading(says=says, words=line[:200], until=until) if says else None
        if reading is not None and (best is None or order.index(reading.says) < order.index(best.says)):
            best = reading
    return best


_Answer = tuple[Says | None, date | None, date | None]


def says_no(text: str) -> bool:
    """Whether words alone say that somebody wants no more mail, or that an address is dead: a heading, a sheet."""
    return _said(text, date.min)[0] in (Says.NO, Says.BOUNCED)


def speaks_of_mail(text: str) -> bool:
    """Whether words say anything of this kind, so that they may not be taken for something else, such as a role."""
    return _said(text, date.min)[0] is not None


def is_about_mail(label: str) -> bool:
    """Whether a column of that label says who may be written to, as `Do Not Email` or `Bounced` do."""
    plain = _label(label)
    found = any(_finds(key, each) for key in ("no", "bounced", "consent") for each in (plain, plain.replace(" ", "")))
    return found or (_bare(plain) != plain and _bare(plain) in _alone("no_alone"))


def is_of_leave(label: str) -> bool:
    """Whether a column asks for leave or says what was done, so that `read_cell` knows what a yes or no in it means."""
    plain = _label(label)
    return plain in _alone("positive") or _nearly("permits", plain) or _nearly("refuses", plain) or is_about_mail(label)


def _bare(label: str) -> str:
    """A label without the words for mail: `dnc email` is `dnc`, as Mautic's segments are exported."""
    return " ".join(re.sub(r"\be ?-?mails?\b|\bflag\b", " ", label).split())


@lru_cache(maxsize=65536)
def _cell(label: str, text: str, today: date) -> _Answer:
    """The decision for one labelled value: first what the label asks, then what the value says for itself."""
    flag = flag_of(text)
    for_mail = bool(re.search(r"\b(e-?mail|mail|contact)", label)) or not _finds("other_channels", label)
    squeezed = label.replace(" ", "")
    if not for_mail and (is_about_mail(label) or len(text.split()) < 3):
        return None, None, None  # "SMS marketing: unsubscribed"
    if for_mail and not _finds("not_no", label):
        if _finds("no", label) or _finds("no", squeezed) or _bare(label) in _alone("no_alone"):
            return _under_no(label, text, flag, today)
        if _finds("bounced", label) and flag is not False:
            count = text.isdigit() and int(text) > 1 and "count" in label
            return (Says.ASK if count or "soft" in label else Says.BOUNCED), None, None
        if flag is not None and (_nearly("refuses", label) or (_finds("consent", label) and _NEGATED.search(label))):
            return (Says.ASK if flag else None), None, None  # `Kein Newsletter: x`
        is_asked = _finds("consent", label) or _nearly("permits", label)
        if is_asked and (answer := _under_consent(label, text, flag, today)):
            return answer
        if (_finds("maybe", label) and flag is True) or (label in _alone("positive") and flag is False):
            return Says.ASK, None, None  # `On hold: x`, `OK?: no`
    if _finds("contacted", label) and not _finds("not_yet", label) and flag is True:
        return Says.CONTACTED, None, named_day(folded(text), today, ahead=False)
    says, until = _said(text, today)
    if says in (Says.NO, Says.BOUNCED):
        return says, until, None
    if label in _alone("status") or label.rpartition(" ")[2] in ("status", "state", "stage"):
        if (event := _status(text)) is Says.DECLINED or (event is not None and says is None):
            return event, None, named_day(folded(text), today, ahead=False)
        if says is None and folded(text).strip(" .!") in _alone("bounced_alone"):
            return Says.BOUNCED, None, None
    return says, until, None


def _under_no(label: str, text: str, flag: bool | None, today: date) -> _Answer:
    """A value under "Do not email", "Unsubscribed", "Opt-out date": anything but a no says it."""
    if flag is False or folded(text).strip(" .!") in _alone("positive") or _finds("not_no", folded(text)):
        return None, None, None
    if flag is True:
        return Says.NO, None, None
    says, until = _said(f"{label} {text}", today)
    if says is Says.NO and _finds("other_channels", folded(text)):
        says = Says.ASK  # "Do not contact: by phone"
    return says or Says.NO, until, None


def _under_consent(label: str, text: str, flag: bool | None, today: date) -> _Answer | None:
    """A value under "Consent", "Subscribed", "Newsletter": a no is a question, words that withdraw it are certain."""
    says, until = _said(text, today)
    if says is Says.NO or (flag is None and _finds("no", f"{label} {folded(text)}")):
        return Says.NO, until, None
    word = re.match(r"(\w+)\s*[-\u2013\u2014,;:(]", text)
    if flag is False or (word and folded(word[1]) in _alone("negative")):
        return Says.ASK, None, None  # `no - they are on strike`
    return (says, until, None) if says else None


@lru_cache(maxsize=65536)
def _said(text: str, today: date) -> tuple[Says | None, date | None]:
    """What words say for themselves, sentence by sentence, and the day until which they hold where one is named."""
    plain = folded(text)
    if re.search(r"~~.*\w.*~~|</?(?:s|del|strike)>", plain):
        return Says.ASK, None
    alone = plain.strip(" .!?()[]*\"'#-")
    if alone in _alone("no_alone"):
        return Says.NO, None
    grams = {plain[at : at + size] for size in (2, 3, 4) for at in range(len(plain))}
    for words in _languages().values():
        if plain.isascii() if not words.grams else grams.isdisjoint(words.grams):
            continue
        if not words.any.search(plain):
            continue
        for sentence in re.split(r"[;!?\n|]|(?<!\b\d)(?<!\b\d\d)\.(?=\s+[^\d\s])", _without_not_no(words, plain)):
            if (match := words.no.search(sentence)) is not None:
                if (answer := re.match(r"\s*[:=]?\s+(.+)|[:=](.+)", sentence[match.end() :])) and flag_of(
                    (answer[1] or answer[2]).strip(" )]}\"'")
                ) is False:
                    continue  # "Unsubscribed: no"
                waits = words.waits.search(sentence)
                rest = f"{sentence[: match.start()]} , {sentence[match.end() :]}"
                if waits is not None:
                    return Says.ASK, named_day(sentence[waits.start() :], today, ahead=True)
                hedge = words.hedges.search(rest)
                return (Says.ASK, named_day(rest[hedge.start() :], today, ahead=True)) if hedge else (Says.NO, None)
            if words.bounced.search(sentence):
                return (Says.ASK if "soft" in sentence else Says.BOUNCED), None
            found = words.maybe.search(sentence)
            if found and words.protest.search(found[0]) and _is_of_something(sentence):
                found = None  # "complained about the cycle path", "lehnt den Ausbau ab"
            if found and _nearly("refuses", found[0]):  # "no contact", but not "no contact person"
                found = words.maybe.search(",".join(_subbed("facts", clause) for clause in sentence.split(",")))
            if found:
                waits = words.waits.search(sentence)
                return Says.ASK, named_day(sentence[waits.start() :], today, ahead=True) if waits else None
    later = _finder("later").search(plain)
    day = named_day(plain[later.start() :], today, ahead=True) if later else None
    if day is not None and day > today:
        return Says.ASK, day  # "write again after 1 September"
    is_near = any(_finds(key, plain) for key in ("negations", "only", "leaving", "complaint"))
    is_refused = is_near and flag_of(plain.rpartition(":")[2]) is not False and _nearly("refuses", plain)
    return (Says.ASK if is_refused else None), None


@lru_cache(maxsize=16384)
def _nearly(what: Literal["refuses", "permits"], plain: str) -> bool:
    """Whether words of a short remark stand near each other as in a refusal that no phrase foresaw, or in its question.

    "Not", "never", "stop" within five words of "write", "mail", "list"; "only" of "letters", "phone"; in one clause
    and one language. What tells a fact ("no email known", "not written to yet") is taken out before.
    """
    for clause in re.split(r"[;!?\n|,:]|\.(?=\s+[^\d\s])", plain):
        if len(clause.split()) <= _REMARK:
            said = _subbed("not_no", _subbed("facts", clause)) if what == "refuses" else clause
            if any(pattern.search(said) for pattern in _near(what)):
                return True
    return False


def _is_of_something(sentence: str) -> bool:
    """Whether a complaint or refusal has an object, and it is nothing of ours: no mail, no list, no `us`."""
    return len(sentence.split()) > 3 and not any(_finds(key, sentence) for key in ("reaching", "lists", "us"))


def _without_not_no(words: _Words, plain: str) -> str:
    """The text without `not contacted yet` and the like; "wil niet benaderd worden" is the longer phrase, and stays."""
    if words.not_no.search(plain) is None:
        return plain
    said = [(match.start(), match.end()) for match in words.no.finditer(plain)]
    return words.not_no.sub(
        lambda found: found[0] if any(a < found.start() and found.end() <= b for a, b in said) else " ", plain
    )


def _status(text: str) -> Says | None:
    """The event that a status tells: `Contacted 3 May - no reply` is that we wrote, `Declined` that they said no."""
    plain = folded(text)
    for words in _languages().values():
        if words.declined.search(plain):
            return Says.DECLINED
    plain = _subbed("not_yet", plain)
    for key, says in (("answered", Says.ANSWERED), ("contacted", Says.CONTACTED)):
        if _finds(key, plain):
            return says
    return None


def flag_of(text: str) -> bool | None:
    """`yes`, `x`, `1`, a day or a time are true, `no`, `0`, `n/a` false; None for other words."""
    word = folded(text).strip(" .!")
    if word in _alone("negative") or folded(text).strip() in _alone("negative") or re.fullmatch(r"0+(\.0+)?", word):
        return False
    if word in _alone("yes") or re.fullmatch(r"[1-9]\d{0,3}(\.0+)?", word):
        return True
    if re.fullmatch(r"(?:\d{4}-\d\d?-\d\d?|\d\d?[./-]\d\d?[./-]\d{2,4})(?:[t ].*)?", word):
        return not word.startswith("0000")
    return None


@lru_cache(maxsize=4096)
def _label(text: str) -> str:
    """`HasOptedOutOfEmail` is `has opted out of email`, `UNSUB_TIME` is `unsub time`."""
    spread = re.sub(r"(?<=[a-z])(?=[A-Z])|[_()\[\]/.,:?!*]", " ", text)
    return " ".join(folded(spread).split())


# -- the words, by language ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Words:
    grams: frozenset[str]
    """Two to four letters of each phrase that holds: a text with none of them needs no further look.

    None for a language in another script than ours: a text in ASCII has nothing of it."""
    any: re.Pattern[str]
    no: re.Pattern[str]
    not_no: re.Pattern[str]
    maybe: re.Pattern[str]
    hedges: re.Pattern[str]
    waits: re.Pattern[str]
    bounced: re.Pattern[str]
    declined: re.Pattern[str]
    protest: re.Pattern[str]


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Words]:
    """The phrases of each language apart: a hedge of one says nothing beside a no of another."""
    return {tag: _words_of(table) for tag, table in _tables()}


def _words_of(table: Mapping[str, Sequence[str]]) -> _Words:
    keys = ("no", "not_no", "maybe", "hedges", "waits", "bounced", "declined", "protest")
    holding = [*table["no"], *table["maybe"], *table["bounced"]]
    is_latin = any(re.search(r"[a-z]", folded(phrase)) for phrase in holding)
    grams = frozenset(gram for phrase in holding for gram in _grams(phrase)) if is_latin else frozenset()
    return _Words(grams, compiled(holding), *(compiled(table[key]) for key in keys))


def _grams(phrase: str) -> set[str]:
    """For every text that the phrase can match one of these is part of it: the start of its longest needed word."""
    tokens = re.findall(r"\((?:[^()]|\([^()]*\))*\)\??\S*|\S+", folded(phrase))
    choices = []
    for token in tokens:
        if token == "*" or token.endswith("?"):
            continue
        parts = re.sub(r"\([^()]*\)\??", "", token[1:-1] if token.startswith("(") else token).split("|")
        choices.append([max(re.findall(r"\w+", part), key=len, default="") for part in parts])
    longest = max(choices, key=lambda words: min(map(len, words)))
    return {word[:4] for word in longest}


_OF_ANSWERS = {"no": "opt_out", "no_alone": "opt_out_words", "not_no": "not_opt_out", "bounced": "bounce"}
"""Words of lists that are those of answers to letters: our key, and the one in `[mail]`."""


def _of_answers(language: Mapping[str, Any], key: str) -> Sequence[str]:
    own: Sequence[str] = language["mail"].get(_OF_ANSWERS.get(key, ""), ())
    return () if language["complete"] else own


@lru_cache(maxsize=1)
def _tables() -> tuple[tuple[str, Mapping[str, Sequence[str]]], ...]:
    """The words of each language: those of its lists and, until it is complete, those with which people answer."""
    keys = languages()["en"]["refusal"].keys()
    return tuple(
        (
            tag,
            {key: [*language.get("refusal", {}).get(key, ()), *_of_answers(language, key)] for key in keys},
        )
        for tag, language in languages().items()
    )


@lru_cache(maxsize=32)
def _finder(key: str) -> re.Pattern[str]:
    return compiled(phrase for _, table in _tables() for phrase in table[key])


@lru_cache(maxsize=2)
def _near(what: str) -> list[re.Pattern[str]]:
    """Finds the words of a refusal, or of a question for leave, near each other; one pattern for a language."""
    found = []
    for _, table in _tables():
        any_of = {key: f"({'|'.join(words)})" for key, words in table.items()}
        if not table["negations"]:
            continue  # a language that has its certain phrases only
        if what == "permits":
            asked = compiled([*table["reaching"], *table["contacted"]]).pattern
            found.append(re.compile(f"{compiled([any_of['may']]).pattern}.*(?:{asked})"))
            continue
        near, at_its_end = (
            compiled(f"{any_of[one]} * {any_of[other]}" for one, other in pairs if table[one] and table[other])
            for pairs in (_PAIRS, _PAIRS_AT_THE_END)
        )
        found.append(re.compile(rf"{near.pattern}|{at_its_end.pattern}\W*$"))
    return found


@lru_cache(maxsize=65536)
def _finds(key: str, plain: str) -> bool:
    return _finder(key).search(plain) is not None


def _subbed(key: str, plain: str) -> str:
    return _finder(key).sub(" ", plain)


@lru_cache(maxsize=16)
def _alone(key: str) -> frozenset[str]:
    return frozenset(folded(word) for _, table in _tables() for word in table[key])
