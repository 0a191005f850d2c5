"""Several posts under one heading: `**Post 1: ...**` is a post of its own, a run of `1/`, `2/` one thread."""

from __future__ import annotations

from functools import lru_cache

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.drafts_of_posts import PostDraft
from outreach.intake.notes.labels import labelled
from outreach.intake.outline import Block, Line, Section
from outreach.words.phrases import phrases
from outreach.words.slugs import slug_of

_HASHTAG = regex.compile(r"(?<![\w&/])#(\p{L}[\w]{1,60})")
_NUMBERED = regex.compile(r"^\s*\(?(\d{1,2})\s*/\s*(?:\d{1,2})?\)?[:.)]?\s*")
_ASIDE = frozenset(("tone", "timing", "where", "handles", "audience", "internal_notes", "stage", "avoid", "prefer"))
"""Labels whose lines are for the writer: they stay as a note."""


@lru_cache(maxsize=1)
def _marker() -> regex.Pattern[str]:
    words = "|".join(regex.escape(word) for word in phrases("texts", "post"))
    return regex.compile(
        rf"^\s*(?:#{{2,6}}\s+|\*\*|__)\s*(?:{words})\s*#?\s*(?P<number>\d{{1,2}})(?:\s*/\s*\d+)?\s*"
        r"(?:[:.)\u2013\u2014-]\s*(?P<title>[^*_]*?))?\s*(?P<more>\([^()]*\))?\s*:?\s*(?:\*\*|__)?\s*:?\s*$",
        regex.IGNORECASE,
    )


@lru_cache(maxsize=1)
def _day() -> regex.Pattern[str]:
    words = "|".join(regex.escape(word) for word in phrases("texts", "day"))
    return regex.compile(rf"\b(?:{words})\s*(\d{{1,3}})\b", regex.IGNORECASE)


def separate_posts(account: Account, section: Section, networks: list[str]) -> list[PostDraft]:
    """The posts of a section that are marked one by one; none if it holds a single post or thread."""
    first, last = section.line + 1, section.end
    found = [(n, m) for n in range(first, last + 1) if (m := _marker().match(account.document.source[n - 1]))]
    titled = [match for _, match in found if match["title"] or match["more"]]
    if not found or (len(found) < 2 and not titled) or (not titled and _says_thread(section.title)):
        return []
    ends = [number - 1 for number, _ in found[1:]] + [last]
    return [
        _post(account, section, networks, (number, end), match)
        for (number, match), end in zip(found, ends, strict=True)
    ]


def _says_thread(title: str) -> bool:
    return any(
        regex.search(rf"\b{regex.escape(word)}\b", title, regex.IGNORECASE) for word in phrases("texts", "thread")
    )


def _post(
    account: Account, section: Section, networks: list[str], lines: tuple[int, int], match: regex.Match[str]
) -> PostDraft:
    title = (match["title"] or "").strip(" :")
    day = _day().search(match["more"] or "") or _day().search(title)
    stem = slug_of(f"{networks[0]} {title or match['number']}")[:60].strip("-")
    post = PostDraft(stem=stem, networks=list(networks), line=lines[0])
    if day:
        post.front["_day"] = int(day[1])
    body: list[str] = []
    taken = [lines[0]]
    fence = _fence(section, lines)
    for number in range(lines[0] + 1, lines[1] + 1):
        text = account.document.source[number - 1]
        if fence:
            if fence.line <= number <= fence.end:
                taken.append(number)
            continue
        if regex.match(r"\s*(?:-{3,}|\*{3,}|_{3,}|#{1,6}\s.*)$", text):
            if body and any(line.strip() for line in body):
                break
            continue
        found = labelled(Line(number=number, text=text.strip().strip("*_ "), lead=""))
        if found and found.means == "hashtags":
            for network in networks:
                post.hashtags.setdefault(network, []).extend(_HASHTAG.findall(found.value))
            taken.append(number)
        elif not (found and found.means in _ASIDE):
            body.append(text)
            taken += [number] if text.strip() else []
    post.body = fence.content.strip("\n") if fence else "\n".join(body).strip("\n")
    for number in taken:
        account.take(number, number, "post", f"posts/{stem}.md")
    return post


def _fence(section: Section, lines: tuple[int, int]) -> Block | None:
    fences = [block for part in section.walk() for block in part.blocks if block.kind == "fence"]
    return next((block for block in fences if lines[0] < block.line <= lines[1]), None)


def thread_of_fences(account: Account, fences: list[Block]) -> tuple[Block | None, list[Block]]:
    """A run of fences that are numbered `1/`, `2/` as one block with parts, and the fences that are none of it."""
    run = [block for block in fences if _NUMBERED.match(block.content)]
    numbers = [int(match[1]) for block in run if (match := _NUMBERED.match(block.content))]
    if len(run) < 2 or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return None, fences
    parts = [_NUMBERED.sub("", block.content.strip()) for block in run]
    content = "\n---\n".join(parts)
    whole = Block(kind="fence", line=run[0].line, end=run[-1].end, content=content)
    return whole, [block for block in fences if block not in run]


def placed_by_day(posts: list[PostDraft]) -> None:
    """`Day 3` is two days after the first post of day 1: said as `after`, counted from when that was published."""
    dated = sorted((post for post in posts if "_day" in post.front), key=lambda post: post.front["_day"])
    first = dated[0] if dated else None
    for post in dated:
        days = post.front.pop("_day") - (first.front.get("_day", 0) if first is not post and first else 0)
        post.front["_days_after"] = days
    begin = min((post.front["_days_after"] for post in dated), default=0)
    for post in dated:
        days = post.front.pop("_days_after") - begin
        if days > 0 and first is not None and post is not first:
            post.front["after"] = {"post": first.stem, "delay": f"{days}d"}
