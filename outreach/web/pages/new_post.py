"""Beginning a post: where, what, when and with which pictures; how each network would show it, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from outreach.campaign.forms import FieldKind, as_written
from outreach.campaign.splicing import REMOVED
from outreach.campaign.writing import OneLine
from outreach.errors import OutreachError
from outreach.networks.registry import KNOWN, network_of
from outreach.tasks import editing, new_post
from outreach.tasks.previewing import Preview
from outreach.web.sessions import Act
from outreach.web.visit import Visit, day_in, reading, writing_many
from outreach.words.windows import WEEKDAYS

FIELDS = editing.fields_of("posts/")
"""The keys that are asked for one by one, under More."""
POST_LABELS: Mapping[str, str] = {
    "hashtags": "Hashtags, with spaces between them",
    "card": "Page to show as a card",
    "link": "Page to submit, where a post is a link",
    "language": "Language (such as de)",
    "content_warning": "Content warning, shown until the post is opened",
    "visibility": "Who sees it on Mastodon",
    "titles": "Titles to choose from, one in a line",
    "community": "Where on the network it goes, such as r/linux",
    "split": "A long text becomes a thread",
}
WHEN: Mapping[str, str] = {
    "at": "At a time",
    "window": "On some days",
    "after": "After another post",
    "free": "As soon as it is approved",
}
"""How a post can say when it goes out."""
MOST_PICTURES = 4
_YEAR = 364
"""Days after today."""


@reading
def show(visit: Visit) -> Response:
    """The form of a post that is to be begun."""
    return _page(visit, FormData())


@writing_many
def save(visit: Visit, form: FormData) -> Response:
    """Keep a picture (`act` is "picture"), save the post once, or else show what would be written."""
    root, words = visit.dashboard.root, visit.words
    if form.get("act") == "picture":
        return _with_picture(visit, form)
    if form.get("act") != "save":
        return _page(visit, form)
    faults = _faults(visit, form)
    if faults:
        return _page(visit, form, status=409)
    if visit.session.taken_offer(str(form.get("word", ""))) is None:
        said = words("This was done already, or this page is old. Nothing was changed.")
        return visit.back_to("/posts", said, "bad")
    edit, id = new_post.new_post(root, str(form.get("name", "")), _keys(visit, form), str(form.get("text", "")))
    try:
        editing.save(root, edit)
    except OutreachError as why:  # a full disk: what was typed stays on the page
        return _page(visit, form, trouble=why, status=409)
    said = words("New post: {name}", name=id)
    return visit.back_to(
        f"/posts#{id}/{_networks(form)[0]}", said, act=Act(text=said, undo=lambda: editing.take_back(root, edit))
    )


def _with_picture(visit: Visit, form: FormData) -> Response:
    """The page again, with the picture that was given in the first free row."""
    given, root = form.get("picture"), visit.dashboard.root
    rows = _pictures(form)
    if isinstance(given, UploadFile) and given.filename and len(rows) < MOST_PICTURES:
        content = given.file.read()
        try:
            path, is_new = new_post.add_picture(root, given.filename, content)
        except OutreachError as why:
            return _page(visit, form, trouble=why, status=409)
        rows.append({"file": path, "alt": ""})
        said = visit.words("Kept: {file}", file=path)
        if is_new:
            visit.session.did(Act(text=said, undo=lambda: new_post.remove_picture(root, path, content)))
    return _page(visit, form, pictures=rows)


def _page(
    visit: Visit,
    form: FormData,
    *,
    pictures: list[dict[str, str]] | None = None,
    trouble: OutreachError | None = None,
    status: int = 200,
) -> Response:
    campaign, root = visit.seen.world.campaign, visit.dashboard.root
    rows = _pictures(form) if pictures is None else pictures
    keys = {**_keys(visit, form), **({"media": rows} if rows else {})}
    faults = _faults(visit, form) if form else []
    edit, found = None, Preview(letters=(), posts=())
    if form and not faults:
        edit, id = new_post.new_post(root, str(form.get("name", "")), keys, str(form.get("text", "")))
        found = editing.look(root, edit, id)
    return visit.page(
        "new_post.html",
        status,
        live="none",
        form=form,
        chosen=_networks(form),
        networks=list(KNOWN.values()),
        accounts=campaign.accounts.networks,
        when=WHEN,
        days=[(day[:3], visit.words(day[:3])) for day in WEEKDAYS],
        chosen_days=form.getlist("day"),
        others=[post.id for post in visit.seen.world.posts],
        conditions=_conditions(visit),
        fields=FIELDS,
        labels=POST_LABELS,
        kind=FieldKind,
        kept=new_post.pictures(root),
        pictures=[*rows, *({"file": "", "alt": ""} for _ in range(MOST_PICTURES - len(rows)))],
        edit=edit,
        faults=faults,
        trouble=trouble,
        problems=found.problems,
        posts=[(network_of(each.version.network).label, each) for each in found.posts],
        word=visit.session.offer(new_post),
    )


def _faults(visit: Visit, form: FormData) -> list[str]:
    """What the form does not say yet, so that nothing could be written or the file would say something else."""
    words = visit.words
    said = []
    if not _networks(form):
        said.append(words("Choose at least one network."))
    if not str(form.get("text", "")).strip() and not str(form.get("link", "")).strip() and not _pictures(form):
        said.append(words("Write a text."))
    return [*said, *faults_of_when(visit, form)]


def faults_of_when(visit: Visit, form: Mapping[str, Any]) -> list[str]:
    """That the form does not say when the post goes out, if it does not."""
    when = form.get("when", "at")
    lacks_day = when == "at" and not form.get("at")
    lacks_days = when == "window" and not (day_in(str(form.get("from", ""))) and day_in(str(form.get("to", ""))))
    lacks = lacks_day or lacks_days or (when == "after" and not form.get("post"))
    return [visit.words("Say when it goes out.")] if lacks else []


def _keys(visit: Visit, form: FormData) -> dict[str, Any]:
    """What the form says, as a file would say it."""
    given = {name: str(value).replace("\r\n", "\n").strip() for name, value in form.items()}
    keys: dict[str, Any] = {"networks": _networks(form)}
    keys |= keys_of_when(visit, given, [str(each) for each in form.getlist("day")])
    keys["needs"] = given.get("needs_own") or given.get("needs", "")
    keys["media"] = _pictures(form)
    said = {field.key: as_written(field, given.get(field.key, "")) for field in FIELDS}
    return keys | {key: value for key, value in said.items() if value is not REMOVED}


def keys_of_when(visit: Visit, given: Mapping[str, str], days: Sequence[str]) -> dict[str, Any]:
    """The key of a file that says what the form says of when the post goes out."""
    match given.get("when", "at"):
        case "free":  # a post that names no time waits for one, so this is a year in which to approve it
            today = visit.times.day_of(visit.seen.now)
            return {"window": OneLine({"from": f"{today}", "to": f"{today + timedelta(days=_YEAR)}"})}
        case "window":
            hours = f"{given.get('since', '')}-{given.get('until', '')}"
            window = {"from": given.get("from", ""), "to": given.get("to", "")}
            said = ({"days": list(days)} if days else {}) | ({"hours": hours} if len(hours) > 1 else {})
            return {"window": OneLine(window | said)}
        case "after":
            delay = given.get("delay", "")
            return {"after": f"{given.get('post', '')}{f' + {delay}d' if delay not in ('', '0') else ''}"}
        case _:
            return {"at": given.get("at", "").replace("T", " ")}


def _networks(form: FormData) -> list[str]:
    return [str(each) for each in form.getlist("networks") if each in KNOWN]


def _pictures(form: FormData) -> list[dict[str, str]]:
    rows = zip(form.getlist("file"), form.getlist("alt"), strict=False)
    return [{"file": str(file), "alt": str(alt).strip()} for file, alt in rows if str(file)]


def _conditions(visit: Visit) -> Iterator[tuple[str, str]]:
    """What a post can wait for, as a file writes it and as people say it."""
    for decision in visit.seen.world.campaign.decisions:
        for choice in decision.choices:
            said = visit.words("“{ask}” is decided: {choice}", ask=decision.ask, choice=choice)
            yield f"decision('{decision.id}') == '{choice}'", said
    for checklist in visit.seen.world.checklists:
        yield f"checklist('{checklist.name}')", visit.words("the checklist “{name}” is ticked", name=checklist.name)
