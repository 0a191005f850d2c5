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
    from outreach.pages.letters import PreviewObject, letter_object, letter_page
    from outreach.pages.posts import post_cards, post_object
    from outreach.tasks.previewing import preview as look

    found = look(campaign_root(campaign_dir), name)
    if as_json:
        letters = [letter_object(letter) for letter in found.letters]
        print_object(PreviewObject(letters=letters, posts=[post_object(post) for post in found.posts]))
        return
    texts = [f"{'=' * 78}\n{letter_page(letter)}" for letter in found.letters]
    texts += ["\n".join([*post_cards(post), ""]) for post in found.posts]
    if not texts:
        say("There is nothing to show: no email or post can be made yet.")
        say("Next: outreach check")
        return
    page("\n".join(texts))
    say(f"{counted(len(found.letters), 'email')}, {counted(len(found.posts), 'post')}. Nothing was sent.")
    first = found.letters[0].wave if found.letters else found.posts[0].version.post
    say(f"Next: outreach approve {name or first}")


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
    say(f"{counted(number, 'link')} {'filled in' if go else 'would be filled in'}.")
    say("Next: git diff" if go else "Next: outreach links --go")
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
        say(f"{counted(found.asked, 'thing')} asked for. {wrote}")
        say("Next: git diff lookups.yaml" if new else "Next: outreach preview")
    raise typer.Exit(NEEDS_A_HUMAN if found.problems or found.troubles else DONE)
