"""One request: whose it is, in which language, and the page that answers it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from outreach.errors import CampaignUnreadable, CannotTell, NotAllowed, OutreachError
from outreach.letters.approving import ApprovalState, Rendered
from outreach.model.outcome import outcome_of
from outreach.model.past import Hold
from outreach.model.plan import PlanItem
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.planning.agenda import reason_beside_time
from outreach.planning.today import waiting_to_be_sorted
from outreach.planning.triage import untriaged
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.dashboard import Seen
from outreach.web.catalogue import LANGUAGES, Words, words_in
from outreach.web.frame import trust_of
from outreach.web.guard import Way
from outreach.web.jobs import Jobs
from outreach.web.keeper import Keeper
from outreach.web.saying import Times
from outreach.web.sessions import Act, BrowserSession, Notice
from outreach.web.statics import address_of

_COMMAND = re.compile(
    r"[;,:]?(?: see| say| with| run| and run| then| then run| or| sort it with| for| to write it again:| if not:)?"
    r" `outreach [^`]*`[^;,.]*"
    r"|[;,.]? (?:then|Run|Answer with|Answer it): outreach (?:.*? --go(?= [A-Z])|.*$)"
    r"|^To see what there is: outreach .*$"
)
_IN_FILE = re.compile(r"; add it to the channels in its file: \S+ \{[^}]*\}|; write [^;]* into its file")
MOST_FILES, MOST_FIELDS = 50, 6_000
"""So many files and fields a form may have."""
MOST_BANDS = 3
"""So many paused contacts have a line of their own on every page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dashboard:
    """All that one running dashboard has."""

    root: Path
    keeper: Keeper
    jobs: Jobs


def dashboard_of(root: Path) -> Dashboard:
    """The dashboard of the campaign in `root`."""
    return Dashboard(root=root, keeper=Keeper(root), jobs=Jobs())


@cache
def page_templates() -> Environment:
    """Compiled once, whatever campaign they show."""
    templates = Environment(
        loader=PackageLoader("outreach.web", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    templates.filters |= {"tone": tone, "identity": id, "no_command": no_command, "quoted": quoted, "page_of": page_of}
    templates.globals["static"] = address_of
    return templates


_TONES = {
    "good": "approved answered done contacted good published",
    "bad": "changed bounced in-doubt missed held bad error opted-out",
    "calm": "ready due drafted manual outbox",
}


def tone(word: object) -> str:
    """The colour of a word that says a state or an outcome; the word itself always is beside it."""
    outcome = outcome_of(str(word))
    return (
        outcome.tone
        if outcome
        else next((name for name, words in _TONES.items() if str(word) in words.split()), "plain")
    )


def no_command(reason: str) -> str:
    """A reason without what it says to type, or to write into a file: a page has a button for it."""
    return _IN_FILE.sub("", _COMMAND.sub("", reason))


_MARKS = {"de": ("„", "“"), "fr": ("«\u00a0", "\u00a0»")}


def quoted(sentence: str, language: str = "en") -> str:
    """A sentence in which names are in quotation marks of the language, where the terminal has `backticks`."""
    before, after = _MARKS.get(language, ("“", "”"))
    marked = re.sub(r"`([^`]*)`", rf"{before}\1{after}", sentence)
    return marked if language == "en" else re.sub(r"“([^“”]*)”", rf"{before}\1{after}", marked)


def page_of(problem: Problem) -> str:
    """The page on which a mistake in a file can be put right; "" where none can do it."""
    kind, _, id = problem.about.partition(":")
    if kind == "sender":
        return "/sender"
    if kind == "contact":
        return f"/contacts/{quote(id)}/edit"
    if problem.file.startswith(("templates/", "posts/")) and problem.file.endswith(".md"):
        return f"/text?file={quote(problem.file)}"
    return ""


class Visit:
    """One request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.dashboard: Dashboard = request.app.state.dashboard
        self.session: BrowserSession = request.scope["browser_session"]
        self.mistake: Mistake | None = None

    @cached_property
    def words(self) -> Words:
        """The language of this page."""
        return words_in(self.session.language, self.request.headers.get("accept-language", ""))

    @cached_property
    def seen(self) -> Seen:
        """The campaign, the same for all of this page. Raises CampaignUnreadable, and what the ledger raises."""
        return self.dashboard.keeper.seen()

    @cached_property
    def times(self) -> Times:
        """Says instants."""
        return Times(self.words, self.seen.timezone, now())

    @cached_property
    def names(self) -> dict[str, str]:
        """What people call each contact, by id."""
        return {contact.id: contact.name for contact in self.seen.world.contacts}

    def name(self, contact: str | None) -> str:
        """What people call a contact; its id where no file names it any more."""
        return self.names.get(contact or "", contact or "")

    def owner_of(self, contact: str) -> str:
        """Who looks after a contact; "" for nobody."""
        return next((each.owner or "" for each in self.seen.world.contacts if each.id == contact), "")

    def reason(self, item: PlanItem) -> str:
        """Why an entry of the plan does not go out now, as people say it; "" where it only waits for its time."""
        asked = next((each.ask for each in self.seen.world.campaign.decisions if each.id == item.decision), None)
        if asked:
            return f"waits for your decision: {asked}"
        return no_command(reason_beside_time(item))

    def said(self, reason: str) -> str:
        """A reason in the language of the page, without what it says to type; in English where it is not known."""
        return self.words.found(no_command(reason)) or no_command(reason)

    @property
    def here(self) -> str:
        """The path and query of this page."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def denied(self) -> str:
        """The addresses of forms that whoever logged in has not the role for, so that no page offers their buttons."""
        member, ways = self.session.member, [each for each in self.request.app.routes if isinstance(each, Way)]
        return " ".join(each.path for each in ways if member and each.methods == {"POST"} and each.needs - member.roles)

    def asked(self, name: str, default: str = "") -> str:
        """A value of the query."""
        return self.request.query_params.get(name, default)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """The template, with what every page has."""
        seen = self.seen
        common = {
            **self._frame(),
            "notice": self._notice(),
            "times": self.times,
            "seen": seen,
            "stamp": seen.stamp,
            "campaign": seen.world.campaign,
            "holds": seen.world.past.holds,
            "bands": _bands(seen.world.past.holds),
            "counted": counted(seen),
            "names": self.names,
            "reason": self.reason,
            "mistake": self.mistake,
            "trust": trust_of(seen, self.dashboard.jobs, self.words, self.times),
        }
        return HTMLResponse(page_templates().get_template(template).render(common | values), status)

    def bare_page(self, template: str, status: int, **values: Any) -> Response:
        """A page that can be shown when the campaign cannot be read."""
        common = {
            **self._frame(),
            "notice": self._notice(),
            "seen": None,
            "campaign": None,
            "holds": (),
            "bands": (),
            "counted": {},
            "live": "none",
        }
        return HTMLResponse(page_templates().get_template(template).render(common | values), status)

    def part(self, template: str, **values: Any) -> Response:
        """A part of a page, for a page that is open; it says no notice, which the next page does."""
        return HTMLResponse(page_templates().get_template(template).render(self._frame() | values))

    def _frame(self) -> dict[str, Any]:
        return {
            "t": self.words,
            "here": self.here if self.request.method in ("GET", "HEAD") else "/",
            "path": self.request.url.path,
            "is_answer": self.request.method == "POST",
            "session": self.session,
            "member": self.session.member,
            "denied": self.denied,
            "notice": None,
            "job": self.dashboard.jobs.running,
            "trust": None,
            "languages": LANGUAGES,
            "is_rehearsal": is_rehearsal(),
            "stamp": self.dashboard.keeper.stamp(),
            "live": "swap",
        }

    def _notice(self) -> Notice | None:
        return self.session.taken_notice() if self.request.method == "GET" else None

    def back_to(self, path: str, text: str = "", kind: str = "good", act: Act | None = None) -> Response:
        """On to a page of ours, which then says `text` and offers to take the `act` back."""
        if act is not None:
            act = replace(act, needs=self.request.scope["needs"])
            self.session.did(act)
        if text:
            self.session.notice = Notice(kind=kind, text=text, act=act)
        return RedirectResponse(local(path), 303)


def _bands(holds: Sequence[Hold]) -> list[Hold]:
    """What is paused and says so on every page: a few contacts do, many do not push the page away."""
    contacts = [hold for hold in holds if hold.target.startswith("contact:")]
    return [hold for hold in holds if hold not in contacts or len(contacts) <= MOST_BANDS]


def counted(seen: Seen) -> dict[str, int]:
    """The numbers beside the names of the pages."""
    ready = sum(letter_state(each) in ("ready", "changed") for each in seen.letters.values())
    to_sort = waiting_to_be_sorted(seen.messages, seen.world.past)
    asking = {each.contact for each in untriaged(seen.statuses, seen.world.past, seen.messages)}
    asking |= {each.contact or "" for each in to_sort}
    return {"/letters": ready, "/answers": len(asking) + seen.unmatched}


def letter_state(each: Rendered) -> str:
    """`approved`, `changed` (since it was approved), `incomplete` (waits for a value), or `ready` to be looked at."""
    if each.state is ApprovalState.HOLDS:
        return "approved"
    if each.letter.later:
        return "incomplete"
    return "changed" if each.state is ApprovalState.GONE else "ready"


def typed_day(form: Mapping[str, str], name: str) -> date | None:
    """The day that a date field of a form says, None for an empty one. Raises CannotTell for anything else."""
    text = form.get(name, "").strip()
    day = day_in(text)
    if text and day is None:
        raise CannotTell(f"{text!r} is not a day", "Write 2026-01-20.", field=name)
    return day


def day_in(text: str) -> date | None:
    """The day that the address of a page says; None for an empty one, and for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def local(path: str) -> str:
    """A path of ours; "/" for whatever else a form said."""
    split = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not split.netloc and path.isprintable()
    return path if is_ours else "/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mistake:
    """What somebody typed that cannot be done: their form is shown again as they filled it, with the error in it.

    `action` is the form's address.
    """

    action: str
    error: OutreachError
    typed: Mapping[str, str]

    @property
    def field(self) -> str:
        """The field that the error names, or whose words it repeats; "" for none of them."""
        if isinstance(self.error, CannotTell) and self.error.field in self.typed:
            return self.error.field
        said = str(self.error)
        found = [name for name, text in self.typed.items() if len(text) > 1 and text.replace("T", " ") in said]
        return max(found, key=lambda name: len(self.typed[name]), default="")

    def is_at(self, action: str, name: str, others: str = "") -> bool:
        """Whether it is beside this field: it names this one, or (if there are `others`) none of those."""
        return action == self.action and (self.field == name or (bool(others) and self.field not in others.split()))


class Endpoint(Protocol):
    """What Starlette calls."""

    def __call__(self, request: Request) -> Response: ...


def reading(show: Callable[[Visit], Response]) -> Endpoint:
    """A page: it changes nothing."""

    @wraps(show)
    def endpoint(request: Request) -> Response:
        return show(Visit(request))

    return endpoint


Shown = Callable[[Visit, Mapping[str, str]], Response]


def writing(act: Shown, again: Shown | None = None) -> Callable[[Request], Awaitable[Response]]:
    """What a form does, if it is a form of this session's pages; `again` is its page, where a mistake is shown."""

    def on_values(visit: Visit, form: FormData) -> Response:
        return act(visit, _typed(form))

    return wraps(act)(writing_many(on_values, again))


def again(page: Shown) -> Callable[[Shown], Callable[[Request], Awaitable[Response]]]:
    """As `writing`, for a form that is on `page` and is shown there again, filled, where it has a mistake."""
    return lambda act: writing(act, page)


def _typed(form: FormData) -> dict[str, str]:
    return {name: str(value) for name, value in form.items()}


def writing_many(
    act: Callable[[Visit, FormData], Response], again: Shown | None = None
) -> Callable[[Request], Awaitable[Response]]:
    """As `writing`, for a form in which a name has several values, or a file."""

    def done(visit: Visit, form: FormData) -> Response:
        try:
            return act(visit, form)
        except OutreachError as error:
            if again is None or isinstance(error, NotAllowed | CampaignUnreadable):
                raise
            typed = _typed(form)
            visit.mistake = Mistake(action=visit.request.url.path, error=error, typed=typed)
            try:
                page = again(visit, typed)
            except HTTPException:  # what the form is about is not there either
                raise error from None
            page.status_code = 409
            return page

    @wraps(act)
    async def endpoint(request: Request) -> Response:
        visit = Visit(request)
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS) as form:
            token = form.get("form_token", "")
            ours = visit.session.form_token.encode()
            if not isinstance(token, str) or not secrets.compare_digest(token.encode(), ours):
                said = visit.words("This form is from an older session. Load the page again.")
                return visit.bare_page("error.html", 403, sentence=said, hint="", problems=())
            return await run_in_threadpool(done, visit, form)

    return endpoint
