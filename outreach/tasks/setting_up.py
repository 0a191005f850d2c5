"""The first steps of a campaign: who writes, through which servers, and the first text with the wave that sends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from outreach import storage
from outreach.campaign.definitions.campaign import CalendarKeys
from outreach.campaign.definitions.wave import PaceKeys
from outreach.campaign.forms import Field, FieldKind, form_fields
from outreach.campaign.splicing import REMOVED, changed
from outreach.campaign.text import read_instead
from outreach.campaign.writing import document
from outreach.checking.together import NOBODY
from outreach.errors import CampaignUnreadable, CannotTell, EditedMeanwhile
from outreach.model.campaign import Campaign
from outreach.networks.registry import network_of
from outreach.tasks.campaign import load
from outreach.tasks.editing import Edit, save
from outreach.words.country_names import stated_country
from outreach.words.mail_providers import MailProvider, mail_keys
from outreach.words.phrases import tables
from outreach.words.slugs import free, slug_of
from outreach.words.windows import WEEKDAYS

FILE = "campaign.yaml"
_BODY = """\
{greeting},

{{{{ contact.personal_text }}}}

[Your text]

{{{{ sender.signature }}}}
"""


def is_missing(name: str) -> bool:
    """Whether nobody wrote their own name yet."""
    return name.startswith("[")


def change_sender(root: Path, *, name: str, email: str, title: str, language: str, timezone: str) -> Edit:
    """Write who writes, what the campaign is called, its language and time zone; empty ones stay. What was written.

    Raises CannotTell for what would be a mistake in the file, and what `editing.save` raises.
    """
    text, digest = _read(root)
    sender = {key: value for key, value in (("name", name), ("email", email)) if value}
    campaign = load(root).campaign
    if name and is_missing((campaign.sender.signature or "").strip() or "["):
        sender["signature"] = name
    after = _with(text, ("sender",), sender)
    said = {"title": title, "language": language, "timezone": timezone}
    after = _with(after, (), {key: value for key, value in said.items() if value})
    return _written(root, Edit(file=FILE, read=digest, before=text, after=after))


def times_of(campaign: Campaign) -> dict[str, str]:
    """When and how fast emails go out, by the keys of `calendar` and `pace`, as a form says it; days are `tue wed`."""
    calendar, pace = campaign.calendar, campaign.pace
    gap = dict.fromkeys(f"{each.total_seconds():.0f}s" for each in pace.gap)
    return {
        "days": " ".join(WEEKDAYS[day - 1][:3].lower() for day in sorted(calendar.days)),
        "hours": str(calendar.hours or ""),
        "holidays": ", ".join(calendar.holidays),
        "recipient_time": "true" if calendar.recipient_time else "",
        "per_hour": str(pace.per_hour),
        "per_day": str(pace.per_day),
        "per_domain_per_hour": str(pace.per_domain_per_hour),
        "gap": "-".join(gap),
    }


def change_times(root: Path, typed: Mapping[str, str], digest: str) -> Edit:
    """Write what of `times_of` is typed otherwise; an empty one goes, and then the default holds. What was written.

    Raises EditedMeanwhile if the file is not the one of that digest any more; else as `change_sender`.
    """
    text, now = _read(root)
    if now != digest:
        raise EditedMeanwhile(FILE)
    old, after = times_of(load(root).campaign), text
    for group, definition in (("calendar", CalendarKeys), ("pace", PaceKeys)):
        said = {field.key: _value(field, typed[field.key]) for field in form_fields(definition)
                if typed.get(field.key, "") != old.get(field.key, "") and field.key in typed}  # fmt: skip
        after = _with(after, (group,), said)
    return _written(root, Edit(file=FILE, read=digest, before=text, after=after))


def _value(field: Field, text: str) -> Any:
    if not text:
        return REMOVED
    if field.key == "days":
        return text.split()
    if field.key == "holidays":
        return [stated_country(word) or word for word in map(str.strip, text.split(",")) if word]
    if field.kind is FieldKind.YES_OR_NO and text == "true":
        return True
    return int(text) if field.kind is FieldKind.NUMBER and text.isdecimal() and len(text) < 9 else text


def digest_of(root: Path) -> str:
    """Of the file with the settings, as it is now. Raises CampaignUnreadable."""
    return _read(root)[1]


def change_servers(root: Path, address: str, servers: MailProvider) -> Edit:
    """Write through which servers mail is sent and read, as `login mail` proposes it; what was written.

    `address` is also who writes, where nobody said so yet. Raises as `change_sender`.
    """
    text, digest = _read(root)
    after = _with(text, ("accounts",), {"mail": mail_keys(address, servers)})
    if load(root).campaign.sender.email == NOBODY:
        after = _with(after, ("sender",), {"email": address})
    return _written(root, Edit(file=FILE, read=digest, before=text, after=after))


def change_network(root: Path, network: str, typed: Mapping[str, str]) -> Edit:
    """Write which account on a network posts go out from; an empty key goes. What was written.

    A server may be typed as its name alone, or as the address of an account there. Raises as `change_sender`.
    """
    text, digest = _read(root)
    keys = network_of(network).account
    said = {key.name: _server(typed[key.name]) if key.kind == "url" else typed[key.name].strip() for key in keys}
    wanted = next((key.name for key in keys if key.required and not said[key.name]), None)
    if wanted is not None:
        raise CannotTell("Nothing was typed here", "Type it, then save again.", field=wanted)
    changes = {key.name: REMOVED if said[key.name] in ("", key.default) else said[key.name] for key in keys}
    is_new = network not in load(root).campaign.accounts.networks
    kept = {key: value for key, value in changes.items() if value is not REMOVED or not is_new}
    path, what = (("accounts",), {network: kept}) if is_new else (("accounts", network), kept)
    return _written(root, Edit(file=FILE, read=digest, before=text, after=_with(text, path, what)))


def _server(typed: str) -> str:
    """`https://social.example`, also for `social.example`, `@ana@social.example` and `https://social.example/@ana`."""
    scheme, _, rest = typed.strip().rstrip("/").rpartition("://")
    host = rest.partition("/@")[0].rpartition("@")[2]
    return f"{scheme or 'https'}://{host}" if host else ""


def new_text(root: Path, subject: str) -> list[Edit]:
    """Write a new text with that subject, and a wave for it where there is none yet; what was written, in order.

    Raises as `change_sender`.
    """
    loaded = load(root)
    name, taken = slug_of(subject)[:40].strip("-") or "text", {each.name for each in loaded.folder.templates}
    name = free(name, lambda each: each in taken or storage.exists(root, f"templates/{each}.md"))
    knows = loaded.campaign.language.partition("-")[0].lower() in tables("greeting")
    greeting = "{{ contact.greeting }}" if knows else "Dear {{ contact.name }}"
    edits = [
        Edit(
            file=f"templates/{name}.md",
            read=None,
            before="",
            after=f"---\n{document({'subject': subject})}---\n{_BODY.format(greeting=greeting)}",
        )
    ]
    if not loaded.campaign.waves:
        text, digest = _read(root)
        wave = {"id": "first", "to": "name != ''", "template": name}
        edits.append(Edit(file=FILE, read=digest, before=text, after=_with(text, (), {"waves": [wave]})))
    for edit in edits:
        save(root, edit)
    return edits


def _read(root: Path) -> tuple[str, str]:
    try:
        content = storage.read(root, FILE)
    except FileNotFoundError:  # moved away after the page was made
        raise CampaignUnreadable(1) from None
    return content.decode("utf-8"), storage.digest(content)


def _with(text: str, path: tuple[str, ...], changes: Mapping[str, Any]) -> str:
    after = changed(text, path, changes, apart=not path or path == ("accounts",)) if changes else text
    if after is None:
        raise CannotTell(f"{FILE} has a comment that would be lost", "Change it in an editor.")
    return after


def _written(root: Path, edit: Edit) -> Edit:
    refuse_mistakes(root, edit)
    save(root, edit)
    return edit


def refuse_mistakes(root: Path, edit: Edit) -> None:
    """Raises CannotTell if the file would have a mistake that it does not have now."""
    before = {problem.message for problem in load(root).problems if problem.file == FILE}
    with read_instead({edit.file: edit.after.encode("utf-8")}):
        problems = [each for each in load(root).problems if each.file == FILE and each.is_error]
    new = next((each for each in problems if each.message not in before), None)
    if new is not None:
        named = re.match(r"`(\w+): ", new.message) or [""] * 2
        raise CannotTell(new.message.rstrip("."), new.hint, field="email" if new.code == "bad-address" else named[1])
