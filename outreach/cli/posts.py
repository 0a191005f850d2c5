"""`preview`, `links` and `lookup`: how posts will look, where they were published, what the net knows for them."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import counted, print_object, say, say_problems
from outreach.cli.terminal import page
from outreach.errors import DONE, NEEDS_A_HUMAN
from outreach.pages.answers import LinksObject


def preview(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="A wave, contact, letter or post.")] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Show emails and posts as readers will see them."""
    from outreach.pages.letters import letter_page, manual_page, preview_object
    from outreach.pages.posts import post_cards
    from outreach.tasks.previewing import preview as look

    found = look(campaign_root(campaign_dir), name)
    if as_json:
        print_object(preview_object(found.letters, found.manual, found.posts, found.why_none))
        return
    pages = [*map(letter_page, found.letters), *map(manual_page, found.manual)]
    texts = [f"{'=' * 78}\n{each}" for each in pages]
    texts += ["\n".join([*post_cards(post), ""]) for post in found.posts]
    if not texts:
        say(f"There is nothing to show: {found.why_none or 'no email or post can be made yet'}.")
        say("Next: outreach check")
        return
    page("\n".join(texts))
    by_hand = f", {counted(len(found.manual), 'text')} to paste" if found.manual else ""
    say(f"{counted(len(found.letters), 'email')}{by_hand}, {counted(len(found.posts), 'post')}. Nothing was sent.")
    first = [*(letter.wave for letter in found.letters), *(post.version.post for post in found.posts)]
    if first:
        say(f"Next: outreach approve {name or first[0]}")


def links(
    go: Annotated[bool, typer.Option("--go", help="Write the links. Without it you get a preview.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Put published links into your documents."""
    from outreach.tasks.linking import fill_links

    found = fill_links(campaign_root(campaign_dir), go=go)
    if as_json:
        print_object(
            LinksObject(
                filled=[{"file": f.file, "line": f.line, "post": f.post, "url": f.url} for f in found.places],
                written=go,
                troubles=[str(error) for error in found.troubles],
            )
        )
        raise typer.Exit(NEEDS_A_HUMAN if found.troubles else DONE)
    for each in found.places:
        what = each.url if each.url else "not posted yet"
        say(f"  {each.file}:{each.line}  {each.post or 'no post is named on this line'}: {what}")
    for error in found.troubles:
        say(str(error))
        say(f"    {error.hint}")
    number = sum(each.url is not None for each in found.places)
    if number or found.troubles:
        say(f"{counted(number, 'link')} {'filled in' if go else 'would be filled in'}.")
        say("Next: git diff" if go else "Next: outreach links --go")
    else:
        say("No document waits for a published link. Which ones are searched: `fill_links` in campaign.yaml")
    raise typer.Exit(NEEDS_A_HUMAN if found.troubles else DONE)


def lookup(
    again: Annotated[bool, typer.Option("--again", help="Fetch known link previews again, too.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Look up handles, link previews and server limits."""
    from outreach.pages.lookups import lookup_lines, lookup_object
    from outreach.tasks.looking_up import look_up

    found = look_up(campaign_root(campaign_dir), again=again)
    if as_json:
        print_object(lookup_object(found.handles, found.cards, found.limits, found.problems, found.troubles))
    else:
        for line in lookup_lines(found.handles, found.cards, found.limits):
            say(line)
        say_problems(found.problems)
        for sentence, hint in found.troubles:
            say(sentence)
            if hint:
                say(f"    {hint}")
        new = len(found.handles) + len(found.cards) + (found.limits is not None)
        wrote = f"{counted(new, 'entry is', 'entries are')} new in lookups.yaml." if new else "Nothing was written."
        if found.asked:
            say(f"{counted(found.asked, 'thing')} looked up. {wrote}")
        else:
            say("There is nothing to look up: no handle, link preview or Mastodon server is missing in lookups.yaml.")
        say("Next: git diff lookups.yaml" if new else "Next: outreach preview")
    raise typer.Exit(NEEDS_A_HUMAN if found.problems or found.troubles else DONE)
