"""`login` and `doctor`: accounts and their secrets, and whether all is ready."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.cli.terminal import agrees, asked, styled, write_line
from outreach.errors import DONE, NEEDS_A_HUMAN, NoMailAccount, UnknownName
from outreach.pages.answers import DoctorObject, LoginObject, NetworkLoginObject, ProviderObject

if TYPE_CHECKING:
    from outreach.tasks.login import LoggedIn, MailLogin, Person

_MAY_ASK = "Look up your domain on the internet? Only the domain is sent, not your address."


def login(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="mail, bluesky, mastodon, ledger or serve")],
    token: Annotated[bool, typer.Option("--token", help="You enter an OAuth token, not a password.")] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="With `auth`: allow access in a browser on another computer.")
    ] = False,
    look_up: Annotated[
        bool, typer.Option("--look-up", help="Only find the mail servers of your domain on the internet.")
    ] = False,
    new_client: Annotated[bool, typer.Option("--new-client", help="With `auth`: enter the client ID again.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Connect your mailbox, Bluesky or Mastodon."""
    from outreach.connections.browser import has_screen
    from outreach.tasks.login import let_in, mail_logins
    from outreach.tasks.network_login import NETWORKS

    root = campaign_root(campaign_dir)
    if account in NETWORKS:
        _log_in_to_network(root, account, token=token, as_json=as_json)
        return
    if account == "ledger":
        _keep_ledger(root, as_json=as_json)
        return
    if account == "serve":
        _keep_client_secret(root, as_json=as_json)
        return
    if account != "mail":
        raise UnknownName("account", account, None, ["mail", *NETWORKS, "ledger", "serve"])
    logins: list[MailLogin] = []
    if not look_up:
        try:
            logins = mail_logins(root)
        except NoMailAccount as none:
            if none.is_known or as_json or not sys.stdin.isatty() or not agrees(f"{none} {_MAY_ASK}"):
                raise
    if not logins:
        _look_up(root, as_json=as_json)
        return
    person = _person(aside=as_json)
    names: list[str] = []
    servers: list[str] = []
    tried: list[str] = []
    where = ""
    for wanted in logins:
        if wanted.oauth:
            _name_servers(person, f"Access through {wanted.oauth.label}", wanted, "shown")
            may_open = has_screen() and not no_browser
            result = let_in(root, wanted, person, browser=may_open, new_client=new_client)
        else:
            result = _log_in_by_password(root, wanted, person, token=token)
        names += wanted.names
        servers += [server.in_full for server in wanted.servers]
        tried, where = [*tried, *result.tried], result.where
        person.tell(f"It works: {' and '.join(result.tried) or 'nothing to try'}. It is kept in {where}.")
    if as_json:
        print_object(LoginObject(account=account, names=names, servers=servers, where=where, tried=tried))
    else:
        say("Next: outreach doctor")


def _look_up(root: Path, *, as_json: bool) -> None:
    from outreach.tasks.login import look_up

    found = look_up(root)
    if as_json:
        provider = found.provider
        print_object(
            ProviderObject(
                address=found.address, provider=provider.name, how=found.how, lines=found.lines, note=provider.note
            )
        )
        return
    say(f"{found.address} is at {found.provider.name} ({found.how}). Add to campaign.yaml:")
    for line in found.lines.splitlines():
        say(line)
    if found.provider.note:
        say(found.provider.note)
    say("Next: outreach login mail")


def _log_in_by_password(root: Path, wanted: MailLogin, person: Person, *, token: bool) -> LoggedIn:
    from outreach.connections.secrets import Secret
    from outreach.tasks.login import log_in

    if wanted.provider and wanted.provider.note:
        person.tell(f"{wanted.provider.name}: {wanted.provider.note}")
    what = "OAuth token" if token else "password"
    _name_servers(person, f"The {what}", wanted, "sent")
    question = f"{what[0].upper()}{what[1:]} of {wanted.user}"
    return log_in(root, wanted, Secret(_asked(question)), token=token)


def _name_servers(person: Person, what: str, wanted: MailLogin, how: str) -> None:
    person.tell(f"{what} will be kept for these servers, and {how} to no other:")
    for server in wanted.servers:
        person.tell(f"  {server.in_full}")


def _person(*, aside: bool) -> Person:
    from outreach.connections.browser import open_browser
    from outreach.tasks.login import Person

    def ask(question: str, hidden: bool) -> str:
        if sys.stdin.isatty():
            return asked(question, hidden=hidden, may_be_empty=True)
        return _told_and_asked(question)

    return Person(tell=lambda line: write_line(line, aside=True) if aside else say(line), ask=ask, browse=open_browser)


def _log_in_to_network(root: Path, account: str, *, token: bool, as_json: bool) -> None:
    from outreach.tasks.network_login import log_in_to_network

    where = log_in_to_network(root, account, _told_and_asked, token=token)
    if as_json:
        print_object(NetworkLoginObject(account=account, where=where))
        return
    say(f"It works. It is kept in {where}.")
    say("Next: outreach publish")


def _keep_ledger(root: Path, *, as_json: bool) -> None:
    from outreach.tasks.records import keep_ledger_address

    where = keep_ledger_address(root, _told_and_asked("Address of the ledger (postgresql://USER@HOST/DATABASE)"))
    if as_json:
        print_object(NetworkLoginObject(account="ledger", where=where))
        return
    say(f"PostgreSQL answers. The address is kept in {where}.")
    say("Next: outreach ledger move postgresql, or `ledger: postgresql` in campaign.yaml")


def _keep_client_secret(root: Path, *, as_json: bool) -> None:
    from outreach.tasks.team_login import keep_client_secret

    where = keep_client_secret(root, lambda client: _told_and_asked(f"Client secret of {client}"))
    if as_json:
        print_object(NetworkLoginObject(account="serve", where=where))
        return
    say(f"It is kept in {where}.")
    say("Next: outreach serve --address https://...")


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
    network: Annotated[
        bool, typer.Option("--network", help="Also check the clock and your domain on the internet.")
    ] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Check that everything is ready to send."""
    from outreach.tasks.doctor import examine

    checks = examine(campaign_root(campaign_dir), network=network)
    well = all(check.ok for check in checks)
    if as_json:
        print_object(
            DoctorObject(checks=[{"name": c.name, "ok": c.ok, "message": c.message, "hint": c.hint} for c in checks])
        )
    else:
        for check in checks:
            mark = styled("ok ", fg="green") if check.ok else styled("-- ", fg="yellow", bold=True)
            say("  ", mark, f" {check.name:<12} {check.message}" + (f" {check.hint}" if check.hint else ""))
        say("Next: outreach test CONTACT" if well else "Next: fix what is marked --, then outreach doctor")
    raise typer.Exit(DONE if well else NEEDS_A_HUMAN)
