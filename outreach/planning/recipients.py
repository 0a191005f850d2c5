"""Who gets a letter, with which template, over which channel, and why the others get none: the one decision.

`check`, `draft`, `preview`, `agenda`, `status`, `approve`, `send` and the browser read it; none of them asks again.
When a letter leaves is not decided here. What is against a letter is in `_Deciding.against`, in the order in
which it counts (docs/planning.md): only the first reason is said, by everybody in the same words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from sys import intern

from outreach.errors import TemplateFault
from outreach.history.address_marks import normalised
from outreach.model.campaign import FollowUp, Wave
from outreach.model.contact import Contact
from outreach.model.event import EventKind
from outreach.model.past import SentLetter
from outreach.model.problem import Problem
from outreach.model.recipient import ApprovalState, Recipient, Thread, Verdict, Why
from outreach.model.records import dataclass, replace
from outreach.planning.against import (
    SEE_CHECK,
    Against,
    faults_of,
    no_means_no,
    no_way_out,
    not_written_to,
    paused,
    refused,
    waits_for_a_person,
    waits_for_its_day,
)
from outreach.planning.context import Context
from outreach.planning.gates import Answer
from outreach.planning.law import Offices, why_held
from outreach.planning.other_letters import earlier_letter, is_corrected, quoted, thread_of, thread_with
from outreach.planning.sent import is_gone
from outreach.templating.expressions import problem_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """Every recipient, wave by wave, then the follow-ups; and the waves that cannot be compared with a contact."""

    recipients: tuple[Recipient, ...]
    problems: tuple[Problem, ...] = ()


def decide(context: Context) -> Decided:
    """What each wave does with each contact that it selects, and each letter that left or may have.

    A contact and an address get one first letter per campaign, in the wave that stands first, unless a later one
    says `again: true`. Raises what the gates raise.
    """
    deciding = _Deciding(context)
    first = list(deciding.first_letters())
    later = [each for letter in first for each in deciding.follow_ups(letter)]
    return Decided(recipients=(*first, *later), problems=tuple(deciding.problems))


def first_letters(context: Context) -> Iterator[Recipient]:
    """The first letters of `decide`, wave by wave, one by one."""
    return _Deciding(context).first_letters()


def would_follow(context: Context, recipients: Iterable[Recipient]) -> Iterator[Recipient]:
    """The first follow-up of each letter that has none yet, as if nobody answered: for `check` to see its faults."""
    deciding = _Deciding(context)
    recipients = list(recipients)
    begun = {(each.wave.id, each.contact.id) for each in recipients if each.step}
    for first in recipients:
        if first.step or first.why is Why.LEFT_OUT or first.unselected or (first.wave.id, first.contact.id) in begun:
            continue
        follow_up = deciding.applies(first.wave, first.contact)
        if isinstance(follow_up, FollowUp):
            thread = deciding.thread_after_first(first.wave, first.contact)
            letter = deciding.addressed(first.wave, first.contact, 1, follow_up.template, thread, after=first)
            fault = next(faults_of(context, letter), None)
            yield replace(letter, why=fault.why, reason=fault.reason, about=fault.about) if fault else letter


def applies_to(context: Context, wave: Wave, contact: Contact) -> FollowUp | None:
    """The follow-up that this contact would get in this wave. Raises TemplateFault (`bad-expression`)."""
    follow_up = wave.follow_up
    if follow_up is None or follow_up.times < 1:
        return None
    language = context.campaign.language
    chosen = follow_up.to is None or context.expressions.holds(follow_up.to.source, contact, language)
    return follow_up if chosen else None


class _Deciding:
    """The walk over waves and contacts, with the addresses and contacts that have their letter so far."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._world = context.world
        self._chooses: dict[str, str] = {}
        self._writes: dict[str, str] = {}
        self._is_last_wave = False  # behind it, nobody asks who chooses or writes to whom
        self._taken: dict[str | None, dict[str, str]] = defaultdict(dict)
        """Who has an address: in a wave that says `again`, and (None) in any."""
        self._rendered: tuple[Recipient, Verdict] | None = None
        self._broken: set[str] = set()
        self._sizes: Counter[str] = Counter()
        self._offices: Offices | None = None
        self.problems: list[Problem] = []

    # -- the walk ------------------------------------------------------------------------------

    def first_letters(self) -> Iterator[Recipient]:
        """The first letters of each wave; last in it those that left though it does not choose the contact now."""
        chosen = {wave.id: list(self._chosen(wave)) for wave in self._context.campaign.waves}
        self._sizes.update(self._large(chosen))
        starts = {wave.id: self._context.starts(wave) for wave in self._context.campaign.waves}
        self._offices = Offices(self._context)
        written = {
            contact.id: (contact, starts[wave])
            for wave, each in reversed(chosen.items())
            for contact, template in each
            if contact.id in self._offices.countries
            if template is not None and next(not_written_to(contact), None) is None
        }
        self._offices.count(written.values())
        gone: dict[str, list[Contact]] = defaultdict(list)
        for contact in self._world.contacts:
            for wave_id, step in self._context.sent_letters.of_contact(contact.id):
                if step == 0:
                    gone[wave_id].append(contact)
        for wave in self._context.campaign.waves:
            self._is_last_wave = wave.id == self._context.campaign.waves[-1].id
            for contact, template in chosen[wave.id]:
                yield self._first(wave, contact, template)
            seen = {contact.id for contact, _ in chosen[wave.id]} if gone[wave.id] else ()
            for contact in gone[wave.id]:
                if contact.id not in seen:
                    sent = self._context.sent_letters.letter(contact.id, wave.id, 0)
                    yield Recipient(wave=wave, contact=contact, step=0, sent=sent, unselected=True)

    def _chosen(self, wave: Wave) -> Iterator[tuple[Contact, str | None]]:
        """The contacts for which the wave's `to` holds, and the first of its templates that is for each.

        Whom it cannot be compared with, it does not choose; those whom it does are held until that is fixed.
        """
        holds, language = self._context.expressions.holds, self._context.campaign.language
        for contact in self._world.contacts:
            expression, chosen, template = wave.to, False, None
            try:
                if wave.correction_of is not None:
                    chosen = is_corrected(self._context, wave, contact)
                else:
                    chosen = holds(expression.source, contact, language)
                for choice in wave.templates if chosen else ():
                    expression = choice.condition or expression
                    if choice.condition is None or holds(expression.source, contact, language):
                        template = choice.template
                        break
            except TemplateFault as fault:
                if wave.id not in self._broken:
                    self._broken.add(wave.id)
                    self.problems.append(problem_of(expression, fault, f"wave:{wave.id}"))
            if chosen:
                yield contact, template

    def _large(self, chosen: dict[str, list[tuple[Contact, str | None]]]) -> Counter[str]:
        """How many letters each wave would write by the files alone, so that nothing that happens changes a text."""
        sizes: Counter[str] = Counter()
        first: dict[str, str] = {}
        for wave in self._context.campaign.waves:
            for contact, template in chosen[wave.id]:
                if template is None or next(not_written_to(contact), None) is not None:
                    continue
                sizes[wave.id] += wave.again or first.setdefault(contact.id, wave.id) == wave.id
        return sizes

    def addressed(
        self,
        wave: Wave,
        contact: Contact,
        step: int,
        template: str | None,
        thread: Thread,
        *,
        after: Recipient | None = None,
    ) -> Recipient:
        """A letter with the version of its template and the channel that it goes over, where there are any."""
        versions, first = self._context.versions, after.template if after is not None else None
        channel = None
        if thread.address:
            before = thread.address.casefold()
            channel = next((each for each in contact.emails if each.address.casefold() == before), None)
        if channel is None and template is not None:
            channel = versions.channel_for(contact, template, first=first)
        return Recipient(
            wave=wave,
            contact=contact,
            step=step,
            template=template,
            channel=channel,
            version=versions.of(template, contact, channel) if channel is not None and template is not None else None,
            first=quoted(self._context, first or template, contact) if step else None,
            thread=thread,
            selected=self._sizes[wave.id],
        )

    def _first(self, wave: Wave, contact: Contact, template: str | None) -> Recipient:
        sent_letters = self._context.sent_letters
        letter = self.addressed(wave, contact, 0, template, thread_of(self._context, wave, contact))
        chooses = self._chooses.get(contact.id, wave.id)
        if chooses == wave.id and not self._is_last_wave:
            self._chooses[contact.id] = wave.id
        sent = sent_letters.letter(contact.id, wave.id, 0)
        if sent is None and chooses == wave.id:
            sent = sent_letters.unnamed(contact.id)
        elsewhere = chooses != wave.id
        earlier = None if sent and is_gone(sent) else earlier_letter(self._context, letter, elsewhere=elsewhere)
        if sent is not None and (earlier is None or not is_gone(earlier[1])) and not self._is_stale(letter, sent):
            fault = next(faults_of(self._context, letter), None)
            found = replace(letter, sent=sent, why=fault.why if fault else None, reason=fault.reason if fault else "")
        else:
            closed = self._context.unmet(wave.needs, f"wave:{wave.id}")
            found = self._decided(letter, closed, earlier)
        address = letter.address
        if address is not None and (found.sent is not None or found.why not in (Why.LEFT_OUT, Why.PROBLEM)):
            same = normalised(address)
            for place in (None, wave.id) if wave.again else (None,):
                self._taken[place].setdefault(same, contact.id)
        if found.why is not Why.LEFT_OUT and not self._is_last_wave:
            self._writes.setdefault(contact.id, wave.id)
        return found

    def follow_ups(self, first: Recipient) -> Iterator[Recipient]:
        """The follow-ups of a first letter: those that left or may have, then the one that comes next, if any."""
        wave, contact, context = first.wave, first.contact, self._context
        letters = context.sent_letters.of_contact(contact.id)
        steps = sorted(step for name, step in letters if name == wave.id and step > 0)
        follow_up = self.applies(wave, contact) if first.why is not Why.LEFT_OUT or first.sent is not None else None
        name = follow_up.template if isinstance(follow_up, FollowUp) else None
        thread = self.thread_after_first(wave, contact)
        for step in steps:
            letter = self.addressed(wave, contact, step, name, thread, after=first)
            thread = thread_with(context, thread, letters[wave.id, step])
            closed = context.unmet(follow_up.needs, f"follow-up:{wave.id}") if isinstance(follow_up, FollowUp) else None
            stale = self._is_stale(letter, letters[wave.id, step])
            yield self._decided(letter, closed, None) if stale else replace(letter, sent=letters[wave.id, step])
        before = letters[wave.id, steps[-1]] if steps else first.sent
        if first.sent is None or before is None or context.waits_for_word(first.sent):
            return
        if not is_gone(first.sent) or not is_gone(before):
            return
        step = steps[-1] + 1 if steps else 1
        if isinstance(follow_up, TemplateFault):
            reason = f"the follow-up's `to` does not work for this contact; {SEE_CHECK}"
            about = f"follow-up:{wave.id}"
            yield Recipient(wave=wave, contact=contact, step=step, why=Why.PROBLEM, reason=reason, about=about)
        elif follow_up is not None and step <= follow_up.times:
            closed = context.unmet(follow_up.needs, f"follow-up:{wave.id}")
            letter = self.addressed(wave, contact, step, follow_up.template, thread, after=first)
            letter = replace(letter, came=before.at, unselected=first.unselected)
            yield self._decided(letter, closed, None)

    def thread_after_first(self, wave: Wave, contact: Contact) -> Thread:
        """The thread that the first follow-up goes on with."""
        first = self._context.sent_letters.letter(contact.id, wave.id, 0)
        return thread_with(self._context, thread_of(self._context, wave, contact), first)

    def applies(self, wave: Wave, contact: Contact) -> FollowUp | TemplateFault | None:
        """The follow-up that this contact would get in this wave, or why that cannot be said."""
        try:
            return applies_to(self._context, wave, contact)
        except TemplateFault as fault:
            assert wave.follow_up is not None
            problem = problem_of(wave.follow_up.to or wave.to, fault, f"follow-up:{wave.id}")
            self.problems += [problem] if problem not in self.problems else []
            return fault

    # -- what is against a letter --------------------------------------------------------------

    def _decided(self, letter: Recipient, closed: Answer | None, earlier: tuple[str, SentLetter] | None) -> Recipient:
        against = next(self.against(letter, closed, earlier), None)
        if against is None and self._world.verdicts is None:
            return letter
        return replace(
            letter,
            why=against.why if against else None,
            reason=against.reason if against else "",
            since=against.since if against else None,
            about=against.about if against else "",
            taken_by=against.taken_by if against else None,
            decision=against.decision if against else None,
            closed=closed is not None,
            verdict=self._verdict(letter),
            approval=self._approval(letter),
        )

    def against(
        self, letter: Recipient, closed: Answer | None, earlier: tuple[str, SentLetter] | None
    ) -> Iterator[Against]:
        """All that is against a letter that has not left, what counts most first.

        `closed` is the answer of its gate where that holds it up; `earlier` another first letter to them or their
        address.
        """
        wave, contact = letter.wave, letter.contact
        # No letter is written: they got one already, they said no, or another letter has their place.
        if earlier is not None and is_gone(earlier[1]):
            yield Against(Why.LEFT_OUT, earlier[0])
        no = "no follow-up: " if letter.step else ""
        for said in no_means_no(self._context, wave, contact):
            yield said._replace(reason=f"{no}{said.reason}")
        if letter.unselected:
            yield Against(Why.LEFT_OUT, f"{no}`{wave.id}` no longer chooses it")
        if not letter.step:
            yield from self._has_no_place(letter)
        # It cannot be made: the files have an error.
        yield from faults_of(self._context, letter)
        if not self._renders(letter):
            yield Against(Why.PROBLEM, f"the letter has an error; {SEE_CHECK}", about=f"letter:{letter.id}")
        # It is held: by a person, by its condition, by what became of another letter.
        yield from paused(self._context, wave.id, contact)
        if closed is not None:
            yield Against(Why.CONDITION, closed.reason, decision=closed.decision)
        assert self._offices is not None  # the walk over the first letters has counted them
        for held in why_held(self._context, letter, self._offices):
            yield Against(Why.CONDITION, held)
        yield from waits_for_its_day(self._context, contact)
        yield from waits_for_a_person(self._context, contact)
        yield from no_way_out(self._context, letter)
        yield from refused(self._context, letter)
        if earlier is not None:
            yield Against(Why.UNKNOWN, earlier[0])
        # Nobody let it go out yet. Its time is the last thing asked, and not here.
        if self._world.verdicts is None or not letter.by_mail:
            return
        verdict = self._verdict(letter)
        if verdict is not None and verdict.later:
            yield Against(Why.APPROVAL, f"{verdict.later[0]} is not known yet")
        approval = self._approval(letter)
        if self._context.campaign.approval != "none" and approval is not ApprovalState.HOLDS:
            yield Against(Why.APPROVAL, intern(f"{approval}; `outreach approve {wave.id}`"))  # of all its letters

    def _renders(self, letter: Recipient) -> bool:
        if self._world.verdicts is None:
            return True
        verdict = self._world.verdicts.verdict(letter)
        self._rendered = letter, verdict
        return bool(verdict.digest)

    def _verdict(self, letter: Recipient) -> Verdict | None:
        """Whether this letter renders, which was asked last; None if it was not asked."""
        return self._rendered[1] if self._rendered is not None and self._rendered[0] is letter else None

    def _approval(self, letter: Recipient) -> ApprovalState:
        """How the letter stands to what was approved: numbers that came in later take no approval away."""
        approval, verdict = self._world.past.approvals.get(letter.id), self._verdict(letter)
        if approval is None or approval.digest is None or verdict is None or not verdict.digest:
            return ApprovalState.NONE
        assert self._world.verdicts is not None
        same = approval.digest == verdict.digest
        same = same or approval.digest == self._world.verdicts.digest_then(letter, approval)
        if same and self._world.approves_alone(approval.by, letter.version.file if letter.version else ""):
            return ApprovalState.ALONE
        return ApprovalState.HOLDS if same else ApprovalState.GONE

    def _is_stale(self, letter: Recipient, sent: SentLetter) -> bool:
        """Whether the letter is in drafts and would be another one now: it can be approved again, and replaced."""
        if sent.kind is not EventKind.IN_DRAFTS or self._context.waits_for_word(sent) or not sent.digest:
            return False
        if next(no_means_no(self._context, letter.wave, letter.contact), None):
            return False  # it is to be deleted, and not written again
        if self._world.verdicts is None or next(faults_of(self._context, letter), None) or not self._renders(letter):
            return False
        approved = self._world.past.approvals.get(letter.id)
        holds = approved is not None and self._approval(letter) is ApprovalState.HOLDS
        verdict = self._verdict(letter)
        would_be = approved.digest if holds and approved is not None else verdict.digest if verdict else None
        past = self._context.past(letter.contact).letters
        lying = {each.digest for each in past if (each.wave, each.step) == (sent.wave, sent.step)}  # two, after a merge
        return would_be not in lying

    def _has_no_place(self, letter: Recipient) -> Iterator[Against]:
        """That an earlier wave, no template, or another contact at the same address has this letter."""
        wave, contact = letter.wave, letter.contact
        writes = self._writes.get(contact.id, wave.id)
        if writes != wave.id and not wave.again:
            yield Against(Why.LEFT_OUT, f"gets its first letter in `{writes}`")
        if wave.id in self._broken:
            reason = f"the wave's `to` does not work for a contact; {SEE_CHECK}"
            yield Against(Why.PROBLEM, reason, about=f"wave:{wave.id}")
        if letter.template is None:
            yield Against(Why.LEFT_OUT, "the wave has no template for this contact")
        address = letter.address
        if address is not None:
            holder = self._taken[wave.id if wave.again else None].get(normalised(address), contact.id)
            if holder != contact.id:
                reason = f"same address as {holder}, which gets the letter"
                yield Against(Why.LEFT_OUT, reason, taken_by=holder)
