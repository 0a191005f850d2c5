"""A recipient: what one wave does with one contact at one step, decided once and read by everybody.

Planning decides it, what renders letters is given it, and every command prints its reason.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from outreach.model.campaign import Wave
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.past import SentLetter
from outreach.model.records import dataclass
from outreach.model.template import Template


class Why(StrEnum):
    """What is against a letter, in the order in which it counts: people read the sentence of the first.

    LEFT_OUT: no letter is written. PROBLEM: it cannot be made. PAUSED: a person holds it. CONDITION: a gate, another
    wave or the mailbox comes first. UNKNOWN: another letter may have been sent. REFUSED: the mail server refused it.
    APPROVAL: a person has to approve it. TIME: only its moment has not come, or is over.
    """

    LEFT_OUT = "left-out"
    PROBLEM = "problem"
    PAUSED = "paused"
    CONDITION = "condition"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    APPROVAL = "approval"
    TIME = "time"


class ApprovalState(StrEnum):
    """How a letter stands to what was approved under its id."""

    NONE = "not approved"
    HOLDS = "approved"
    GONE = "changed since it was approved"
    ALONE = "approved only by who wrote it last"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Whether a letter renders: the sha256 (hex) of what it comes to, "" where it does not.

    `later` are the paths of values in it that are not known yet: such a letter cannot be approved.
    """

    digest: str
    later: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The letters before a follow-up, which it goes on with.

    `address` is where the letter before went, `message_ids` (with angle brackets) are theirs, oldest
    first, `subject` and `sent_on` (a day in the campaign's zone) those of the last. None: not known.
    """

    address: str | None = None
    message_ids: tuple[str, ...] = ()
    subject: str | None = None
    sent_on: date | None = None


NO_THREAD = Thread()
"""What a first letter goes on with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One letter of a wave, or why there is none.

    `template` is the name of the one it is made from, `version` that template in the language and for the kind
    of channel that it gets, `channel` where it goes. `first` is the mail that a follow-up's `previous.subject`
    quotes, or only its name where that is broken. `selected` is how many contacts the wave writes to.

    `sent` is set where it left or may have. Else `why` is what is against it and `reason` the sentence, without
    its full stop; None if nothing is but its time. `about` names the Problem that blocks it, as a Problem does;
    `taken_by` is the contact whose letter has its address, `decision` the one that its condition waits for. `since` is
    the instant from which it is held, where that is known. `closed`: its condition does not hold, so that nobody knows
    when it is due. `came` is when the letter before it left (aware UTC). `unselected`: the wave does not choose the
    contact any more.
    """

    wave: Wave
    contact: Contact
    step: int
    template: str | None = None
    version: Template | None = None
    channel: Channel | None = None
    first: Template | str | None = None
    thread: Thread = NO_THREAD
    selected: int = 0
    sent: SentLetter | None = None
    why: Why | None = None
    reason: str = ""
    about: str = ""
    taken_by: str | None = None
    decision: str | None = None
    since: datetime | None = None
    closed: bool = False
    came: datetime | None = None
    unselected: bool = False
    verdict: Verdict | None = None
    approval: ApprovalState = ApprovalState.NONE

    @property
    def id(self) -> str:
        return f"{self.wave.id}/{self.contact.id}/{self.step}"

    @property
    def by_mail(self) -> bool:
        return self.channel is not None and self.channel.kind is ChannelKind.EMAIL

    @property
    def by_hand(self) -> bool:
        """Whether a person pastes the text, because there is not an email address for it."""
        return self.channel is not None and self.channel.kind is not ChannelKind.EMAIL

    @property
    def address(self) -> str | None:
        """The mail address it goes to; None if it goes by hand, or nowhere."""
        return self.channel.address if self.channel is not None and self.by_mail else None

    @property
    def is_made(self) -> bool:
        """Whether there is a letter, or a text to paste: sent already, held, or to be sent."""
        return self.version is not None and not self.unselected and self.why not in (Why.LEFT_OUT, Why.PROBLEM)

    @property
    def is_tried(self) -> bool:
        """Whether there is something to render: a letter that is made, or that has a fault which only this shows."""
        return self.is_made or (self.version is not None and self.about == f"letter:{self.id}")
