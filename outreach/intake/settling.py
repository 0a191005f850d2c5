"""Every mail address of a document ends somewhere: as a channel, a person's, a refusal or a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from outreach.campaign.contacts_plain import ordered
from outreach.intake.account import Account
from outreach.intake.addresses import addresses, broken, fault_of, may_hold
from outreach.model.found import Found, FoundContact, Place
from outreach.words.mail_providers import FREE_MAIL, SHARED_HOSTS
from outreach.words.slugs import slug_of


def used_in(values: Mapping[str, Any]) -> set[str]:
    """The addresses that a contact can be written to by, or that its people have; in small letters."""
    found = {
        str(channel[kind]).casefold() for channel in values.get("channels", ()) for kind in channel if kind != "role"
    }
    return found | {str(person["email"]).casefold() for person in values.get("people", ()) if "email" in person}


def names_of(each: FoundContact) -> list[str]:
    """The names of a contact by which a sentence elsewhere can mean nobody else: those of several words."""
    names = [each.values.get("name", ""), *(person["name"] for person in each.values.get("people", ()))]
    return [name for name in map(str, names) if len(name.split()) > 1]


def said_beside(file: str, texts: Iterable[str], found: Found, account: Account) -> Found:
    """What was found, after each address that stands only beside the cells was refused."""
    used = {address for each in found.contacts for address in used_in(each.values)}
    for text in texts:
        for each in addresses(text):
            if each.kind == "email" and each.address.casefold() not in used:
                reason = "it is in a comment, text box, header or footer"
                account.refuse(Place(file=file, line=1), each.address, reason)
    return found


class Settling:
    """The addresses of one document, as they are met."""

    def __init__(self, file: str, account: Account) -> None:
        self.file = file
        self.account = account
        self._nameless: list[tuple[Place, list[str]]] = []
        self._beside: dict[str, list[tuple[Place, str, FoundContact]]] = {}
        """Column -> the addresses in it that its rows' contacts have not taken."""

    def row(self, cells: Iterable[tuple[Place, str]], contact: FoundContact) -> None:
        """What of these cells the contact has not taken is asked about or refused; what was cleaned is listed."""
        used = used_in(contact.values)
        for place, text in cells:
            if not may_hold(text):
                continue
            for each in addresses(text):
                if each.kind != "email":
                    continue
                if each.was_cleaned and each.address.casefold() in used:
                    self.account.clean(place, each.written.strip(), each.address)
                elif each.address.casefold() not in used:
                    if fault := fault_of(each.address):
                        self.account.refuse(place, each.address, fault)
                    else:
                        self._beside.setdefault(place.column, []).append((place, each.address, contact))
            for value, reason in broken(text):
                self.account.refuse(place, value, reason)

    def leave(self, place: Place, address: str, reason: str) -> None:
        """An address that belongs to nobody here."""
        self.account.refuse(place, address, reason)

    def is_of(self, place: Place, found: Sequence[str], above: FoundContact, *, asks: bool) -> bool:
        """Whether addresses without a name are of the contact above them: by their domain, else by the answer."""
        domains = {address.rpartition("@")[2].casefold() for address in used_in(above.values)}
        if all(address.rpartition("@")[2].casefold() in domains - SHARED_HOSTS - FREE_MAIL for address in found):
            return True
        if not asks:
            return False
        name = above.values["name"]
        answer = self.account.ask(
            "same-as-above",
            place,
            " ".join(found),
            ask=f"There is no name next to {found[0]}. Does it belong to {name}, in the row above?",
            choices=("yes", "no"),
            default="no",
            affects=found,
        )
        return answer == "yes"

    def nameless(self, place: Place, found: Sequence[str]) -> None:
        """Remember addresses without a name, to be asked about together."""
        if found:
            self._nameless.append((place, list(found)))

    def ask(self, contacts: list[FoundContact]) -> None:
        """The questions that wait for the end of a document; what is answered changes `contacts`."""
        for column, beside in self._beside.items():
            self._ask_beside(column, beside, contacts)
        self._ask_for_names(contacts)

    def _ask_beside(
        self, column: str, beside: Sequence[tuple[Place, str, FoundContact]], contacts: list[FoundContact]
    ) -> None:
        """One question for all addresses that are in the remarks of a column."""
        first, address, contact = beside[0]
        more = f" and {len(beside) - 1} more" if len(beside) > 1 else ""
        where = f"The column `{column}`" if column else "A remark"
        answer = self.account.ask(
            "beside",
            first,
            column,
            ask=f"{where} has {address} ({contact.values['name']}){more}. Write to it too?",
            choices=("take", "skip"),
            default="skip",
            affects=list(dict.fromkeys(address for _, address, _ in beside)),
        )
        if answer == "take":
            for _, address, contact in beside:
                at = next((at for at, each in enumerate(contacts) if _is_same(each, contact)), None)
                if at is not None and address.casefold() not in used_in(contacts[at].values):
                    channels = [*contacts[at].values.get("channels", ()), {"email": address}]
                    contacts[at] = replace(contacts[at], values=ordered({**contacts[at].values, "channels": channels}))

    def _ask_for_names(self, contacts: list[FoundContact]) -> None:
        """One question for all addresses of the document that have no name beside them."""
        if not self._nameless:
            return
        found = [address for _, each in self._nameless for address in each]
        shown = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
        answer = self.account.ask(
            "no-name",
            self._nameless[0][0],
            self.file,
            ask=f"No name was found for {shown}. Take each under the name of its domain?",
            choices=("take", "skip"),
            default="skip",
            affects=found,
        )
        if answer == "take":
            for place, each in self._nameless:
                contacts.append(by_domain(self.file, place.line, each))


def _is_same(one: FoundContact, other: FoundContact) -> bool:
    return (one.id, one.line) == (other.id, other.line)


def by_domain(file: str, line: int, found: Sequence[str]) -> FoundContact:
    """A contact that has only addresses, called as their domain; at a provider of mailboxes, as the address."""
    local, _, domain = found[0].partition("@")
    name = local if domain.casefold() in SHARED_HOSTS | FREE_MAIL else domain
    values = {
        "id": slug_of(name),
        "name": name,
        "channels": [{"email": address} for address in dict.fromkeys(found)],
        "imported_from": f"{file} line {line}",
    }
    return FoundContact(id=slug_of(name), values=values, file=file, line=line)
