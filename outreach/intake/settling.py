"""Every mail address of a document ends somewhere: as a channel, a person's, a refusal or a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
                    fault = fault_of(each.address)
                    name = contact.values["name"]
                    reason = fault or f"it is in the {place.column or 'words'} of {name} and was not taken as theirs"
                    self.account.refuse(place, each.address, reason)
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

    def ask_for_names(self, contacts: list[FoundContact]) -> None:
        """One question for all addresses of the document that have no name beside them."""
        if not self._nameless:
            return
        found = [address for _, each in self._nameless for address in each]
        shown = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
        answer = self.account.ask(
            "no-name",
            self._nameless[0][0],
            self.file,
            ask=f"There is no name next to {shown}. Take each under the name of its domain?",
            choices=("take", "skip"),
            default="skip",
            affects=found,
        )
        if answer == "take":
            for place, each in self._nameless:
                contacts.append(by_domain(self.file, place.line, each))


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
