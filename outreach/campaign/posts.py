"""`posts/NAME.md` and `posts/NAME.NETWORK.md` -> Posts with one PostVersion per network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from outreach.campaign.definitions.definition import noun
from outreach.campaign.definitions.post import (
    NETWORKS,
    AfterPostKeys,
    HashtagKeys,
    MediumKeys,
    PostKeys,
    VariantKeys,
    WindowKeys,
)
from outreach.campaign.expressions import expression, line_of_either
from outreach.campaign.findings import Finding, as_problems, too_much_to_read, without_consequences
from outreach.campaign.front_matter import FrontMatter, read_front_matter
from outreach.campaign.listing import Found, differs_in_case, list_files, same_elsewhere
from outreach.campaign.references import circles
from outreach.campaign.templates import is_readme, unusable_name
from outreach.campaign.values.plain import is_name
from outreach.campaign.values.text import did_you_mean
from outreach.errors import BEYOND_REACH
from outreach.model.post import AfterPost, Medium, Post, PostVersion
from outreach.model.problem import Problem
from outreach.model.times import Window


class _Source(NamedTuple):
    """One file of a post."""

    file: str
    keys: VariantKeys
    body: str
    body_line: int


def load_posts(root: Path) -> tuple[list[Post], list[Problem]]:
    """Every post of the campaign at `root`, sorted by name, and what is wrong with them.

    A post with faults is there too, with the versions that could be made; its Problems are about
    `post:NAME`.
    """
    found, faults = list_files(root, "posts", (".md",))
    problems = [p for file, fault in faults for p in as_problems([fault], file, "campaign")]
    bases: dict[str, _Source] = {}
    variants: dict[str, dict[str, _Source]] = {}
    seen: dict[str, tuple[str, str]] = {}
    for item in found:
        if is_readme(item.path.name):
            continue
        stem, network, findings = _name_of(item)
        if not findings:
            try:
                source, findings = _source(item, PostKeys if network is None else VariantKeys)
            except BEYOND_REACH:
                source, findings = _Source(item.file, VariantKeys.model_construct(), "", 1), [too_much_to_read()]
            of_network = variants.setdefault(stem, {}) if network else {}
            first_stem, first = seen.setdefault(same_elsewhere(stem), (stem, item.file))
            if first_stem != stem:
                findings = [differs_in_case(first)]
            elif same := (of_network.get(network) if network else bases.get(stem)):
                findings = [differs_in_case(same.file)]
            if network is None:
                bases.setdefault(stem, source)
            else:
                of_network.setdefault(network, source)
        problems += as_problems(without_consequences(findings), item.file, f"post:{stem}")
    posts = []
    for stem in sorted({*bases, *variants}):
        post, more = _post(stem, bases.get(stem), variants.get(stem, {}), problems)
        posts.append(post)
        problems += more
    return posts, problems + _circle_problems(posts)


def _name_of(item: Found) -> tuple[str, str | None, list[Finding]]:
    stem, _, suffix = item.path.name[:-3].partition(".")
    if not is_name(stem):
        return stem, None, [unusable_name(stem, "post")]
    if not suffix:
        return stem, None, []
    if suffix.casefold() in NETWORKS:
        return stem, suffix.casefold(), []
    hint = did_you_mean(suffix, NETWORKS) or f"Networks: {', '.join(NETWORKS)}."
    return (
        item.path.name[:-3],
        None,
        [Finding(1, "unknown-network", f"`.{suffix}` in this file's name is not a network.", hint)],
    )


def _source(item: Found, definition: type[VariantKeys]) -> tuple[_Source, list[Finding]]:
    read: FrontMatter = read_front_matter(item.root, item.path)
    findings = list(read.findings)
    keys = definition.read(read.node, findings, "post") or VariantKeys.model_construct()
    if "at" in keys and "window" in keys:
        message = "This post has both `at` and `window`."
        findings.append(Finding(keys.line_of("window"), "bad-value", message, "Keep one of the two."))
    return _Source(item.file, keys, read.body, read.body_line), findings


def _post(
    stem: str, base: _Source | None, variants: dict[str, _Source], problems: list[Problem]
) -> tuple[Post, list[Problem]]:
    file = base.file if base else min(source.file for source in variants.values())
    networks = [*base.keys.networks] if base and isinstance(base.keys, PostKeys) else []
    networks += [network for network in variants if network not in networks]
    versions = [_version(stem, network, base, variants.get(network)) for network in dict.fromkeys(networks)]
    more = []
    if not networks and not any(p.file == file and p.is_error for p in problems):
        hint = "Add `networks: [bluesky, mastodon]` between two lines `---` at the top of the file."
        finding = Finding(1, "missing-key", "This post has no `networks`.", hint)
        more = as_problems([finding], file, f"post:{stem}")
    return Post(id=stem, file=file, versions=tuple(versions)), more


def _version(stem: str, network: str, base: _Source | None, variant: _Source | None) -> PostVersion:
    """The base's keys, overlaid by the variant's."""
    sources = [source for source in (base, variant) if source]
    merged: dict[str, tuple[Any, _Source]] = {}
    for source in sources:
        if "at" in source.keys or "window" in source.keys:  # one of the two says when
            merged.pop("at", None)
            merged.pop("window", None)
        merged.update({key: (value, source) for key, value in source.keys.values().items()})
    text_source = next((s for s in reversed(sources) if s.body.strip()), sources[-1])
    when = next((merged[key] for key in ("at", "window", "after") if key in merged), None)
    when_source = when[1] if when else text_source
    made = {key: _MADE[key](value, source, network) for key, (value, source) in merged.items() if key in _MADE}
    plain = {key: value for key, (value, _) in merged.items() if key != "networks"}
    return PostVersion(
        post=stem,
        network=network,
        file=text_source.file,
        body=text_source.body,
        body_line=text_source.body_line,
        line=line_of_either(when_source.keys, "at", "window", "after"),
        when_file=when_source.file,
        **{**plain, **made},
    )


def _window(given: WindowKeys, source: _Source, network: str) -> Window | None:
    if "from_" not in given or "to" not in given or given.to < given.from_:
        return None
    days, line = tuple(sorted(set(given.days))), source.keys.line_of("window")
    return noun(Window, given, first=given.from_, last=given.to, days=days, line=line)


def _after(given: AfterPostKeys, source: _Source, network: str) -> AfterPost | None:
    return noun(AfterPost, given, line=source.keys.line_of("after")) if "post" in given else None


def _hashtags(given: Any, source: _Source, network: str) -> tuple[str, ...]:
    tags: tuple[str, ...] = given.values().get(network, ()) if isinstance(given, HashtagKeys) else given
    return tags


def _media(given: tuple[MediumKeys, ...], source: _Source, network: str) -> tuple[Medium, ...]:
    return tuple(
        noun(Medium, each, written_in=source.file, line=each.line_of("file"))
        for each in given
        if "file" in each and "alt" in each
    )


_MADE: Mapping[str, Callable[[Any, _Source, str], Any]] = {
    "window": _window,
    "after": _after,
    "needs": lambda given, source, network: expression(given, source.file),
    "hashtags": _hashtags,
    "media": _media,
}
"""The keys that become nouns of their own."""


def _circle_problems(posts: list[Post]) -> list[Problem]:
    """Posts that wait for one another, one Problem each."""
    waiting: dict[str, PostVersion] = {}
    for version in (version for post in posts for version in post.versions if version.after):
        waiting.setdefault(version.post, version)
    problems = []
    for circle in circles({post: e.after.post for post, e in waiting.items() if e.after}):
        message = f"These posts wait for one another: {', '.join(circle)}."
        for version in (waiting[post] for post in circle if len(circle) > 1):
            line = version.after.line if version.after else 1
            finding = Finding(line, "bad-value", message, "Let one of them go first.")
            problems += as_problems([finding], version.when_file or version.file, f"post:{version.post}")
    return problems
