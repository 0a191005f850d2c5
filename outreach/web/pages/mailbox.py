"""Connecting a mailbox: its servers, the password or access that is kept, and whether all is ready; as `login` does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from outreach.checking.together import NOBODY
from outreach.connections.secrets import Secret
from outreach.errors import CannotTell, NoMailAccount, NoPasswordNeeded, OutreachError
from outreach.tasks import login, setting_up
from outreach.tasks.doctor import examine
from outreach.tasks.editing import take_back
from outreach.web.jobs import Job
from outreach.web.sessions import Act, Notice
from outreach.web.visit import Visit, reading, writing
from outreach.words.mail_providers import MailProvider, provider_of

_FAMILIAR = MailProvider(name="", smtp="", imap="")
"""What the fields say where nothing is known: the usual ports."""


@reading
def show(visit: Visit) -> Response:
    """The mailbox that is connected, or the form that asks for one (also with `?change=1`)."""
    return _page(visit)


def _page(visit: Visit, **more: Any) -> Response:
    logins, trouble = _logins(visit)
    sender = visit.seen.world.campaign.sender.email
    asked = not logins or visit.asked("change") == "1"
    work = visit.dashboard.jobs.last.get("login")
    common: dict[str, Any] = {
        "logins": logins,
        "knows_client": [login.knows_client(each) for each in logins],
        "signed_in": [login.is_signed_in(each) for each in logins],
        "address": "" if sender == NOBODY else sender,
        "asked": asked,
        "found": None,
        "typed": {},
        "how": "",
        "ask_about": "",
        "checks": (),
        "trouble": trouble,
        "work": work.at_one_moment() if work else None,
    }
    return visit.page("mailbox.html", live="none", **common | more)


def _logins(visit: Visit) -> tuple[list[login.MailLogin], OutreachError | None]:
    try:
        return login.mail_logins(visit.dashboard.root), None
    except (NoMailAccount, NoPasswordNeeded):
        return [], None
    except OutreachError as trouble:
        return [], trouble


@writing
def find(visit: Visit, form: Mapping[str, str]) -> Response:
    """Propose the servers of an address. The net is asked, and learns the domain, only where the person said so."""
    address = form.get("address", "").strip()
    if form.get("act") == "type":
        return _page(visit, asked=True, address=address, found=_present(visit, address))
    known = provider_of(address)
    if known is None and form.get("act") != "ask":
        return _page(visit, asked=True, address=address, ask_about=address.rpartition("@")[2])
    try:
        proposal = login.look_up(visit.dashboard.root, address)
    except OutreachError as trouble:
        return _page(visit, asked=True, address=address, found=_FAMILIAR, trouble=trouble)
    return _page(visit, asked=True, address=address, found=proposal.provider, how=proposal.how)


def _present(visit: Visit, address: str) -> MailProvider:
    """The servers in use, so that one of them can be corrected; where the address has none, the usual ports."""
    campaign = visit.seen.world.campaign
    mail, inbox = campaign.accounts.mail, campaign.accounts.mail.inbox
    if not mail.host or address not in (mail.user, campaign.sender.email):
        return _FAMILIAR
    return MailProvider(
        name="", smtp=mail.host, port=mail.port or _FAMILIAR.port, security=mail.security or _FAMILIAR.security,
        imap=(inbox and inbox.imap) or "", imap_port=(inbox and inbox.port) or _FAMILIAR.imap_port,
        auth=str(mail.auth), ca_file=mail.ca_file or "",
        user=(mail.user or address).replace("{", "{{").replace("}", "}}"),
    )  # fmt: skip


@writing
def save(visit: Visit, form: Mapping[str, str]) -> Response:
    """Write the servers into the campaign's settings. Raises CannotTell for what cannot be there."""
    root, address, servers = visit.dashboard.root, form.get("address", "").strip(), _typed(form)
    try:
        edit = setting_up.change_servers(root, address, servers)
    except CannotTell as trouble:
        return _page(visit, asked=True, address=address, found=servers, typed=form, trouble=trouble)
    said = visit.words("Saved: {what}", what=visit.words("The servers of your mailbox"))
    return visit.back_to("/mailbox", said, act=Act(text=said, undo=lambda: take_back(root, edit)))


def _typed(form: Mapping[str, str]) -> MailProvider:
    """What the fields say. A port that is not a number is none."""

    def said(name: str) -> str:
        return form.get(name, "").strip()

    def port(name: str) -> int:
        return int(said(name)) if said(name).isdecimal() and len(said(name)) < 6 else 0

    return MailProvider(
        name=said("provider"), smtp=said("host"), imap=said("imap"), port=port("port"), security=said("security"),
        imap_port=port("imap_port"), auth=said("auth") or "password", ca_file=said("ca_file"),
        user=(said("user") or said("address")).replace("{", "{{").replace("}", "}}"),
    )  # fmt: skip


def _chosen(visit: Visit, form: Mapping[str, str]) -> login.MailLogin | None:
    """The login whose servers were beside the button; None if the settings name others by now."""
    logins, _ = _logins(visit)
    return next((each for each in logins if " ".join(server.name for server in each.servers) == form.get("for")), None)


@writing
def sign_in(visit: Visit, form: Mapping[str, str]) -> Response:
    """Try the password at the servers that were named, keep it if it works at each, and say whether all is ready."""
    root, words, wanted = visit.dashboard.root, visit.words, _chosen(visit, form)
    if wanted is None:
        return _changed(visit)
    if not form.get("password"):
        return visit.back_to("/mailbox", words("Type the password."), "bad")
    try:
        result = login.log_in(root, wanted, Secret(form["password"]))
    except OutreachError as trouble:
        return _page(visit, trouble=trouble)
    said = words("It works. The password is kept in {where}.", where=words.found(result.where) or result.where)
    return _page(visit, notice=Notice(kind="good", text=said), checks=examine(root))


def _changed(visit: Visit) -> Response:
    said = visit.words("Something changed after you looked, so nothing was done. This is how it is now.")
    return visit.back_to("/mailbox", said, "bad")


@writing
def let_in(visit: Visit, form: Mapping[str, str]) -> Response:
    """Begin to get access from Google or Microsoft; the page then shows where the person allows it."""
    root, wanted = visit.dashboard.root, _chosen(visit, form)
    if wanted is None:
        return _changed(visit)
    job = Job(kind="login", title=wanted.user)

    def ask(question: str, hidden: bool) -> str:
        name = "secret" if hidden else "client" if question.startswith("Client") else "tenant"
        return form.get(name, "")

    def browse(page: str) -> bool:
        job.progress = page
        return True

    person = login.Person(tell=lambda line: None, ask=ask, browse=browse)
    is_new = bool(form.get("client", "").strip())
    if not visit.dashboard.jobs.begin(job, lambda job: login.let_in(root, wanted, person, new_client=is_new)):
        return visit.back_to(
            "/mailbox", visit.words("outreach is busy with something else. Try again in a moment."), "bad"
        )
    return visit.back_to("/mailbox")


@writing
def check(visit: Visit, form: Mapping[str, str]) -> Response:
    """Whether this computer, the account and the folder do what sending needs, as `doctor` says it."""
    return _page(visit, checks=examine(visit.dashboard.root))
