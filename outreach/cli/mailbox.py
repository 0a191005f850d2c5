"""`sync` and `match`: what happened elsewhere, and the mailbox, read and understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, print_object, say, showing_progress
from outreach.errors import DONE, NEEDS_A_HUMAN, CannotTell, MailboxUnreadable
from outreach.model.mail import SORT_WORDS
from outreach.pages.answers import MatchObject, SortObject

if TYPE_CHECKING:
    from outreach.model.publication import PostSync
    from outreach.tasks.records import Adopted
    from outreach.tasks.syncing import SyncResult

_WHAT = f"One of: {', '.join(SORT_WORDS)}."


def sync(campaign_dir: CampaignDir = None, as_json: Json = False) -> None:
    """Read answers, bounces and reactions."""
    from outreach.tasks.syncing_all import sync_all

    with showing_progress():
        found = sync_all(campaign_root(campaign_dir))
    adopted, posts, result, unread = found.adopted, found.posts, found.mail, found.unread
    is_unread = unread is not None and not unread.none_named
    if as_json:
        _print(adopted, result, posts, unread)
    elif unread is not None and is_unread and not (posts.asked or adopted.receipts or result.trouble):
        raise unread
    else:
        _say(adopted, result, posts, unread)
    is_open = adopted.troubles or result.malformed or result.waiting or posts.troubles or is_unread
    raise typer.Exit(NEEDS_A_HUMAN if is_open else DONE)


def _print(adopted: Adopted, result: SyncResult, posts: PostSync, unread: MailboxUnreadable | None) -> None:
    """One object with the same keys, whether there is a mailbox or not."""
    from outreach.pages.mail import matched_object
    from outreach.pages.posts import engagement_object
    from outreach.pages.syncing import SyncObject

    print_object(
        SyncObject(
            adopted=[receipt.id for receipt in adopted.receipts],
            troubles=list(adopted.troubles),
            mailbox=str(unread) if unread else None,
            looked_at=result.looked_at,
            kinds={str(kind): number for kind, number in result.kinds.items()},
            matched=[matched_object(sorted_, matched) for sorted_, matched in result.matched],
            resolved=result.resolved,
            malformed=result.malformed,
            found_in_sent=result.adopted,
            drafts=[{"id": str(each.shown), "fate": each.fate, "changes": each.changes} for each in result.drafts],
            unread_folders=result.unread,
            unmatched=result.waiting,
            posts=engagement_object(posts),
        )
    )


def _say(adopted: Adopted, result: SyncResult, posts: PostSync, unread: MailboxUnreadable | None) -> None:
    from outreach.pages.mail import kinds_line

    for receipt in adopted.receipts:
        say(f"  {receipt.id}  was sent from elsewhere on {receipt.at:%d %b %Y} via {receipt.via}")
    if adopted.receipts:
        say(f"{counted(len(adopted.receipts), 'email or post', 'emails and posts')} recorded from another computer.")
    for trouble in adopted.troubles:
        say(f"  not recorded: {trouble}")
    for sorted_, matched in result.matched:
        seems = "seems to be " if sorted_.proposal else ""
        say(f"  {matched.contact}  {seems}{sorted_.kind} ({matched.rung})")
    for letter in result.resolved:
        say(f"  {letter}  was sent: it is in your mailbox")
    for id in result.adopted:
        say(f"  {id}  was sent: it is in your Sent folder")
    for fate in result.drafts:
        say(f"  {fate.shown}  {fate.in_words}")
        for line in fate.changes.splitlines():
            say(f"    {line}")
    for folder in result.unread:
        say(f"  The folder {folder} cannot be read; the others were.")
    for place in result.malformed:
        say(f"  {place}  cannot be read; open it in your mail program")
    if posts.asked:
        from outreach.pages.posts import engagement_lines  # and the networks: many campaigns have no posts

        for line in engagement_lines(posts):
            say(line)
    if unread:
        asked = "Posts were checked. " if posts.asked and not posts.troubles else ""
        say(f"{asked}{unread.in_full}")
    else:
        say(
            f"{counted(result.looked_at, 'new message')}: {kinds_line(result.kinds)}."
            if result.looked_at
            else "No new messages."
        )
    if result.waiting:
        say(f"{counted(result.waiting, 'message')} still {'needs' if result.waiting == 1 else 'need'} a contact.")
    say("Next: outreach status --unmatched" if result.waiting else "Next: outreach status --due")


def match(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="Its number in `status --unmatched`, such as m12.")],
    contact: Annotated[str, typer.Argument(metavar="CONTACT")],
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Say which contact a message belongs to."""
    from outreach.tasks.sorting import assign as give

    given = give(campaign_root(campaign_dir), message, contact)
    if as_json:
        print_object(MatchObject(message=given.name, contact=contact, before=given.contact, kind=given.kind))
        return
    say(f"m{given.number} ({given.kind} from {given.sender}) now belongs to {contact}.")
    say(f"Next: outreach show {contact}")


def sort(
    message: Annotated[
        str, typer.Argument(metavar="MESSAGE", help="Its number in Today or `status --answers`, such as m12.")
    ],
    word: Annotated[str | None, typer.Argument(metavar="WHAT", help=_WHAT)] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Undo the sorting.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Say what a message is: answer, automatic, opt-out ..."""
    from outreach.tasks.sorting import sort_message, unsort_message

    if undo == (word is not None):
        raise CannotTell("Say what the message is, or add --undo", f"outreach sort {message} answer")
    root = campaign_root(campaign_dir)
    done = unsort_message(root, message) if word is None else sort_message(root, message, word)
    if as_json:
        print_object(
            SortObject(message=done.name, contact=done.contact, kind=done.kind, sorted=done.sorted, undone=undo)
        )
        return
    whose = f" of {done.contact}" if done.contact else ""
    counts = f"counts as {done.sorted}" if done.sorted else f"counts as it was read ({done.proposal or done.kind})"
    say(f"{done.name}{whose} {counts}.")
    if done.contact:
        say(f"Next: outreach show {done.contact}")
