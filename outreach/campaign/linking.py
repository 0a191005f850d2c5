"""Documents that wait for the address of a post: `[link when posted]`, on a line that says which one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from outreach.model.records import dataclass

_PLACE = re.compile(r"\[link when posted(?::\s*(?P<post>[\w/-]+))?\]", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A place for a link: where, which post is meant ("" where the line names none), its address if it is known."""

    file: str
    line: int
    post: str
    url: str | None


def filled(text: str, file: str, posts: Iterable[str], urls: Mapping[str, str]) -> tuple[str, list[Filled]]:
    """The text with the addresses that are known, and every place for one.

    A place names its post itself (`[link when posted: r-linux]`), or the line does; `urls` are by post and by
    `POST/NETWORK`. With a single post, it is the one.
    """
    names = sorted(posts, key=len, reverse=True)
    found: list[Filled] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):

        def fill(match: re.Match[str], line: str = line, number: int = number) -> str:
            post = match["post"] or _named(line, names)
            url = urls.get(post)
            found.append(Filled(file=file, line=number, post=post, url=url))
            return url or match[0]

        lines[number - 1] = _PLACE.sub(fill, line)
    return "\n".join(lines), found


def _named(line: str, names: list[str]) -> str:
    """The post that a line names: by its id, written with hyphens, slashes or spaces."""
    plain = re.sub(r"[\s/_-]+", "-", line.casefold())
    named = next((name for name in names if name.casefold().replace("/", "-") in plain), "")
    return named or (names[0] if len(names) == 1 else "")
