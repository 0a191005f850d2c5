"""The names a template sees: `contact`, `sender`, `campaign`, `links`, `facts`, `attachments`, ..."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from outreach.model.attached import FileFacts
from outreach.model.campaign import Campaign, Sender
from outreach.model.contact import FORMER_KEYS, Channel, Contact, Person, PublicStatement
from outreach.model.facts import ContactFacts, Facts, PostFacts
from outreach.model.post import Post
from outreach.templating.values import LANGUAGE, Later, Missing, NotGiven, Record, Wordless
from outreach.words.greetings import greeting
from outreach.words.notices import objection, source_notice

PRIVATE_KEYS = {
    **dict.fromkeys(
        ("internal_notes", "context"),
        "`internal_notes` are for us and are never mailed; what the letter may say belongs into `personal_text`.",
    ),
    "imported_from": "It is for us and is never mailed; what the letter may say belongs into `found_at`.",
    "do_not_contact": "It is for us and is never mailed.",
    "not_before": "It is for us and is never mailed.",
}

_PLACE = {"file", "line", "lines", "was"}
CONTACT_KEYS = frozenset(each.name for each in fields(Contact)) - PRIVATE_KEYS.keys() - _PLACE
"""The keys of a contact that templates and expressions may name."""
OLD_KEYS = {old: keys[0] for old, keys in FORMER_KEYS.items() if keys[0] in CONTACT_KEYS}
"""Names of older versions, still read -> those of today."""
READ_KEYS = CONTACT_KEYS | OLD_KEYS.keys()


def readable_size(size: int) -> str:
    """A file size as people say it: `231 kB`, `1.4 MB` (decimal units, as mail clients show them)."""
    if size < 1000:
        return f"{size} bytes"
    if size < 999_500:
        return f"{round(size / 1000)} kB"
    return f"{size / 1_000_000:.1f} MB"


def contact_values(contact: Contact, language: str, keys: Iterable[str] = READ_KEYS) -> dict[str, Any]:
    """The values of a contact's `keys`; one that was not given is left out.

    `language` is the campaign's, for contacts that name none.
    """
    values = {key: _seen(getattr(contact, key), f"contact.{key}") for key in keys}
    if values.get("language", "") is None:
        values["language"] = language
    return {key: value for key, value in values.items() if value is not None}


_OF_ONE_LINE = frozenset("id name short tier eu country timezone website owner personal_text found_at".split())
"""Keys that hold a text or a number, as templates see them."""
_KNOWN = READ_KEYS | {"email"}


class ContactRecord(Record):
    """A contact as templates see it; `email` is the address chosen for the letter, if it is a mail.

    `fields` are the free fields that any contact of the campaign has: they may be tested on each. `greeting` is in the
    language that the letter is `written_in`; undefined where no words of it are known. Most letters name a few keys, so
    the others are only looked at when they are.
    """

    __slots__ = ("_address", "_all", "_contact", "_fields", "_language", "_written_in")

    def __init__(
        self, contact: Contact, language: str, address: str | None, fields: frozenset[str], written_in: str
    ) -> None:
        self.path = "contact"
        self.known = _KNOWN
        self.private = PRIVATE_KEYS
        self._contact = contact
        self._language = language
        self._address = address
        self._fields = fields
        self._written_in = written_in
        self._all: dict[str, Any] | None = None

    @property
    def data(self) -> Mapping[str, Any]:  # type: ignore[override]
        """All values."""
        if self._all is None:
            self._all = contact_values(self._contact, self._language)
            if (begins := greeting(self._contact, self._written_in)) is not None:
                self._all["greeting"] = begins
            self._all["fields"] = Record("contact.fields", self._contact.fields, self._fields)
            if self._address is not None:
                self._all["email"] = self._address
        return self._all

    def lookup(self, key: object) -> Any:
        if self._all is None and key in _OF_ONE_LINE:
            value = getattr(self._contact, str(key))
            return value if value is not None else NotGiven(name=f"contact.{key}")
        if self._all is None and key == "fields":
            return Record("contact.fields", self._contact.fields, self._fields)
        return super().lookup(key)


def _seen(value: Any, path: str) -> Any:
    """A value of a contact as templates see it: plain text, numbers, and records of them."""
    if isinstance(value, tuple):
        return tuple(_seen(each, path) for each in value)
    if isinstance(value, Channel):
        return Record("channel", {"kind": str(value.kind), "address": value.address, "role": value.role})
    if isinstance(value, Person | PublicStatement):
        data = {each.name: _seen(getattr(value, each.name), path) for each in fields(value)}
        return _given("person" if isinstance(value, Person) else path, data)
    if isinstance(value, Mapping):
        return Record(path, value)
    return str(value) if isinstance(value, date | StrEnum) else value


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _given(path: str, data: Mapping[str, Any]) -> Record:
    return Record(path, {k: v for k, v in data.items() if v is not None}, frozenset(data))


class Scope:
    """The names that are the same for every letter of a campaign, made once.

    `files` holds what was read from the attachments, by their names. `will_come` is told the path
    of every value used that can only come later; `known` is what the ledger knows of posts and
    contacts (None: nothing yet).
    """

    def __init__(
        self,
        campaign: Campaign,
        contacts: Iterable[Contact],
        posts: Iterable[Post],
        files: Mapping[str, FileFacts],
        will_come: Callable[[str], None],
        known: Facts | None = None,
    ) -> None:
        self.language = campaign.language
        self._campaign = campaign
        posts_known = known.posts if known else {}
        contacts_known = known.contacts if known else {}
        contacts = tuple(contacts)
        posts = tuple(posts)
        networks = frozenset(version.network for post in posts for version in post.versions)
        self._fields = frozenset(name for contact in contacts for name in contact.fields)
        self.shared: dict[str, Any] = {
            "sender": _sender(campaign.sender),
            "campaign": _campaign(campaign),
            "links": _links(campaign, will_come),
            "facts": Record("facts", campaign.facts),
            "attachments": _attachments(campaign, files),
            "posts": Record(
                "posts",
                {post.id: _post(post, posts_known.get(post.id, {}), will_come, networks) for post in posts},
            ),
            "contacts": Record("contacts", _Standings((c.id for c in contacts), contacts_known, will_come)),
        }
        self._senders = {name: _sender(each) for name, each in campaign.senders.items()}
        self._will_come = will_come

    def letter(
        self,
        wave: str,
        contact: Contact,
        address: str | None,
        step: int,
        previous: str | None,
        sent_on: date | None = None,
        *,
        language: str | None = None,
        sender: str | None = None,
        notices: bool = False,
    ) -> dict[str, Any]:
        """The names of one letter; for follow-ups `previous` is the subject of the letter before, `sent_on` its day.

        `language` is that of its text; None is the campaign's. `sender` is one of `senders`; None the campaign's own.
        With `notices` there are `objection` and `source_notice`: only texts that name them pay for their words.
        """
        names = {**self.shared, LANGUAGE: language or self.language}
        if sender is not None:
            names["sender"] = self._senders[sender]
        names["wave"] = Record("wave", {"id": wave})
        names["contact"] = ContactRecord(contact, self.language, address, self._fields, names[LANGUAGE])
        names["step"] = step
        if notices:
            names.update(self._notices(contact, step, names[LANGUAGE], sender))
        if previous is not None:
            day = Later("previous.sent_on", self._will_come) if sent_on is None else _text(sent_on)
            names["previous"] = Record("previous", {"subject": previous, "sent_on": day})
        return names

    def _notices(self, contact: Contact, step: int, language: str, sender: str | None) -> dict[str, Any]:
        """What a named person is told; without words for it, using one is a fault that says what is lacking."""
        writer = self._campaign.senders[sender] if sender is not None else self._campaign.sender
        words = objection(writer, language)
        source = source_notice(contact, self._campaign, writer, language, step=step)
        if words is None:
            return {name: Wordless(name, language) for name in ("objection", "source_notice")}
        return {
            "objection": words,
            "source_notice": Missing(name="contact.found_at") if source is None else source,
        }

    def post(self, network: str, language: str | None = None) -> dict[str, Any]:
        """The names of one version of a post; `language` is that of its text, None the campaign's."""
        return {**self.shared, "network": str(network), LANGUAGE: language or self.language}


def _sender(sender: Sender) -> Record:
    return _given(
        "sender",
        {
            "name": sender.name,
            "email": sender.email,
            "reply_to": sender.reply_to,
            "signature": sender.signature.strip() if sender.signature else None,
            "postal_address": sender.postal_address.strip() if sender.postal_address else None,
        },
    )


def _campaign(campaign: Campaign) -> Record:
    return _given(
        "campaign",
        {
            "id": campaign.id,
            "title": campaign.title,
            "language": campaign.language,
            "timezone": campaign.timezone,
            "transparency_id": campaign.transparency_id,
        },
    )


def _links(campaign: Campaign, will_come: Callable[[str], None]) -> Record:
    return Record(
        "links",
        {name: Later(f"links.{name}", will_come) if value is None else value for name, value in campaign.links.items()},
    )


def _attachments(campaign: Campaign, files: Mapping[str, FileFacts]) -> Record:
    records = {}
    for name, attachment in campaign.attachments.items():
        data: dict[str, Any] = {
            "name": name,
            "file": attachment.file.rsplit("/", 1)[-1],
            "version": attachment.version,
        }
        if name in files:
            data["size"] = readable_size(files[name].size)
            data["pages"] = files[name].pages
        path = f"attachments.{name}"
        known = frozenset({"version", "pages", "size"})
        records[name] = Record(path, {k: v for k, v in data.items() if v is not None}, known)
    return Record("attachments", records)


class PostNumbers(Record):
    """A post, on all its networks or on one: what is not known of it yet can still come."""

    __slots__ = ("networks", "will_come")

    def __init__(
        self, path: str, data: Mapping[str, Any], will_come: Callable[[str], None], networks: frozenset[str]
    ) -> None:
        super().__init__(path, data)
        self.will_come = will_come
        self.networks = networks

    def lookup(self, key: object) -> Any:
        if key in self.networks and key not in self.data:
            return super().lookup(key)
        if key in self.data:
            return self.data[str(key)]
        return Later(f"{self.path}.{key}", self.will_come)


def _post(
    post: Post, known: Mapping[str, PostFacts], will_come: Callable[[str], None], every: frozenset[str]
) -> Record:
    """A post with its networks, of `every` one; its own numbers are the sums, its address the first one there is."""
    path = f"posts.{post.id}"
    names = [version.network for version in post.versions]
    networks = {name: _numbers(known[name]) if name in known else {} for name in names}
    whole: dict[str, Any] = {}
    for values in networks.values():
        for key, value in values.items():
            whole[key] = whole[key] + value if key in whole and key != "url" else whole.get(key, value)
    parts = {name: PostNumbers(f"{path}.{name}", values, will_come, every) for name, values in networks.items()}
    return PostNumbers(path, {**whole, **parts}, will_come, every)


def _numbers(facts: PostFacts) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        key: int(value) if value == int(value) else value for key, value in facts.numbers.items()
    }
    return {**numbers, "url": facts.url} if facts.url else numbers


class _Standings(Mapping[str, Record]):
    """What is known of each contact, by id: made when it is named, since few texts name another contact."""

    def __init__(self, ids: Iterable[str], known: Mapping[str, ContactFacts], will_come: Callable[[str], None]) -> None:
        self._ids = dict.fromkeys(ids)
        self._known = known
        self._will_come = will_come

    def __getitem__(self, id: str) -> Record:
        if id not in self._ids:
            raise KeyError(id)
        path, known = f"contacts.{id}", self._known.get(id) or ContactFacts(state="new")
        later = {"outcome": known.outcome, "contacted_on": _text(known.contacted_on)}
        come = {key: Later(f"{path}.{key}", self._will_come) if each is None else each for key, each in later.items()}
        return Record(path, {"state": known.state, "contacted": known.contacted, "answered": known.answered, **come})

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
