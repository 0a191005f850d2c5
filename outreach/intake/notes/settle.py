"""What becomes of the addresses in notes that no contact has: asked about together, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from outreach.intake.addresses import addresses, broken, fault_of
from outreach.intake.headings import headings_of
from outreach.intake.naming import fitting
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.account import Account
from outreach.intake.notes.entries import owner as owner_of
from outreach.intake.notes.words import meaning
from outreach.intake.outline import Line
from outreach.intake.settling import by_domain, used_in

_NAMELESS = "there is no name next to it"


def settle(account: Account) -> None:
    """Every address of the document: used, asked about or refused; those without a name are asked about together."""
    used = {address for each in account.contacts for address in used_in(each.values)}
    owners = {owner_of(address) for address in used if "@" in address}
    in_letters: dict[str, tuple[int, str]] = {}
    asked = {address.casefold() for question in account.values.questions for address in question.affects}
    refused = {refusal.value.casefold() for refusal in account.values.refusals}
    nameless: list[tuple[int, str]] = []
    lists = _lists_in_texts(account)
    for number, text in enumerate(account.document.source, 1):
        owner = account.owner(number)
        if owner in ("template", "post") and number not in lists:
            continue  # it is part of a text, and is in it
        line = _lines_of(account).get(number)
        for each in addresses(text, line):
            if each.kind != "email":
                continue
            address = each.address.casefold()
            if address in used:
                if each.was_cleaned:
                    account.values.clean(account.place(number), each.written.strip(), each.address)
            elif address not in asked | refused:
                refused.add(address)
                fault = fault_of(each.address)
                if number in lists and not fault:
                    in_letters[each.address] = number, _named_before(each.before, each.address)
                elif not fault and (not owner or (owner == "contact" and owner_of(address) not in owners)):
                    nameless.append((number, each.address))
                else:
                    where = "it is next to a contact, and was not taken as theirs" if owner == "contact" else ""
                    account.values.refuse(account.place(number), each.address, fault or where or _NAMELESS)
        for value, reason in broken(text):
            if not owner or owner == "contact":
                account.values.refuse(account.place(number), value, reason)
    _ask_for_names(account, _without_those_who_said_no(account, nameless))
    _ask_for_those_in_letters(account, in_letters)


def _lists_in_texts(account: Account) -> set[int]:
    """The lines of letters that name others with their addresses: two at least, `Elm Gallery: elm@elm.example`."""
    found: dict[int, str] = {}
    for number, text in enumerate(account.document.source, 1):
        if account.owner(number) in ("template", "post") and "@" in text:
            first = next((each for each in addresses(text) if each.kind == "email"), None)
            name = _named_before(first.before, first.address) if first else ""
            if first and name and not meaning(name):
                found[number] = owner_of(first.address.casefold())
    return set(found) if len(set(found.values())) > 1 else set()


def _named_before(before: str, address: str) -> str:
    """Who is named before an address in the text of a letter: what the domain has, else what begins the line."""
    words = before.lstrip("> -*\u2022\t0123456789.)").partition(" (")[0].partition(" - ")[0]
    name = fitting(before, address) or words.strip(" -:\u2013\u2014,<(*")
    return name if len(name.split()) <= 6 and name[:1].isupper() else ""


def _without_those_who_said_no(account: Account, nameless: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those without a name of whom the heading above says that they want no more mail are never written to."""
    begins = {number for number, _ in nameless} | {each.line for each in account.contacts}
    source = account.document.source
    above = headings_of(source, begins).above
    asked = []
    for number, address in nameless:
        if any(says_no(source[at].strip("# :*_")) for at in above[number - 1]):
            account.values.never(account.place(number), address)
        else:
            asked.append((number, address))
    return asked


def _lines_of(account: Account) -> dict[int, Line]:
    cached = getattr(account, "lines_with_links", None)
    if cached is None:
        cached = {
            line.number: line
            for section in account.document.top.walk()
            for block in section.blocks
            for line in block.lines
            if line.links
        }
        account.lines_with_links = cached  # type: ignore[attr-defined]
    return cached


def _ask_for_names(account: Account, nameless: Sequence[tuple[int, str]]) -> None:
    if not nameless:
        return
    found = [address for _, address in nameless]
    shown = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    answer = account.values.ask(
        "no-name",
        account.place(nameless[0][0]),
        account.document.name,
        ask=f"No name was found for {shown}. Take each under the name of its domain?",
        choices=("take", "skip"),
        default="skip",
        affects=found,
    )
    if answer == "take":
        for number, address in nameless:
            _take(account, number, address, "")


def _ask_for_those_in_letters(account: Account, found: Mapping[str, tuple[int, str]]) -> None:
    """One question for all whom the text of a letter names with their addresses: a message that lists who answered."""
    if not found:
        return
    shown = ", ".join(f"{name} ({address})" if name else address for address, (_, name) in found.items())
    answer = account.values.ask(
        "in-letter",
        account.place(min(number for number, _ in found.values())),
        account.document.name,
        ask=f"The text of a letter names {shown}. Do you want to write to them?",
        choices=("take", "skip"),
        default="skip",
        affects=list(found),
    )
    for address, (number, name) in found.items() if answer == "take" else ():
        _take(account, number, address, name)


def _take(account: Account, number: int, address: str, name: str) -> None:
    """A contact with one address, called as its domain where it has no name."""
    values = {**by_domain(account.document.name, number, [address]).values, **({"name": name} if name else {})}
    del values["id"]
    account.take(number, number, "contact", f"contacts/{account.add_contact(values, number)}.yaml")
