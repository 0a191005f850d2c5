"""Strategies for social networks -> posts, with their titles, hashtags and times, and the decision to go on."""

from __future__ import annotations

from typing import Any

import regex

from outreach.intake.notes.account import Account
from outreach.intake.notes.contact_values import unquoted
from outreach.intake.notes.dates import Calendar
from outreach.intake.notes.drafts_of_posts import COMMUNITY, VOTES, PostDraft, networks_in
from outreach.intake.notes.following_up import delay_in
from outreach.intake.notes.going_on import read_decision, read_times
from outreach.intake.notes.labels import groups, labelled
from outreach.intake.notes.many_posts import placed_by_day, separate_posts, thread_of_fences
from outreach.intake.notes.placeholders import with_variables
from outreach.intake.notes.templates import ask_for
from outreach.intake.notes.timing import days_in, hours_in
from outreach.intake.notes.words import folded
from outreach.intake.outline import Block, Section
from outreach.networks.registry import network_of
from outreach.words.slugs import slug_of

_WORD_FOR_PART = r"(?:post|tweet|toot|beitrag|teil|part|skeet|nachricht|message)\s*#?"
_PART = regex.compile(
    rf"^[ \t>*_#]*(?:{_WORD_FOR_PART}\d{{1,2}}(?:\s*/\s*\d{{1,2}})?\s*[:.)\u2013-]?[*_ ]*$"
    rf"|(?:{_WORD_FOR_PART})?\(?\d{{1,2}}\s*/\s*\d{{1,2}}\)?[:.)]?[*_]*(?:\s+|$)"
    rf"|{_WORD_FOR_PART}\d{{1,2}}\s*[:.)][*_]*\s+)",
    regex.MULTILINE | regex.IGNORECASE,
)
_ONLY = regex.compile(r"\b(?:only|nur|seulement|erst)\b", regex.IGNORECASE)
_SAME = regex.compile(
    r"\b(?:same|identical|gleiche\w*|derselbe|dasselbe|selbe\w*|wie (?:bei|auf)|identisch|meme|mismo)\b"
)
_MAYBE_NOT = regex.compile(r"\b(?:optional\w*|if you must|if at all|notfalls|nur wenn)\b")
_HASHTAG = regex.compile(r"(?<![\w&/])#(\p{L}[\w]{1,60})")
_ZONES = {
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "pst": "America/Los_Angeles",
    "pt": "America/Los_Angeles", "cet": "Europe/Brussels", "cest": "Europe/Brussels", "mez": "Europe/Berlin",
    "mesz": "Europe/Berlin", "gmt": "Europe/London", "bst": "Europe/London", "utc": "UTC",
}  # fmt: skip
_ZONE = regex.compile(rf"\b({'|'.join(_ZONES)})\b", regex.IGNORECASE)
_MORNING = regex.compile(r"\b(?:mornings?|vormittags?|morgens|matin)\b", regex.IGNORECASE)


def read_posts(account: Account, calendar: Calendar) -> None:
    """The posts of a document, with all that it says of when and whether."""
    posts: list[PostDraft] = []
    taken: set[int] = set()
    for section in account.document.top.walk():
        networks = networks_in(section.title)
        if (
            not section.level
            or section.level > 3
            or not networks
            or section.line in taken
            or not account.is_free(section.line)
        ):
            continue
        taken |= {part.line for part in section.walk()}
        _strategy(account, section, networks, posts)
    if not posts:
        return
    placed_by_day(posts)
    read_times(account, posts, calendar)
    read_decision(account, posts, calendar)
    for post in posts:
        _write(account, post)


def _threads(networks: list[str]) -> list[str]:
    return [name for name in networks if network_of(name).has_threads]


def _strategy(account: Account, section: Section, networks: list[str], posts: list[PostDraft]) -> None:
    blocks = [block for part in section.walk() for block in part.blocks]
    fences = [block for block in blocks if block.kind == "fence" and len(block.content.split()) >= 4]
    words = " ".join(block.text for block in blocks if block.kind != "fence")
    optional = bool(_MAYBE_NOT.search(folded(section.title.replace("(", "").replace(")", ""))))
    same = next((post for post in posts if post.is_thread), None)
    post: PostDraft | None = None
    if separate := separate_posts(account, section, networks):
        posts += separate
        account.take_heading(section, "post", f"posts/{separate[0].stem}.md")
        return
    thread, fences = thread_of_fences(account, fences)
    if thread:
        body = thread.content
        stem = f"{networks[0]}-thread" if fences else "thread"
        posts.append(PostDraft(stem=stem, networks=list(networks), line=thread.line, body=body, is_thread=True))
        account.take_block(thread, "post", f"posts/{stem}.md")
        if not fences:
            account.take_heading(section, "post", f"posts/{stem}.md")
            return
    if not fences and (numbered := _numbered(account, blocks)):
        fences = [numbered]
    if fences:
        post = _post_of(section, networks, fences[0], words)
        posts.append(post)
        account.take_block(fences[0], "post", f"posts/{post.stem}.md")
    elif same and _threads(networks) and not optional and _SAME.search(folded(f"{section.title} {words}")):
        same.networks += [network for network in networks if network not in same.networks]
        post = same
    elif any(network_of(name).is_link for name in networks):
        post = _link_post(section)
        if post:
            posts.append(post)
    if post:
        account.take_heading(section, "post", f"posts/{post.stem}.md")
        _details(account, section, networks, post, posts)


def _numbered(account: Account, blocks: list[Block]) -> Block | None:
    """A thread that is in the text itself, from its first numbered part to its last."""
    parts = [block for block in blocks if block.kind != "fence" and _PART.match(f"{block.text}\n")]
    if len(parts) < 2:
        return None
    first, last = parts[0].line, parts[-1].end
    return Block(kind="fence", line=first, end=last, content=account.document.raw(first, last))


def _post_of(section: Section, networks: list[str], fence: Block, words: str) -> PostDraft:
    community = COMMUNITY.search(words) if networks == ["reddit"] else None
    threads = _threads(networks)
    bodies = [part.strip(" \t\n") for part in _PART.split(fence.content)]
    parts = [part.strip("- \n") if set(part) == {"-"} else part for part in bodies if part.strip("-\n ")]
    is_thread = bool(threads) and len(_PART.findall(fence.content)) >= 2
    if is_thread:
        body = "\n---\n".join(regex.sub(r"\n-{3,}\s*$", "", part).strip() for part in parts)
    else:
        body = fence.content.strip("\n")
    stem = "thread" if is_thread else slug_of(community[0]) if community else slug_of(networks[0])
    post = PostDraft(stem=stem, networks=list(networks), line=section.line, body=body, is_thread=is_thread)
    if community:
        post.front["community"] = community[0]
    return post


def _link_post(section: Section) -> PostDraft | None:
    for part in section.walk():
        for block in part.blocks:
            for line in block.lines:
                found = labelled(line)
                if found and found.means == "titles" and found.value:
                    post = PostDraft(stem="hackernews", networks=["hackernews"], line=section.line)
                    post.front.update(titles=[unquoted(found.value)], link="{{ links.brief }}")
                    return post
    return None


def _details(account: Account, section: Section, networks: list[str], post: PostDraft, posts: list[PostDraft]) -> None:
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
            elif group.means in ("timing", "days", "hours", "prefer") or (
                group.means == "avoid" and days_in(" ".join(texts))
            ):
                used = _timing(post, group.means, f"{group.value} " + " ".join(texts), before)
            if used:
                for line in group.lines:
                    account.take(line.number, line.number, "post", to)
                first = min((line.number for line in group.lines), default=0)
                for number in range(max(part.line + 1, first - 2), first):
                    if group.label and group.label in account.document.source[number - 1]:
                        account.take(number, number, "post", to)
    words = " ".join(block.text for part in section.walk() for block in part.blocks if _ONLY.search(block.text))
    if before and (votes := VOTES.search(words)):
        post.front["needs"] = f"posts['{before}'].upvotes >= {votes[1]}"


def _timing(post: PostDraft, means: str, text: str, before: str) -> bool:
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


def _write(account: Account, post: PostDraft) -> None:
    front: dict[str, Any] = {"networks": post.networks}
    days, hours, zone = (post.front.pop(key, None) for key in ("_days", "_hours", "_zone"))
    window = post.front.get("window")
    if window:
        for key, value in (("days", days), ("hours", hours), ("timezone", zone)):
            if value:
                window.setdefault(key, value)
    elif days or hours or "_dated" in post.front:
        account.hint("condition", {"window_of": post.stem, "days": days, "hours": hours, "timezone": zone}, post.line)
    front |= {
        key: post.front[key]
        for key in ("community", "titles", "link", "window", "after", "needs")
        if post.front.get(key)
    }
    if post.hashtags:
        tags = {name: list(dict.fromkeys(found)) for name, found in post.hashtags.items() if name in post.networks}
        front["hashtags"] = tags
    first = "r-linux" if post.stem != "r-linux" else ""
    body = with_variables(post.body, in_post=True, first_post=first)
    if post.is_thread and any(len(part) > 290 for part in body.split("\n---\n")):
        front["split"] = "auto"
    ask_for(account, f"{body}\n{front.get('link', '')}", post.line)
    account.add_text("posts", post.stem, front, body + "\n" if body else "", post.line)
