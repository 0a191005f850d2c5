"""About the campaign's files, and what was said on the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence

from outreach.errors.base import NEEDS_A_HUMAN, OutreachError


class NoCampaign(OutreachError):
    """No `campaign.yaml` in the folder or above it."""

    def __init__(self, start: str, *, named: bool = False, example: str = "", below: Sequence[str] = ()) -> None:
        """`example`: a list that is in the folder, from which a campaign could be made; `below`: campaigns in it."""
        above = "" if named else ", nor does a folder above it"
        new = f"outreach init my-campaign --from {shlex.quote(example)}" if example else "outreach init my-campaign"
        go = " or ".join(f"cd {shlex.quote(each)}" for each in below) or "cd FOLDER"
        super().__init__(
            f"{start} is not a campaign: it has no campaign.yaml{above}.",
            hint=f"Go into your campaign's folder ({go}). To start a new one: {new}",
        )


class CampaignUnreadable(OutreachError):
    """`campaign.yaml` has errors, so nothing of the campaign can be trusted."""

    def __init__(self, errors: int) -> None:
        noun = "an error" if errors == 1 else f"{errors} errors"
        super().__init__(
            f"campaign.yaml has {noun}, so nothing was done.",
            hint="Run `outreach check` to see where.",
        )


_LISTS = {
    "contact": "outreach status",
    "message": "outreach status --answers",
    "post": "outreach agenda --all",
    "decision": "outreach agenda",
}
"""The command that lists things of a kind."""


class UnknownName(OutreachError):
    """A wave, contact, post or schema was named on the command line that does not exist."""

    def __init__(self, kind: str, name: str, nearest: str | None, there_are: Iterable[str] = ()) -> None:
        known = ", ".join(list(there_are)[:12])
        list_ = next((command for word, command in _LISTS.items() if word in kind), "outreach status")
        elsewhere = f"There are: {known}." if known else f"To see what there is: {list_}"
        super().__init__(f"There is no {kind} {name!r}.", hint=f"Did you mean {nearest!r}?" if nearest else elsewhere)


class NoTopic(OutreachError):
    """`outreach help` has no topic of that name; `meant` are the names that are near."""

    def __init__(self, topic: str, meant: list[str]) -> None:
        commands = " or ".join(shlex.join(["outreach", "help", name]) for name in meant)
        super().__init__(
            f"There is no topic {topic!r}.",
            hint=f"Did you mean: {commands}" if meant else "All topics: outreach help.",
        )


class BadExpression(OutreachError):
    """An expression given on the command line cannot be read."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(
            f"The expression {source!r} cannot be read: {reason.rstrip('.')}{'' if reason.endswith('?') else '.'}",
            hint="""An example: --to "tier == 0 and 'research' in tags".""",
        )


class BadInstant(OutreachError):
    """`OUTREACH_NOW` is not an instant."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"OUTREACH_NOW={text!r} is not a date and time.",
            hint="Write it with its offset: export OUTREACH_NOW=2026-01-06T09:00:00+01:00",
        )


class CannotWrite(OutreachError):
    """A file of ours cannot be written: a full disk, a read-only folder, a folder in its place.

    Something else was usually written before it; whoever knows better sets `exit_code`.
    """

    exit_code = NEEDS_A_HUMAN

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(
            f"{path} cannot be written: {reason}.",
            hint="Check that no folder has this name, that the disk has room, and that you may write there. "
            "Then run the same command again.",
        )


class TemplateFault(OutreachError):
    """A template or expression cannot be used; becomes a Problem at its file and line.

    `code` is the Problem's code, `line` counts from 1 within the source text (0: not known),
    `variable` names the value that was missing, where that is the fault.
    """

    def __init__(self, code: str, sentence: str, *, hint: str = "", line: int = 0, variable: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.code = code
        self.line = line
        self.variable = variable


class CannotTell(OutreachError):
    """What a person said on the command line cannot be written down as it is; `field` is the key or field at fault."""

    def __init__(self, sentence: str, hint: str, *, field: str = "") -> None:
        super().__init__(f"{sentence.removesuffix('.')}.", hint=hint)
        self.field = field


class PersonsPosition(OutreachError):
    """What a person thinks is not written down, unless they said it in public."""

    def __init__(self, name: str, word: str) -> None:
        super().__init__(
            f"{name} is a person, and outreach does not record what a person thinks ({word}).",
            hint="Remove the name, or record `interested`, `meeting` or `declines`. Or write into the contact where "
            "they said it in public: `public_statement: {quote: ..., url: ...}`.",
        )


class DraftsBusy(OutreachError):
    """Another `outreach draft` is at work in this campaign."""

    def __init__(self) -> None:
        super().__init__(
            "Another outreach draft is running in this campaign, so nothing was done.",
            hint="Wait until it has ended, then run the same command again.",
        )


class DraftingStopped(OutreachError):
    """Ctrl-C after the first draft was written."""

    exit_code = NEEDS_A_HUMAN

    def __init__(self) -> None:
        super().__init__(
            "Stopped. Some drafts are new, the others were not changed.", hint="To finish, run it again: outreach draft"
        )


class PortTaken(OutreachError):
    """The dashboard cannot listen on the port that was named."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"The dashboard cannot use port {port} of this computer.",
            hint="Another program may use it. Without --port, a free one is used: outreach dashboard",
        )
