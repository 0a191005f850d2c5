"""The waves of `campaign.yaml`: who gets which template, when, how fast, which follow-up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import ValidationInfo, model_validator

from outreach.campaign.definitions.definition import Definition, Located, key, says
from outreach.campaign.definitions.shapes import ListOf, list_or, off_or
from outreach.campaign.expressions import expression_reader, reference, spread_reference
from outreach.campaign.findings import Finding
from outreach.campaign.values import legal, plain
from outreach.campaign.values import times as moments  # a key is called `times`
from outreach.campaign.values.text import LocatedText
from outreach.model.times import Delay

ASKS_FOR = ("nothing", "money", "members", "signatures", "tickets", "sells")
_GATE = expression_reader("\"decision('go') == 'yes'\"")
_TEMPLATE = LocatedText(plain.name)


class PaceKeys(Definition, what="pace"):
    per_hour: Annotated[int, plain.integer(1, 100_000)] = key("Letters an hour")
    per_day: Annotated[int, plain.integer(1, 1_000_000)] = key("Letters a day")
    per_domain_per_hour: Annotated[int, plain.integer(1, 100_000)] = key("Letters an hour to one mail domain")
    gap: Annotated[tuple[timedelta, timedelta], moments.duration_range] = key("Pause between two letters; 0s is none")


class ChoiceKeys(Definition, what="choice of a template", short=(_TEMPLATE, lambda value: {"use": value})):
    if_: Annotated[Located | None, expression_reader("\"'research' in tags\"")] = key("For which contacts", alias="if")
    use: Annotated[Located, _TEMPLATE] = key("The template", required=True)


class AfterWaveKeys(Definition, what="wave to follow", short=(reference(), spread_reference("wave"))):
    wave: Annotated[str, plain.slug] = key("The wave to follow", required=True)
    delay: Annotated[Delay | None, moments.duration] = key("How long after it")
    or_: Annotated[Located | None, expression_reader("\"contacts['fsfe'].answered\"")] = key(
        "Or as soon as this holds", alias="or"
    )


class FollowUpKeys(Definition, what="follow-up"):
    after: Annotated[Delay | None, moments.duration] = key("How long after the letter before")
    template: Annotated[str | None, plain.name] = key("The template")
    times: Annotated[int, plain.integer(1, 20)] = key("How many times at most")
    to: Annotated[Located | None, expression_reader("\"kind != 'person'\"")] = key(
        "Only contacts for which this is true"
    )
    needs: Annotated[Located | None, _GATE] = key("What has to hold first")


class WaveKeys(Definition, what="wave"):
    id: Annotated[str, plain.slug] = key("Its name", required=True)
    to: Annotated[Located, expression_reader()] = key("Who gets it: a condition about a contact", required=True)
    template: Annotated[Any, list_or(Annotated[tuple[ChoiceKeys, ...], ListOf()], Annotated[Located, _TEMPLATE])] = key(
        "The template, or a list to choose from", required=True
    )
    sender: Annotated[str | None, plain.name] = key("Who writes, if not the campaign's sender: one of `senders`")
    start: Annotated[datetime | None, moments.moment] = key("When it begins, in the campaign's zone")
    after: AfterWaveKeys | None = key("A wave to follow")
    until: Annotated[date | None, moments.day] = key("Its last day, included; later is missed")
    needs: Annotated[Located | None, _GATE] = key("A condition: nothing goes out until it is true")
    follow_up: Annotated[Any, off_or(FollowUpKeys)] = key("Over the campaign's own; false for none")
    pace: PaceKeys | None = key("Over the campaign's own")
    again: Annotated[bool | None, plain.boolean] = key("Whether it writes to contacts that had a first letter already")
    correction_of: Annotated[str | None, plain.slug] = key(
        "The wave whose emails it corrects: it goes on in their threads, to those who have not answered"
    )
    asks_for: Annotated[tuple[Annotated[str, plain.choice(ASKS_FOR)], ...], ListOf(single=True)] = key(
        "What its text asks for: nothing, or money, members, signatures, tickets, sells", default=()
    )
    basis: Annotated[str | None, legal.basis] = key("What makes it lawful to ask unasked, in one line")

    @model_validator(mode="after")
    def _nothing_alone(self, info: ValidationInfo) -> Self:
        if "nothing" in self.asks_for and len(self.asks_for) > 1:
            message = "`asks_for` says `nothing` and something."
            says(info, Finding(self.line_of("asks_for"), "bad-value", message, "Write one of the two."))
        return self

    @model_validator(mode="after")
    def _days_in_order(self, info: ValidationInfo) -> Self:
        if self.start is not None and self.until is not None and self.start.date() > self.until:
            message = "This wave's `until` is before its `start`."
            says(info, Finding(self.line_of("until"), "bad-value", message, "`until` is its last day, included."))
        return self
