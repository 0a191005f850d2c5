"""Strategies for social networks -> posts, with their titles, hashtags and times, and the decision to go on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import regex

from outreach.rules.notes.account import Account
from outreach.rules.notes.contacts.filling import unquoted
from outreach.rules.notes.dates import Calendar, Span, spans
from outreach.rules.notes.labels import groups, labelled
from outreach.rules.notes.outline import Block, Section
from outreach.rules.notes.placeholders import with_variables
from outreach.rules.notes.templates import ask_for
from outreach.rules.notes.timing import days_in, delay_in, hours_in
from outreach.rules.notes.words import folded
from outreach.rules.slugs import slug_of

_NETWORKS = {
    "reddit": r"reddit|subreddit|r/\w+",
    "bluesky": r"bluesky|bsky",
    "mastodon": r"mastodon|fediverse|fediversum",
    "hackernews": r"hacker ?news|hn",
    "x": r"twitter|twitter/x|x",
    "linkedin": r"linkedin",
    "mailing-list": r"mailing ?lists?|mailingliste\w*",
}
_THREADS = ("bluesky", "mastodon", "x")
_PART = regex.compile(
    r"^[ \t>*_#]*(?:(?:post|tweet|toot|beitrag|teil|part|skeet|nachricht|message)\s*#?\d{1,2}(?:\s*/\s*\d{1,2})?\s*[:.)\u2013-]?[*_ ]*$"
    r"|(?:(?:post|tweet|toot|beitrag|teil|part|skeet)\s*#?)?\(?\d{1,2}\s*/\s*\d{1,2}\)?[:.)]?[*_]*(?:\s+|$)"
    r"|(?:post|tweet|toot|beitrag|teil|part|skeet)\s*#?\d{1,2}\s*[:.)][*_]*\s+)",
    regex.MULTILINE | regex.IGNORECASE,
)
_SAME = regex.compile(r"\b(?:same|identical|gleiche\w*|derselbe|dasselbe|selbe\w*|wie (?:bei|auf)|identisch|meme|mismo)\b")
_MAYBE_NOT = regex.compile(r"\b(?:optional\w*|if you must|if at all|notfalls|nur wenn)\b")
_COMMUNITY = regex.compile(r"\br/\w{3,21}\b")
_HASHTAG = regex.compile(r"(?<![\w&/])#(\p{L}[\w]{1,60})")
_TIMELINE = regex.compile(
    r"\b(?:timeline|schedule|roadmap|zeitplan\w*|ablauf\w*|fahrplan|calendrier|cronograma|when what|phases?|phasen|termine)\b"
)
_ZONES = {
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "pst": "America/Los_Angeles",
    "pt": "America/Los_Angeles", "cet": "Europe/Brussels", "cest": "Europe/Brussels", "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin", "gmt": "Europe/London", "bst": "Europe/London", "utc": "UTC",
}  # fmt: skip
_ZONE = regex.compile(rf"\b({'|'.join(_ZONES)})\b", regex.IGNORECASE)
_MORNING = regex.compile(r"\b(?:mornings?|vormittags?|morgens|matin)\b", regex.IGNORECASE)
_METRICS = regex.compile(
    r"\b(?:success|metrics|go ?/ ?no ?go|decision|levels?|thresholds?|criteria|erfolg\w*|kriterien|schwellen\w*|entscheidung\w*)\b"
)
_STOPPING = regex.compile(
    r"\b(?:don t|do not|not|never|stop|abandon|fail\w*|nicht|abbrechen|scheiter\w*|misserfolg|aufgeben|kein\w*|verwerfen|stopp)\b"
)
_GOING = regex.compile(r"\u2192|->|\u21d2|=>")
_ASSESSING = regex.compile(r"\b(?:assess|decide|decision|evaluate|entscheid\w*|auswert\w*|bewert\w*|bilanz)\b")
_LETTERS = regex.compile(r"\b(?:outreach|e ?mails?|organi[sz]ations?|orgs|letters?|briefe|anschreiben|verband\w*|tier \d|stufe \d|versand)\b")
_VOTES = regex.compile(r"(\d{2,6})\+?\s*(?:upvotes|points|punkte|likes|stimmen)")


@dataclass(kw_only=True)
class _Post:
    """A post while it is read."""

    stem: str
    networks: list[str]
    line: int
    body: str = ""
    is_thread: bool = False
    front: dict[str, Any] = field(default_factory=dict)
    hashtags: dict[str, list[str]] = field(default_factory=dict)


def networks_in(text: str) -> list[str]:
    """The networks that a heading or line names, in the order of the names of the format."""
    words = text.casefold()
    return [name for name, pattern in _NETWORKS.items() if regex.search(rf"(?<![\w.]){pattern}(?![\w.])", words)]


def read_posts(account: Account, calendar: Calendar) -> None:
    """The posts of a document, with all that it says of when and whether."""
    posts: list[_Post] = []
    taken: set[int] = set()
    for section in account.document.top.walk():
        networks = networks_in(section.title)
        if not section.level or section.level > 3 or not networks or section.line in taken or not account.is_free(section.line):
            continue
        taken |= {part.line for part in section.walk()}
        _strategy(account, section, networks, posts)
    if not posts:
        return
    _times(account, posts, calendar)
    _decision(account, posts, calendar)
    for post in posts:
        _write(account, post)


def _strategy(account: Account, section: Section, networks: list[str], posts: list[_Post]) -> None:
    blocks = [block for part in section.walk() for block in part.blocks]
    fences = [block for block in blocks if block.kind == "fence" and len(block.content.split()) >= 8]
    words = " ".join(block.text for block in blocks if block.kind != "fence")
    optional = bool(_MAYBE_NOT.search(folded(section.title.replace("(", "").replace(")", ""))))
    same = next((post for post in posts if post.is_thread), None)
    post: _Post | None = None
    if fences:
        post = _post_of(section, networks, fences[0], words)
        posts.append(post)
        account.take_block(fences[0], "post", f"posts/{post.stem}.md")
    elif same and set(networks) & set(_THREADS) and not optional and _SAME.search(folded(f"{section.title} {words}")):
        same.networks += [network for network in networks if network not in same.networks]
        post = same
    elif "hackernews" in networks:
        post = _link_post(section)
        if post:
            posts.append(post)
    if post:
        account.take_heading(section, "post", f"posts/{post.stem}.md")
        _details(account, section, networks, post, posts)


def _post_of(section: Section, networks: list[str], fence: Block, words: str) -> _Post:
    community = _COMMUNITY.search(words) if networks == ["reddit"] else None
    threads = [name for name in networks if name in _THREADS]
    bodies = [part.strip(" \t\n") for part in _PART.split(fence.content)]
    parts = [part.strip("- \n") if set(part) == {"-"} else part for part in bodies if part.strip("-\n ")]
    is_thread = bool(threads) and len(_PART.findall(fence.content)) >= 2
    if is_thread:
        body = "\n---\n".join(regex.sub(r"\n-{3,}\s*$", "", part).strip() for part in parts)
    else:
        body = fence.content.strip("\n")
    stem = "thread" if is_thread else slug_of(community[0]) if community else slug_of(networks[0])
    post = _Post(stem=stem, networks=list(networks), line=section.line, body=body, is_thread=is_thread)
    if community:
        post.front["community"] = community[0]
    return post


def _link_post(section: Section) -> _Post | None:
    for part in section.walk():
        for block in part.blocks:
            for line in block.lines:
                found = labelled(line)
                if found and found.means == "titles" and found.value:
                    post = _Post(stem="hackernews", networks=["hackernews"], line=section.line)
                    post.front.update(titles=[unquoted(found.value)], link="{{ links.brief }}")
                    return post
    return None


def _details(account: Account, section: Section, networks: list[str], post: _Post, posts: list[_Post]) -> None:
    to = f"posts/{post.stem}.md"
    before = next((each.stem for each in posts if each is not post and "reddit" in each.networks), "")
    for part in section.walk():
        for group in groups(part.blocks):
            texts = [line.text for line in group.lines]
            used = False
            if group.means == "titles" and "link" not in post.front:
                titles = [unquoted(line.text) for line in group.lines if len(line.text) > 8]
                post.front["titles"] = titles or post.front.get("titles", [])
                used = bool(titles)
            elif group.means == "hashtags" or (texts and all(text.startswith("#") for text in texts)):
                found = list(dict.fromkeys(tag for text in texts for tag in _HASHTAG.findall(text.split(" (")[0])))
                for network in networks:
                    post.hashtags.setdefault(network, []).extend(found)
                used = bool(found)
            elif group.means in ("timing", "days", "hours", "prefer") or (group.means == "avoid" and days_in(" ".join(texts))):
                used = _timing(post, group.means, f"{group.value} " + " ".join(texts), before)
            if used:
                for line in group.lines:
                    account.take(line.number, line.number, "post", to)
                first = min((line.number for line in group.lines), default=0)
                for number in range(max(part.line + 1, first - 2), first):
                    if group.label and group.label in account.document.source[number - 1]:
                        account.take(number, number, "post", to)
    if votes := _VOTES.search(" ".join(b.text for p in section.walk() for b in p.blocks if "only" in b.text.casefold())):
        if before:
            post.front["needs"] = f"posts['{before}'].upvotes >= {votes[1]}"


def _timing(post: _Post, means: str, text: str, before: str) -> bool:
    if means == "avoid":
        return bool(post.front.get("_days"))
    if networks_in(text) and (delay := delay_in(regex.sub(r"(\d+)\s*[-\u2013]\s*\d+", r"\1", text))) and before:
        post.front["after"] = {"post": before, "delay": delay}
        return True
    if before and networks_in(text) and "after" not in post.front and "hackernews" in post.networks:
        post.front["after"] = {"post": before, "delay": "7d"}
        return True
    sentence = regex.split(r"\b(?:avoid|vermeiden|nicht|not)\b", text, flags=regex.IGNORECASE)[0]
    days, hours, zone = days_in(sentence), hours_in(sentence), _ZONE.search(sentence)
    if days:
        post.front["_days"] = days
    if hours:
        post.front["_hours"] = hours
        if zone:
            post.front["_zone"] = _ZONES[zone[1].casefold()]
    return bool(days or hours)


# --- times and decisions ---


def _times(account: Account, posts: list[_Post], calendar: Calendar) -> None:
    """Lines of timelines that name days and a post."""
    for section in account.document.top.walk():
        titles = [section.title, *(above.title for above in section.above() if above.level)]
        if not any(_TIMELINE.search(folded(title)) for title in titles):
            continue
        for text, number in [(section.title, section.line), *((line.text, line.number) for b in section.blocks for line in b.lines)]:
            for span in spans(text):
                _dated(account, posts, calendar, text, number, span)
        for block in section.blocks:
            if block.kind == "row":
                text = " ".join(cell.text for cell in block.lines)
                for span in spans(text):
                    _dated(account, posts, calendar, text, block.line, span)


def _dated(account: Account, posts: list[_Post], calendar: Calendar, text: str, number: int, span: Span) -> None:
    named = networks_in(text)
    words = folded(text)
    hit = [
        post
        for post in posts
        if post.front.get("community", "-") in text
        or (post.is_thread and set(post.networks) & set(named) and "community" not in post.front)
        or (not _COMMUNITY.search(text) and set(post.networks) & set(named) and not any(p.is_thread and set(p.networks) & set(named) for p in posts))
    ]
    posting = regex.search(r"\b(?:post\w*|thread|publish\w*|beitrag|veroffentlich\w*|start\w*|submit\w*)\b", words)
    assessing = _ASSESSING.search(words)
    starting = _LETTERS.search(words) and regex.search(r"\b(?:phase|start\w*|send\w*|outreach|approach|versand|anschreiben|ab)\b", words)
    if not ((hit and posting) or assessing or starting):
        return
    values: dict[str, Any] = {"first": span.first, "last": span.last, "text": text[span.at[0] : span.at[1]]}
    values |= {"posts": [post.stem for post in hit]} if hit and posting else {"by": "decision"} if assessing else {"start": "letters"}
    account.take(number, number, "date", f"posts/{hit[0].stem}.md" if hit and posting else "campaign.yaml")
    year = calendar.year_of(span)
    if year is None:
        account.hint("condition", {"undated": values}, number)
        hint = "Write the year beside it, or the day of the last change into the notes (Last updated: ...)."
        account.ask(number, f"No year is said for {values['text']!r}, so nothing was dated by it.", hint)
        return
    first, last = span.days(year)
    for post in hit if posting else ():
        window = {"from": first.isoformat(), "to": last.isoformat()}
        days = days_in(text[span.at[1] :])
        if days:
            window["days"] = days  # type: ignore[assignment]
        post.front.setdefault("window", window)
    if assessing and not (hit and posting):
        account.hint("condition", {"by": last.isoformat()}, number)
    elif starting and not (hit and posting):
        account.hint("condition", {"start": first.isoformat()}, number)


def _decision(account: Account, posts: list[_Post], calendar: Calendar) -> None:
    """Levels of success under one heading, with what follows from each -> a decision, and what holds the letters."""
    first = next((post for post in posts if "reddit" in post.networks), posts[0])
    for section in account.document.top.walk():
        if not _METRICS.search(folded(section.title)):
            continue
        levels = _levels(section)
        if len(levels) < 2:
            continue
        choices = [slug_of(title.partition("(")[0]) for title, _, _ in levels]
        going = [choice for choice, (title, outcome, _) in zip(choices, levels, strict=True) if not _STOPPING.search(folded(f"{title} {outcome}"))]
        by = next((hint.values["by"] for hint in account.hints if "by" in hint.values), None)
        value: dict[str, Any] = {"id": first.stem, "ask": f"{section.title}: which level did it reach, and do we go on?"}
        value["after"] = f"{first.stem} + 3d"
        if by:
            value["by"] = by
        value["choices"] = choices
        account.add_setting(("decisions",), [value], section.line)
        if going and len(going) < len(choices):
            account.hint("condition", {"needs": f"decision('{first.stem}') in {going}"}, section.line)
        votes = [int(found[1]) for title, _, text in levels if slug_of(title.partition("(")[0]) in going and (found := _VOTES.search(text))]
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
                found.append((group.label, (_GOING.split(text) + [text])[1], text))
        for block in section.blocks:
            if block.kind == "row":
                cells = [cell.text for cell in block.lines]
                found.append((cells[0], cells[-1], " ".join(cells)))
    return found


def _write(account: Account, post: _Post) -> None:
    front: dict[str, Any] = {"networks": post.networks}
    days, hours, zone = (post.front.pop(key, None) for key in ("_days", "_hours", "_zone"))
    window = post.front.get("window")
    if window:
        for key, value in (("days", days), ("hours", hours), ("timezone", zone)):
            if value:
                window.setdefault(key, value)
    elif days or hours:
        account.hint("condition", {"window_of": post.stem, "days": days, "hours": hours, "timezone": zone}, post.line)
    front |= {key: post.front[key] for key in ("community", "titles", "link", "window", "after", "needs") if post.front.get(key)}
    if post.hashtags:
        tags = {name: list(dict.fromkeys(found)) for name, found in post.hashtags.items() if name in post.networks}
        front["hashtags"] = tags
    first = "r-linux" if post.stem != "r-linux" else ""
    body = with_variables(post.body, in_post=True, first_post=first)
    if post.is_thread and any(len(part) > 290 for part in body.split("\n---\n")):
        front["split"] = "auto"
    ask_for(account, f"{body}\n{front.get('link', '')}", post.line)
    account.add_text("posts", post.stem, front, body + "\n" if body else "", post.line)
