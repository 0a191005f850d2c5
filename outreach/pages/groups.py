"""Emails that wait for the same thing, said once: by wave and reason, with names before ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from outreach.model.campaign import Decision
from outreach.model.ids import LetterId
from outreach.model.records import dataclass
from outreach.planning.saying import Sayer
from outreach.words.wall_time import zone

MOST_NAMES = 2
"""So many names are printed of a group."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """An email that does not go out now: its state in a word, and why.

    `only_waits`: nothing but the time holds it, until `due` (aware UTC). `decision`: it waits for that decision.
    """

    id: str
    state: str
    reason: str
    due: datetime | None = None
    only_waits: bool = False
    decision: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Grouping:
    """Says groups of emails to somebody who reads at `now`. `names` are those of contacts, by id."""

    names: Mapping[str, str]
    decisions: Sequence[Decision]
    now: datetime
    timezone: str

    def lines(self, held: Iterable[Held]) -> Iterator[str]:
        """A line per wave and reason; what waits for one decision is one line, whatever its wave."""
        groups: dict[tuple[str, ...], list[Held]] = {}
        for each in held:
            groups.setdefault(self.key(each), []).append(each)
        return (self._said(group) for group in groups.values())

    def key(self, each: Held) -> tuple[str, ...]:
        """What emails have in common that are said together."""
        asked = self._decision(each)
        if asked is not None:
            return ("decision", asked.id)
        wave = LetterId.parse(each.id).wave
        return (wave, each.state, "" if each.only_waits else each.reason)

    def _decision(self, each: Held) -> Decision | None:
        return next((decision for decision in self.decisions if decision.id == each.decision), None)

    def asks(self, group: Sequence[Held], *, noun: str = "email") -> str | None:
        """What is said where these emails (or what `noun` calls them) wait for one decision and for nothing else."""
        asked = self._decision(group[0])
        if asked is None:
            return None
        what, verb = (f"1 {noun}", "waits") if len(group) == 1 else (f"{len(group):,} {noun}s", "wait")
        return f"{what} {verb} for your decision: {asked.ask} Answer it: outreach decide {asked.id}"

    def _said(self, group: Sequence[Held]) -> str:
        first, asked = group[0], self.asks(group)
        if asked is not None:
            return asked
        letters = [LetterId.parse(each.id) for each in group]
        who = some_names([self.names.get(each.contact, each.contact) for each in letters])
        what = f'{emails(len(group))} of the wave "{letters[0].wave}" ({who})'
        if first.only_waits:
            return f"{what}: waiting until {span([each.due for each in group if each.due], self.now, self.timezone)}"
        alone = f" [{first.id}]" if len(group) == 1 else ""
        return f"{what}{alone}: {first.state}, {first.reason}" if first.reason else f"{what}{alone}: {first.state}"


def span(due: Iterable[datetime], now: datetime, timezone: str) -> str:
    """From the first of these instants (aware UTC) to the last: `Tue 13 Jan 09:00 to 09:07`; "" for none."""
    found, say = sorted(due), Sayer(now, zone(timezone))
    if not found:
        return ""
    first, last = say.moment(found[0]), say.moment(found[-1])
    if first == last:
        return first
    same_day = first.rpartition(" ")[0] == last.rpartition(" ")[0]
    return f"{first} to {last.rpartition(' ')[2] if same_day else last}"


def named(letter: str, names: Mapping[str, str]) -> str:
    """`Free Software Foundation Europe (lobbying/fsfe/0)`."""
    contact = LetterId.parse(letter).contact
    return f"{names.get(contact, contact)} ({letter})"


def emails(number: int) -> str:
    """`1 email`, `16 emails`."""
    return "1 email" if number == 1 else f"{number:,} emails"


def some_names(names: Sequence[str], most: int = MOST_NAMES) -> str:
    """`EFF, FSFE and 7 more`."""
    if len(names) > most + 1:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
