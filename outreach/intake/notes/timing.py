"""When letters should leave and when not -> `calendar`."""

from __future__ import annotations

from typing import Any

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.dates import spans
from outreach.intake.notes.labels import groups, labelled
from outreach.intake.notes.words import folded
from outreach.intake.outline import Section

_TIMING = regex.compile(
    r"\b(?:timing|when (?:to|we|not to) (?:send|write|mail)|calendar|zeitpunkt\w*|versand|versandzeit\w*|sending|"
    r"wann (?:senden|schreiben|verschicken)|"
    r"sendezeit\w*|kalender|terminplanung|moment|calendrier|zeitplanung|zeiten|best times?|sending times?|termine)\b"
)
SENTENCES = r"(?<=\D[.!;])\s+"
"""Between sentences, and not behind the day in `20. Dezember`."""
_POSTS = regex.compile(r"\b(?:post\w*|reddit|bluesky|mastodon|social|thread)\b")
_DAYS = {
    "mon": "mon", "tue": "tue", "wed": "wed", "thu": "thu", "fri": "fri", "sat": "sat", "sun": "sun",
    "mo": "mon", "di": "tue", "mi": "wed", "do": "thu", "fr": "fri", "sa": "sat", "so": "sun",
    "lun": "mon", "mar": "tue", "mer": "wed", "jeu": "thu", "ven": "fri",
}  # fmt: skip
_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAME = (
    r"mon(?:days?)?|tue(?:s(?:days?)?)?|wed(?:nesdays?)?|thu(?:r?s?(?:days?)?)|fri(?:days?)?|sat(?:urdays?)?|sun(?:days?)?|"
    r"montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|mo|di|mi|do|fr"
)
_RANGE = regex.compile(rf"\b({_DAY_NAME})\b\.?\s*(?:(-|\u2013|to|bis|through)\s*({_DAY_NAME})\b)?", regex.IGNORECASE)
_HOURS = regex.compile(
    r"(?<![\d.])(\d{1,2})(?:[:.](\d\d))?\s*(am|pm|h|uhr)?\s*(?:-|\u2013|to|bis|until|and|und)\s*"
    r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm|h\b|uhr)?",
    regex.IGNORECASE,
)


def read_timing(account: Account) -> None:
    """Every section on timing, and remarks on it elsewhere."""
    for section in account.document.top.walk():
        title = folded(section.title)
        if not section.level or not account.is_free(section.line):
            continue
        if _TIMING.search(title) and not _POSTS.search(title):
            _calendar(account, section)
    _loose_lines(account)


# --- the calendar ---


def _calendar(account: Account, section: Section) -> None:
    for part in section.walk():
        for group in groups(part.blocks):
            means = group.means or {"avoid": "avoid", "prefer": "prefer"}.get(_heading_means(part.title), "")
            for line in group.lines:
                found = labelled(line)
                inner = found.means if found and found.means in ("avoid", "prefer", "days", "hours") else means
                for sentence in [line.text] if inner else regex.split(SENTENCES, line.text):
                    _calendar_line(account, inner or _heading_means(sentence), sentence, line.number)
        for row in (block for block in part.blocks if block.kind == "row"):
            verdict = _heading_means(" ".join(cell.text for cell in row.lines))
            why = "; ".join(cell.text for cell in row.lines[1:] if cell.text and not _heading_means(cell.text))
            _calendar_line(account, verdict, f"{row.lines[0].text} ({why})" if why else row.lines[0].text, row.line)
        if part is not section:
            account.take_heading(part, "calendar", "campaign.yaml: calendar")
    if any(each.path[0] == "calendar" for each in account.settings):
        account.take(section.line, section.own_end, "calendar", "campaign.yaml: calendar")


def _heading_means(title: str) -> str:
    from_title = folded(title)
    if regex.search(r"\b(?:avoid|not|vermeiden|meiden|nicht|sperr\w*|eviter)\b", from_title):
        return "avoid"
    return (
        "prefer"
        if regex.search(
            r"\b(?:best|good|optimal|gunstig\w*|gut\w*|prefer\w*|ideal\w*|bevorzugt|empfohlen)\b", from_title
        )
        else ""
    )


def _calendar_line(account: Account, means: str, text: str, number: int) -> None:
    if means in ("avoid", "prefer"):
        _spans(account, means, text, number)
    weekdays = days_in(text)
    span = hours_in(text)
    if means == "avoid" and weekdays:
        weekdays = [day for day in _WEEK[:5] if day not in weekdays]
    if weekdays and not any(each.path == ("calendar", "days") for each in account.settings):
        account.add_setting(("calendar", "days"), weekdays, number)
        account.take(number, number, "calendar", "campaign.yaml: calendar.days")
    if (
        span
        and means in ("hours", "days", "prefer", "")
        and not any(each.path == ("calendar", "hours") for each in account.settings)
    ):
        account.add_setting(("calendar", "hours"), span, number)
        account.take(number, number, "calendar", "campaign.yaml: calendar.hours")


def _spans(account: Account, means: str, text: str, number: int) -> None:
    for span in spans(text):
        why = text[span.at[1] :].strip()
        inside = regex.match(r"[^();.]{0,20}\(([^()]+)\)", why)
        words = inside[1] if inside else regex.sub(r"^[\s:,\u2013-]+", "", regex.split(r"[,;](?=\s*\p{Lu})", why)[0])
        value: dict[str, Any] = {
            "from": f"{span.first[0]:02}-{span.first[1]:02}",
            "to": f"{span.last[0]:02}-{span.last[1]:02}",
        }
        if _is_reason(words):
            value["why"] = words.strip(" .()")
        if all(each.value != value for each in account.settings):
            account.add_setting(("calendar", means), [value], number)
        account.take(number, number, "calendar", f"campaign.yaml: calendar.{means}")


def _is_reason(words: str) -> bool:
    """Whether words behind a span say why, and are not the rest of the sentence and no other span."""
    if not words.strip(" .") or len(words) > 120 or regex.match(r"(?:and|or|nor|und|oder)\b", words):
        return False
    rest = regex.fullmatch(r"(?:schreiben|senden|verschicken|versenden|write|send|please|bitte)", words.strip(" ."))
    return rest is None and not any(True for _ in spans(words))


def _loose_lines(account: Account) -> None:
    """Remarks on timing outside of such sections: `Timing note: January 2-15 optimal. Avoid August.`"""
    for section in account.document.top.walk():
        for group in groups(section.blocks):
            label = folded(group.label)
            if (
                group.lines
                and _TIMING.search(label)
                and not _POSTS.search(folded(section.title))
                and account.is_free(group.lines[0].number)
            ):
                for sentence in regex.split(r"(?<=[.!])\s+(?=\p{Lu})", group.value):
                    means = (
                        "avoid"
                        if regex.search(r"\b(?:avoid|not|vermeiden|meiden|nicht)\b", folded(sentence))
                        else "prefer"
                    )
                    _spans(account, means, sentence, group.lines[0].number)


def days_in(text: str) -> list[str]:
    """The weekdays in `text`, `Tue-Thu` with the one between."""
    found: set[str] = set()
    for first, dash, last in _RANGE.findall(text):
        if len(first) <= 2 and not dash:
            continue
        begin = _day(first)
        end = _day(last) if last else begin
        if begin in _WEEK and end in _WEEK:
            here, there = _WEEK.index(begin), _WEEK.index(end)
            found |= {_WEEK[at % 7] for at in range(here, (there if there >= here else there + 7) + 1)}
    return [day for day in _WEEK if day in found]


def _day(word: str) -> str:
    bare = word.casefold()
    return (
        _DAYS.get(bare[:3], _DAYS.get(bare[:2], ""))
        if not bare.startswith(("son", "don"))
        else {"son": "sun", "don": "thu"}[bare[:3]]
    )


def hours_in(text: str) -> str | None:
    """The first span of hours in `text`, as `09:00-17:00`."""
    for match in _HOURS.finditer(text):
        first, first_min, first_half, last, last_min, last_half = match.groups()
        if not (first_half or last_half or (first_min and last_min)):
            continue
        opens = _hour(int(first), first_half or last_half, first_min)
        closes = _hour(int(last), last_half or first_half, last_min)
        if closes == "00:00" < opens:
            closes = "24:00"
        if opens < closes <= "24:00":
            return f"{opens}-{closes}"
    return None


def _hour(hour: int, half: str | None, minutes: str | None) -> str:
    if half and half.casefold() == "pm" and hour < 12:
        hour += 12
    return f"{hour:02}:{minutes or '00'}"
