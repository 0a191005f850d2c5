"""What becomes of the addresses in notes that no contact has: asked about together, or refused with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.intake.addresses import addresses, broken, fault_of
from outreach.intake.headings import headings_of
from outreach.intake.no_means_no import says_no
from outreach.intake.notes.account import Account
from outreach.intake.notes.entries import owner as owner_of
from outreach.intake.notes.words import meaning
from outreach.intake.outline import Line
from outreach.intake.settling import by_domain, used_in


def settle(account: Account) -> None:
    """Every address of the document: used, asked about or refused; those without a name are asked about together."""
    used = {address for each in account.contacts for address in used_in(each.values)}
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
                if not owner and not fault and number not in lists:
                    nameless.append((number, each.address))
                else:
                    where = "it is next to a contact, and was not taken as theirs" if owner == "contact" else ""
                    where = "it is in the text of a letter" if number in lists else where
                    reason = fault or where or "there is no name next to it"
                    account.values.refuse(account.place(number), each.address, reason)
        for value, reason in broken(text):
            if not owner or owner == "contact":
                account.values.refuse(account.place(number), value, reason)
    _ask_for_names(account, _without_those_who_said_no(account, nameless))


def _lists_in_texts(account: Account) -> set[int]:
    """The lines of letters that name others with their addresses: two at least, `Elm Gallery: elm@elm.example`."""
    found: dict[int, str] = {}
    for number, text in enumerate(account.document.source, 1):
        if account.owner(number) in ("template", "post") and "@" in text:
            first = next((each for each in addresses(text) if each.kind == "email"), None)
            name = first.before.strip(" -:\u2013\u2014,<(*").lstrip("0123456789.) ") if first else ""
            if first and name and not meaning(name) and len(name.split()) <= 6 and name[0].isupper():
                found[number] = owner_of(first.address.casefold())
    return set(found) if len(set(found.values())) > 1 else set()


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
            contact = by_domain(account.document.name, number, [address])
            values = {key: value for key, value in contact.values.items() if key != "id"}
            account.take(number, number, "contact", f"contacts/{account.add_contact(values, number)}.yaml")
