"""Where `outreach serve` listens and whom it believes; and that nothing of it is there without it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from outreach.connections.identities import login_client
from outreach.connections.secrets import Secrets
from outreach.errors import NobodyMayLogIn, TeamNotInstalled, UnsafeAddress
from outreach.model.member import LoginProvider
from outreach.team.pages import MOST_ASKED
from outreach.team.serving import Where, serve_team, site_of
from tests.sending.campaigns import process, run
from tests.servers.counting import Counting
from tests.team.teams import Team, form, served_team
from tests.team.test_links import all_sent
from tests.web.dashboards import NOW


@pytest.mark.parametrize(
    "where",
    [
        Where(address="http://outreach.example.org"),
        Where(address="ftp://outreach.example.org"),
        Where(address="outreach.example.org"),
        Where(address="https://"),
        Where(address="https://user@outreach.example.org"),
        Where(address="https://outreach.example.org/below"),
        Where(address="https://outreach.example.org/?x=1"),
        Where(address="https://outreach.example.org:99999"),
        Where(address="https://" + "x" * 70 + ".example.org"),
        Where(address="https://outreach.example.org", bind="0.0.0.0"),
        Where(address="https://outreach.example.org", bind="::"),
        Where(address="https://outreach.example.org", bind="192.168.0.9"),
    ],
    ids=str,
)
def test_an_address_at_which_others_could_read_along_is_refused(where: Where) -> None:
    with pytest.raises(UnsafeAddress):
        site_of(where)


def test_it_listens_elsewhere_only_if_that_is_asked_for() -> None:
    where = Where(address="https://outreach.example.org/", bind="0.0.0.0", plain_http=True)
    assert site_of(where).hosts == {"outreach.example.org", "outreach.example.org:443"}


@pytest.mark.parametrize(
    ("address", "hosts", "cookie"),
    [
        ("https://Outreach.Example.org", {"outreach.example.org", "outreach.example.org:443"}, "__Host-outreach"),
        ("https://outreach.example.org:8443", {"outreach.example.org:8443"}, "__Host-outreach"),
        ("https://überblick.example", {"xn--berblick-55a.example", "xn--berblick-55a.example:443"}, "__Host-outreach"),
        ("http://localhost:9000", {"localhost:9000"}, "outreach-9000"),
        ("http://[::1]:9000", {"[::1]:9000"}, "outreach-9000"),
    ],
)
def test_the_name_of_the_site_is_the_only_host(address: str, hosts: set[str], cookie: str) -> None:
    site = site_of(Where(address=address))
    assert (site.hosts, site.cookie) == (hosts, cookie)


@pytest.mark.parametrize("proxy", ["*", "0.0.0.0/0", "::/0", "caddy", "", "10.0.0.1/24"])
def test_not_everybody_can_be_the_proxy(campaign: Path, proxy: str) -> None:
    where = Where(address="https://outreach.test", port=0, proxies=[proxy])
    with pytest.raises(UnsafeAddress):
        serve_team(campaign, where, print, print)


def ask_often(team: Team, mail_server: Counting) -> int:
    """Ask for more links than one place may, each time as somebody else behind the proxy; how many were sent."""
    for number in range(MOST_ASKED + 1):
        is_last = number == MOST_ASKED
        address = "maria@team.example" if is_last else "nobody@team.example"
        form(team.stranger(), "/login/link", {"email": address}, X_Forwarded_For=f"203.0.113.{number}")
    all_sent()
    return len(mail_server.letters())


def test_a_place_asks_for_so_many_links_and_what_strangers_say_of_it_is_not_believed(
    team: Team, mail_server: Counting
) -> None:
    assert ask_often(team, mail_server) == 0


def test_the_proxy_that_was_named_is_believed(campaign: Path, mail_server: Counting) -> None:
    with served_team(campaign, proxies=["127.0.0.1"]) as team:
        assert ask_often(team, mail_server) == 1


def test_it_does_not_start_where_nobody_could_log_in(campaign: Path) -> None:
    file, where = campaign / "campaign.yaml", Where(address="https://outreach.test", port=0)
    settings = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"people:\n(  - .*\n)+", "", settings), encoding="utf-8")
    with pytest.raises(NobodyMayLogIn, match="people"):
        serve_team(campaign, where, print, print)
    file.write_text(re.sub(r"transport: smtp.*}", "transport: outbox}", settings), encoding="utf-8")
    with pytest.raises(NobodyMayLogIn, match="login provider"):
        serve_team(campaign, where, print, print)


def test_a_person_twice_and_a_role_that_is_none_are_mistakes(campaign: Path) -> None:
    with (campaign / "campaign.yaml").open("a") as file:
        file.write("  - {name: maria example, email: m@team.example}\n  - {name: M, email: m@team.example, roles: x}\n")
        file.write("login: {issuer: https://id.example.org, client_id: x, client_secret: abc}\n")
    found = json.loads(run(campaign, "check", "--json", now=NOW).out)["problems"]
    said = [each["message"] for each in found if each["file"] == "campaign.yaml" and each["level"] == "error"]
    assert "Two people have the name `maria example`." in said
    assert any("`roles: x` is not one of read, write, approve, send" in each for each in said)
    assert any("`client_secret` is not a key of a login" in each for each in said)


def test_without_the_packages_a_provider_is_said_to_need_them(campaign: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (campaign / "campaign.yaml").open("a") as file:
        file.write("login: {issuer: https://id.example.org, client_id: x}\n")
    monkeypatch.delitem(sys.modules, "outreach.team.oidc", raising=False)
    monkeypatch.setitem(sys.modules, "joserfc", None)
    with pytest.raises(TeamNotInstalled, match="through a provider"):
        serve_team(campaign, Where(address="https://outreach.test", port=0), print, print)


def test_a_dashboard_of_ones_own_imports_nothing_of_a_team() -> None:
    code = (
        "import sys, outreach.cli.main, outreach.cli.dashboard, outreach.web.serving\n"
        "theirs = ('outreach.team', 'authlib', 'joserfc', 'procrastinate')\n"
        "print([name for name in sys.modules if name.startswith(theirs)])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_client_secret_is_kept_outside_the_campaign(
    campaign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    answer = run(campaign, "login", "serve", now=NOW)
    assert answer.code == 2
    assert "names no login provider" in answer.err
    with (campaign / "campaign.yaml").open("a") as file:
        file.write("login: {issuer: https://id.example.org, client_id: ours}\n")
    monkeypatch.setattr("outreach.cli.accounts._asked", lambda question: "s3cret")
    answer = run(campaign, "login", "serve", now=NOW)
    assert answer.code == 0, answer.err
    kept = Secrets().get(login_client(LoginProvider(issuer="https://id.example.org", client_id="ours")))
    assert kept is not None
    assert kept.reveal() == "s3cret"
    assert Secrets().get(login_client(LoginProvider(issuer="https://evil.example", client_id="ours"))) is None
    assert not [file for file in campaign.rglob("*") if file.is_file() and b"s3cret" in file.read_bytes()]


def test_the_command_says_where_it_is_and_ends_with_ctrl_c(campaign: Path) -> None:
    command = ("serve", "--address", "https://outreach.test", "--port", "0")
    server = process(campaign, *command, OUTREACH_NOW=NOW)
    assert server.stdout is not None
    line = server.stdout.readline()
    assert re.fullmatch(
        r"Your team can log in at https://outreach.test. The proxy forwards to 127.0.0.1:\d+. Ctrl-C ends it.\n",
        line,
    ), line + server.communicate(timeout=10)[1]
    server.send_signal(signal.SIGINT)
    assert "The dashboard is closed." in server.communicate(timeout=30)[0]
    assert server.returncode == 0
    refused = run(campaign, "serve", "--address", "http://outreach.example.org", now=NOW)
    assert (refused.code, refused.out) == (2, "")
    assert "others could read along" in refused.err
