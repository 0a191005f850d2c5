"""`login` and `doctor`: accounts and their secrets, and whether all is ready."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.cli.terminal import asked, styled, write_line
from outreach.errors import DONE, NEEDS_A_HUMAN, UnknownName


def login(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="mail, bluesky or mastodon")],
    token: Annotated[bool, typer.Option("--token", help="It is an OAuth token and no password.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Connect your mailbox, Bluesky or Mastodon."""
    from outreach.connections.secrets import Secret
    from outreach.tasks.login import log_in, mail_login
    from outreach.tasks.network_login import LOGINS

    root = campaign_root(campaign_dir)
    if account in LOGINS:
        _log_in_to_network(root, account, token=token, as_json=as_json)
        return
    if account != "mail":
        raise UnknownName("account", account, None, ["mail", *LOGINS])
    wanted = mail_login(root)
    if wanted.provider and wanted.provider.note and not as_json:
        say(f"{wanted.provider.name}: {wanted.provider.note}")
    servers = [server.in_full for server in wanted.servers]
    told = f"The {'OAuth token' if token else 'password'} will be kept for these servers, and sent to no other:"
    for line in (told, *(f"  {server}" for server in servers)):
        write_line(line, aside=True) if as_json else say(line)
    question = f"{'OAuth token' if token else 'Password'} of {wanted.servers[0].user}"
    result = log_in(root, wanted, Secret(_asked(question)), token=token)
    if as_json:
        kept = {"account": account, "names": wanted.names, "servers": servers, "where": result.where}
        print_object({**kept, "tried": list(result.tried)})
        return
    say(f"It works: {' and '.join(result.tried) or 'nothing to try'}. It is kept in {result.where}.")
    say("Next: outreach doctor")


def _log_in_to_network(root: Path, account: str, *, token: bool, as_json: bool) -> None:
    from outreach.tasks.network_login import LOGINS

    where = LOGINS[account](root, _told_and_asked, token=token)
    if as_json:
        print_object({"account": account, "where": where})
        return
    say(f"It works. It is kept in {where}.")
    say("Next: outreach publish")


def _told_and_asked(question: str) -> str:
    """Asked after the question was shown, also to whoever pipes the answer in."""
    if not sys.stdin.isatty():
        write_line(question, aside=True)
    return _asked(question)


def _asked(question: str) -> str:
    """What is typed, unseen; from a pipe, its first line."""
    if sys.stdin.isatty():
        return asked(question, hidden=True)
    return sys.stdin.readline().rstrip("\r\n")


def doctor(
    network: Annotated[bool, typer.Option("--network", help="Ask the net about clock and domain, too.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Check that everything is ready to send."""
    from outreach.tasks.doctor import examine

    checks = examine(campaign_root(campaign_dir), network=network)
    well = all(check.ok for check in checks)
    if as_json:
        found = [{"name": c.name, "ok": c.ok, "message": c.message, "hint": c.hint} for c in checks]
        print_object({"checks": found})
    else:
        for check in checks:
            mark = styled("ok ", fg="green") if check.ok else styled("-- ", fg="yellow", bold=True)
            say("  ", mark, f" {check.name:<12} {check.message}" + (f" {check.hint}" if check.hint else ""))
        say("Next: outreach test CONTACT" if well else "Next: fix what is marked --, then outreach doctor")
    raise typer.Exit(DONE if well else NEEDS_A_HUMAN)
