"""Beginning in an empty folder, and the first steps: who writes, and the first text."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import FormData
from starlette.responses import Response

from outreach.campaign.definitions.campaign import CalendarKeys
from outreach.campaign.definitions.wave import PaceKeys
from outreach.campaign.forms import FieldKind, form_fields
from outreach.checking.together import NOBODY
from outreach.errors import CannotTell
from outreach.model.campaign import Transport
from outreach.model.records import dataclass
from outreach.tasks import setting_up
from outreach.tasks.dashboard import Seen, open_for_looking
from outreach.tasks.editing import take_back
from outreach.tasks.git_versions import keep
from outreach.tasks.importing import init
from outreach.tasks.importing.example import example
from outreach.web.pages import adding, texts
from outreach.web.sessions import Act
from outreach.web.visit import Visit, again, reading, writing_many
from outreach.words.windows import WEEKDAYS

TIMES_LABELS: Mapping[str, str] = {
    "days": "Weekdays on which emails go out (none marked: all)",
    "hours": "Hours in which emails go out (such as 09:00-17:00)",
    "holidays": "No emails on public holidays in (such as DE, FR)",
    "recipient_time": "Hours are those of the place where the contact is",
    "per_hour": "Emails an hour, at most",
    "per_day": "Emails a day, at most",
    "per_domain_per_hour": "Emails an hour to one mail provider, at most",
    "gap": "Pause between two emails (such as 90s-140s; 0s is none)",
}
"""What people call the keys of `calendar` and `pace`; the rest of them is for an editor."""
TIMES = tuple(each for keys in (CalendarKeys, PaceKeys) for each in form_fields(keys) if each.key in TIMES_LABELS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One of the first steps: where its button leads, and whether it is done."""

    address: str
    is_done: bool


def steps_of(seen: Seen) -> list[Step]:
    """The first steps, in any order; none once all are done, or an email was really sent."""
    past, campaign = seen.world.past, seen.world.campaign
    letters = [letter for contact in past.contacts.values() for letter in contact.letters]
    if any(letter.via != Transport.OUTBOX for letter in letters):
        return []
    approvals = past.approvals.values()
    steps = [
        Step(address="/add-files", is_done=bool(seen.world.contacts)),
        Step(address="/texts", is_done=bool(seen.world.templates)),
        Step(address="/sender", is_done=not setting_up.is_missing(campaign.sender.name)),
        Step(address="/mailbox", is_done=campaign.accounts.mail.transport is not Transport.OUTBOX),
        Step(address="/letters", is_done=any(each.tested for each in approvals)),
        Step(address="/send", is_done=any(each.digest for each in approvals)),
    ]
    return [] if all(step.is_done for step in steps) else steps


@writing_many
def begin(visit: Visit, form: FormData) -> Response:
    """Make the campaign in this folder, which is empty: from files, as the example, or by hand."""
    root, what = visit.dashboard.root, form.get("what")
    if what == "example":
        example(root)
        open_for_looking(root)
        _keep_versions(visit, form)
        return visit.back_to("/", visit.words("This is the example. Nothing in it can reach anyone."))
    init(root, [], language=visit.words.language)
    open_for_looking(root)
    _keep_versions(visit, form)
    if what == "files":
        return adding.looked(visit, form)
    return visit.back_to("/add-contact")


def _keep_versions(visit: Visit, form: FormData) -> None:
    """As the person answered; where Git does not do it, the folder is begun all the same, and Settings say so."""
    if form.get("git") == "yes":
        with suppress(CannotTell):
            keep(visit.dashboard.root, "outreach: the campaign is begun")


def sender_page(visit: Visit, form: Mapping[str, str]) -> Response:
    """Who writes, and on whose clocks."""
    campaign = visit.seen.world.campaign
    return visit.page(
        "sender.html",
        live="none",
        sender=campaign.sender,
        missing=setting_up.is_missing,
        placeholder=NOBODY,
        times_as=setting_up.times_of(campaign),
        fields=TIMES,
        labels=TIMES_LABELS,
        weekdays=[day[:3] for day in WEEKDAYS],
        digest=setting_up.digest_of(visit.dashboard.root),
        kind=FieldKind,
    )


@reading
def show_sender(visit: Visit) -> Response:
    """The form that says it."""
    return sender_page(visit, {})


@again(sender_page)
def save_sender(visit: Visit, form: Mapping[str, str]) -> Response:
    """Write it into the campaign's settings. Raises CannotTell if they cannot be changed from here."""
    root = visit.dashboard.root
    values = {name: form.get(name, "").strip() for name in ("name", "email", "title", "language", "timezone")}
    edit = setting_up.change_sender(root, **values)
    said = visit.words("Saved: {what}", what=visit.words("Who writes"))
    return visit.back_to("/", said, act=Act(text=said, undo=lambda: take_back(root, edit)))


def save_times(visit: Visit, form: FormData) -> Response:
    """Write when and how fast emails go out. Raises as `setting_up.change_times`."""
    root = visit.dashboard.root
    typed = {name: str(value).strip() for name, value in form.items()} | {"days": _days(form)}
    edit = setting_up.change_times(root, typed, typed.get("digest", ""))
    said = visit.words("Saved: {what}", what=visit.words("When emails go out"))
    return visit.back_to("/sender", said, act=Act(text=said, undo=lambda: take_back(root, edit)))


def _days(form: FormData) -> str:
    return " ".join(map(str, form.getlist("days")))


keep_times = writing_many(save_times, sender_page)


@again(lambda visit, form: texts.page_of_all(visit))
def new_text(visit: Visit, form: Mapping[str, str]) -> Response:
    """A new text, and a wave that sends it to everybody with an address, if no wave has it yet."""
    root, title = visit.dashboard.root, form.get("subject", "").strip()
    if not title:
        return visit.back_to("/texts", visit.words("Give it a subject."), "bad")
    edits = setting_up.new_text(root, title)
    said = visit.words("New text: {title}", title=title)

    def undo() -> None:
        for edit in reversed(edits):
            take_back(root, edit)

    return visit.back_to(f"/text?file={edits[0].file}", said, act=Act(text=said, undo=undo))
