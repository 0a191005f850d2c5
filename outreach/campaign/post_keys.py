"""The keys of a post and of its variants."""

from __future__ import annotations

import re
from typing import Any

from outreach.campaign.expressions import expression_reader, reference, spread_reference
from outreach.campaign.findings import Finding
from outreach.campaign.readers.addresses import url_or_template
from outreach.campaign.readers.compound import Key, list_of, mapping_or, record
from outreach.campaign.readers.places import language, timezone
from outreach.campaign.readers.plain import choice, hashtag, line_text, name, path, text
from outreach.campaign.readers.reader import Fault, Reader, Schema, TextReader
from outreach.campaign.readers.times import day, duration, hours, moment, weekday
from outreach.campaign.strict_yaml import Node, Scalar, Sequence
from outreach.networks.registry import KNOWN

NETWORKS = list(KNOWN)
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
                {n: Key(_HASHTAGS, doc=f"Those for {n}") for n in NETWORKS},
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
    "split": Key(choice(("auto", "numbered")), doc="auto: cut a long text into a thread; numbered: with (1/4)"),
}
POST = record(
    {
        "networks": Key(list_of(choice(NETWORKS, str, "unknown-network"), single=True), doc="Where it goes"),
        **_EDITION_KEYS,
    },
    what="post",
)
VARIANT = record(_EDITION_KEYS, what="variant of a post", hints={"networks": "The network stands in the file's name."})
