"""`outreach serve`: the dashboard for several people, each logged in, behind a proxy that does TLS."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from uvicorn import Server

from outreach.connections.identities import login_client
from outreach.connections.secrets import Secrets
from outreach.connections.web_addresses import is_loopback
from outreach.errors import NobodyMayLogIn, TeamNotInstalled, UnsafeAddress
from outreach.model.campaign import Campaign
from outreach.model.records import dataclass
from outreach.tasks.campaign import load
from outreach.tasks.clock import now
from outreach.tasks.dashboard import open_for_looking
from outreach.tasks.team_login import can_mail
from outreach.tasks.uploads import clear_uploads
from outreach.team.door import People, TeamDoor
from outreach.team.pages import ENTRANCES, AProvider, Login
from outreach.web.application import PAGES, application
from outreach.web.guard import Site
from outreach.web.serving import HOST, TellingServer, listening, settings
from outreach.web.visit import dashboard_of

PORT = 8765


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """`address` is where browsers find it, `bind` and `port` where it listens, which is what the proxy forwards to.

    `proxies` are the addresses or networks (`10.0.0.0/24`) whose `X-Forwarded-For` is believed. `plain_http` says that
    it may listen elsewhere than on this computer itself.
    """

    address: str
    bind: str = HOST
    port: int = PORT
    proxies: Sequence[str] = ()
    plain_http: bool = False


def serve_team(
    root: Path,
    where: Where,
    ready: Callable[[str], None],
    tell: Callable[[str], None],
    hold_of: Callable[[Server], None] | None = None,
) -> None:
    """Serve until Ctrl-C; `ready` is told where it listens (`127.0.0.1:8765`), `tell` what goes wrong.

    Raises UnsafeAddress, NobodyMayLogIn, TeamNotInstalled, CampaignUnreadable, PortTaken, and what the ledger raises.
    """
    site, proxies = site_of(where), _proxies(where.proxies)
    open_for_looking(root)
    campaign = load(root).campaign
    _somebody_can_log_in(campaign)
    clear_uploads(root)
    with listening(where.bind, where.port) as tube:
        dashboard, people = dashboard_of(root), People(root)
        dashboard.keeper.seen()
        door = TeamDoor(people, now)
        address = where.address.rstrip("/")
        login = Login(
            dashboard=dashboard, site=site, address=address, people=people, door=door, clock=now, tell=tell,
            by_mail=can_mail(campaign), provider=_provider(campaign, address),
        )  # fmt: skip
        app = application(dashboard, site, door, [*login.routes(), *PAGES])
        chosen = tube.getsockname()[1]
        bound = f"[{where.bind}]:{chosen}" if ":" in where.bind else f"{where.bind}:{chosen}"
        server = TellingServer(settings(app, proxies), lambda: ready(bound))
        if hold_of is not None:
            hold_of(server)
        try:
            server.run(sockets=[tube])
        finally:
            dashboard.jobs.end()


def site_of(where: Where) -> Site:
    """The pages' own address. Raises UnsafeAddress."""
    example = "For example: --address https://outreach.example.org"
    try:
        parts = urlsplit(where.address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:
        raise UnsafeAddress(f"{where.address!r} is not the address of a site.", example) from None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.path.strip("/") or parts.query:
        raise UnsafeAddress(f"{where.address!r} is not the address of a site.", example)
    if parts.scheme == "http" and not is_loopback(host):
        raise UnsafeAddress(f"Over {where.address} others could read along and take over a session.", example)
    if not is_loopback(where.bind) and not where.plain_http:
        hint = "Leave --bind out, with the proxy on this computer. If the network between is yours, add --plain-http."
        raise UnsafeAddress(f"At {where.bind} others could read along: outreach itself does no TLS.", hint)
    usual = 443 if parts.scheme == "https" else 80
    name = f"[{host}]" if ":" in host else host
    port = port or usual
    hosts = {f"{name}:{port}", *([name] if port == usual else [])}
    cookie = "__Host-outreach" if parts.scheme == "https" else f"outreach-{port}"
    return Site(hosts=frozenset(hosts), cookie=cookie, scheme=parts.scheme, entrances=ENTRANCES)


def _proxies(names: Sequence[str]) -> list[str]:
    for name in names:
        try:
            is_everybody = ipaddress.ip_network(name).prefixlen == 0
        except ValueError:
            is_everybody = True
        if is_everybody:
            hint = "For example: --proxy 127.0.0.1, or --proxy 10.0.0.0/24"
            raise UnsafeAddress(f"{name!r} is not the address of a proxy.", hint)
    return list(names)


def _somebody_can_log_in(campaign: Campaign) -> None:
    if not campaign.people:
        hint = "Add for example: people: [{name: Maria, email: maria@example.org, roles: [write, approve, send]}]"
        raise NobodyMayLogIn("campaign.yaml names no `people`", hint)
    if campaign.login is None and not can_mail(campaign):
        hint = "Set accounts.mail to `transport: smtp`, so that login links can be sent, or add `login` (docs/team.md)."
        raise NobodyMayLogIn("there is no login provider, and no account that sends links", hint)


def _provider(campaign: Campaign, address: str) -> AProvider | None:
    """Who says who somebody is. Raises TeamNotInstalled, SecretsUnusable, NotSent for an address that is not safe."""
    login = campaign.login
    if login is None:
        return None
    try:
        oidc = import_module("outreach.team.oidc")
    except ModuleNotFoundError as error:
        raise TeamNotInstalled("What logs people in through a provider") from error
    provider: AProvider = oidc.Provider(login, Secrets().get(login_client(login)), f"{address}/login/back", now)
    return provider
