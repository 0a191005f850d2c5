"""Moving a wave or a post to another day: the edit of its file, and what would move with it."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path

from outreach import storage
from outreach.campaign.splicing import changed
from outreach.campaign.text import read_instead
from outreach.errors import CannotTell, UnknownName
from outreach.model.plan import ItemState, Plan, PlanItem
from outreach.model.records import dataclass
from outreach.tasks.campaign import load
from outreach.tasks.clock import now
from outreach.tasks.editing import Edit
from outreach.tasks.world import looked_at
from outreach.words.wall_time import zone

FILE = "campaign.yaml"
FIRST_HOUR = "09:00"
"""At which a post goes out that had no time."""
A_MOVE = timedelta(minutes=1)
_AT = re.compile(
    r"(?m)^at:[ \t]*(?P<mark>['\"]?)\d{4}-\d\d-\d\d(?P<hour>[ T]\d\d:\d\d(?::\d\d)?)?(?P=mark)"
    r"(?P<rest>[ \t]*(?:#.*)?)$"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """An email or post whose time would be another one; `before` and `after` are aware UTC, None for unknown."""

    item: PlanItem
    before: datetime | None
    after: datetime | None


def move_wave(root: Path, wave: str, day: date) -> Edit:
    """The edit that lets a wave start on `day`, at the hour at which it starts now, if it names one.

    Raises UnknownName, CannotTell for a day that has come, a wave that follows another, or a file that only a person
    can change.
    """
    loaded = load(root)
    found = next(((at, each) for at, each in enumerate(loaded.campaign.waves) if each.id == wave), None)
    if found is None:
        raise UnknownName("wave", wave, None)
    at, before = found
    _lies_ahead(day, loaded.campaign.timezone)
    if before.start is None and before.after is not None:
        raise CannotTell(f"The wave {wave} has no day of its own", "It follows something else: move that.")
    hour = f" {before.start:%H:%M}" if before.start and before.start.time() != datetime.min.time() else ""
    content = storage.read(root, FILE)
    text = content.decode("utf-8")
    after = changed(text, ("waves", at), {"start": f"{day}{hour}"})
    if after is None:
        raise CannotTell(f"{FILE} has a comment that would be lost", f"Change `start` of {wave} in an editor.")
    return Edit(file=FILE, read=storage.digest(content), before=text, after=after)


def move_post(root: Path, post: str, day: date) -> Edit:
    """The edit that publishes a post on `day`, at the hour at which it is published now, or FIRST_HOUR.

    Raises as `move_wave`.
    """
    loaded = load(root)
    found = next((each for each in loaded.folder.posts if each.id == post), None)
    if found is None:
        raise UnknownName("post", post, None)
    _lies_ahead(day, loaded.campaign.timezone)
    content = storage.read(root, found.file)
    text = content.decode("utf-8")
    head = text.find("\n---", 3)
    at = _AT.search(text, 0, head) if head > 0 else None
    if at is None and head > 0 and not any(each.at or each.window or each.after for each in found.versions):
        after = f"{text[:head]}\nat: {day} {FIRST_HOUR}{text[head:]}"
        return Edit(file=found.file, read=storage.digest(content), before=text, after=after)
    if at is None:
        raise CannotTell(f"The post {post} has no day of its own", "It follows something else, or waits for a window.")
    after = f"{text[: at.start()]}at: {at['mark']}{day}{at['hour'] or ''}{at['mark']}{at['rest']}{text[at.end() :]}"
    return Edit(file=found.file, read=storage.digest(content), before=text, after=after)


def _lies_ahead(day: date, timezone: str) -> None:
    if day <= now().astimezone(zone(timezone)).date():
        raise CannotTell(f"{day} is not ahead", "To send something today, use Send.")


def what_moves(root: Path, edit: Edit) -> list[Moved]:
    """What would have another time, or come about, if the edit were saved, in the plan's order. Writes nothing.

    What is due now is due a moment later in the second plan: less than A_MOVE is the clock, and nobody's edit.
    """
    before = {item.id: item for item in _plan(root).items}
    with read_instead({edit.file: edit.after.encode("utf-8")}):
        after = {item.id: item for item in _plan(root).items}
    return [
        Moved(item=item, before=before[id].due if id in before else None, after=item.due)
        for id, item in after.items()
        if item.state is not ItemState.DONE and (id not in before or _is_moved(before[id].due, item.due))
    ]


def _is_moved(before: datetime | None, after: datetime | None) -> bool:
    if before is None or after is None:
        return before is not after
    return abs(after - before) >= A_MOVE


def _plan(root: Path) -> Plan:
    with looked_at(root, load(root)) as opened:
        return opened.foreseen()[1]
