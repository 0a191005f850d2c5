"""Connecting Bluesky and Mastodon: the account, then its password or token, tried and kept as `login` does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from outreach.errors import OutreachError
from outreach.model.records import dataclass
from outreach.networks.base import Network
from outreach.networks.registry import network_of
from outreach.tasks import network_login as tasks
from outreach.tasks import setting_up
from outreach.tasks.editing import take_back
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading, writing

if TYPE_CHECKING:
    from outreach.publishing.mastodon.login import Application

NETWORK_LABELS: Mapping[str, str] = {
    "service": "Server, if it is not bsky.social",
    "handle": "Handle (such as ana.bsky.social)",
    "server": "Server (such as mastodon.social)",
    "account": "Account, if you have several there (such as ana@mastodon.social)",
}
"""What people call the keys of accounts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One network: its account (`login` None: none yet, or not to be used, as `trouble` says), and its secret.

    `begun` is where somebody is asked for the code of that page, `word` what stands for it.
    """

    network: Network
    values: Mapping[str, str]
    login: tasks.NetworkLogin | None = None
    is_kept: bool = False
    trouble: OutreachError | None = None
    begun: Application | None = None
    word: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Begun:
    """A login that waits for the code of a page."""

    login: tasks.NetworkLogin
    application: Application


@reading
def show(visit: Visit) -> Response:
    """Both networks, each with its account and whether one is signed in."""
    return _page(visit)


def _page(visit: Visit, trouble: tuple[str, OutreachError] | None = None, begun: Begun | None = None) -> Response:
    shown = [_shown(visit, name, trouble, begun) for name in tasks.NETWORKS]
    return visit.page("networks.html", live="none", shown=shown, labels=NETWORK_LABELS)


def _shown(
    visit: Visit, name: str, trouble: tuple[str, OutreachError] | None = None, begun: Begun | None = None
) -> Shown:
    network = network_of(name)
    account = visit.seen.world.campaign.accounts.networks.get(name, {})
    values = {key.name: account.get(key.name, "") for key in network.account}
    values = {key.name: "" if values[key.name] == key.default else values[key.name] for key in network.account}
    said = trouble[1] if trouble and trouble[0] == name else None
    if not account:
        return Shown(network=network, values=values, trouble=said)
    try:
        login = tasks.network_login(visit.dashboard.root, name)
        is_kept = login.is_kept()
    except OutreachError as error:
        return Shown(network=network, values=values, trouble=said or error)
    mine = begun if begun and begun.login == login else None
    return Shown(
        network=network, values=values, login=login, is_kept=is_kept, trouble=said,
        begun=mine.application if mine else None, word=visit.session.offer(mine) if mine else "",
    )  # fmt: skip


@again(lambda visit, form: _page(visit))
def save(visit: Visit, form: Mapping[str, str]) -> Response:
    """Write the account into the campaign's settings. Raises CannotTell for what cannot stand there."""
    root, network = visit.dashboard.root, _network(form)
    typed = {key.name: form.get(key.name, "") for key in network.account}
    edit = setting_up.change_network(root, network.name, typed)
    said = visit.words("Saved: {what}", what=network.label)
    return visit.back_to("/networks", said, act=Act(text=said, undo=lambda: take_back(root, edit)))


def _network(form: Mapping[str, str]) -> Network:
    if form.get("network") not in tasks.NETWORKS:
        raise HTTPException(404)
    return network_of(form["network"])


Attempt = Callable[[tasks.NetworkLogin], Response]


def _at_that_server(visit: Visit, form: Mapping[str, str], attempt: Attempt) -> Response:
    """Go on with the login whose server stood beside the button; nothing where the settings name another by now."""
    network = _network(form).name
    try:
        login = tasks.network_login(visit.dashboard.root, network)
        if login.identity.name != form.get("for"):
            return _changed(visit)
        return attempt(login)
    except OutreachError as trouble:
        return _page(visit, (network, trouble))


def _changed(visit: Visit) -> Response:
    said = visit.words("Something changed after you looked, so nothing was done. This is how it is now.")
    return visit.back_to("/networks", said, "bad")


@writing
def begin(visit: Visit, form: Mapping[str, str]) -> Response:
    """Ask a Mastodon server for its page, and show where it is and the field for its code."""
    if _network(form).name != "mastodon":
        raise HTTPException(404)

    def asked(login: tasks.NetworkLogin) -> Response:
        return _page(visit, begun=Begun(login=login, application=tasks.begin_in_browser(login)))

    return _at_that_server(visit, form, asked)


@writing
def sign_in(visit: Visit, form: Mapping[str, str]) -> Response:
    """Try the password, token or code at the server that was named, and keep what works."""
    begun = visit.session.offered(form)

    def tried(login: tasks.NetworkLogin) -> Response:
        if "code" not in form:
            return _kept(visit, login, tasks.try_and_keep(login, form.get("secret", "")))
        if not isinstance(begun, Begun) or begun.login != login:
            return _changed(visit)
        return _kept(visit, login, tasks.end_in_browser(login, begun.application, form["code"]))

    return _at_that_server(visit, form, tried)


def _kept(visit: Visit, login: tasks.NetworkLogin, where: str) -> Response:
    words, name = visit.words, network_of(login.network).label
    return visit.back_to(
        "/networks", words("{name}: it works. It is kept in {where}.", name=name, where=words.found(where) or where)
    )
