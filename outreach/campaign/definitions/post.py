"""A post: the front matter of a file in `posts/`, and of its variants for single networks."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import ValidationInfo, create_model, model_validator
from pydantic_core import CoreSchema, core_schema

from outreach.campaign.definitions.definition import Definition, Located, Schema, key, says
from outreach.campaign.definitions.shapes import ListOf, group_or
from outreach.campaign.expressions import expression_reader, reference, spread_reference
from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Node, Scalar, Sequence
from outreach.campaign.values import addresses, places, plain, times
from outreach.campaign.values.text import Fault, Text
from outreach.model.times import Delay, Hours
from outreach.networks.registry import KNOWN

NETWORKS = list(KNOWN)
_FOCUS = re.compile(r"(-?[01](?:\.[0-9]+)?),(-?[01](?:\.[0-9]+)?)")


def _focus(value: str) -> tuple[float, float]:
    found = _FOCUS.fullmatch(value.replace(" ", ""))
    if not found or max(abs(float(found[1])), abs(float(found[2]))) > 1:
        raise Fault
    return float(found[1]), float(found[2])


class Focus:
    """`"0.5,-0.2"` or `[0.5, -0.2]`."""

    _text = Text(_focus, expected="two numbers from -1 to 1", example='"0.5,-0.2"', schema={"type": "string"})

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._of)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: Any) -> Schema:
        number: Schema = {"type": "number", "minimum": -1, "maximum": 1}
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": number, "minItems": 2, "maxItems": 2}]}

    def _of(self, node: Node) -> Any:
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            joined = ",".join(item.text for item in node.items if isinstance(item, Scalar))
            return self._text.of(Scalar(joined, False, node.line), at=node)
        return self._text.of(node)


class WindowKeys(Definition, what="window"):
    from_: Annotated[date, times.day] = key("First day", alias="from", required=True)
    to: Annotated[date, times.day] = key("Last day, included", required=True)
    days: Annotated[tuple[Annotated[int, times.weekday], ...], ListOf(single=True)] = key(
        "Weekdays, mon to sun", default=()
    )
    hours: Annotated[Hours | None, times.hours] = key("Hours of the day")
    timezone: Annotated[str | None, places.timezone] = key("The zone of the hours, if not the campaign's")

    @model_validator(mode="after")
    def _days_in_order(self, info: ValidationInfo) -> Self:
        if "from_" in self and "to" in self and self.to < self.from_:
            message = "This window ends before it begins."
            says(info, Finding(self.line_of("to"), "bad-value", message, "`to` is the last day, included."))
        return self


class AfterPostKeys(Definition, what="post to follow", short=(reference(), spread_reference("post"))):
    post: Annotated[str, plain.name] = key("The post to follow", required=True)
    delay: Annotated[Delay | None, times.duration] = key("How long after")


class MediumKeys(Definition, what="medium"):
    file: Annotated[str, plain.path()] = key("The file, from the campaign folder on", required=True)
    alt: Annotated[str, plain.text("A map of the barriers")] = key("What those hear who cannot see it", required=True)
    focus: Annotated[tuple[float, float] | None, Focus()] = key("What has to stay visible: x and y from -1 to 1")


Hashtags = Annotated[tuple[Annotated[str, plain.hashtag], ...], ListOf(single=True)]
_OF_NETWORKS: dict[str, Any] = {name: (Hashtags, key(f"Those for {name}", default=())) for name in NETWORKS}
HashtagKeys = create_model(
    "HashtagKeys",
    __base__=Definition,
    __cls_kwargs__={"what": "list of hashtags", "unknown": "unknown-network"},
    **_OF_NETWORKS,
)


class VariantKeys(Definition, what="variant of a post", hints={"networks": "The file's name says the network."}):
    at: Annotated[datetime | None, times.moment] = key("When it goes out, in the campaign's zone")
    window: WindowKeys | None = key("The days and hours in which it may go out")
    after: AfterPostKeys | None = key("Another post, counted from when that was really published")
    needs: Annotated[Located | None, expression_reader("\"decision('go') == 'yes'\"")] = key(
        "What has to hold before it goes out"
    )
    hashtags: Annotated[Any, group_or(HashtagKeys, Hashtags)] = key(
        'Hashtags for all networks, or a list for each; "#" is optional and has to be quoted'
    )
    media: Annotated[tuple[MediumKeys, ...], ListOf()] = key("Pictures, sounds, films", default=())
    card: Annotated[str | None, addresses.url_or_template] = key("The page shown as a card")
    link: Annotated[str | None, addresses.url_or_template] = key("What a link post submits")
    language: Annotated[str | None, places.language] = key("The language of the text")
    content_warning: Annotated[str | None, plain.line_text("politics")] = key(
        "Shown instead of the text until it is opened"
    )
    visibility: Annotated[str | None, plain.choice(("public", "unlisted", "private", "direct"))] = key(
        "Who sees it on Mastodon"
    )
    titles: Annotated[tuple[Annotated[str, plain.line_text("A title")], ...], ListOf(single=True)] = key(
        "Titles to choose from, best first", default=()
    )
    community: Annotated[str | None, plain.line_text("r/linux")] = key("Where on the network it goes")
    split: Annotated[str | None, plain.choice(("auto", "numbered"))] = key(
        "auto: cut a long text into a thread; numbered: with (1/4)"
    )


class PostKeys(VariantKeys, what="post", first="networks"):
    networks: Annotated[
        tuple[Annotated[str, plain.choice(NETWORKS, str, "unknown-network")], ...], ListOf(single=True)
    ] = key("Where it goes", default=())
