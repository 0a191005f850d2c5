"""Whom to remind, after how long, and whom never -> `follow_up`."""

from __future__ import annotations

from typing import Any

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.labels import groups, labelled
from outreach.intake.notes.timing import SENTENCES
from outreach.intake.notes.words import folded, language_of
from outreach.intake.outline import Line, Section

_FOLLOWING = regex.compile(
    r"\b(?:follow ?-?ups?|following up|reminders?|erinnerung\w*|nachfass\w*|nachhaken|relances?|seguimiento|chasing)\b"
)
_REMINDED = regex.compile(rf"{_FOLLOWING.pattern}|\b(?:remind|chase|erinner\w*|nachfassen)\b")
_DELAY = regex.compile(
    r"\b(\d{1,3}|one|two|three|four|six|ein(?:er|em|e)?|zwei|drei|vier|sechs|deux|dos)[- ](?:business |working )?"
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
    "eine": 1,
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


def read_follow_ups(account: Account) -> None:
    """Every section on following up."""
    for section in account.document.top.walk():
        if section.level and account.is_free(section.line) and _FOLLOWING.search(folded(section.title)):
            _follow_up(account, section)
    if not any(each.path == ("follow_up",) for each in account.settings):
        _loose_sentence(account)


def _loose_sentence(account: Account) -> None:
    """A rule in passing: `Remind once after three weeks, never individuals.`"""
    for section in account.document.top.walk():
        for line in (line for group in groups(section.blocks) for line in group.lines):
            for sentence in regex.split(SENTENCES, line.text) if account.is_free(line.number) else ():
                after = delay_in(sentence) if _REMINDED.search(folded(sentence)) else None
                if after is None:
                    continue
                clauses = _clauses(Line(number=line.number, text=sentence))
                none = list(dict.fromkeys(kind for kind, refused in clauses if refused))
                _add_rule(account, section, after, none, line.number)
                account.take(line.number, line.number, "follow-up", "campaign.yaml: follow_up")
                return


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
                for kind, no in _clauses(line) if labelled(line) is None else [(kind, refused) for kind in kinds]:
                    (none if no else some).append(kind)
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
    none = [kind for kind in dict.fromkeys(none) if kind not in some]
    _add_rule(account, section, after, none, line_of, times)
    if news is not None:
        _news(account, news)
    account.take(section.line, section.line, "follow-up", "campaign.yaml: follow_up")
    _take_rules(account, section)
    return True


def _add_rule(account: Account, section: Section, after: str, none: list[str], line: int, times: int = 1) -> None:
    value: dict[str, Any] = {"after": after, "template": _follow_up_template(account, section), "times": times}
    if none:
        value["to"] = f"kind != '{none[0]}'" if len(none) == 1 else f"kind not in {none}"
    account.add_setting(("follow_up",), value, line)


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


def _clauses(line: Line) -> list[tuple[str, bool]]:
    """The kinds that a sentence names, clause by clause: `one for organisations; never for individuals`."""
    found = []
    for clause in regex.split(r"[;,.]|\bbut\b|\baber\b", line.text):
        kinds, refused = _whom(Line(number=line.number, text=clause))
        found += [(kind, refused) for kind in kinds]
    return found


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
    body = (
        "Guten Tag {{ contact.name }},\n\nvor einiger Zeit habe ich Ihnen geschrieben: {{ previous.subject }}\n\n"
        "Dies ist meine einzige Erinnerung. Über eine kurze Antwort freue ich mich.\n\n{{ sender.name }}\n"
        if language_of(account.document.source) == "de"
        else "Hello {{ contact.name }},\n\nsome time ago I wrote to you: {{ previous.subject }}\n\n"
        "This is my only reminder. A short answer is welcome.\n\n{{ sender.name }}\n"
    )
    subject = subject if "{{" not in subject else "{{ campaign.title }}"
    account.add_text("templates", "follow-up", {"subject": f"Re: {subject}"}, body, section.line)
    hint = "It is short and made by outreach: read templates/follow-up.md and make it yours."
    account.ask(section.line, "The notes say when to follow up, but not with which words.", hint)
    return "follow-up"
