"""Mistakes in posts."""

from __future__ import annotations

# ruff: noqa: E501 - one mistake to a row
from typing import Any

from .mistake import Level, Mistake, added, directory_instead, swapped

START = "posts/arranque.md"
MAP = "posts/cartao.md"
ASK = "posts/inquerito.md"
REDDIT = "posts/r-portugal.md"
WINDOW = "window: {from: 2026-03-10, to: 2026-03-20, days: [tue, wed], hours: 10:00-12:00, timezone: Europe/Oslo}"


def post(name: str, file: str, old: str, new: str | bytes, words: str, level: Level = "error", **more: Any) -> Mistake:
    """One place of one post changed: no letter is touched by it."""
    found: dict[str, Any] = {"line": new, **more}
    return Mistake(name=f"post: {name}", file=file, make=swapped(file, old, new), words=words, level=level, **found)


def new_post(name: str, file: str, content: str, words: str, level: Level = "error", **more: Any) -> Mistake:
    return Mistake(name=f"post: {name}", file=file, make=added(file, content), words=words, level=level, **more)


FRONT = [
    post("unknown network", MAP, "networks: [bluesky, mastodon]", "networks: [bluesky, mastadon]", "mastodon"),
    new_post("variant for an unknown network", "posts/cartao.friendster.md", "Olá\n", "friendster"),
    post("unknown key", ASK, "language: pt", "langauge: pt", "unknown-key.*language", level=None),
    post("language unreadable", ASK, "language: pt", "language: em português", "language|BCP 47"),
    post("network nowhere", MAP, "networks: [bluesky, mastodon]\n", "", "networks", line=None),
    post("hashtags of another network", START, "{bluesky: [RiosVivos],", "{blueski: [RiosVivos],", "bluesky"),
    post("visibility unknown", "posts/arranque.mastodon.md", "visibility: public", "visibility: everybody", "public|visibility"),
    post("split unknown", "posts/longo.md", "split: auto", "split: atuo", "auto", extra=1,
         because="a text that is not split is too long"),
    post("media missing", START, "materials/mapa.png", "materials/mappa.png", "mappa"),
    post("media without alt", START, ", alt: Mapa das barreiras", "", "\\balt\\b", level=None, line="materials/mapa.png"),
    post("front matter left open", REDDIT, "link: https://rios-vivos.example/mapa\n---", "link: https://rios-vivos.example/mapa",
         "front matter|---", line=None),
    post("title without quotes", REDDIT, "community: r/portugal", "community: r: portugal", '"r: portugal"'),
    post("Latin-1 bytes", REDDIT, "Porque há", "Porque há".encode("latin-1"), "utf-8", line="Porque h"),
    Mistake(name="post: a directory", file="posts/novo.md", make=directory_instead("posts/novo.md"), words="directory|folder|file"),
    post("body of nothing", ASK, "Quantas barreiras tem o teu rio?\n---\nDiz-nos em {{ links.mapa }}\n", "", "empty|text|body", line=None),
]  # fmt: skip

TIMES = [
    post("a time the clocks skip", MAP, "at: 2026-04-08T10:30", "at: 2026-03-29T01:30", "does not exist|skip|no such|clock|summer"),
    post("a time in words", MAP, "at: 2026-04-08T10:30", "at: next tuesday", "next tuesday|date|time"),
    post("a day that does not exist", MAP, "at: 2026-04-08T10:30", "at: 2026-04-31T10:30", "2026-04-31"),
    post("a time to avoid", MAP, "at: 2026-04-08T10:30", "at: 2026-08-11T10:30", "avoid|agosto", level=None),
    post("a time and a window", MAP, "at: 2026-04-08T10:30", f"at: 2026-04-08T10:30\n{WINDOW}", "window", line=None),
    post("a window without a moment", ASK, "from: 2026-03-10, to: 2026-03-20", "from: 2026-03-12, to: 2026-03-16",
         "2026-03-1[07]|1[07] Mar|Mar(ch)? 1[07]|nearest"),
    post("a window that ends before it begins", ASK, "from: 2026-03-10, to: 2026-03-20", "from: 2026-03-20, to: 2026-03-10",
         "from|before|ends"),
    post("a window with hours backwards", ASK, "hours: 10:00-12:00", "hours: 12:00-10:00", "hours|12:00"),
    post("a window on no day", ASK, "days: [tue, wed]", "days: [tues]", "\\btue\\b"),
    post("a window in no zone", ASK, "timezone: Europe/Oslo", "timezone: Europe/Olso", "Europe/Oslo"),
    post("after an unknown post", ASK, "{post: arranque,", "{post: aranque,", "arranque"),
    post("after itself", ASK, "{post: arranque,", "{post: inquerito,", "itself|circle|cycle|inquerito"),
    post("delay without a unit", ASK, "delay: 2d", "delay: two", "delay|2d|duration"),
    post("gate on an unknown post", ASK, "posts['arranque'].likes", "posts['aranque'].likes", "arranque"),
    post("gate on an unknown number", ASK, "posts['arranque'].likes", "posts['arranque'].likse(", "likse|expression|syntax|read"),
]  # fmt: skip

TEXTS = [
    post("too long for Bluesky", MAP, "O mapa está pronto.", "O mapa está pronto." + " Um rio, uma barreira." * 14, "300.*bluesky|bluesky.*300",
         line=None),
    post("too long for Mastodon", "posts/arranque.mastodon.md", "O documento:", "Um rio, uma barreira. " * 22 + "O documento:", "500", line=None),
    post("too long for X", ASK, "Quantas barreiras", "Um rio, uma barreira. " * 13 + "Quantas barreiras", "280", line=None),
    post("an unknown name", MAP, "O mapa está pronto.", "O mapa {{ mapa }} está pronto.", "mapa"),
    post("an unknown link", ASK, "{{ links.mapa }}", "{{ links.mappa }}", "mapa\\b"),
    post("half a tag", MAP, "{% endif %}", "{% endfi %}", "endif|endfi", line=None),
    post("a mention of nobody", START, "com @{uniao-rios} no", "com @{uniao-rio} no", "uniao-rios"),
    post("a placeholder", MAP, "O mapa está pronto.", "O mapa está em [link].", "\\[link\\]"),
    post("our own notes about somebody", MAP, "O mapa está pronto.", "{{ contacts['uniao-rios'].context }}", "context|uniao-rios", level=None),
]  # fmt: skip

IN_POSTS: list[Mistake] = [*FRONT, *TIMES, *TEXTS]
