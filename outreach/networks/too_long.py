"""Texts and titles that are longer than their network allows, as Problems."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.model.post import PostVersion
from outreach.model.problem import Problem
from outreach.networks.base import Limits
from outreach.networks.graphemes import GRAPHEME
from outreach.networks.measuring import Count, measure
from outreach.networks.registry import network_of
from outreach.networks.splitting import MOST_PARTS, part_lines, split, split_point

_SHOWN = 30
"""How many characters before the cut are shown."""


def length_problems(texts: Sequence[str], version: PostVersion, *, limits: Limits | None = None) -> list[Problem]:
    """A `too-long` Problem for each rendered part that its network would refuse.

    It says how much the part counts, what is allowed, and where it would be cut. With `split: auto`
    only what cannot be cut is a Problem. `limits` are the server's own instead of the defaults.
    """
    problems: list[Problem] = []
    for index, text in enumerate(texts):
        size = measure(text, version.network, content_warning=version.content_warning, limits=limits)
        if size.fits:
            continue
        end = split_point(text, version.network, content_warning=version.content_warning, limits=limits)
        if version.split is not None and network_of(version.network).has_threads and _can_be_cut(text, version, limits):
            continue
        problems.append(
            Problem(
                file=version.file,
                line=_line(index, len(texts), version),
                code="too-long",
                message=f"{_which(index, len(texts))} {_excess(size, version)}.",
                hint=_hint(text, end, version),
                about=f"post:{version.post}",
            )
        )
    return problems


def title_problems(titles: Sequence[str], version: PostVersion) -> list[Problem]:
    """A `too-long` Problem for each title that is longer than its network takes, in code points."""
    most = network_of(version.network).title
    if most is None:
        return []
    return [
        Problem(
            file=version.file,
            line=version.line,
            code="too-long",
            message=f"The title “{_tail(title)}” has {len(title):,} characters,"
            f" {network_of(version.network).label} allows {most:,}.",
            hint=f"Shorten it by {len(title) - most:,}.",
            about=f"post:{version.post}",
        )
        for title in titles
        if len(title) > most
    ]


def _can_be_cut(text: str, version: PostVersion, limits: Limits | None) -> bool:
    try:
        split(text, version.network, content_warning=version.content_warning, limits=limits)
    except ValueError:
        return False
    return True


def _which(index: int, of: int) -> str:
    return f"Part {index + 1} of {of}" if of > 1 else "The text"


def _excess(size: Count, version: PostVersion) -> str:
    name = network_of(version.network).label
    if size.limit is not None and size.value > size.limit:
        with_warning = " with its content warning" if _counts_warning(version) else ""
        return f"counts {size.value:,} characters{with_warning} on {name}, which allows {size.limit:,}"
    return f"has {size.bytes:,} bytes in UTF-8, {name} allows {size.byte_limit:,}"


def _counts_warning(version: PostVersion) -> bool:
    return network_of(version.network).counts_warning and bool(version.content_warning)


def _hint(text: str, end: int, version: PostVersion) -> str:
    if version.split is not None and network_of(version.network).has_threads and end:
        return f"It cannot be cut into {MOST_PARTS} parts that fit: shorten it, or a long link or word in it."
    if end == 0:
        return "It cannot be cut anywhere: shorten the long link or word in it, or the content warning."
    fits = f"It would be cut after “{_tail(text[:end])}”"
    if not network_of(version.network).has_threads:
        return f"Shorten it. {fits}."
    return f"{fits}: put a line `---` there, shorten it, or write `split: auto`."


def _tail(text: str) -> str:
    """The last characters of `text`, on one line."""
    shown = " ".join(text.split())
    clusters = GRAPHEME.findall(shown)
    return shown if len(clusters) <= _SHOWN else "…" + "".join(clusters[-_SHOWN:])


def _line(index: int, of: int, version: PostVersion) -> int:
    """The line of the file where the part begins, if the body as written has the same parts."""
    lines = part_lines(version.body, version.network)
    return version.body_line + (lines[index] - 1 if len(lines) == of else 0)
