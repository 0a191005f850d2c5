"""`reply`: an answer to somebody's message, written, then sent."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.cli.terminal import agrees
from outreach.errors import DONE, NEEDS_A_HUMAN, AskFirst, CannotTell
from outreach.pages.answers import ReplyObject

if TYPE_CHECKING:
    from pathlib import Path

    from outreach.tasks.replying import ReplyOrder, WrittenReply
    from outreach.tasks.sending import SendResult

_BELOW = "\n\n-- Everything below this line is left out. Their message is quoted automatically. --\n"


def reply(
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    text: Annotated[
        typer.FileText | None, typer.Option("--text", metavar="FILE", encoding="utf-8", help="Your answer; - reads it.")
    ] = None,
    template: Annotated[str | None, typer.Option("--template", metavar="T", help="Answer with this template.")] = None,
    message: Annotated[
        str | None, typer.Option("--message", metavar="M", help="Answer this message (m12), not their last one.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="ADDRESS", help="Answer to this address.")] = None,
    cc: Annotated[
        list[str] | None, typer.Option("--cc", metavar="ADDRESS", help="A copy to one of your team; they see it.")
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Send a second reply to the same message.")] = False,
    to_opted_out: Annotated[bool, typer.Option("--to-opted-out", help="Answer though they opted out.")] = False,
    go: Annotated[bool, typer.Option("--go", help="Send the reply that is written and approved.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Answer a contact's message."""
    from outreach.tasks.reply_sending import send_reply
    from outreach.tasks.replying import ReplyOrder

    root = campaign_root(campaign_dir)
    if go:
        if text is not None or template is not None:
            raise CannotTell("--go sends what is written already", "Write first, approve, then add --go alone.")
        _sent(send_reply(root, contact), as_json=as_json)
    if text is not None and template is not None:
        raise CannotTell("Name a text or a template, not both", "outreach reply CONTACT --text FILE")
    try:
        own = text.read() if text is not None else None
    except UnicodeDecodeError as error:
        raise CannotTell("The text is not UTF-8", "Save it as UTF-8, then try again.") from error
    order = ReplyOrder(contact=contact, text=own, template=template, message=message, again=again, to=to,
                       to_opted_out=to_opted_out, cc=tuple(cc or ()))  # fmt: skip
    if own is None and template is None:
        order = replace(order, text=_typed(root, order))
    written = _written(root, order)
    if as_json:
        print_object(_object(written))
        return
    from outreach.letters.mime import view

    seen = view(written.frozen)
    say(f"To: {seen.recipient_name} <{seen.recipient}>")
    say(f"Subject: {seen.subject}")
    say("")
    say(seen.text.rstrip())
    say("")
    say(f"Your reply {written.id} is ready. Nothing was sent.")
    say(f"Next: outreach approve {written.id}" if not written.is_approved else f"Next: outreach reply {contact} --go")


def _written(root: Path, order: ReplyOrder) -> WrittenReply:
    """The reply, after what has to be asked first was asked, where somebody is there to answer."""
    from outreach.tasks.replying import write_reply

    for _ in range(2):
        try:
            return write_reply(root, order)
        except AskFirst as ask:
            if not _at_a_terminal() or not agrees(ask.question):
                raise
            name, _, value = ask.option.partition(" ")
            order = replace(order, to=value) if name == "--to" else replace(order, to_opted_out=True)
    return write_reply(root, order)


def _typed(root: Path, order: ReplyOrder) -> str:
    """What the person writes in their editor, with the message that they answer below it. Raises CannotTell."""
    from outreach.connections.git import in_editor
    from outreach.tasks.replying import message_to_answer

    found = message_to_answer(root, order.contact, order.message)
    if not _at_a_terminal():
        raise CannotTell("Your reply has no text", "Write it into a file: --text FILE, or use --template NAME")
    quoted = "\n".join(f"> {line}" for line in found.text.splitlines())
    typed = in_editor(f"{_BELOW}\n{found.sender}: {found.subject}\n\n{quoted}\n")
    if typed is None:
        raise CannotTell("No editor was opened", "Set $EDITOR, or write the text into a file: --text FILE")
    return typed.partition(_BELOW.strip())[0].strip()


def _object(written: WrittenReply) -> ReplyObject:
    from outreach.letters.mime import view

    seen = view(written.frozen)
    return {
        "id": str(written.id),
        "contact": written.id.contact,
        "answers": written.answers,
        "to": seen.recipient,
        "subject": seen.subject,
        "text": seen.text,
        "message_id": seen.message_id,
        "digest": written.digest,
        "approved": written.is_approved,
    }


def _sent(result: SendResult, *, as_json: bool) -> None:
    from outreach.model.action import ActionResult
    from outreach.pages.groups import Grouping
    from outreach.pages.sending import actions_object, result_lines, summary

    if as_json:
        print_object(actions_object(result.actions, result.note))
    else:
        campaign = result.campaign
        grouping = Grouping(
            names=result.names, decisions=campaign.decisions, now=result.now, timezone=campaign.timezone
        )
        for line in result_lines(result.actions, campaign.accounts.mail, grouping, each=True):
            say(line)
        say(summary(result.actions, campaign.accounts.mail))
        if result.note:
            say(result.note)
        if result.copies:
            say(f"{result.copies}.")
    is_open = result.of(ActionResult.FAILED, ActionResult.UNKNOWN)
    raise typer.Exit(NEEDS_A_HUMAN if is_open else DONE)


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()
