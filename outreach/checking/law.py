"""What the law asks and a campaign lacks: eight rules, each said once per wave or campaign, never per contact.

The name of a rule is its Problem's code. docs/law.md has a section for each: what it says, where that comes from, who
read it and when. No legal advice. What holds letters and posts is decided in `planning.law`, which has the sources too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cached_property

from outreach.checking.tags import tags_name
from outreach.model.campaign import Wave
from outreach.model.contact import ChannelKind, Contact
from outreach.model.problem import Problem
from outreach.model.recipient import Recipient, Why
from outreach.model.records import dataclass
from outreach.planning.context import Context
from outreach.planning.law import (
    LOBBY_LAWS,
    RULES,
    Offices,
    is_of_the_three,
    lobby_entry,
    lobby_sentence,
    needs_number,
    office_of,
)
from outreach.planning.recipients import Decided, would_follow
from outreach.planning.world import World
from outreach.words.natural_persons import addresses_person, keeps_person
from outreach.words.retention import kept_until

OBJECTION = re.compile(r"\bobjection\b")
SOURCE = re.compile(r"\bsource_notice\b")
_NUMBER = re.compile(r"\btransparency_id\b")
_DATED = re.compile(r"\b20\d\d\b")
_WRITTEN = (ChannelKind.EMAIL, ChannelKind.FORM)
"""Channels whose texts have room for more than a sentence."""
QUESTION = "Does this text ask for money, members, signatures or tickets, or sell anything?"
FOR_ALL = frozenset({"NL", "DE", "AT"})
"""Where the rule on unasked mail protects organisations too; elsewhere natural persons (docs/law.md)."""
LONG_LIST = 50
"""So many recipients of one wave whose country nobody said are likely to be in one of these countries, some of them."""
BASES = "consent, relation, published (URL), public office, no advertising: why, advice of NAME on DATE"


def law_problems(world: World, decided: Decided, assessment: str | None = None) -> list[Problem]:
    """What each rule finds. `assessment` is the text of the document that weighs the interest, None if none is read.

    Nothing is said of a campaign without waves: it writes to nobody.
    """
    if not world.campaign.waves:
        return []
    case = _Case(Context(replace(world, verdicts=None)), decided, assessment)
    rules = (
        legal_basis,
        source_and_objection,
        notice_overdue,
        retention,
        consent_country,
        register_number,
        lobby_register,
        political_advertising,
    )
    return [problem for rule in rules for problem in rule(case)]


@dataclass(frozen=True)
class _Case:
    """What the rules look at; `letters` are first letters that would be written, and each one's first follow-up."""

    context: Context
    decided: Decided
    assessment: str | None

    @cached_property
    def letters(self) -> tuple[Recipient, ...]:
        written = [each for each in self.decided.recipients if each.why is not Why.LEFT_OUT and not each.unselected]
        first = [each for each in written if not each.step]
        return (*first, *would_follow(self.context, self.decided.recipients))

    @cached_property
    def persons(self) -> tuple[Contact, ...]:
        """The contacts whose files say something of a natural person."""
        return tuple(each for each in self.context.world.contacts if keeps_person(each))

    def of(self, wave: Wave) -> Iterator[Recipient]:
        """The first letters of a wave."""
        return (each for each in self.letters if each.wave.id == wave.id and not each.step)

    def problem(self, rule: str, message: str, hint: str, wave: Wave | None = None, line: int = 0) -> Problem:
        """A warning of a rule, at its wave or at `legal`; it says so where nobody read the rule lately."""
        campaign, today = self.context.campaign, self.context.today
        return Problem(
            file=campaign.file,
            line=line or (wave.line if wave is not None else campaign.line_of("legal")),
            code=rule,
            message=message,
            hint=hint + RULES[rule].unchecked(today),
            about=f"wave:{wave.id}" if wave is not None else "campaign",
            only_warns=True,
        )


def legal_basis(case: _Case) -> Iterator[Problem]:
    """Why we may write at all: the interest written down, weighed in a document, with its day."""
    legal = case.context.campaign.legal
    if legal is None:
        message = "The campaign does not say on which legal basis it writes to people."
        hint = "Add `legal: {basis: legitimate-interest, interest: ...}` (GDPR Art. 6 and 14)."
        yield case.problem("legal-basis", message, hint)
        return
    if legal.basis != "legitimate-interest" or not case.persons:
        return
    is_dated = legal.on is not None or _DATED.search(case.assessment or "")
    lacks = {
        "the interest in words (`interest`)": not legal.interest,
        "the document that weighs it (`assessment`)": not legal.assessment,
        "the day on which it was weighed (`on`)": not is_dated,
    }
    missing = [what for what, lacking in lacks.items() if lacking]
    if missing:
        message = f"The legitimate interest is not fully recorded. Missing: {_listed(missing)}."
        hint = "`outreach report --gdpr` writes a draft of the assessment from your files."
        yield case.problem("legal-basis", message, hint)


def source_and_objection(case: _Case) -> Iterator[Problem]:
    """A named person reads in the first letter where we have the address from, and that one word ends it."""
    for wave in case.context.campaign.waves:
        files: dict[str, str] = {}
        people: dict[str, Contact] = {}
        for letter in case.letters:
            template, channel = letter.version, letter.channel
            if letter.wave.id != wave.id or template is None or channel is None or channel.kind not in _WRITTEN:
                continue
            if not addresses_person(letter.contact, letter.address):
                continue
            wanted = {"source_notice": SOURCE} if letter.step else {"objection": OBJECTION, "source_notice": SOURCE}
            lacking = [name for name, pattern in wanted.items() if not tags_name(template.body, pattern)]
            if lacking:
                files[template.file] = _listed([f"{{{{ {name} }}}}" for name in lacking])
                people[letter.contact.id] = letter.contact
        if people:
            message = (
                f"In the wave `{wave.id}`, {_persons(len(people))} ({_first(people.values())}) would not learn where "
                "you got their address, or how to object."
            )
            hint = "; ".join(f"Write {names} into {file}" for file, names in files.items()) + "."
            yield case.problem("source-and-objection", message, hint, wave)


def notice_overdue(case: _Case) -> Iterator[Problem]:
    """A person hears within a month of being collected that we have the name."""
    context = case.context
    starts = {each.contact.id: context.starts(each.wave) for each in reversed(case.letters) if not each.step}
    late: list[tuple[date, Contact]] = []
    for contact in case.persons:
        past, sent = context.past(contact), context.sent_letters.of_contact(contact.id)
        if contact.collected_on is None or contact.do_not_contact is not None or sent or past.answered or past.letters:
            continue
        until = kept_until(contact.collected_on, "1mo")
        start = starts.get(contact.id)
        planned = start.astimezone(context.zone).date() if start is not None else context.today
        if max(planned, context.today) > until:
            late.append((until, contact))
    if late:
        first = min(until for until, _ in late)
        contacts = [contact for _, contact in late]
        message = (
            f"You would tell {_persons(len(late))} ({_first(contacts)}) later than a month "
            "after you collected their data."
        )
        day = context.say.date(first)
        when = f"Write by {day}" if first >= context.today else f"The month was over on {day}: write now"
        yield case.problem("notice-overdue", message, f"{when}, or remove the names and keep the office.")


def retention(case: _Case) -> Iterator[Problem]:
    """How long names are kept is written down, and they are not kept longer."""
    context = case.context
    keep_for = context.campaign.legal.keep_for if context.campaign.legal else None
    if not case.persons:
        return
    if keep_for is None:
        many, first = _persons(len(case.persons)), _first(case.persons)
        message = f"The campaign does not say how long you keep the names of {many} ({first})."
        yield case.problem(
            "retention", message, "For example `keep_for: 2y` under `legal`: two years after the last contact."
        )
        return
    over = []
    for contact in case.persons:
        last = context.past(contact).last
        days = [last.at.astimezone(context.zone).date()] if last is not None else []
        days += [contact.collected_on] if contact.collected_on is not None else []
        if days and kept_until(max(days), keep_for) < context.today:
            over.append(contact)
    if over:
        message = f"You keep {_persons(len(over))} ({_first(over)}) longer than `keep_for: {keep_for}` says."
        yield case.problem("retention", message, "List and erase them: outreach erase --due")


def consent_country(case: _Case) -> Iterator[Problem]:
    """Mail that asks for something needs consent or another basis in many countries: one question per wave.

    A wave is asked only where the answer may matter: it writes to a person, to a country whose law protects
    organisations too, or to a long list of which nobody said the country.
    """
    asked: set[str] = set()  # lists whose country was asked for
    for wave in case.context.campaign.waves:
        letters = [each for each in case.of(wave) if each.by_mail]
        if not letters or wave.asks_for == ("nothing",) or wave.basis is not None:
            continue
        countries: Counter[str] = Counter()
        lists: dict[str, int] = defaultdict(int)
        unknown = 0
        for letter in letters:
            country = _country(letter)
            unknown += country is None
            if country is None and letter.contact.file not in asked:
                lists[letter.contact.file] += 1
            if country in FOR_ALL or addresses_person(letter.contact, letter.address):
                countries[country or "an unknown country"] += 1
        if not wave.asks_for:
            if countries or unknown >= LONG_LIST:
                hint = "Write `asks_for: nothing`, or what it asks for: money, members, signatures, tickets, sells."
                yield case.problem("consent-country", f"The wave `{wave.id}`: {QUESTION}", hint, wave)
            continue
        asked |= lists.keys()
        where = ", ".join(f"{country} {number}" for country, number in sorted(countries.items()))
        nowhere = ", ".join(f"{number} of {file}" for file, number in lists.items())
        if not (where or nowhere):
            continue
        message = f"The wave `{wave.id}` asks for {_listed(wave.asks_for)}"
        message += (
            f", and {sum(countries.values())} of its emails need consent or another basis ({where})" if where else ""
        )
        message += f"; the country of {nowhere} is not known" if nowhere else ""
        hint = f"Write into the wave why it is lawful: `basis: ...` ({BASES})."
        hint += " Write once per list which `country` it is from." if nowhere else ""
        yield case.problem("consent-country", f"{message}.", hint, wave)


def _country(letter: Recipient) -> str | None:
    """The country of whoever gets a letter: as their file says, else as the end of the address does (`.de`)."""
    end = (letter.address or "").rpartition(".")[2].upper()
    return letter.contact.country or (end if end in FOR_ALL else None)


def register_number(case: _Case) -> Iterator[Problem]:
    """Registered lobbyists say their number to Parliament, Council and Commission; others may write without one."""
    context = case.context
    campaign, rule = context.campaign, RULES["register-number"]
    institutions = [each for each in context.world.contacts if is_of_the_three(each)]
    if campaign.transparency_id is None:
        if institutions and needs_number(campaign):
            ends = "" if len(institutions) == 1 else "s"
            message = (
                f"You have {len(institutions)} contact{ends} in the EU's institutions ({_first(institutions)}), and no "
                "`transparency_id`."
            )
            hint = (
                "You can still write; meetings may require an entry. If you act alone and only for yourself, the "
                "register does not apply (`legal: {sender: individual-alone}`)."
            )
            yield case.problem("register-number", message, hint, line=1)
    elif not rule.is_checked(context.today):  # else the letters say it themselves, as an error
        for wave in campaign.waves:
            versions = [each.version for each in case.of(wave) if each.version and is_of_the_three(each.contact)]
            if not all(campaign.transparency_id in each.body or tags_name(each.body, _NUMBER) for each in versions):
                message = (
                    f"A text of the wave `{wave.id}` does not contain your number in the EU Transparency Register."
                )
                yield case.problem("register-number", message, "Write {{ campaign.transparency_id }} into it.", wave)


def lobby_register(case: _Case) -> Iterator[Problem]:
    """From so many contacts with public offices on, DE, FR and IE ask for an entry in their register."""
    context = case.context
    planned = {
        each.contact.id: (each.contact, context.starts(each.wave)) for each in reversed(list(_first_letters(case)))
    }
    offices = Offices(context)
    offices.count(planned.values())
    for country, law in LOBBY_LAWS.items():
        number = offices.counted[country]
        if not number or number < law.line or lobby_entry(context.campaign.legal, country) is not None:
            continue
        if number > law.most:
            message = f"You have {lobby_sentence(country, number).partition(';')[0]}."
            held = "They wait until you write" if RULES["lobby-register"].is_checked(context.today) else "Write"
        else:
            message = (
                f"You have {number} contacts with public offices in {country}, planned ones included: above {law.most} "
                f"the law asks for an entry in {law.name}."
            )
            held = "Write"
        hint = f"{held} the number, or `exempt:` and why: `legal: {{lobby_registers: {{{country}: ...}}}}`."
        yield case.problem("lobby-register", message, hint)


def political_advertising(case: _Case) -> Iterator[Problem]:
    """A person assesses whether it is political advertising; if so, consent and transparency are written down."""
    campaign, contacts = case.context.campaign, case.context.world.contacts
    political = campaign.legal.political_advertising if campaign.legal else None
    if political is None:
        asks = campaign.legal is not None and any(is_of_the_three(each) or office_of(each) for each in contacts)
        if asks:
            message = (
                "You write to lawmakers or public offices, and you have not said whether it is political advertising."
            )
            hint = 'Add `political_advertising: {assessed: "no", why: ..., by: ..., on: DATE}` under `legal`.'
            yield case.problem("political-advertising", message, hint)
        return
    lacks = [name for name in ("why", "by", "on") if getattr(political, name) is None]
    if political.is_open:
        message = "This is political advertising: letters to named persons and posts wait."
        hint = "Write down how they are met, as `consent` and `transparency` under `political_advertising`."
    elif political.assessed == "unsure":
        message = "You are not sure yet whether this is political advertising."
        hint = "Ask somebody who knows the regulation, and write `yes` or `no`, and why."
    elif lacks:
        message = f"The assessment of political advertising lacks {_listed(f'`{each}`' for each in lacks)}."
        hint = "Write why, who assessed it, and on which day."
    else:
        return
    yield case.problem("political-advertising", message, hint, line=political.line)


def _first_letters(case: _Case) -> Iterator[Recipient]:
    return (each for each in case.letters if not each.step)


def _persons(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _first(contacts: Iterable[Contact]) -> str:
    """`first maria-sousa`: one that everybody finds."""
    return f"first {min(contact.id for contact in contacts)}"


def _listed(words: Iterable[str]) -> str:
    *rest, end = words
    return f"{', '.join(rest)} and {end}" if rest else end
