"""What several documents say of one contact, together, beside the contact that the campaign has already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from outreach.intake.account import Account
from outreach.intake.contact import is_named
from outreach.intake.sameness import Appearance, grouped, identity_of_name, name_key
from outreach.model.found import FoundContact
from outreach.model.records import dataclass
from outreach.words.slugs import slug_of

LISTS = ("channels", "people", "tags", "attachments")
ADDED_TO = ("internal_notes", "missing", "imported_from")
"""Texts of which each document may say a part."""


LIFTED = "no: answered in imports.yaml"
"""The value of `do_not_contact` where a person answered that words of a document do not mean it."""


@dataclass(frozen=True, kw_only=True)
class KnownContact:
    """A contact of the campaign: the values of its file in plain data, and the ids that it had."""

    id: str
    values: Mapping[str, Any]
    was: tuple[str, ...] = ()
    known_from: frozenset[str] = frozenset()
    """The documents from which an earlier import had it."""


@dataclass(frozen=True, kw_only=True)
class Statement:
    """Where documents contradict each other: the first one's value stands."""

    contact: str
    key: str
    kept: Any
    other: Any
    file: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Joint:
    """One contact: `id` is the campaign's where it is known, `stated` what each document says, `values` all of it."""

    id: str
    known: bool
    values: Mapping[str, Any]
    stated: Mapping[str, Mapping[str, Any]]
    founds: tuple[FoundContact, ...]
    contradictions: tuple[Statement, ...] = ()


def join(found: Sequence[FoundContact], known: Sequence[KnownContact], account: Account | None = None) -> list[Joint]:
    """The contacts that documents gave, each once, in the order in which they were first found.

    Who may be the same, but not certainly, is asked of `account`.
    """
    found = list(_people_in_organisations(found, known))
    appearances = [
        *(Appearance(document=each.file, id=each.id, values=each.values, line=each.line) for each in found),
        *(
            Appearance(document="", id=each.id, values=each.values, was=each.was, known_from=each.known_from)
            for each in known
        ),
    ]
    joints = []
    for positions in grouped(appearances, account):
        founds = [found[at] for at in positions if at < len(found)]
        knowns = [known[at - len(found)] for at in positions if at >= len(found)]
        if founds:
            joints.append(_joint(founds, knowns[0] if knowns else None))
    return joints


def _joint(founds: list[FoundContact], known: KnownContact | None) -> Joint:
    identity = known.id if known else next(_identity(each) for each in founds if "name" in each.values)
    contradictions: list[Statement] = []
    stated: dict[str, dict[str, Any]] = {}
    values: dict[str, Any] = {}
    for each in founds:
        own = {key: value for key, value in each.values.items() if key != "id"}
        taken_in(stated.setdefault(each.file, {}), own)
        for key, kept, other in taken_in(values, own):
            said = Statement(contact=identity, key=key, kept=kept, other=other, file=each.file, line=each.line)
            contradictions.append(said)
    if values.get("channels") and len(founds) > 1:  # each says what it lacked, and together they have it
        values.pop("missing", None)
    return Joint(
        id=identity,
        known=known is not None,
        values={"id": identity, **values},
        stated=stated,
        founds=tuple(founds),
        contradictions=tuple(contradictions),
    )


def taken_in(values: dict[str, Any], more: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Add to `values` what is new in `more`; where they contradict each other: key, kept, other."""
    contradictions = []
    for key, value in more.items():
        if key not in values:
            values[key] = value
        elif key in LISTS:
            values[key], refused = _with_more(key, values[key], value)
            contradictions += [(key, kept, other) for kept, other in refused]
        elif key == "fields":
            contradictions += [
                (f"fields: {name}", values[key][name], each)
                for name, each in value.items()
                if name in values[key] and values[key][name] != each
            ]
            values[key] = {**value, **values[key]}
        elif key in ADDED_TO and value not in values[key]:
            values[key] = f"{values[key]}{'; ' if key == 'imported_from' else chr(10) * 2}{value}"
        elif key == "do_not_contact":
            values[key] = value if values[key] in (False, LIFTED) and value else values[key]
        elif key not in ADDED_TO and not _alike(values[key], value):
            contradictions.append((key, values[key], value))
    return contradictions


def _identity(each: FoundContact) -> str:
    """An id that its document wrote, else that of the name."""
    name = str(each.values["name"])
    return each.id if each.id != slug_of(name) else identity_of_name(name)


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return slug_of(one) == slug_of(other) or one.rstrip("/").casefold() == other.rstrip("/").casefold()
    return bool(one == other)


def identity_of(key: str, item: Any) -> str:
    """What makes an item of a list the same one, whatever else it says."""
    if key == "channels":
        kind = next((kind for kind in ("email", "form", "mastodon", "bluesky") if kind in item), "")
        return f"{kind}:{str(item.get(kind, '')).casefold().removeprefix('@').rstrip('/')}"
    if key == "people":
        return slug_of(str(item.get("name", "")))
    return str(item).casefold()


def _with_more(key: str, items: Sequence[Any], more: Sequence[Any]) -> tuple[list[Any], list[tuple[Any, Any]]]:
    """The items and those of `more` that are new; what one of them leaves unsaid, the other says."""
    merged = {identity_of(key, item): item for item in items}
    refused = []
    for item in more:
        name = identity_of(key, item)
        before = merged.get(name)
        if before is None or not isinstance(item, Mapping):
            merged.setdefault(name, item)
            continue
        refused += [(before, item) for part in item if part in before and not _alike(before[part], item[part])]
        merged[name] = {**before, **{part: value for part, value in item.items() if part not in before}}
    return list(merged.values()), refused


def _people_in_organisations(found: Sequence[FoundContact], known: Sequence[KnownContact]) -> Iterator[FoundContact]:
    """Persons whose organisation is there become people of it, unless the campaign has them as contacts."""
    there = [*((each.id, each.values) for each in found), *((each.id, each.values) for each in known)]
    organisations = {
        name: identity
        for identity, values in there
        if values.get("kind") != "person"
        for name in _names(identity, values)
    }
    contacts = {each.id for each in known}
    for each in found:
        fields = each.values.get("fields", {})
        home = organisations.get(name_key(str(fields["organisation"]))) if "organisation" in fields else None
        says_no = bool(each.values.get("do_not_contact"))  # that is said of one person, and of nobody else there
        if each.values.get("kind") != "person" or home is None or each.id in contacts or says_no:
            yield each
        else:
            yield FoundContact(id=home, values=_as_person(each.values, fields), file=each.file, line=each.line)


def _names(identity: str, values: Mapping[str, Any]) -> Iterable[str]:
    return {identity, *(name_key(str(values[key])) for key in ("name", "short") if key in values)}


def _as_person(values: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a person's card gives to the organisation."""
    channels = [channel for channel in values.get("channels", ()) if "email" in channel]
    own = next((each for each in channels if is_named(each["email"], values["name"])), channels[0] if channels else {})
    address, others = own.get("email"), [each for each in values.get("channels", ()) if each is not own]
    person = {"name": values["name"], "role": fields.get("role"), "email": address}
    rest = {f"{key} of {values['name']}": value for key, value in fields.items() if key not in ("organisation", "role")}
    more = {key: values[key] for key in ("imported_from",) if key in values}
    about = {"internal_notes": f"{values['name']}: {values['internal_notes']}"} if "internal_notes" in values else {}
    people = [{key: value for key, value in person.items() if value}]
    found = {"people": people, **about, **more, **({"fields": rest} if rest else {})}
    return {**found, **({"channels": others} if others else {})}
