"""When letters should leave and when not, and whom to remind -> `calendar` and `follow_up`."""

from __future__ import annotations

from typing import Any

import regex

from outreach.rules.notes.account import Account
from outreach.rules.notes.dates import spans
from outreach.rules.notes.labels import groups, labelled
from outreach.rules.notes.outline import Line, Section
from outreach.rules.notes.words import folded

_TIMING = regex.compile(
    r"\b(?:timing|when to (?:send|write|mail)|calendar|zeitpunkt\w*|versandzeit\w*|"
    r"wann (?:senden|schreiben|verschicken)|"
    r"sendezeit\w*|kalender|terminplanung|moment|calendrier|zeitplanung|zeiten|best times?|sending times?|termine)\b"
)
_FOLLOWING = regex.compile(
    r"\b(?:follow ?-?ups?|following up|reminders?|erinnerung\w*|nachfass\w*|nachhaken|relances?|seguimiento|chasing)\b"
)
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
_DELAY = regex.compile(
    r"\b(\d{1,3}|one|two|three|four|six|ein(?:er|em)?|zwei|drei|vier|sechs|deux|dos)[- ](?:business |working )?"
    r"(days?|weeks?|months?|tage?n?|wochen?|monate?n?|jours?|semaines?|semanas?|días?|werktagen?)\b",
    regex.IGNORECASE,
)
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "six": 6,
    "ein": 1,
    "einer": 1,
    "einem": 1,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "sechs": 6,
    "deux": 2,
    "dos": 2,
}
_NONE = regex.compile(
    r"\b(?:no|none|never|not|do not|don't|kein\w*|nie|nicht|niemals|aucune?|pas de|ninguna?)\b", regex.IGNORECASE
)
_WHO = (
    ("person", r"individuals?|persons?|people|einzelpersonen|personen|privatpersonen|maintainers?|personnes"),
    ("media", r"media|press|presse|medien|journalis\w*|redaktion\w*|medias"),
    ("research", r"research\w*|forschung\w*|universit\w*|academi\w*|wissenschaft\w*|hochschulen"),
    ("project", r"projects?|projekte?"),
    ("institution", r"institutions?|behorden|ministeri\w*|authorities"),
    ("organisation", r"organi[sz]ations?|orgs|organisationen|verband\w*|vereine|ngos?|associations?"),
)


def read_timing(account: Account) -> None:
    """Every section on timing and on following up."""
    for section in account.document.top.walk():
        title = folded(section.title)
        if not section.level or not account.is_free(section.line):
            continue
        if _FOLLOWING.search(title) and _follow_up(account, section):
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
                text = line.text
                found = labelled(line)
                inner = found.means if found and found.means in ("avoid", "prefer", "days", "hours") else means
                _calendar_line(account, inner, text, line.number)
        if part is not section:
            account.take_heading(part, "calendar", "campaign.yaml: calendar")
    if any(each.path[0] == "calendar" for each in account.settings):
        account.take(section.line, section.own_end, "calendar", "campaign.yaml: calendar")


def _heading_means(title: str) -> str:
    from_title = folded(title)
    if regex.search(r"\b(?:avoid|not|vermeiden|meiden|nicht|sperr\w*|eviter)\b", from_title):
        return "avoid"
    return (
        "prefer" if regex.search(r"\b(?:best|good|optimal|gunstig\w*|gut\w*|prefer\w*|ideal\w*)\b", from_title) else ""
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
        if words.strip(" .") and len(words) <= 120 and not any(True for _ in spans(words)):
            value["why"] = words.strip(" .()")
        if all(each.value != value for each in account.settings):
            account.add_setting(("calendar", means), [value], number)
        account.take(number, number, "calendar", f"campaign.yaml: calendar.{means}")


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
        if opens < closes <= "23:59":
            return f"{opens}-{closes}"
    return None


def _hour(hour: int, half: str | None, minutes: str | None) -> str:
    if half and half.casefold() == "pm" and hour < 12:
        hour += 12
    return f"{hour:02}:{minutes or '00'}"


# --- following up ---


def delay_in(text: str) -> str | None:
    """The first delay in `text`, as `14d`."""
    found = _DELAY.search(text)
    if not found:
        return None
    count = int(found[1]) if found[1].isdigit() else _NUMBERS[found[1].casefold()]
    unit = folded(found[2])
    days = count * (
        7 if unit.startswith(("week", "woche", "semain", "seman")) else 30 if unit.startswith(("mon",)) else 1
    )
    return f"{days}d"


def _follow_up(account: Account, section: Section) -> bool:
    after, line_of = None, section.line
    none: list[str] = []
    some: list[str] = []
    news = None
    times = 1
    for part in section.walk():
        for group in groups(part.blocks):
            lines = group.lines or []
            if after is None and (
                found := delay_in(f"{part.title if part is not section else ''} {group.label} {group.value}")
            ):
                after = found
            for line in lines:
                after = after or delay_in(line.text)
                kinds, refused = _whom(line)
                (none if refused else some).extend(kinds)
                if (
                    kinds
                    and "media" in kinds
                    and not refused
                    and regex.search(r"\b(?:if|wenn|falls|only|nur|si)\b", line.text)
                ):
                    news = line
                if regex.search(r"\b(?:two|zwei|2) (?:follow|reminder|erinnerung|nachfass)", folded(line.text)):
                    times = 2
    if after is None:
        return False
    value: dict[str, Any] = {"after": after, "template": _follow_up_template(account, section), "times": times}
    none = [kind for kind in dict.fromkeys(none) if kind not in some]
    if none:
        value["to"] = f"kind != '{none[0]}'" if len(none) == 1 else f"kind not in {none}"
    account.add_setting(("follow_up",), value, line_of)
    if news is not None:
        _news(account, news)
    account.take(section.line, section.line, "follow-up", "campaign.yaml: follow_up")
    _take_rules(account, section)
    return True


def _take_rules(account: Account, section: Section) -> None:
    for part in section.walk():
        for group in groups(part.blocks):
            used = [line for line in group.lines if _whom(line)[0] or delay_in(line.text)]
            for line in used:
                account.take(line.number, line.number, "follow-up", "campaign.yaml: follow_up")
            if delay_in(group.label) and group.lines:
                first = min(line.number for line in group.lines)
                for number in range(max(part.line, first - 3), first):
                    if delay_in(account.document.source[number - 1]):
                        account.take(number, number, "follow-up", "campaign.yaml: follow_up")


def _whom(line: Line) -> tuple[list[str], bool]:
    """The kinds of contact a rule is for, and whether it says that they get none."""
    found = labelled(line)
    head = folded(found.label if found else line.text)
    kinds = [kind for kind, pattern in _WHO if regex.search(rf"\b(?:{pattern})\b", head)]
    value = found.value if found else line.text
    return kinds, bool(_NONE.search(" ".join(value.split()[:4]) if found else value))


def _news(account: Account, line: Line) -> None:
    condition = line.text.partition(":")[2].strip() or line.text
    decision = {"id": "news-hook", "ask": f"For the media: {condition}"[:200].rstrip("."), "choices": ["yes", "no"]}
    account.add_setting(("decisions",), [decision], line.number)
    account.hint("condition", {"kind": "media", "follow_up_needs": "decision('news-hook') == 'yes'"}, line.number)


def _follow_up_template(account: Account, section: Section) -> str:
    own = next(
        (text for text in account.texts if text.folder == "templates" and _FOLLOWING.search(folded(text.name))), None
    )
    if own:
        return own.name.removesuffix(".md")
    subject = next(
        (str(text.front.get("subject")) for text in account.texts if text.folder == "templates"), "{{ campaign.title }}"
    )
    german = any(word in " ".join(account.document.source[:200]).casefold() for word in (" und ", " der ", " für "))
    body = (
        "Guten Tag {{ contact.name }},\n\nvor einiger Zeit habe ich Ihnen geschrieben: {{ previous.subject }}\n\n"
        "Dies ist meine einzige Erinnerung. Über eine kurze Antwort freue ich mich.\n\n{{ sender.name }}\n"
        if german
        else "Hello {{ contact.name }},\n\nsome time ago I wrote to you: {{ previous.subject }}\n\n"
        "This is my only reminder. A short answer is welcome.\n\n{{ sender.name }}\n"
    )
    subject = subject if "{{" not in subject else "{{ campaign.title }}"
    account.add_text("templates", "follow-up", {"subject": f"Re: {subject}"}, body, section.line)
    hint = "It is short and made by outreach: read templates/follow-up.md and make it yours."
    account.ask(section.line, "The notes say when to follow up, but not with which words.", hint)
    return "follow-up"
