"""`test`, `approve`, `send`, `resolve`: what a letter goes through before and after it leaves."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, print_object, say
from outreach.cli.terminal import agrees, asked, page, redraw
from outreach.errors import DONE, NEEDS_A_HUMAN, CannotTell
from outreach.pages.answers import ConfirmedObject, TestedLetterObject, TestedObject

if TYPE_CHECKING:
    from pathlib import Path

    from outreach.letters.approving import Reviewed
    from outreach.pages.groups import Grouping
    from outreach.pages.letters import ReviewedPostObject, VerdictObject
    from outreach.tasks.approving import ApprovalResult
    from outreach.tasks.sending import SendResult
    from outreach.tasks.sending.orders import Progress

TYPED_ABOVE = 10
"""Above so many letters a person at a terminal types their number."""


def try_out(
    name: Annotated[
        str,
        typer.Argument(metavar="CONTACT or WAVE", help="A contact, email or wave; of a wave, one email per template."),
    ],
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Send a test email to yourself."""
    from outreach.tasks.trying import try_out as to_ourselves

    tested = to_ourselves(campaign_root(campaign_dir), name)
    if as_json:
        found: list[TestedLetterObject] = [
            {"id": each.letter.id, "to": each.to, "subject": each.subject, "receipt": each.accepted.proof,
             "via": each.accepted.via, "where": each.accepted.reply}
            for each in tested
        ]  # fmt: skip
        print_object(TestedObject(tested=found))
        return
    for each in tested:
        say(f"  {each.letter.id}  to {each.to}: {each.subject}")
        say(f"    {each.accepted.via}: {each.accepted.reply}")
    number = counted(len(tested), "test email")
    if all(each.accepted.via == "outbox" for each in tested):
        say(f"{number} in outbox/, NOT sent: no mailbox is connected (outreach login mail).")
    elif all(each.accepted.via == "imap-drafts" for each in tested):
        say(f"{number} to yourself saved in your drafts, not sent.")
    else:
        say(f"{number}, sent to yourself only.")
    say(f"Next: outreach approve {name}")


def approve(
    names: Annotated[
        list[str], typer.Argument(metavar="WAVE or POST or ID...", help="Waves, posts, contacts or emails.")
    ],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Withdraw the approval.")] = False,
    ask: Annotated[
        str | None, typer.Option("--ask", metavar="ADDRESS", help="Ask one of your team to approve it by email.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="DATE", help="With --ask: the last day on which the answer counts.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Approve without asking.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Read emails and posts, and approve them."""
    from outreach.letters.approving import Verdict
    from outreach.pages.letters import ApprovalObject, reviewed_object, reviewed_pages, reviewed_post_object
    from outreach.tasks.approving import UNFIT
    from outreach.tasks.approving import approve as review

    if by is not None and ask is None:
        raise CannotTell("--by is the last day of an answer by email", "Name who is asked: --ask ADDRESS")
    if ask is not None:
        _ask(campaign_root(campaign_dir), names, ask, by, as_json=as_json, withdraw=withdraw)
        return

    def confirm(result: ApprovalResult) -> bool:
        if as_json or yes or not _at_a_terminal():
            return True
        page("\n".join(reviewed_pages(result.letters, result.posts)))
        count = sum(verdict in (Verdict.APPROVED, Verdict.WITHDRAWN) for verdict in result.verdicts)
        todo = "Withdraw the approval of" if withdraw else "Approve"
        return agrees(f"{todo} {'this text' if count == 1 else f'these {count:,} texts'}, exactly as shown?")

    result = review(campaign_root(campaign_dir), names, withdraw=withdraw, confirm=confirm)
    refused = Verdict.REFUSED in result.verdicts
    if as_json:
        posts: list[ReviewedPostObject | VerdictObject] = [reviewed_post_object(each) for each in result.posts]
        posts += [{"id": id, "result": Verdict.REFUSED, "reason": UNFIT} for id in result.unfit]
        print_object(ApprovalObject(letters=[reviewed_object(each) for each in result.letters], posts=posts))
    elif not result.confirmed:
        say("Nothing was changed.")
    else:
        if not _at_a_terminal():
            for each in reviewed_pages(result.letters, result.posts):
                say(each)
        _say_verdicts(result, names)
    raise typer.Exit(NEEDS_A_HUMAN if refused or not result.confirmed else DONE)


def _ask(root: Path, names: list[str], address: str, by: str | None, *, as_json: bool, withdraw: bool) -> None:
    from datetime import date

    from outreach.pages.asking import AskedObject
    from outreach.tasks.asking_approval import ask_for_approval

    if withdraw:
        raise CannotTell(
            "You cannot ask somebody by email to withdraw an approval", f"outreach approve {' '.join(names)} --withdraw"
        )
    try:
        day = date.fromisoformat(by) if by is not None else None
    except ValueError:
        raise CannotTell(f"{by} is not a day", "Write it as 2027-01-31.") from None
    asked = ask_for_approval(root, names, address, day)
    if as_json:
        print_object(
            AskedObject(
                asked=asked.to,
                by=asked.by.isoformat() if asked.by else None,
                code=asked.code,
                items=[{"id": id, "digest": digest} for id, digest in asked.items.items()],
                left_out=dict(asked.left_out),
                via=asked.accepted.via,
                receipt=asked.accepted.proof,
            )
        )
        return
    for id, reason in asked.left_out.items():
        say(f"  {id} is not among it: {reason}.")
    where = "written to outbox/ for" if asked.accepted.via == "outbox" else "sent to"
    say(f"1 message with {counted(len(asked.items), 'text')} {where} {asked.to}. Nothing is approved yet.")
    say(f"Their answer OK {asked.code} approves all of it; `outreach sync` reads it.")
    say("Next: outreach sync, once they have answered")


def _say_verdicts(result: ApprovalResult, names: list[str]) -> None:
    from outreach.letters.approving import Verdict
    from outreach.model.ids import REPLY, LetterId
    from outreach.pages.sending import what_go_does
    from outreach.tasks.approving import UNFIT

    letters = result.letters
    counts = {verdict: result.verdicts.count(verdict) for verdict in Verdict}
    refused = [(each.id, each.reason) for each in letters if each.verdict is Verdict.REFUSED]
    refused += [(each.post.id, each.reason) for each in result.posts if each.verdict is Verdict.REFUSED]
    refused += [(id, UNFIT) for id in result.unfit]
    for id, reason in refused:
        say(f"  {id} cannot be approved: {reason}.")
    words = {Verdict.APPROVED: "approved", Verdict.UNCHANGED: "already approved", Verdict.WITHDRAWN: "withdrawn",
             Verdict.REFUSED: "cannot be approved"}  # fmt: skip
    said = ", ".join(f"{counts[verdict]} {word}" for verdict, word in words.items() if counts[verdict])
    say(f"{said}. Nothing was sent.")
    replies = [each.id for each in letters if each.id.startswith(f"{REPLY}/")]
    untested = [
        each
        for each in letters
        if each.verdict is Verdict.APPROVED and not _was_tested(each) and each.id not in replies
    ]
    tested = {each.letter.letter.template for each in letters if each.letter is not None and each.letter.was_tested}
    untested = [each for each in untested if each.letter is None or each.letter.letter.template not in tested]
    approved = [each.id for each in letters if each.verdict is Verdict.APPROVED]
    approved += [each.post.id for each in result.posts if each.verdict is Verdict.APPROVED]
    following = "publish" if result.posts and not letters else "send"
    if set(approved).difference(result.out) and not replies:
        posts_go = "They go out with `outreach publish --go`, or by themselves while `outreach run --go` runs here."
        say(posts_go if following == "publish" else what_go_does(result.account))
    if untested:
        say(f"You have not tested all of them: outreach test {names[0]}")
    if following == "publish" and result.out and counts[Verdict.APPROVED]:
        following = f"correct {result.out[0]}"
    if replies:
        following = f"reply {LetterId.parse(replies[0]).contact} --go"
    say(f"Next: outreach approve {' '.join(names)}" if counts[Verdict.WITHDRAWN] else f"Next: outreach {following}")


def _was_tested(reviewed: Reviewed) -> bool:
    return reviewed.letter is not None and reviewed.letter.was_tested


def send(
    wave: Annotated[str | None, typer.Argument(metavar="[WAVE]", help="Only this wave.")] = None,
    go: Annotated[bool, typer.Option("--go", help="Send. Without it you get a preview.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Send at most N emails.")] = None,
    no_wait: Annotated[
        bool, typer.Option("--no-wait", help="Send what is due now, and do not wait for the rest.")
    ] = False,
    late: Annotated[bool, typer.Option("--late", help="Send also after the wave's last day.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List every email that waits.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Send approved emails (a preview without --go)."""
    from outreach.pages.sending import actions_object
    from outreach.tasks.sending import Asking, SendOrder
    from outreach.tasks.sending import send as carry

    order = SendOrder(wave=wave, go=go, limit=limit, wait=not no_wait, late=late)
    asking = Asking(confirm=_confirm(wave), progress=_progress())
    result = carry(campaign_root(campaign_dir), order, asking)
    if as_json:
        print_object(actions_object(result.actions, result.note))
    elif result.acted:
        _say_done(result, everything=everything)
    else:
        _say_foreseen(result, everything=everything)
    raise typer.Exit(NEEDS_A_HUMAN if _needs_a_human(result) else DONE)


def _needs_a_human(result: SendResult) -> bool:
    from outreach.model.action import ActionResult

    return bool(result.of(ActionResult.FAILED, ActionResult.UNKNOWN, ActionResult.MISSED))


def _confirm(wave: str | None) -> Callable[[SendResult], bool]:
    """At a terminal: one wave at a time, and the number typed where it is large."""

    def confirm(planned: SendResult) -> bool:
        from outreach.model.action import ActionResult
        from outreach.model.campaign import Transport
        from outreach.pages.sending import through
        from outreach.tasks.sending import name_the_wave

        if not _at_a_terminal():
            return True
        if wave is None:
            name_the_wave(planned)
        count = len(planned.of(ActionResult.PLANNED))
        if count <= TYPED_ABOVE:
            return True
        account = planned.campaign.accounts.mail
        what = f"{count} emails will go out through {through(account)}. Type {count} to send them"
        if account.transport is Transport.IMAP_DRAFTS:
            what = f"{count} emails will be put into your drafts; you send them yourself. Type {count} to go on"
        return asked(what).strip() == str(count)

    return confirm


def _grouping(result: SendResult) -> Grouping:
    from outreach.pages.groups import Grouping

    campaign = result.campaign
    return Grouping(names=result.names, decisions=campaign.decisions, now=result.now, timezone=campaign.timezone)


def _say_foreseen(result: SendResult, *, everything: bool) -> None:
    from outreach.model.action import ActionResult
    from outreach.model.ids import LetterId
    from outreach.pages.sending import result_lines, why_nothing, would_send

    account = result.campaign.accounts.mail
    for line in result_lines(result.actions, account, _grouping(result), each=everything):
        say(line)
    planned = result.of(ActionResult.PLANNED)
    if result.stopped:
        say(f"Nothing was sent: {result.stopped}.")
    elif planned:
        say(would_send(result.campaign, planned, result.names, result.now))
    else:
        say(why_nothing(result.actions, result.now, result.next, result.campaign.timezone))
    waves = list(dict.fromkeys(LetterId.parse(action.id).wave for action in planned))
    if waves:
        say(f"Next: outreach send {waves[0]} --go")


def _say_done(result: SendResult, *, everything: bool) -> None:
    from outreach.model.action import ActionResult
    from outreach.model.campaign import Transport
    from outreach.pages.sending import result_lines, summary, why_nothing, why_stopped
    from outreach.words.said_time import said_moment

    account = result.campaign.accounts.mail
    for line in result_lines(result.actions, account, _grouping(result), each=everything):
        say(line)
    tried = result.of(ActionResult.DONE, ActionResult.FAILED, ActionResult.UNKNOWN)
    if not tried and not result.stopped:
        say(why_nothing(result.actions, result.now, result.next, result.campaign.timezone))
    else:
        say(summary(result.actions, account))
    if result.note:
        say(result.note)
    if result.copies:
        say(f"{result.copies}.")
    if result.stopped:
        if why := why_stopped(result.actions, result.stopped):
            say(f"{why}{'' if why.endswith('?') else '.'}")
    elif tried and result.next is not None:
        when = said_moment(result.next, result.campaign.timezone)
        is_draft = account.transport is Transport.IMAP_DRAFTS
        said = f"The next one is put into your drafts on {when}" if is_draft else f"The next one goes out on {when}"
        say(f"{said} or later.")
    doubt = result.of(ActionResult.UNKNOWN)
    if doubt:
        say(f"Next: outreach confirm {doubt[0].id} --sent, or --not-sent")


def _progress() -> Callable[[Progress], None]:
    """On a terminal: how many are done, how many a minute, how long it takes; elsewhere nothing."""
    if not sys.stderr.isatty():
        return lambda progress: None

    def show(progress: Progress) -> None:
        minutes = max((progress.now - progress.began).total_seconds() / 60, 1 / 60)
        a_minute = progress.done / minutes
        left = f", about {progress.left / a_minute:.0f} min" if progress.done and progress.left else ""
        waits = f", waiting until {progress.waits_until.astimezone():%H:%M:%S}" if progress.waits_until else ""
        redraw(f"{progress.done} done, {progress.left} to go, {a_minute:.1f} a minute{left}{waits}")

    return show


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def confirm(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="An email: WAVE/CONTACT/STEP.")] = None,
    wave: Annotated[str | None, typer.Option("--wave", metavar="W", help="All uncertain emails of this wave.")] = None,
    sent: Annotated[bool, typer.Option("--sent", help="It was sent.")] = False,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="It was not sent; try it again.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Say whether an uncertain email was sent."""
    from outreach.model.ids import REPLY, LetterId
    from outreach.tasks.resolving import resolve as settle

    if sent == not_sent:
        which = f"--wave {wave}" if wave else id or "WAVE/CONTACT/STEP"
        raise CannotTell(
            "Say whether it was sent", f"outreach confirm {which} --sent, or outreach confirm {which} --not-sent"
        )
    if (id is None) == (wave is None):
        raise CannotTell("Name one email, or a wave", "outreach confirm WAVE/CONTACT/STEP --sent")
    result = settle(campaign_root(campaign_dir), id, wave=wave, sent=sent)
    if as_json:
        print_object(ConfirmedObject(resolved=list(result.letters), sent=result.sent))
        return
    for letter in result.letters:
        said = LetterId.parse(letter)
        again = f"reply {said.contact} --go` sends it" if said.wave == REPLY else "send` tries it again"
        say(f"  {letter}  {'was sent' if sent else f'was not sent; the next `outreach {again}'}")
    if result.drafts:
        say("Delete what is still in the drafts of your mailbox: it could be sent a second time.")
    say("Next: outreach status")
