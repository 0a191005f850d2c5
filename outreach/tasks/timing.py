"""When a wave or a post goes out, and who gets the wave: the edit of its file, from what a form says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.definitions.post import PostKeys
from outreach.campaign.definitions.wave import WaveKeys
from outreach.campaign.front_matter import parts_of, with_values
from outreach.campaign.splicing import REMOVED, changed
from outreach.campaign.values.plain import is_reserved
from outreach.campaign.writing import OneLine
from outreach.errors import CannotTell, UnknownName
from outreach.model.campaign import Wave
from outreach.model.ids import DIGEST, REPLY
from outreach.model.times import Delay
from outreach.tasks.campaign import load
from outreach.tasks.editing import Edit
from outreach.tasks.setting_up import FILE, refuse_mistakes
from outreach.words.slugs import free, slug_of

EVERYBODY = "name != ''"
_ORDER = tuple(WaveKeys.keys)
_FOLLOWS = {"follow_days": "after", "follow_template": "template", "follow_times": "times"}
_WHOLE = "Show the whole file, and change it there."
TIMES = ("at", "window", "after")
"""The keys of a post of which one says when it goes out."""


def wave_as_form(wave: Wave) -> dict[str, str]:
    """What a form shows of a wave; `template` is "" where several are chosen from, `when` at, after or free."""
    start, after, follow_up = wave.start, wave.after, wave.follow_up
    is_one = len(wave.templates) == 1 and wave.templates[0].condition is None
    return {
        "to": wave.to.source,
        "template": wave.templates[0].template if is_one else "",
        "when": "at" if start else "after" if after else "free",
        "day": f"{start:%Y-%m-%d}" if start else "",
        "hour": f"{start:%H:%M}" if start and start.time() != time.min else "",
        "wave_before": after.wave if after else "",
        "days_after": days_of(after.delay) if after else "",
        "again": "yes" if wave.again and not wave.correction_of else "",
        "until": f"{wave.until}" if wave.until else "",
        "follow_days": days_of(follow_up.after) if follow_up else "",
        "follow_template": follow_up.template if follow_up else "",
        "follow_times": f"{follow_up.times}" if follow_up else "",
    }


def days_of(delay: Delay | None) -> str:
    """Days as a number; a time that is not whole days as it is written."""
    return "" if delay is None else delay.text.removesuffix("d") if delay.text[:-1].isdecimal() else delay.text


def plan_wave(root: Path, id: str, typed: Mapping[str, str]) -> Edit:
    """The edit that gives a wave what is typed otherwise than it is; a new wave for the `id` "".

    Raises UnknownName, CannotTell for what would be a mistake in the file, or one that only a person can change.
    """
    loaded = load(root)
    waves = loaded.campaign.waves
    at = next((at for at, each in enumerate(waves) if each.id == id), len(waves))
    if id and at == len(waves):
        raise UnknownName("wave", id, None)
    before = wave_as_form(waves[at]) if id else dict.fromkeys(typed, "")
    new = {key: value for key, value in typed.items() if value != before.get(key, "")}
    changes: dict[str, Any] = {key: new[key] for key in ("to", "template") if new.get(key)}
    changes |= _start(typed) if new.keys() & {"when", "day", "hour", "wave_before", "days_after"} else {}
    changes |= {"again": True if new["again"] else REMOVED} if "again" in new else {}
    changes |= {"until": new["until"] or REMOVED} if "until" in new else {}
    follow: dict[str, Any] = {_FOLLOWS[key]: _follow(key, new[key]) for key in new.keys() & _FOLLOWS.keys()}
    if follow and not typed.get("follow_days"):
        changes, follow = {**changes, "follow_up": False if loaded.campaign.follow_up else REMOVED}, {}
    content = storage.read(root, FILE)
    text = content.decode("utf-8")
    after: str | None
    if id:
        after = changed(text, ("waves", at), changes, order=_ORDER) if changes else text
        after = changed(after, ("waves", at, "follow_up"), follow) if after and follow else after
    else:
        follow = {key: value for key, value in follow.items() if value is not REMOVED}
        wave = {"id": _free_id(typed, [each.id for each in waves]), **changes, "follow_up": follow or REMOVED}
        wave = {key: wave[key] for key in _ORDER if wave.get(key, REMOVED) is not REMOVED}
        path, what = (("waves", at), wave) if waves else ((), {"waves": [wave]})
        after = changed(text, path, what, apart=not waves)
    if after is None:
        raise CannotTell(f"{FILE} has a comment that would be lost", "Change it in an editor.")
    edit = Edit(file=FILE, read=storage.digest(content), before=text, after=after)
    refuse_mistakes(root, edit)
    return edit


def _free_id(typed: Mapping[str, str], taken: list[str]) -> str:
    wanted = slug_of(typed.get("id") or typed.get("template", ""))[:40].strip("-") or "wave"
    return free(wanted, lambda name: name in (*taken, REPLY, DIGEST) or is_reserved(name))


def _start(typed: Mapping[str, str]) -> dict[str, Any]:
    """The keys `start` and `after` for how a form says it. Raises CannotTell where it does not."""
    day, hour, wave = (typed.get(key, "") for key in ("day", "hour", "wave_before"))
    match typed.get("when"):
        case "at":
            if not day:
                raise CannotTell("The day is not set", "Choose the day on which it begins.", field="day")
            return {"start": f"{day} {hour}".strip(), "after": REMOVED}
        case "after":
            if not wave:
                raise CannotTell("The wave before it is not set", "Choose the wave.", field="wave_before")
            return {"after": f"{wave}{_plus(typed.get('days_after', ''))}", "start": REMOVED}
        case _:
            return {"start": REMOVED, "after": REMOVED}


def _plus(days: str) -> str:
    return f" + {_long(days)}" if days not in ("", "0") else ""


def _long(days: str) -> str:
    return f"{days}d" if days.isdecimal() else days


def _follow(key: str, text: str) -> Any:
    if key == "follow_times":
        return int(text) if text.isdecimal() and len(text) < 4 else text or REMOVED
    return _long(text) if key == "follow_days" else text or REMOVED


def time_post(root: Path, post: str, keys: Mapping[str, Any]) -> Edit:
    """The edit that lets a post go out as one of TIMES in `keys` says, and as no other. Raises as `plan_wave`."""
    found = next((each for each in load(root).folder.posts if each.id == post), None)
    if found is None:
        raise UnknownName("post", post, None)
    content = storage.read(root, found.file)
    text = content.decode("utf-8")
    parts = parts_of(text)
    said = {key: keys.get(key) or REMOVED for key in TIMES}
    if parts and len([key for key in TIMES if re.search(rf"(?m)^{key}[ \t]*:", parts.keys)]) > 1:
        raise CannotTell(f"{found.file} says in more than one way when it goes out", _WHOLE)
    window = next((each.window for each in found.versions if each.window and each.window.timezone), None)
    if window and keys.get("window"):
        said["window"] = OneLine({**keys["window"], "timezone": window.timezone})
    after = with_values(text, said, parts.body, tuple(PostKeys.keys)) if parts else None
    if after is None:
        raise CannotTell(f"{found.file} has a comment that would be lost", _WHOLE)
    return Edit(file=found.file, read=storage.digest(content), before=text, after=after)


def as_moment(moment: datetime | None) -> str:
    """As a form's field for a day and a time has it."""
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""
