"""Whom a wave writes to, with which template, over which channel, and whom it leaves out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from outreach.errors import TemplateFault
from outreach.history.address_marks import normalised
from outreach.model.campaign import Campaign, FollowUp, Wave
from outreach.model.contact import Channel, ChannelKind, Contact, Stage
from outreach.model.template import Template, Variant
from outreach.templating.expressions import Expressions

NEVER_UNLESS_NAMED = frozenset({"press", "list"})
"""Roles of addresses that a letter goes to only where its template names them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A letter that is not made, by the ids of its wave and contact, and why."""

    wave: str
    contact: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Selected:
    """A contact that a wave writes to, and the name of the template it gets."""

    wave: Wave
    contact: Contact
    template: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """A contact that a wave selects and does not write to."""

    wave: Wave
    contact: Contact
    reason: str

    @property
    def skipped(self) -> Skipped:
        return Skipped(wave=self.wave.id, contact=self.contact.id, reason=self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class BadWave:
    """A wave one of whose expressions cannot be compared with a contact."""

    wave: Wave
    fault: TemplateFault


def matching(wave: Wave, contacts: Iterable[Contact], language: str, expressions: Expressions) -> list[Contact]:
    """The contacts for which the wave's `to` holds, in their order.

    Raises TemplateFault (`bad-expression`) where it cannot be compared with one of them.
    """
    return [contact for contact in contacts if expressions.holds(wave.to.source, contact, language)]


def why_not(contact: Contact) -> str | None:
    """Why nobody may write to this contact at all, or None."""
    if contact.do_not_contact is not None:
        reason = contact.do_not_contact
        return reason if reason.casefold().startswith("do not contact") else f"do not contact: {reason}"
    if contact.stage is Stage.RESEARCH:
        return f"still to research: {contact.find}" if contact.find else "still to research"
    if contact.via is not None:
        return f"reached through {contact.via}, not directly"
    return None


def select(
    campaign: Campaign, contacts: Sequence[Contact], expressions: Expressions
) -> Iterator[Selected | LeftOut | BadWave]:
    """What each wave does with each contact it selects, wave by wave in file order.

    A contact gets one first letter per
    campaign: the wave that stands first has it, unless a later one says `again: true`. A wave
    whose expressions fail ends with a BadWave.
    """
    taken: dict[str, str] = {}
    for wave in campaign.waves:
        try:
            for contact in matching(wave, contacts, campaign.language, expressions):
                reason = why_not(contact)
                if reason is None and contact.id in taken and not wave.again:
                    reason = f"already written to in {taken[contact.id]}"
                if reason is not None:
                    yield LeftOut(wave=wave, contact=contact, reason=reason)
                    continue
                taken.setdefault(contact.id, wave.id)
                yield with_template(wave, contact, campaign.language, expressions)
        except TemplateFault as fault:
            yield BadWave(wave=wave, fault=fault)


def with_template(wave: Wave, contact: Contact, language: str, expressions: Expressions) -> Selected | LeftOut:
    """The contact with the first of the wave's templates that is for it. Raises TemplateFault (`bad-expression`)."""
    for choice in wave.templates:
        condition = choice.condition
        if condition is None or expressions.holds(condition.source, contact, language):
            return Selected(wave=wave, contact=contact, template=choice.template)
    return LeftOut(wave=wave, contact=contact, reason="no template of the wave is for this contact")


def follow_up_for(wave: Wave, contact: Contact, language: str, expressions: Expressions) -> FollowUp | None:
    """The follow-up this contact would get in this wave, or None.

    Raises TemplateFault (`bad-expression`).
    """
    follow_up = wave.follow_up
    if follow_up is None or follow_up.times < 1:
        return None
    if follow_up.to is not None and not expressions.holds(follow_up.to.source, contact, language):
        return None
    return follow_up


def choose_address(contact: Contact, roles: tuple[str, ...]) -> Channel | None:
    """The one mail address a letter goes to: the template's `roles` in order, then file order.

    An address whose role is `press` or `list` is never chosen unless the template names that role.
    """
    for role in roles:
        for channel in contact.emails:
            if channel.role.casefold() == role.casefold():
                return channel
    for channel in contact.emails:
        if channel.role.casefold() not in NEVER_UNLESS_NAMED:
            return channel
    return None


def choose_by_hand(contact: Contact) -> Channel | None:
    """The channel a person uses where there is no mail address: forms first, then file order."""
    others = [c for c in contact.channels if c.kind is not ChannelKind.EMAIL]
    forms = [c for c in others if c.kind is ChannelKind.FORM]
    return next(iter(forms or others), None)


def choose_channel(contact: Contact, roles: tuple[str, ...]) -> Channel | None:
    """The channel a letter goes over: a mail address where one may be used, else one by hand."""
    return choose_address(contact, roles) or choose_by_hand(contact)


def why_no_channel(contact: Contact, template: str) -> str:
    """Why `choose_channel` finds none for a letter made from the template of that name."""
    roles = sorted({channel.role.casefold() for channel in contact.emails})
    if not roles:
        return "no channel it can be reached through"
    its, have = ("its only address", "has") if len(contact.emails) == 1 else ("its only addresses", "have")
    role = "the role" if len(roles) == 1 else "the roles"
    return f"{its} {have} {role} {' and '.join(roles)}, which {template} does not name"


def variant_for(channel: Channel) -> Variant:
    """Which variant of a template is written for this kind of channel."""
    if channel.kind is ChannelKind.EMAIL:
        return Variant.MAIL
    return Variant.FORM if channel.kind is ChannelKind.FORM else Variant.MASTODON


class TakenAddresses:
    """Which addresses have their first letter: only a letter that is made takes its address.

    Of a wave that says `again`, only its own letters count.
    """

    def __init__(self) -> None:
        self._ever: dict[str, str] = {}
        self._in_wave: dict[tuple[str, str], str] = {}

    def take(self, address: str | None, found: Selected | LeftOut) -> None:
        """The letter of `found` is made, and goes to `address`; None where it goes by hand."""
        if address is not None:
            self._ever.setdefault(normalised(address), found.contact.id)
            self._in_wave.setdefault((found.wave.id, normalised(address)), found.contact.id)

    def holder(self, address: str | None, found: Selected | LeftOut) -> str | None:
        """The other contact whose letter has the address that the letter of `found` would go to."""
        if address is None:
            return None
        key = normalised(address)
        first = self._in_wave.get((found.wave.id, key)) if found.wave.again else self._ever.get(key)
        return None if first == found.contact.id else first


def same_address(holder: str) -> str:
    """Why a contact gets no letter whose address has that of the contact `holder`."""
    return f"same address as {holder}, which gets the letter"


class TemplateShelf:
    """The templates by name, with the choice of language and variant."""

    def __init__(self, templates: Iterable[Template], language: str) -> None:
        self.language = language
        self._by_name: dict[str, list[Template]] = {}
        self._roles: dict[tuple[str, str | None, str | None], tuple[str, ...]] = {}
        for template in templates:
            self._by_name.setdefault(template.name, []).append(template)

    @property
    def names(self) -> Mapping[str, list[Template]]:
        return self._by_name

    def find(self, name: str, variant: Variant, language: str | None) -> Template | None:
        """The template `name` for `variant` in `language`; where there is no such variant, the mail.

        Languages fall back from `de-AT` to `de`, to the file without a language, to the
        campaign's own, to any.
        """
        wanted = language or self.language
        for kind in dict.fromkeys((variant, Variant.MAIL)):
            found = [t for t in self._by_name.get(name, ()) if t.variant is kind]
            if found:
                return min(found, key=lambda t: (_distance(t, wanted, self.language), t.language or ""))
        return None

    def roles(self, name: str, language: str | None, *, first: str | None = None) -> tuple[str, ...]:
        """The roles that the mail called `name` names.

        A follow-up that names none goes where the letter before it went, made from the template `first`.
        """
        key = (name, language, first)
        if key not in self._roles:
            mails = [self.find(each, Variant.MAIL, language) for each in (name, first) if each]
            self._roles[key] = next((mail.roles for mail in mails if mail is not None and mail.roles), ())
        return self._roles[key]

    def mail(self, name: str, contact: Contact) -> Template | None:
        """The mail called `name` in the contact's language."""
        return self.find(name, Variant.MAIL, contact.language)

    def channel_for(self, contact: Contact, name: str, *, first: str | None = None) -> Channel | None:
        """The channel over which the contact gets the template called `name`; `first` as in `roles`."""
        return choose_channel(contact, self.roles(name, contact.language, first=first))

    def speaks(self, template: Template, language: str | None) -> bool:
        """Whether `template` is in the language asked for, regional differences aside."""
        wanted = language or self.language
        return _primary(template.language or self.language) == _primary(wanted)


def _distance(template: Template, wanted: str, campaign: str) -> int:
    written = template.language
    if written is not None and written.casefold() == wanted.casefold():
        return 0
    if written is not None and _primary(written) == _primary(wanted):
        return 1
    if written is None:
        return 2
    return 3 if _primary(written) == _primary(campaign) else 4


def _primary(language: str) -> str:
    return language.split("-", 1)[0].casefold()
