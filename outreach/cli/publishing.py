"""`publish`, `correct`, `unpublish`: posts, on the networks and by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.cli.terminal import asked
from outreach.errors import DONE, NEEDS_A_HUMAN, CannotTell
from outreach.pages.answers import CorrectionObject, CorrectionsObject

if TYPE_CHECKING:
    from outreach.tasks.publishing import PublishResult
    from outreach.tasks.publishing.correcting import Correction

Post = Annotated[str | None, typer.Argument(metavar="[POST]", help="A post, or POST/NETWORK. Default: all.")]
Go = Annotated[bool, typer.Option("--go", help="Do it. Without it you get a preview.")]


def publish(
    post: Post = None,
    go: Go = False,
    late: Annotated[bool, typer.Option("--late", help="Publish posts that are too late, too.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Publish again what was taken down or refused.")] = False,
    url: Annotated[
        str | None, typer.Option("--url", metavar="ADDRESS", help="The address of a post that you published yourself.")
    ] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Publish approved posts (a preview without --go)."""
    from outreach.pages.posts import publish_pages
    from outreach.pages.sending import actions_object
    from outreach.tasks.log import posted_by_hand
    from outreach.tasks.publishing import PublishOrder
    from outreach.tasks.publishing import publish as put_out

    root = campaign_root(campaign_dir)
    if url is not None:
        if post is None:
            raise CannotTell("--url is about one post", "Name it: outreach publish POST --url https://...")
        posted_by_hand(root, post, url)
    if again and post is None:
        raise CannotTell("--again is about one post", "Name it: outreach publish POST --go --again")
    order = PublishOrder(post=post, go=go and url is None, late=late, again=again)
    result = put_out(root, order)
    if go and not as_json and post is not None and len(result.by_hand) == 1 and sys.stdin.isatty():
        for line in publish_pages(result):
            say(line)
        url = asked("Address of the published post (Enter if it is not published yet)", may_be_empty=True)
        if url:
            posted_by_hand(root, result.by_hand[0].version.id, url)
            result = put_out(root, PublishOrder(post=post))
    if as_json:
        print_object(actions_object(result.actions, result.note))
    else:
        for line in publish_pages(result):
            say(line)
    raise typer.Exit(NEEDS_A_HUMAN if _needs_a_human(result) else DONE)


def _needs_a_human(result: PublishResult) -> bool:
    from outreach.model.action import ActionResult

    to_correct = any("`outreach correct " in action.reason for action in result.of(ActionResult.DONE))
    return to_correct or bool(result.of(ActionResult.FAILED, ActionResult.UNKNOWN, ActionResult.MISSED))


PostName = Annotated[str, typer.Argument(metavar="POST", help="A post, or POST/NETWORK.")]


def correct(
    post: PostName,
    go: Go = False,
    repost: Annotated[bool, typer.Option("--repost", help="Take it down and post it again instead.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Correct a published post."""
    from outreach.tasks.publishing.correcting import correct as fix

    _say_corrections(fix(campaign_root(campaign_dir), post, go=go, repost=repost), go=go, as_json=as_json)


def unpublish(post: PostName, go: Go = False, campaign_dir: CampaignDir = None, as_json: Json = False) -> None:
    """Take down a published post."""
    from outreach.tasks.publishing.correcting import retract as take_down

    _say_corrections(take_down(campaign_root(campaign_dir), post, go=go), go=go, as_json=as_json)


def _say_corrections(found: list[Correction], *, go: bool, as_json: bool) -> None:
    open_ones = [each for each in found if each.parts and not each.done]
    if as_json:
        keys: list[CorrectionObject] = [
            {"id": each.id, "how": each.how, "parts": list(each.parts), "done": each.done, "text": each.text}
            for each in found
        ]
        print_object(CorrectionsObject(corrections=keys))
    else:
        for each in found:
            numbers = ", ".join(map(str, each.parts))
            parts = f"  part{'s' if len(each.parts) > 1 else ''} {numbers}" if each.parts else ""
            say(f"  {each.id}  {'' if go or not each.parts else 'would be '}{each.how}{parts}")
            if each.text:
                say("---")
                say(each.text)
                say("---")
        would = open_ones and not go
        say("Nothing was changed. Next: the same command with --go" if would else "Next: outreach agenda")
    by_hand = any(each.how.startswith("by hand") for each in found)
    raise typer.Exit(NEEDS_A_HUMAN if by_hand or (go and open_ones) else DONE)
