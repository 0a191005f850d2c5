"""Which version of a template a contact gets, and over which channel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.template import Template, Variant

NEVER_UNLESS_NAMED = frozenset({"press", "list"})
"""Roles of addresses that a letter goes to only where its template names them."""


class Versions:
    """The templates by name, with the choice of channel, language and variant."""

    def __init__(self, templates: Iterable[Template], language: str, fallback: Sequence[str] = ()) -> None:
        self.language = language
        self._fallback = [_primary(each) for each in fallback]
        self._by_name: dict[str, list[Template]] = {}
        self._roles: dict[tuple[str, str | None, str | None], tuple[str, ...]] = {}
        self._found: dict[tuple[str, Variant, str | None], Template | None] = {}
        for template in templates:
            self._by_name.setdefault(template.name, []).append(template)

    @property
    def names(self) -> Mapping[str, list[Template]]:
        return self._by_name

    def of(self, name: str, contact: Contact, channel: Channel) -> Template | None:
        """The template `name` as it is written for that channel, in the contact's language."""
        return self.find(name, variant_for(channel), contact.language)

    def mail(self, name: str, contact: Contact) -> Template | None:
        """The mail called `name` in the contact's language."""
        return self.find(name, Variant.MAIL, contact.language)

    def find(self, name: str, variant: Variant, language: str | None) -> Template | None:
        """The template `name` for `variant` in `language`; where there is no such variant, the mail.

        Languages fall back from `de-AT` to `de`, to those of `languages.fallback`, to the file without a language, to
        the campaign's own, to any.
        """
        key = (name, variant, language)
        if key not in self._found:
            wanted = language or self.language
            versions = [each for each in self._by_name.get(name, ()) if each.variant is variant]
            versions = versions or [each for each in self._by_name.get(name, ()) if each.variant is Variant.MAIL]
            ranked = sorted(versions, key=lambda t: (self._distance(t, wanted), t.language or ""))
            self._found[key] = next(iter(ranked), None)
        return self._found[key]

    def _distance(self, template: Template, wanted: str) -> int:
        written, own = template.language, _primary(self.language)
        if written is not None and written.casefold() == wanted.casefold():
            return 0
        if written is not None and _primary(written) == _primary(wanted):
            return 1
        spoken = _primary(written or self.language)
        if spoken == _primary(wanted):  # the file without a language is in the campaign's
            return 2
        if spoken in self._fallback:
            return 3 + self._fallback.index(spoken)
        last = 3 + len(self._fallback)
        return last if written is None else last + 1 if spoken == own else last + 2

    def channel_for(self, contact: Contact, name: str, *, first: str | None = None) -> Channel | None:
        """The channel over which the contact gets the template called `name`: a mail address, else one by hand.

        A follow-up that names no roles goes where the letter before it went, made from the template `first`.
        """
        key = (name, contact.language, first)
        if key not in self._roles:
            mails = [self.find(each, Variant.MAIL, contact.language) for each in (name, first) if each]
            self._roles[key] = next((mail.roles for mail in mails if mail is not None and mail.roles), ())
        return choose_address(contact, self._roles[key]) or choose_by_hand(contact)

    def speaks(self, template: Template, language: str | None) -> bool:
        """Whether `template` is in the language asked for, regional differences aside."""
        wanted = language or self.language
        return _primary(template.language or self.language) == _primary(wanted)


def choose_address(contact: Contact, roles: tuple[str, ...]) -> Channel | None:
    """The one mail address a letter goes to: the template's `roles` in order, then file order.

    An address whose role is `press` or `list` is never chosen unless the template names that role.
    """
    emails = contact.emails
    for role in roles:
        for channel in emails:
            if channel.role.casefold() == role.casefold():
                return channel
    for channel in emails:
        if channel.role.casefold() not in NEVER_UNLESS_NAMED:
            return channel
    return None


def choose_by_hand(contact: Contact) -> Channel | None:
    """The channel a person uses where there is not an email address: forms first, then file order."""
    others = [each for each in contact.channels if each.kind is not ChannelKind.EMAIL]
    forms = [each for each in others if each.kind is ChannelKind.FORM]
    return next(iter(forms or others), None)


def why_no_channel(contact: Contact, template: str) -> str:
    """Why there is no channel for a letter made from the template of that name."""
    roles = sorted({channel.role.casefold() for channel in contact.emails})
    if not roles:
        return "no email address, form or account"
    its, have = ("its only address", "has") if len(contact.emails) == 1 else ("its only addresses", "have")
    role = "the role" if len(roles) == 1 else "the roles"
    return f"{its} {have} {role} {' and '.join(roles)}, which {template} does not name"


def variant_for(channel: Channel) -> Variant:
    """Which variant of a template is written for this kind of channel."""
    if channel.kind is ChannelKind.EMAIL:
        return Variant.MAIL
    return Variant.FORM if channel.kind is ChannelKind.FORM else Variant.MASTODON


def _primary(language: str) -> str:
    return language.split("-", 1)[0].casefold()
