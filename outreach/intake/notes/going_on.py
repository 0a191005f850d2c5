"""When posts are due, and how well they have to do for the letters to follow."""

from __future__ import annotations

from typing import Any

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.dates import Calendar, Span, spans
from outreach.intake.notes.drafts_of_posts import COMMUNITY, VOTES, PostDraft, networks_in
from outreach.intake.notes.labels import groups, labelled
from outreach.intake.notes.timing import days_in
from outreach.intake.notes.words import folded
from outreach.intake.outline import Section
from outreach.words.slugs import slug_of

_TIMELINE = regex.compile(
    r"\b(?:timeline|schedule|roadmap|zeitplan\w*|ablauf\w*|fahrplan|calendrier|"
    r"cronograma|when what|phases?|phasen|termine)\b"
)
_METRICS = regex.compile(
    r"\b(?:success|metrics|go ?/ ?no ?go|decision|levels?|thresholds?|criteria|erfolg\w*|kriterien|"
    r"schwellen\w*|entscheidung\w*)\b"
)
_STOPPING = regex.compile(
    r"\b(?:don t|do not|not|never|stop|abandon|fail\w*|nicht|abbrechen|"
    r"scheiter\w*|misserfolg|aufgeben|kein\w*|verwerfen|stopp)\b"
)
_GOING = regex.compile(r"\u2192|->|\u21d2|=>")
_ASSESSING = regex.compile(r"\b(?:assess|decide|decision|evaluate|entscheid\w*|auswert\w*|bewert\w*|bilanz)\b")
_LETTERS = regex.compile(
    r"\b(?:outreach|e ?mails?|organi[sz]ations?|orgs|letters?|briefe|anschreiben|verband\w*|tier \d|stufe \d|versand)\b"
)


def read_times(account: Account, posts: list[PostDraft], calendar: Calendar) -> None:
    """Lines of timelines that name days and a post."""
    for section in account.document.top.walk():
        titles = [section.title, *(above.title for above in section.above() if above.level)]
        if not any(_TIMELINE.search(folded(title)) for title in titles):
            continue
        for text, number in [
            (section.title, section.line),
            *((line.text, line.number) for b in section.blocks for line in b.lines),
        ]:
            for span in spans(text):
                _dated(account, posts, calendar, text, number, span)
        for block in section.blocks:
            if block.kind == "row":
                text = " ".join(cell.text for cell in block.lines)
                for span in spans(text):
                    _dated(account, posts, calendar, text, block.line, span)


def _dated(account: Account, posts: list[PostDraft], calendar: Calendar, text: str, number: int, span: Span) -> None:
    named = networks_in(text)
    words = folded(text)
    hit = [
        post
        for post in posts
        if post.front.get("community", "\0") in text
        or (post.is_thread and set(post.networks) & set(named) and "community" not in post.front)
        or (
            not COMMUNITY.search(text)
            and set(post.networks) & set(named)
            and not any(p.is_thread and set(p.networks) & set(named) for p in posts)
        )
    ]
    posting = regex.search(r"\b(?:post\w*|thread|publish\w*|beitrag|veroffentlich\w*|start\w*|submit\w*)\b", words)
    assessing = _ASSESSING.search(words)
    starting = _LETTERS.search(words) and regex.search(
        r"\b(?:phase|start\w*|send\w*|outreach|approach|versand|anschreiben|ab)\b", words
    )
    if not ((hit and posting) or assessing or starting):
        return
    values: dict[str, Any] = {"first": span.first, "last": span.last, "text": text[span.at[0] : span.at[1]]}
    values |= (
        {"posts": [post.stem for post in hit]}
        if hit and posting
        else {"by": "decision"}
        if assessing
        else {"start": "letters"}
    )
    values["days"] = days_in(text[span.at[1] :])
    values["to"] = f"posts/{hit[0].stem}.md" if hit and posting else "campaign.yaml"
    _place(account, hit if posting else [], calendar.year_of(span), span, values, number)


def _place(
    account: Account, hit: list[PostDraft], year: int | None, span: Span, values: dict[str, Any], number: int
) -> None:
    if year is None:
        account.hint("condition", {"undated": values}, number)
        hint = "Write the year beside it, or the day of the last change into the notes (Last updated: ...)."
        account.ask(number, f"There is no year for {values['text']!r}, so nothing was dated by it.", hint)
        return
    account.take(number, number, "date", values["to"])
    first, last = span.days(year)
    window = {"from": first.isoformat(), "to": last.isoformat(), **({"days": values["days"]} if values["days"] else {})}
    for post in hit:
        post.front.setdefault("window", window)
    if "by" in values:
        account.hint("condition", {"by": last.isoformat()}, number)
    elif "start" in values:
        account.hint("condition", {"start": first.isoformat()}, number)


def read_decision(account: Account, posts: list[PostDraft], calendar: Calendar) -> None:
    """Levels of success under one heading, with what follows from each -> a decision, and what holds the letters."""
    first = next((post for post in posts if "reddit" in post.networks), posts[0])
    for section in account.document.top.walk():
        if not _METRICS.search(folded(section.title)):
            continue
        levels = _levels(section)
        if len(levels) < 2:
            continue
        choices = [slug_of(title.partition("(")[0]) for title, _, _ in levels]
        going = [
            choice
            for choice, (title, outcome, _) in zip(choices, levels, strict=True)
            if not _STOPPING.search(folded(f"{title} {outcome}"))
        ]
        by = next((hint.values["by"] for hint in account.hints if "by" in hint.values), None)
        value: dict[str, Any] = {
            "id": first.stem,
            "ask": f"{section.title}: which level did it reach, and do we go on?",
        }
        value["after"] = f"{first.stem} + 3d"
        if by:
            value["by"] = by
        value["choices"] = choices
        account.add_setting(("decisions",), [value], section.line)
        if going and len(going) < len(choices):
            account.hint("condition", {"needs": f"decision('{first.stem}') in {going}"}, section.line)
        votes = [
            int(found[1])
            for title, _, text in levels
            if slug_of(title.partition("(")[0]) in going and (found := VOTES.search(text))
        ]
        if votes:
            for post in posts:
                if post.is_thread and post is not first:
                    post.front.setdefault("needs", f"posts['{first.stem}'].upvotes >= {min(votes)}")
        account.take(section.line, section.end, "decision", "campaign.yaml: decisions")
        return


def _levels(section: Section) -> list[tuple[str, str, str]]:
    """Title, what follows, and the words of each level, whether levels are headings, labels or rows."""
    found = []
    for child in section.children:
        lines = [line.text for part in child.walk() for block in part.blocks for line in block.lines]
        outcome = " ".join(text for text in lines if _GOING.search(text))
        found.append((child.title.rstrip(":"), outcome, " ".join(lines)))
    if not found:
        for group in groups(section.blocks):
            text = " ".join(line.text for line in group.lines) or group.value
            if group.label and not _GOING.search(group.label) and text:
                found.append((group.label, _GOING.split(text)[-1], text))
        for block in section.blocks:
            if block.kind == "row":
                cells = [cell.text for cell in block.lines]
                found.append((cells[0], cells[-1], " ".join(cells)))
    if len(found) < 2:
        items = [known for block in section.blocks for line in block.lines if (known := labelled(line))]
        found = [(each.label, _GOING.split(each.value)[-1], each.value) for each in items if _GOING.search(each.value)]
    return found
