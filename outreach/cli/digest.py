"""`digest`: today's list in one's own inbox."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.pages.answers import DigestObject


def digest(
    go: Annotated[bool, typer.Option("--go", help="Put it into your inbox (once a day).")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Send yourself today's list by email."""
    from outreach.tasks.digest import digest as send

    found = send(campaign_root(campaign_dir), go=go)
    if as_json:
        print_object(
            DigestObject(to=found.to, subject=found.subject, text=found.text, sent=found.sent, reason=found.why_not)
        )
        return
    say(f"Subject: {found.subject}")
    say("")
    say(found.text.rstrip())
    say("")
    if found.sent:
        say(f"Today's list is in your inbox ({found.to}).")
    else:
        say(f"Nothing was sent: {found.why_not.rstrip('.')}." if go else "Nothing was sent. Next: outreach digest --go")
