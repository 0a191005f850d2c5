"""Who is meant by a contact's id, a name, an address, a handle or a phone number, and how they are found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from outreach.campaign.contacts_plain import StandingContact, standing_contacts
from outreach.errors import CannotTell, FrozenBytesLost, UnknownName
from outreach.history.address_marks import is_person_token, normalised, person_token, readable, token_of
from outreach.ledger import Ledger
from outreach.ledger.blobs import kept
from outreach.letters.mime.freezing import view
from outreach.model.erasure import Erased
from outreach.words.blanking import Needles, runs_on, without_accents
from outreach.words.slugs import slug_of
from outreach.words.suggestions import nearest

_SHARED = frozenset(
    ("id", "name", "was", "kind", "tier", "tags", "country", "language", "timezone", "owner", "eu", "via")
)
"""Keys of a contact that say nothing by which one person is found."""
_FEWEST = 8
"""Characters of a value that is looked for elsewhere; a shorter one is anybody's."""
_FEWEST_IN_A_NAME = 3
"""Characters of a name of one word; a shorter one (`O`, `Bo`) is in other names and texts, and is only listed."""


def person_named(
    root: Path, who: str, ledger: Ledger, key: bytes, asked: date, *, forget: bool = False, language: str = "en"
) -> Erased:
    """Whoever is meant. Raises UnknownName; CannotTell where it may be several."""
    standing = standing_contacts(root)
    make = partial(Erased, who=who, asked=asked, forget=forget, language=language)
    merged = [(each, p) for each in standing for p in each.values.get("people", ()) if who in _merged(each, p, ledger)]
    if merged:
        return _of_person(make, [merged[0][1]], [merged[0][0]], ledger, key)
    whole = [each for each in standing if is_contact(each, who)]
    people = [
        (each, person) for each in standing for person in each.values.get("people", ()) if _is_person(person, who)
    ]
    if any(each.values.get("kind") != "person" and _names_channel(each, who) for each, _ in people):
        whole = [each for each in whole if not any(each is other for other, _ in people)]
    people = [(each, person) for each, person in people if not (whole and _is_the_same(whole[0], person))]
    if len({each.id for each in whole}) > 1 or (whole and any(each is not whole[0] for each, _ in people)):
        named = sorted({f"{each.values['name']} ({each.id})" for each in (*whole, *(each for each, _ in people))})
        raise CannotTell(f"{who} may be {' or '.join(named)}", "Name the one that you mean by its id.")
    if whole:
        return _of_contact(make, whole[0], standing, ledger, key)
    if people:
        return _of_person(make, [person for _, person in people], [each for each, _ in people], ledger, key)
    return _of_ledger(make, root, who, standing, ledger, key)


def _of_contact(
    make: partial[Erased], contact: StandingContact, standing: list[StandingContact], ledger: Ledger, key: bytes
) -> Erased:
    values = contact.values
    people = values.get("people", ())
    names = [*(str(each["name"]) for each in people), *filter(None, (values.get("greeting"),))]
    own = (str(values["name"]), str(values.get("short") or ""))
    is_person = values.get("kind") == "person"
    names += [each for each in own if (is_person and len(each) >= _FEWEST_IN_A_NAME) or _tells(each)]
    filed = [each for person in people for each in surname_first(str(person["name"]))]
    filed += surname_first(str(values["name"])) if values.get("kind") == "person" else []
    channels = [
        address for channel in values.get("channels", ()) for kind, address in channel.items() if kind != "role"
    ]
    emails = [
        str(each) for each in (*channels, *(person.get("email") or "" for person in people)) if "@" in str(each)[1:]
    ]
    mails = [each for each in emails if not each.startswith("@")]
    ids = _unique((contact.id, *contact.was, *_unlisted(ledger, standing, {*map(normalised, mails)})))
    everybody_elses = "\n".join(str(each.values) for each in standing if each is not contact).casefold()
    rest = [each for each in _strings(values, _SHARED) if each not in mails]
    alone = [each for each in rest if len(each) >= _FEWEST and _tells(each) and each.casefold() not in everybody_elses]
    others = [str(each) for each in channels if str(each) not in mails]
    theirs = [address for id in ids for address in addresses_of(ledger, id)]
    persons = {str(person["name"]) for person in people} | {
        each for p in people if p.get("email") for each in _written(normalised(str(p["email"])))
    }
    addresses = _unique([*map(normalised, mails), *theirs])
    others += [each for address in addresses for each in _written(address)[1:]]
    found = _unique([*names, *addresses, *others, *_handles(others), *alone])
    return make(
        name=str(values["name"]),
        token=token_of(contact.id, key),
        contacts=ids,
        names=_unique([*names, *filed]),
        addresses=addresses,
        others=_unique([*others, *_handles(others)]),
        values=_unique(alone),
        office=() if values.get("kind") == "person" else tuple(each for each in found if each not in persons),
        **_language_of(values),
    )


def _unlisted(ledger: Ledger, standing: list[StandingContact], addresses: set[str]) -> Iterator[str]:
    """Ids that no file has any more and whose letters went to these addresses: somebody changed the id by hand."""
    listed = {id for each in standing for id in (each.id, *each.was)}
    for past in ledger.past().contacts.values():
        is_theirs = any(normalised(letter.address or "") in addresses for letter in past.letters)
        if is_theirs and past.contact not in listed and not past.contact.startswith("erased-"):
            yield past.contact


def _merged(contact: StandingContact, person: Mapping[str, Any], ledger: Ledger) -> list[str]:
    """The former ids of a contact that were one of its people: a contact of their own, before both became one."""
    name, email = slug_of(str(person["name"])), normalised(str(person.get("email") or ""))

    def is_theirs(id: str) -> bool:
        return re.fullmatch(rf"{re.escape(name)}(-\d+)?", id) is not None or email in addresses_of(ledger, id)

    return [id for id in contact.was if not is_person_token(id) and is_theirs(id)]


def _language_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The language of a contact, where its file names one."""
    return {"language": str(values["language"])} if values.get("language") else {}


def _of_person(
    make: partial[Erased], people: list[Mapping[str, Any]], within: list[StandingContact], ledger: Ledger, key: bytes
) -> Erased:
    names = [str(each["name"]) for each in people]
    if len({name.casefold() for name in names}) > 1:
        raise CannotTell(
            f"{make.keywords['who']} is the address of {' and '.join(sorted({*names}))}", "Name the person."
        )
    merged = _unique(id for each, person in zip(within, people, strict=True) for id in _merged(each, person, ledger))
    known = [normalised(str(each["email"])) for each in people if each.get("email")]
    known += [address for id in merged for address in addresses_of(ledger, id)]
    return make(
        name=names[0],
        token=token_of(merged[0] if merged else f"{within[0].id}/{names[0].casefold()}", key),
        within=_unique(each.id for each in within),
        ids=_unique((*merged, *(person_token(id, key) for id in merged))),
        names=_unique(name for each in names for name in (each, *surname_first(each)) if _tells(name)),
        addresses=_unique(known),
        others=_unique(each for address in known for each in _written(address)[1:]),
        **_language_of(within[0].values),
    )


def _of_ledger(
    make: partial[Erased], root: Path, who: str, standing: list[StandingContact], ledger: Ledger, key: bytes
) -> Erased:
    """Somebody whom no file names any more, or who only wrote to us."""
    past = ledger.past()
    address = normalised(who)
    ids = [who] if who in past.contacts else []
    ids += [each.contact for each in past.contacts.values() if any(x.address == address for x in each.letters)]
    listed = {each.id for each in standing}
    ids = [each for each in dict.fromkeys(ids) if each not in listed and not each.startswith("erased-")]
    writers = {each.sender for each in ledger.mail().messages()}
    if not ids and address not in writers | {x.removeprefix("email:") for x in past.suppressed}:
        if "@" not in who and _tells(who) and _is_in_history(ledger, who):
            return make(name=who, token=token_of(who.casefold(), key), names=_unique((who, *surname_first(who))))
        known = [*(each.id for each in standing), *(str(each.values["name"]) for each in standing)]
        raise UnknownName("contact, name or address", who, nearest(who, known))
    mails = [address] if "@" in who else []
    theirs = [found for id in ids for found in addresses_of(ledger, id)]
    return make(
        name=who,
        token=token_of(ids[0] if ids else address, key),
        contacts=tuple(ids),
        names=_unique(name for id in ids for name in _names_on_letters(root, ledger, id) if _tells(name)),
        addresses=_unique([*mails, *theirs]),
        others=_unique(each for address in (*mails, *theirs) for each in _written(address)[1:]),
    )


def _is_in_history(ledger: Ledger, name: str) -> bool:
    """Whether what was written down, or a message, names somebody whom no contact names."""
    wanted = Needles([name])
    texts = [event.text for event in ledger.events() if event.text]
    texts += [f"{each.subject}\n{each.text}" for each in ledger.mail().messages()]
    return any(map(wanted.are_in, texts))


def _names_on_letters(root: Path, ledger: Ledger, contact: str) -> Iterator[str]:
    """What our letters to a contact call it, as far as their bytes are kept."""
    for letter, digest in ledger.sent_digests().items():
        if letter.contact == contact:
            with suppress(FrozenBytesLost, ValueError, LookupError, AttributeError):
                yield view(kept(root, digest)).recipient_name


def addresses_of(ledger: Ledger, contact: str) -> Iterator[str]:
    """Every address to which we wrote to a contact, or from which they wrote, as the ledger knows them."""
    for event in ledger.events(contact=contact):
        if event.address and "@" in event.address:
            yield normalised(event.address)
    for message in ledger.mail().messages():
        if message.contact == contact and "@" in message.sender:
            yield normalised(message.sender)


# --- comparing -------------------------------------------------------------------------------------


def is_contact(contact: StandingContact, who: str) -> bool:
    """Whether that is its id, its name, an address, a handle or a phone number of its."""
    values = contact.values
    own = (str(values["name"]), values.get("short"), *surname_first(str(values["name"])))
    if who in (contact.id, *contact.was) or any(_same(who, each) for each in own):
        return True
    return _names_channel(contact, who) or any(_same(who, each) for each in values.get("fields", {}).values())


def _names_channel(contact: StandingContact, who: str) -> bool:
    channels = contact.values.get("channels", ())
    return any(_same(who, value) for each in channels for kind, value in each.items() if kind != "role")


def _is_the_same(contact: StandingContact, person: Mapping[str, Any]) -> bool:
    """Whether a contact and a person of another are one: they have an address in common."""
    mails = (normalised(str(each["email"])) for each in contact.values.get("channels", ()) if each.get("email"))
    return bool(person.get("email")) and normalised(str(person["email"])) in mails


def _is_person(person: Mapping[str, Any], who: str) -> bool:
    name = str(person.get("name") or "")
    return any(_same(who, each) for each in (name, *surname_first(name), person.get("email")))


def _same(who: str, value: Any) -> bool:
    """Whether both are one name, address, handle or number."""
    if value in (None, ""):
        return False
    if "@" in who[1:] and normalised(who) == normalised(str(value)):
        return True
    said = (unicodedata.normalize("NFC", str(each)).casefold() for each in (who, value))  # macOS types letters apart
    ours, theirs = (" ".join(each.split()).removeprefix("@") for each in said)
    digits = [re.sub(r"\D", "", each).lstrip("0") for each in (ours, theirs)]
    is_number = all(re.fullmatch(r"\+?[\d\s()/.\-]{7,}", each) for each in (ours, theirs))
    return bool(ours) and (
        ours == theirs or (is_number and min(map(len, digits)) > 5 and digits[0][-8:] == digits[1][-8:])
    )


def _tells(text: str) -> bool:
    """Whether a text finds one person and no common word: several words, or a digit, an @ or a stop in it.

    A Chinese or Korean name has no space between its two words.
    """
    return len(text.split()) > 1 or runs_on(text) or bool(re.search(r"[\d@/]|\w\.\w", text))


def surname_first(name: str) -> list[str]:
    """`Ada del Campo` as lists and file names have it: `del Campo, Ada`, `Campo, Ada del`; none of one word."""
    words = name.split() if "," not in name else []
    return [f"{' '.join(words[cut:])}, {' '.join(words[:cut])}" for cut in range(1, len(words))]


def _written(address: str) -> tuple[str, ...]:
    """An address, and as people write it where that is another: its domain in their own letters."""
    return _unique((address, readable(address)))


def _handles(channels: Iterable[str]) -> Iterator[str]:
    """`@name@server` as profiles and lists write it too."""
    for each in channels:
        if each.startswith("@") and "@" in each[1:]:
            name, _, server = each[1:].partition("@")
            yield from (each[1:], f"https://{server}/@{name}")


def _strings(value: Any, without: frozenset[str] = frozenset()) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key not in without:
                yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def ids_of(erased: Erased) -> tuple[str, ...]:
    """The ids, and their names and addresses as file names have them."""
    mails = [each.partition("@")[0] for each in erased.addresses if each not in erased.office]
    named = [each for name in erased.names if _tells(name) for each in (name, *without_accents(name))]
    named += [each for each in mails if _tells(each)]
    return tuple(dict.fromkeys((*erased.contacts, *erased.ids, *map(slug_of, named))))
