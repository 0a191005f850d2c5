"""Remarks that may be a refusal in a person's own words: asked about together, and until then nobody is written to.

`no_means_no` knows how lists and people say no. Here is what remains: that somebody does not want, is angry, hangs up
or leaves (`unwilling` in `words/languages`), and every short remark that is not understood, in whatever words. Most of
it is a no, some is none, and a lost no is worse than one more question for a whole document. Where most contacts of a
document have a remark, remarks describe, and only what speaks of unwillingness is asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from outreach.intake.account import Account, id_of
from outreach.intake.persons import is_likely_person, is_profession
from outreach.intake.set_apart import set_apart
from outreach.intake.vocabulary import columns, kind_of, meaning, role_of, roles, words_of
from outreach.model.found import FoundContact, Place
from outreach.words.desks import not_names
from outreach.words.phrases import compiled, finder, folded, phrases

DOUBTS = "no-mail-perhaps"
"""What the ids of these questions begin with."""
LEAVE = "do-not-contact"
IGNORE = "ignore"
EACH = "one-by-one"
_LONGEST = 30
"""Words of a remark that are read. Longer ones describe somebody."""
_CLAUSE = 14
_CLAUSES = re.compile(r"[;!?\n|,:()\[\]\"]|\.(?=\s)|\s-+\s")
_SHOWN = 90
_FEW = 2 / 3
"""The share of a document's contacts up to which a remark is an exception, and asked about if it is not understood."""
_SMALL = 20
"""Contacts of a document in which it is asked about in any case: a person reads as many remarks at once."""
_SHORT = 8
"""Words of a remark that says how it stands with somebody. Longer ones describe."""
_SIGN = re.compile(r"[\u2020\u2021\u2670\u271d\u2717\u2718\u2620\u274c\u26d4\u26a0]|\U0001f6ab|\U0001f6d1")
"""Daggers, crosses and signs of forbidding, which say that somebody died, left or is not to be written to."""
_CAPITALS = re.compile(
    r"(?<!\w)(?:Frau|Herrn?|Mr|Mrs|Ms|Mme|M\.|Sra?\.?)? ?[A-Z\u00c0-\u017d][\w.'-]+(?: [A-Z\u00c0-\u017d][\w.'-]+)+"
)
_ALL_NAMES = re.compile(r"\W*(?:[A-Z\u00c0-\u017d][a-z\u00df-\u017e'-]+\W*){2,}")
NOTE, STATUS, HEADING, TAG = "note", "status", "heading", "tag"
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
    """The first remark about a contact that speaks of unwillingness, as it was written; "" where there is none."""
    return next((words for plain, words, kind in _plain_remarks(each) if _is_doubt(plain, kind)), "")


def doubts_in(found: Sequence[FoundContact], is_free: Sequence[bool]) -> dict[int, str]:
    """The remark about each contact that may be a refusal, as it was written, by the contact's position.

    Only those that are `is_free` are asked about: what is said of the others is decided.
    """
    signs = set_apart(found, lambda label: _kind_of_label(label) != "")
    apart = {at: words for at, words in signs.items() if is_free[at]}
    doubts: dict[int, str] = {}
    unknown: dict[int, str] = {}
    all_of, told = Counter(each.file for each in found), Counter[str]()
    for at, each in enumerate(found):
        remarks = list(_plain_remarks(each))
        told[each.file] += not is_free[at] or any(kind in (NOTE, STATUS) for _, _, kind in remarks)
        if not is_free[at]:
            continue
        if said := next((words for plain, words, kind in remarks if _is_doubt(plain, kind)), ""):
            doubts[at] = said
        elif said := next((words for plain, words, kind in remarks if _is_strange(plain, kind)), ""):
            unknown[at] = said
    few = {file for file, many in all_of.items() if many <= _SMALL or told[file] <= _FEW * many}
    return apart | doubts | {at: words for at, words in unknown.items() if found[at].file in few}


def _plain_remarks(each: FoundContact) -> Iterator[tuple[str, str, str]]:
    """The remarks about a contact, folded and without its names and addresses, with what is shown and their kind."""
    values = each.values
    names = [str(values.get(key, "")) for key in ("name", "short")]
    names += [str(person["name"]) for person in values.get("people", ())]
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    for label, remark, kind in _remarks(each):
        said = _REACHED.sub(" , ", remark)
        said = said if said.isupper() and len(said.split()) > 2 else _COUNTRY.sub(" ", said)
        for name in longest_first:
            if name.casefold() in said.casefold():
                said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " 0 ", said, flags=re.IGNORECASE)
        shown = f"{label}: {remark.strip()}" if label else _QUOTED.sub("", remark).strip(" -\u2013\u2014:")
        is_name = kind == NOTE and (_ALL_NAMES.fullmatch(said) or any(map(is_likely_person, _CAPITALS.findall(said))))
        yield _PREFIX.sub(" ", folded(said).replace("_", " ")), shown, "" if is_name else kind


def _is_doubt(plain: str, kind: str) -> bool:
    """Whether a remark speaks of unwillingness, of leaving or of us."""
    if kind in (STATUS, HEADING, TAG) and plain.strip(" .!?-") in _alone():
        return True
    return kind != HEADING and len(plain.split()) <= _LONGEST and _is_doubtful(plain)


@lru_cache(maxsize=65536)
def _is_strange(plain: str, kind: str) -> bool:
    """Whether a note is not understood, or a status says no to something; a number, a desk or a description is known.

    So is what tells of a fact that is not known or not so yet, or of support without a "not" in it.
    """
    words = re.findall(r"[^\W\d_]{2,}", plain)
    if kind not in (NOTE, STATUS) or len(words) > _LONGEST:
        return False
    if len(words) > _SHORT:
        clauses = [clause for clause in _CLAUSES.split(plain) if clause and len(clause.split()) <= _CLAUSE]
        denies = [clause for clause in clauses if finder("refusal", "negations").search(clause)]
        return any(not finder("refusal", *_HARMLESS, "describing").search(clause) for clause in denies)
    is_fact = finder("refusal", "not_no", "not_yet", "facts", "undecided").search(plain)
    if not words or is_fact or _ANSWERED.search(plain):
        return _SIGN.search(plain) is not None
    if finder("refusal", "negations").search(plain):
        return True
    if finder("refusal", "harmless", "describing", "answered", "contacted", "positive").search(plain):
        return False
    if kind == STATUS:
        return finder("refusal", "standing").search(plain) is None and plain.strip(" .!?") not in _flags()
    is_role = any(is_profession(word) or word in words_of("function") for word in words) or role_of(plain) in roles()
    return not (is_role or not_names().search(plain) or kind_of(plain) or meaning(plain))


def _remarks(each: FoundContact) -> Iterator[tuple[str, str, str]]:
    """What is said of a contact in words, each with its label: notes, unknown columns, roles, lines of running text.

    The kind is NOTE or STATUS where a refusal in any words may stand, "" where something else is told.
    """
    values = each.values
    for label, value in values.get("fields", {}).items():
        yield str(label), str(value), _kind_of_label(str(label))
    for line in str(values.get("internal_notes", "")).splitlines():
        label = line.partition(":")[0] if ": " in line else ""  # `Budget: 2M` is what the notes call so
        means = meaning(label) if label and "@" not in label else ("internal_notes", "")
        yield "", line, NOTE if means and means[0] in ("internal_notes", "stage") else ""
    for text in (values.get("missing", ""), *each.lines):
        for line in str(text).split("\n"):
            yield "", line, ""
    for tag in values.get("tags", ()):
        yield "", str(tag), TAG
    for item in (*values.get("channels", ()), *values.get("people", ())):
        yield "", str(item.get("role", "")), ""
    for heading in each.under:
        yield "", heading, HEADING


@lru_cache(maxsize=65536)
def _is_doubtful(plain: str) -> bool:
    """Whether folded words say that somebody is unwilling, angry or leaving, and not of a matter of their own.

    So does what speaks of us ("who gave them our address") without a word of support, an answer or a meeting.
    """
    is_open = finder("refusal", "not_no").search(plain) or _ANSWERED.search(plain)  # "do not hesitate, we are glad"
    for clause in _CLAUSES.split(plain):
        told = finder("refusal", "undecided").sub(" ", clause)
        is_of_us = len(clause.split()) <= _CLAUSE and finder("refusal", "us", "reaching", "lists").search(told)
        if is_of_us and not is_open and _us().search(told) and not finder("refusal", *_HARMLESS).search(clause):
            return True
        for found in finder("refusal", "unwilling").finditer(told) if len(clause.split()) <= _CLAUSE else ():
            if is_of_us or not _OBJECT.match(told[found.end() :]):
                return True
    return False


@lru_cache(maxsize=1)
def _flags() -> frozenset[str]:
    words = *phrases("tables", "yes"), *phrases("tables", "no"), *phrases("refusal", "yes")
    return frozenset(map(folded, words))


@lru_cache(maxsize=1)
def _us() -> re.Pattern[str]:
    return compiled([word for word in phrases("refusal", "us") if word not in _AMBIGUOUS])


@lru_cache(maxsize=1)
def _alone() -> frozenset[str]:
    return frozenset(folded(word) for word in phrases("refusal", "unwilling_alone"))


@lru_cache(maxsize=1024)
def _kind_of_label(label: str) -> str:
    """What a column of that label holds: notes (`last_note`), how it stands with somebody, or something else.

    So does one that asks whether they take part (`Joins us?`), and none that asks what is known of them.
    """
    plain = folded(label)
    words = re.findall(r"[^\W_]+", plain)
    if any(columns().get(word) == "internal_notes" for word in words):
        return NOTE
    is_asked = plain.endswith("?") or finder("refusal", "harmless", "positive").search(plain)
    told = finder("refusal", "answered", "contacted", "other_channels", "reaching", "facts", "not_yet").search(plain)
    is_status = _is_status(label) and plain != "state"  # of Australia, as often as not
    return STATUS if is_status or (is_asked and not told) else ""


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
            for said in dict.fromkeys(words.values()):
                here = [at for at in positions if words[at] == said]
                result |= dict.fromkeys(here, _ask_one([found[at] for at in here], said, account))
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


def _ask_one(contacts: Sequence[FoundContact], words: str, account: Account) -> str:
    """What to do about words that are said of one contact or several."""
    first, *others = contacts
    whom = f"{first.values.get('name', first.id)}{f' and {len(others)} more' if others else ''}"
    return account.ask(
        DOUBTS,
        Place(file=first.file, line=first.line),
        words,
        ask=f'"{words[:_SHOWN]}" ({whom}): do not contact, or ignore it?',
        choices=(LEAVE, IGNORE),
        default=LEAVE,
        affects=_addresses(contacts),
    )


def _list(found: Sequence[FoundContact], words: Mapping[int, str]) -> str:
    return ", ".join(f'"{said[:_SHOWN]}" ({found[at].values.get("name", found[at].id)})' for at, said in words.items())


def _addresses(contacts: Iterable[FoundContact]) -> list[str]:
    channels = [channel for each in contacts for channel in each.values.get("channels", ())]
    return list(dict.fromkeys(str(channel["email"]) for channel in channels if "email" in channel))
