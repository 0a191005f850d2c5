"""The year of days that their own document leaves open, taken from the documents beside it, and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from outreach.intake.notes.dates import Calendar, Span
from outreach.model.found import Found, FoundSetting, FoundText, Hint, Remark


def dated(founds: Sequence[Found]) -> tuple[Found, ...]:
    """The documents, with dates for what had no year, where one of the others says when it was written."""
    others = [(hint.file, hint.values) for found in founds for hint in found.hints if "years" in hint.values]
    written = [(values["written"], file) for file, values in others if values["written"]]
    if written:
        day, file = max(written)
        return tuple(_dated(found, Calendar(written=day), file) for found in founds)
    years = frozenset(year for _, values in others for year in values["years"])
    return tuple(_dated(found, Calendar(years=years), others[0][0] if others else "") for found in founds)


def _dated(found: Found, calendar: Calendar, file: str) -> Found:
    open_days = [hint for hint in found.hints if "undated" in hint.values]
    for hint in open_days:
        values = hint.values["undated"]
        span = Span(first=values["first"], last=values["last"])
        year = calendar.year_of(span)
        if year is not None:
            found = _with_days(found, hint, span.days(year))
            found = replace(found, remarks=tuple(_answered(each, values["text"], year, file) for each in found.remarks))
    return found


def _answered(remark: Remark, text: str, year: int, file: str) -> Remark:
    if not remark.message.startswith(f"There is no year for {text!r}"):
        return remark
    message = f"There is no year for {text!r}; {year} was taken, because {file} says when it is from."
    return replace(remark, message=message, hint="Change it where it is wrong: in posts/ and campaign.yaml.")


def _with_days(found: Found, hint: Hint, days: tuple[date, date]) -> Found:
    values, first, last = hint.values["undated"], days[0].isoformat(), days[1].isoformat()
    if "posts" in values:
        window = {"from": first, "to": last, **({"days": values["days"]} if values["days"] else {})}
        texts = tuple(_windowed(text, values["posts"], window, found.hints) for text in found.texts)
        return replace(found, texts=texts)
    if "by" in values:
        return replace(found, settings=tuple(_decided(setting, last) for setting in found.settings))
    start = Hint(about="condition", values={"start": first}, file=hint.file, line=hint.line)
    return replace(found, hints=(*found.hints, start))


def _windowed(text: FoundText, names: Sequence[str], window: Mapping[str, Any], hints: Sequence[Hint]) -> FoundText:
    stem = text.name.removesuffix(".md")
    if text.folder != "posts" or stem not in names or "window" in text.front:
        return text
    more = next((hint.values for hint in hints if hint.values.get("window_of") == stem), {})
    added = {key: more[key] for key in ("days", "hours", "timezone") if more.get(key) and key not in window}
    return replace(text, front={**text.front, "window": {**window, **added}})


def _decided(setting: FoundSetting, by: str) -> FoundSetting:
    if setting.path != ("decisions",):
        return setting
    value = [each if "by" in each or "after" not in each else {**each, "by": by} for each in setting.value]
    return replace(setting, value=value)
