"""`posts/NAME.md` and `posts/NAME.NETWORK.md` -> Posts with one Edition per network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

from outreach.files.expressions import (
    expression,
    expression_reader,
    line_of_either,
    reference,
    spread_reference,
)
from outreach.files.findings import Finding, as_problems, without_consequences
from outreach.files.front_matter import FrontMatter, read_front_matter
from outreach.files.listing import Found, list_files
from outreach.files.reading.addresses import url_or_template
from outreach.files.reading.compound import Key, Record, RecordReader, list_of, mapping_or, record
from outreach.files.reading.places import language, timezone
from outreach.files.reading.plain import choice, hashtag, is_name, line_text, name, path, text
from outreach.files.reading.reader import MISSING, Fault, Reader, Schema, TextReader, did_you_mean
from outreach.files.reading.times import day, duration, hours, moment, weekday
from outreach.files.references import circles
from outreach.files.strict_yaml import Node, Scalar, Sequence
from outreach.files.templates import is_readme
from outreach.model.post import AfterPost, Edition, Medium, Network, Post
from outreach.model.problem import Problem
from outreach.model.times import Window

_NETWORKS = [network.value for network in Network]
_FOCUS = re.compile(r"(-?[01](?:\.[0-9]+)?),(-?[01](?:\.[0-9]+)?)")


def _focus(value: str) -> tuple[float, float]:
    found = _FOCUS.fullmatch(value.replace(" ", ""))
    if not found or max(abs(float(found[1])), abs(float(found[2]))) > 1:
        raise Fault
    return float(found[1]), float(found[2])


class _FocusReader(Reader):
    """`"0.5,-0.2"` or `[0.5, -0.2]`."""

    _text = TextReader(_focus, expected="two numbers from -1 to 1", example='"0.5,-0.2"', schema={"type": "string"})

    def read(self, node: Node, name: str, findings: list[Finding]) -> Any:
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            joined = ",".join(item.text for item in node.items if isinstance(item, Scalar))
            node = Scalar(joined, False, node.line)
        return self._text.read(node, name, findings)

    def schema(self) -> Schema:
        number: Schema = {"type": "number", "minimum": -1, "maximum": 1}
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": number, "minItems": 2, "maxItems": 2}]}


_HASHTAGS = list_of(hashtag(), single=True)
_EDITION_KEYS = {
    "at": Key(moment(), doc="When it goes out, in the campaign's zone"),
    "window": Key(
        record(
            {
                "from": Key(day(), required=True, doc="First day"),
                "to": Key(day(), required=True, doc="Last day, included"),
                "days": Key(list_of(weekday(), single=True), doc="Weekdays, mon to sun"),
                "hours": Key(hours(), doc="Hours of the day"),
                "timezone": Key(timezone(), doc="The zone of the hours, if not the campaign's"),
            },
            what="window",
        ),
        doc="The days and hours in which it may go out",
    ),
    "after": Key(
        record(
            {
                "post": Key(name(), required=True, doc="The post to follow"),
                "delay": Key(duration(), doc="How long after"),
            },
            what="post to follow",
            short=(reference(), spread_reference("post")),
        ),
        doc="Another post, counted from when that was really published",
    ),
    "needs": Key(expression_reader("\"decision('go') == 'yes'\""), doc="What has to hold before it goes out"),
    "hashtags": Key(
        mapping_or(
            record(
                {n: Key(_HASHTAGS, doc=f"Those for {n}") for n in _NETWORKS},
                what="list of hashtags",
                unknown="unknown-network",
            ),
            _HASHTAGS,
        ),
        doc='Hashtags for all networks, or a list for each; "#" is optional and has to be quoted',
    ),
    "media": Key(
        list_of(
            record(
                {
                    "file": Key(path(), required=True, doc="The file, from the campaign folder on"),
                    "alt": Key(text("A map of the barriers"), required=True, doc="What those hear who cannot see it"),
                    "focus": Key(_FocusReader(), doc="What has to stay visible: x and y from -1 to 1"),
                },
                what="medium",
            )
        ),
        doc="Pictures, sounds, films",
    ),
    "card": Key(url_or_template(), doc="The page shown as a card"),
    "link": Key(url_or_template(), doc="What a link post submits"),
    "language": Key(language(), doc="The language of the text"),
    "content_warning": Key(line_text("politics"), doc="Shown instead of the text until it is opened"),
    "visibility": Key(choice(("public", "unlisted", "private", "direct")), doc="Who sees it on Mastodon"),
    "titles": Key(list_of(line_text("A title"), single=True), doc="Titles to choose from, best first"),
    "community": Key(line_text("r/linux"), doc="Where on the network it goes"),
    "split": Key(choice(("auto",)), doc="auto: cut a long text into a thread"),
}
POST = record(
    {
        "networks": Key(list_of(choice(_NETWORKS, Network, "unknown-network"), single=True), doc="Where it goes"),
        **_EDITION_KEYS,
    },
    what="post",
)
VARIANT = record(_EDITION_KEYS, what="variant of a post", hints={"networks": "The network stands in the file's name."})


class _Source(NamedTuple):
    """One file of a post."""

    file: str
    values: Record
    body: str
    body_line: int


def load_posts(root: Path) -> tuple[list[Post], list[Problem]]:
    """Every post of the campaign at `root`, sorted by name, and what is wrong with them.

    A post with faults is there too, with the editions that could be made; its Problems are about
    `post:NAME`.
    """
    found, faults = list_files(root, "posts", (".md",))
    problems = [p for file, fault in faults for p in as_problems([fault], file, "campaign")]
    bases: dict[str, _Source] = {}
    variants: dict[str, dict[Network, _Source]] = {}
    for item in found:
        if is_readme(item.path.name):
            continue
        stem, network, findings = _name_of(item)
        if not findings:
            source, findings = _source(item, POST if network is None else VARIANT)
            if network is None:
                bases[stem] = source
            else:
                variants.setdefault(stem, {})[network] = source
        problems += as_problems(without_consequences(findings), item.file, f"post:{stem}")
    posts = []
    for stem in sorted({*bases, *variants}):
        post, more = _post(stem, bases.get(stem), variants.get(stem, {}), problems)
        posts.append(post)
        problems += more
    return posts, problems + _circle_problems(posts)


def _name_of(item: Found) -> tuple[str, Network | None, list[Finding]]:
    stem, _, suffix = item.path.name[:-3].partition(".")
    if not is_name(stem):
        message = f"`{stem}` cannot be the name of a post."
        return stem, None, [Finding(1, "bad-file-name", message, "Use letters, digits, `-` and `_` only.")]
    if not suffix:
        return stem, None, []
    if suffix.casefold() in _NETWORKS:
        return stem, Network(suffix.casefold()), []
    hint = did_you_mean(suffix, _NETWORKS) or f"Networks: {', '.join(_NETWORKS)}."
    return (
        item.path.name[:-3],
        None,
        [Finding(1, "unknown-network", f"`.{suffix}` in this file's name is no network.", hint)],
    )


def _source(item: Found, reader: RecordReader) -> tuple[_Source, list[Finding]]:
    read: FrontMatter = read_front_matter(item.path)
    findings = list(read.findings)
    given = reader.read(read.node, "post", findings)
    values = given if given is not MISSING else Record(1)
    if "at" in values and "window" in values:
        message = "This post has both `at` and `window`."
        findings.append(Finding(values.line_of("window"), "bad-value", message, "Keep one of the two."))
    window = values.get("window")
    if window and "from" in window and "to" in window and window.get("to") < window.get("from"):
        message = "This window ends before it begins."
        findings.append(Finding(window.line_of("to"), "bad-value", message, "`to` is the last day, included."))
        del values.values["window"]
    return _Source(item.file, values, read.body, read.body_line), findings


def _post(
    stem: str, base: _Source | None, variants: dict[Network, _Source], problems: list[Problem]
) -> tuple[Post, list[Problem]]:
    file = base.file if base else min(source.file for source in variants.values())
    networks = [*base.values.get("networks", ())] if base else []
    networks += [network for network in variants if network not in networks]
    editions = [_edition(stem, network, base, variants.get(network)) for network in dict.fromkeys(networks)]
    more = []
    if not networks and not any(p.file == file and p.is_error for p in problems):
        hint = "Add `networks: [bluesky, mastodon]` between two lines `---` at the top of the file."
        finding = Finding(1, "missing-key", "This post has no `networks`.", hint)
        more = as_problems([finding], file, f"post:{stem}")
    return Post(id=stem, file=file, editions=tuple(editions)), more


def _edition(stem: str, network: Network, base: _Source | None, variant: _Source | None) -> Edition:
    """The base's keys, overlaid by the variant's."""
    sources = [source for source in (base, variant) if source]
    merged: dict[str, tuple[Any, _Source]] = {}
    for source in sources:
        if "at" in source.values or "window" in source.values:  # one of the two says when
            merged.pop("at", None)
            merged.pop("window", None)
        merged.update({key: (value, source) for key, value in source.values.values.items()})
    text_source = next((s for s in reversed(sources) if s.body.strip()), sources[-1])
    when = next((merged[key] for key in ("at", "window", "after") if key in merged), None)
    when_source = when[1] if when else text_source
    plain = {key: merged[key][0] for key in _PLAIN_KEYS if key in merged}
    return Edition(
        post=stem,
        network=network,
        file=text_source.file,
        body=text_source.body,
        body_line=text_source.body_line,
        line=line_of_either(when_source.values, "at", "window", "after"),
        when_file=when_source.file,
        window=_window(*merged["window"]) if "window" in merged else None,
        after=_after(*merged["after"]) if "after" in merged else None,
        needs=expression(merged["needs"][0], merged["needs"][1].file) if "needs" in merged else None,
        hashtags=_hashtags(merged["hashtags"][0], network) if "hashtags" in merged else (),
        media=_media(*merged["media"]) if "media" in merged else (),
        **plain,
    )


_PLAIN_KEYS = tuple("at card link language content_warning visibility titles community split".split())


def _window(given: Record, source: _Source) -> Window | None:
    if "from" not in given or "to" not in given:
        return None
    return Window(
        first=given.get("from"),
        last=given.get("to"),
        days=tuple(sorted(set(given.get("days", ())))),
        hours=given.get("hours"),
        timezone=given.get("timezone"),
        line=source.values.line_of("window"),
    )


def _after(given: Record, source: _Source) -> AfterPost | None:
    if "post" not in given:
        return None
    return AfterPost(post=given.get("post"), delay=given.get("delay"), line=source.values.line_of("after"))


def _hashtags(given: Any, network: Network) -> tuple[str, ...]:
    tags: tuple[str, ...] = given.get(network.value, ()) if isinstance(given, Record) else given
    return tags


def _media(given: tuple[Record, ...], source: _Source) -> tuple[Medium, ...]:
    return tuple(
        Medium(
            file=item.get("file"),
            alt=item.get("alt"),
            focus=item.get("focus"),
            written_in=source.file,
            line=item.line_of("file"),
        )
        for item in given
        if "file" in item and "alt" in item
    )


def _circle_problems(posts: list[Post]) -> list[Problem]:
    """Posts that wait for one another, one Problem each."""
    waiting: dict[str, Edition] = {}
    for edition in (edition for post in posts for edition in post.editions if edition.after):
        waiting.setdefault(edition.post, edition)
    problems = []
    for circle in circles({post: e.after.post for post, e in waiting.items() if e.after}):
        message = f"These posts wait for one another: {', '.join(circle)}."
        for edition in (waiting[post] for post in circle if len(circle) > 1):
            line = edition.after.line if edition.after else 1
            finding = Finding(line, "bad-value", message, "Let one of them go first.")
            problems += as_problems([finding], edition.when_file or edition.file, f"post:{edition.post}")
    return problems
