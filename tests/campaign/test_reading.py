"""One definition for each key: what it accepts, what it says otherwise, and what a schema says of it."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated, Any

import pytest
import yaml
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import create_model
from pydantic_core import PydanticCustomError

from outreach.campaign.definitions.definition import Definition, Located, json_schema, key
from outreach.campaign.definitions.shapes import GroupOf, ListOf, group_or, list_or, off_or
from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import Entry, Faulty, Mapping, Scalar, read_yaml
from outreach.campaign.values import addresses, places, plain, times
from outreach.campaign.values.text import Fault, LocatedText
from outreach.model.times import Delay, Hours


def list_of(item: Any, *, single: bool = False) -> Any:
    return Annotated[tuple[Annotated[Any, item], ...], ListOf(single)]


def mapping_of(value: Any, *, nullable: bool = False) -> Any:
    return Annotated[dict[str, Annotated[Any, value]], GroupOf(nullable)]


def of(reader: Any) -> type[Definition]:
    """A definition of one key, `key`, which `reader` reads."""
    is_type = isinstance(reader, type) or hasattr(reader, "__metadata__")
    kind = reader if is_type else Annotated[Any, reader]
    return create_model("Keys", __base__=Definition, __cls_kwargs__={"what": "thing"}, key=(kind, key("x")))


class ThingKeys(Definition, what="thing", hints={"email": "Write it elsewhere."}):
    name: Annotated[str, plain.line_text()] = key("What it is called", required=True)
    tier: Annotated[int | None, plain.integer(0, 9)] = key()
    language: Annotated[str | None, places.language] = key()
    tags: Annotated[tuple[Annotated[str, plain.tag], ...], ListOf()] = key()


class FewKeys(Definition, what="thing"):
    a: Annotated[str | None, plain.text()] = key()


MISSING = object()


def read(reader: Any, text: str) -> tuple[Any, list[Finding]]:
    """What `reader` makes of the YAML value `text` under the key `key`."""
    node, findings = read_yaml(f"key: {text}\n")
    assert findings == []
    found = of(reader).read(node, findings)  # type: ignore[arg-type]
    assert found is not None
    return found.values().get("key", MISSING), findings


def value(reader: Any, text: str) -> Any:
    found, findings = read(reader, text)
    assert findings == []
    return found


def fault(reader: Any, text: str) -> Finding:
    found, findings = read(reader, text)
    assert found is MISSING
    (finding,) = findings
    assert finding.message
    assert finding.hint
    assert finding.line == 1
    return finding


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        (plain.line_text(), " Open Forum ", "Open Forum"),
        (plain.line_text(), "12:30", "12:30"),
        (plain.line_text(), "jumbo עמותת", "jumbo עמותת"),
        (plain.text(), '"one\\n\\ntwo\\n"', "one\n\ntwo"),
        (plain.boolean, "Yes", True),
        (plain.boolean, "OFF", False),
        (plain.boolean, '"true"', True),
        (plain.reason_or_boolean, "no", None),
        (plain.reason_or_boolean, "true", "do not contact"),
        (plain.reason_or_boolean, "They asked us.", "They asked us."),
        (plain.integer(0, 99), "3", 3),
        (plain.integer(-5, 5), "-2", -2),
        (plain.choice(("stop", "go")), "GO", "go"),
        (plain.slug, "r-linux_2", "r-linux_2"),
        (plain.name, "Follow-Up.md", "Follow-Up"),
        (plain.path(), "./materials\\brief.pdf", "materials/brief.pdf"),
        (plain.hashtag, '"#FOSS"', "FOSS"),
        (times.day, "2026-01-13", date(2026, 1, 13)),
        (times.clock, "8:05", time(8, 5)),
        (times.moment, "2026-01-13", datetime(2026, 1, 13)),
        (times.moment, "2026-01-06 14:00", datetime(2026, 1, 6, 14)),
        (times.moment, "2026-01-06T14:00:00", datetime(2026, 1, 6, 14)),
        (times.hours, "09:00-17:00", Hours(opens=time(9), closes=time(17))),
        (times.hours, "09:00 – 17:30", Hours(opens=time(9), closes=time(17, 30))),
        (times.hours, "00:00-24:00", Hours(opens=time(0), closes=time(0))),
        (times.hours, "18:00 - 24:00", Hours(opens=time(18), closes=time(0))),
        (times.hours, "18:00-00:00", Hours(opens=time(18), closes=time(0))),
        (times.duration, "14d", Delay(length=timedelta(days=14), text="14d")),
        (times.duration, "2w", Delay(length=timedelta(weeks=2), text="2w")),
        (times.duration, "30m", Delay(length=timedelta(minutes=30), text="30m")),
        (times.duration_range, "90s-140s", (timedelta(seconds=90), timedelta(seconds=140))),
        (times.duration_range, "0s", (timedelta(), timedelta())),
        (times.month_day, "12-24", (12, 24)),
        (times.month_day, "02-29", (2, 29)),
        (times.weekday, "Tue", 2),
        (times.retention, "2y", "2y"),
        (places.country, "NO", "NO"),
        (places.country, "no", "NO"),
        (places.language, "de-at", "de-AT"),
        (places.language, "zh-hant-tw", "zh-Hant-TW"),
        (places.timezone, "Europe/Brussels", "Europe/Brussels"),
        (places.timezone, "UTC", "UTC"),
        (addresses.email, "Info.Desk+eu@Example.ORG", "Info.Desk+eu@example.org"),
        (addresses.email, "post@blåelv.example", "post@xn--blelv-nra.example"),
        (addresses.email, "a@b.test", "a@b.test"),
        (addresses.url, "https://blåelv.example/a?b=c#d", "https://blåelv.example/a?b=c#d"),
        (addresses.link, "mailto:a@b.example", "mailto:a@b.example"),
        (addresses.url_or_template, '"{{ links.brief }}"', "{{ links.brief }}"),
        (addresses.mastodon, '"@ofe@EUpolicy.social"', "@ofe@eupolicy.social"),
        (addresses.mastodon, "ofe@eupolicy.social", "@ofe@eupolicy.social"),
        (addresses.bluesky, '"@Example.bsky.social"', "example.bsky.social"),
        (off_or(FewKeys), "none", False),
        (list_of(plain.line_text(), single=True), "one", ("one",)),
        (list_of(plain.line_text()), "[a, b]", ("a", "b")),
        (mapping_of(plain.free(), nullable=True), "{a: , b: NO}", {"a": None, "b": "NO"}),
    ],
)
def test_a_value_is_read(reader: Any, text: str, expected: object) -> None:
    assert value(reader, text) == expected


@pytest.mark.parametrize(
    ("reader", "text", "code", "words"),
    [
        (plain.line_text(), "[a]", "bad-value", "a list"),
        (plain.line_text(), "{a: b}", "bad-value", "a group of keys"),
        (plain.line_text(), '"a\\nb"', "unsafe-text", "line break"),
        (plain.line_text(), '"=?utf-8?q?a=0A?="', "unsafe-text", "encoded-word"),
        (plain.line_text(), '"a\\ue000b"', "unsafe-text", "private-use"),
        (plain.text(), '"a\\ue000b"', "unsafe-text", "private-use"),
        (plain.text(), '"a\\eb"', "unsafe-text", "control"),
        (plain.free(), '"a\\uf8ffb"', "unsafe-text", "private-use"),
        (plain.free(), "[a]", "bad-value", "one value"),
        (plain.boolean, "maybe", "bad-value", "`true` or `false`"),
        (plain.integer(0, 99), "100", "bad-value", "from 0 to 99"),
        (plain.integer(), "1.5", "bad-value", "whole number"),
        (plain.integer(), "٣", "bad-value", "whole number"),
        (plain.choice(("bluesky", "mastodon"), str, "unknown-network"), "mastadon", "unknown-network", "`mastodon`"),
        (plain.choice(("stop", "go")), "zzzz", "bad-value", "stop, go"),
        (plain.slug, "Open Forum", "bad-value", "open-forum"),
        (plain.slug, "../../evil", "bad-value", "hyphens"),
        (plain.slug, "a" * 101, "bad-value", "short"),
        (plain.name, "a/b", "bad-value", "letters"),
        (plain.path(), "/etc/passwd", "bad-value", "materials/brief.pdf"),
        (plain.path(), "C:\\x", "bad-value", "materials/brief.pdf"),
        (plain.hashtag, '"#FOSS #EU"', "bad-value", '["#FOSS", "#EU"]'),
        (plain.tag, "a, b", "bad-value", "[a, b]"),
        (plain.role, "7", "bad-value", "words"),
        (times.day, "13.1.2026", "bad-value", "2026-01-13"),
        (times.day, "2026-02-30", "bad-value", "no day 2026-02-30"),
        (times.day, "9999-12-31", "bad-value", "between 1900 and 2999"),
        (times.day, "0001-01-01", "bad-value", "between 1900 and 2999"),
        (times.moment, "9999-12-31 23:59", "bad-value", "between 1900 and 2999"),
        (times.duration, "99999w", "bad-value", "longer than ten years"),
        (times.duration, "99999999999d", "bad-value", "14d"),
        (plain.integer(), "9" * 9000, "bad-value", "from 0 to 1000000"),
        (plain.line_text(), "n" * 2001, "bad-value", "more than 2,000 characters"),
        (times.clock, "25:00", "bad-value", "25:00"),
        (times.moment, "2026-01-06T14:00Z", "bad-value", "zone"),
        (times.moment, "next tuesday", "bad-value", "next tuesday"),
        (times.hours, "17:00-09:00", "bad-value", "hours end before"),
        (times.hours, "9-17", "bad-value", "09:00-17:00"),
        (times.hours, "00:00-00:00", "bad-value", "its end is 24:00"),
        (times.hours, "24:00-24:00", "bad-value", "09:00-17:00"),
        (times.hours, "00:00-24:01", "bad-value", "09:00-17:00"),
        (times.duration, "two weeks", "bad-value", "14d"),
        (times.duration_range, "140s-90s", "bad-value", "shorter"),
        (times.month_day, "2025-12-24", "bad-value", "`12-24`"),
        (times.month_day, "13-20", "bad-value", "13-20"),
        (times.weekday, "tuesday", "bad-value", "`tue`"),
        (times.retention, "two years", "bad-value", "2y"),
        (places.country, "XX", "bad-value", "ISO 3166"),
        (places.country, "UK", "bad-value", "`GB`"),
        (places.country, "Norge", "bad-value", "`NO`"),
        (places.country, "EU", "bad-value", "eu: true"),
        (places.language, "english", "bad-value", "`en`"),
        (places.language, "gr", "bad-value", "`el`"),
        (places.timezone, "Europe/Olso", "bad-value", "Europe/Oslo"),
        (places.timezone, "Brussels", "bad-value", "Europe/Brussels"),
        (places.timezone, "../../etc/passwd", "bad-value", "IANA"),
        (places.timezone, '"Europe/\\0"', "bad-value", "IANA"),
        (addresses.email, "postmottak.example", "bad-address", "@"),
        (addresses.email, '"a@b.example, c@d.example"', "bad-address", "a@b.example"),
        (addresses.email, "Maria <m@b.example>", "bad-address", "m@b.example"),
        (addresses.email, "mailto:m@b.example", "bad-address", "Write only: m@b.example"),
        (addresses.email, '"a@b.example\\nBcc: c@d.example"', "bad-address", "character"),
        (addresses.email, "jürgen@b.example", "bad-address", "ASCII"),
        (addresses.email, "a@b.local", "bad-address", "special-use"),
        (addresses.url, "javascript:alert(1)", "bad-value", "https://"),
        (addresses.url, "example.org/a", "bad-value", "`https://example.org/a`"),
        (addresses.url, "https://", "bad-value", "web address"),
        (addresses.url, "https://a.example:port/", "bad-value", "web address"),
        (addresses.link, "ftp://a.example", "bad-value", "mailto"),
        (addresses.mastodon, '"@brimelva"', "bad-address", "server"),
        (addresses.mastodon, "https://elver.example/@brimelva", "bad-address", '"@brimelva@elver.example"'),
        (addresses.bluesky, "https://bsky.app/profile/a.example", "bad-address", "`a.example`"),
        (list_of(plain.line_text()), "one", "bad-value", "a list"),
        (mapping_of(plain.free()), "one", "bad-value", "a group of keys"),
        (FewKeys, "one", "bad-value", "Its keys are: a"),
    ],
)
def test_a_wrong_value_is_told_what_is_expected(reader: Any, text: str, code: str, words: str) -> None:
    found = fault(reader, text)
    assert found.code == code
    assert words in f"{found.message} {found.hint}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", 5),
        ("-5", -5),
        ("1.5", 1.5),
        ("true", True),
        ("false", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("NO", "NO"),
        ("yes", "yes"),
        ("True", "True"),
        ("12:30", "12:30"),
        ("01067", "01067"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("0o7", "0o7"),
        ("+5", "+5"),
        (".5", ".5"),
        ("inf", "inf"),
        (".nan", ".nan"),
        ("2026-01-13", "2026-01-13"),
        ('"5"', "5"),
        ("'true'", "true"),
        ('""', ""),
    ],
)
def test_a_free_value_is_a_number_only_where_it_reads_back_as_written(text: str, expected: object) -> None:
    found = value(mapping_of(plain.free(), nullable=True), f"{{a: {text} }}")["a"]
    assert found == expected
    assert type(found) is type(expected)


FREE = of(mapping_of(plain.free(), nullable=True))
free_values = (
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.text(st.characters(exclude_categories=["Cs", "Cc", "Co"]))
)


@given(free_values)
def test_a_free_value_that_a_yaml_1_1_writer_writes_reads_back(written: Any) -> None:
    if isinstance(written, str) and any(c in written for c in "\u2028\u2029\ufeff"):
        return
    node, findings = read_yaml(yaml.safe_dump({"key": {"a": written}}))
    found = FREE.read(node, findings)  # type: ignore[arg-type]
    assert findings == []
    assert found is not None
    assert found.values() == {"key": {"a": written}}


@given(st.text())
@example("0" * 5000)
@example("9" * 5000)
def test_no_text_makes_a_reader_raise(text: str) -> None:
    for reader in (
        plain.line_text(), plain.text(), plain.boolean, plain.integer(), plain.choice(("a", "b")), plain.slug,
        plain.name, plain.path(), plain.hashtag, plain.tag, plain.role, plain.free(), plain.reason_or_boolean,
        times.day, times.clock, times.moment, times.hours, times.duration, times.duration_range,
        times.month_day, times.weekday, times.retention, places.country, places.language, places.timezone,
        addresses.email, addresses.url, addresses.link, addresses.mastodon, addresses.bluesky,
    ):  # fmt: skip
        with contextlib.suppress(PydanticCustomError):
            reader.of(Scalar(text, True, 1))  # type: ignore[attr-defined]


labels = st.text(st.sampled_from("abzAZ019-_.é+'"), min_size=1, max_size=6)
domains = st.lists(st.text(st.sampled_from("abxnAZ019-"), min_size=1, max_size=5), min_size=1, max_size=3)


@given(labels, domains, st.sampled_from(["org", "ORG", "example", "test", "co", "arpa", "local", "alt", "1c", "c1"]))
@example("a" * 65, ["b"], "org")
@example("a", ["b" * 63] * 4, "org")
@example("a", ["xn--"], "org")
@example("a", ["0---0"], "org")
@example("a", ["b-c", "d" * 64], "org")
def test_the_quick_look_at_an_address_judges_as_the_library_does(local: str, parts: list[str], top: str) -> None:
    written = f"{local}@{'.'.join([*parts, top])}"
    try:
        expected: object = (
            validate_email(written, check_deliverability=False, test_environment=True).ascii_email or MISSING
        )
    except EmailNotValidError:
        expected = MISSING
    try:
        found: object = addresses.email.parse(written)
    except Fault:
        found = MISSING
    assert found == expected


def read_thing(text: str) -> tuple[ThingKeys, list[tuple[int, str]]]:
    node, findings = read_yaml(text)
    found = ThingKeys.read(node, findings)  # type: ignore[arg-type]
    assert found is not None
    return found, [(finding.line, finding.code) for finding in sorted(findings)]


def test_all_problems_of_a_record_are_told_at_once() -> None:
    found, told = read_thing("tier: x\nlangauge: en\nlanguage: en\ntags: [a, {b: c}, '']\nfoo: 1\n")
    assert told == [
        (1, "bad-value"),
        (1, "missing-key"),
        (2, "unknown-key"),
        (4, "bad-value"),
        (4, "bad-value"),
        (5, "unknown-key"),
    ]
    assert found.values() == {"language": "en", "tags": ("a",)}


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    node, findings = read_yaml("name: x\nlangauge: en\nemail: y\nzzz: 1\n")
    ThingKeys.read(node, findings)  # type: ignore[arg-type]
    assert [finding.hint for finding in findings] == [
        "Did you mean `language`?",
        "Write it elsewhere.",
        "Known keys: name, tier, language, tags.",
    ]


def test_a_misspelt_required_key_is_one_problem_and_still_read() -> None:
    found, told = read_thing("nmae: Foo\n")
    assert told == [(1, "unknown-key")]
    assert found.name == "Foo"


@pytest.mark.parametrize("text", ["tier: 1\nname:\n", 'tier: 1\nname: ""\n', "tier: 1\nname: ~\n"])
def test_a_required_key_without_a_value_is_missing(text: str) -> None:
    assert read_thing(text)[1] == [(2, "missing-key")]


def test_an_optional_key_without_a_value_is_not_given() -> None:
    found, told = read_thing("name: x\ntier:\nlanguage: ~\n")
    assert told == []
    assert found.values() == {"name": "x"}


def test_what_is_faulty_already_is_not_told_again() -> None:
    findings: list[Finding] = []
    faulty = Mapping((Entry("key", 1, Faulty(1)),), 1)
    for reader in (plain.text(), plain.free(), list_of(plain.text()), mapping_of(plain.text()), ThingKeys):
        found = of(reader).read(faulty, findings)
        assert found is not None
        assert "key" not in found
    assert ThingKeys.read(Faulty(1), findings) is None
    assert findings == []
    assert read_thing("name: *x\nother: *y\n")[1] == [(1, "yaml-alias")]
    assert read_thing("<<: {name: x}\ntier: 1\n")[1] == [(1, "yaml-merge-key")]


def test_two_kinds_of_value_can_stand_under_one_key() -> None:
    either = group_or(mapping_of(plain.text()), Annotated[Any, LocatedText(plain.text())])
    assert value(either, "{a: b}") == {"a": "b"}
    assert value(either, "x") == Located("x", 1)
    assert value(list_or(list_of(plain.integer()), Annotated[Any, plain.text()]), "[1]") == (1,)
    assert value(list_or(list_of(plain.integer()), Annotated[Any, plain.text()]), "1") == "1"


def test_the_schema_comes_from_the_same_definition() -> None:
    assert json_schema(ThingKeys) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"description": "What it is called", "type": ["string", "number"]},
            "tier": {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
            "language": {**places.language.schema(), "type": ["string", "null"]},
            "tags": {"type": ["array", "null"], "items": {"type": ["string", "number"]}},
        },
    }


def test_zones_are_those_of_the_tzdata_package_and_not_of_the_machine(tmp_path: Path) -> None:
    """A zone that only this machine's tables hold would be another instant, or none, elsewhere."""
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe/Atlantis").write_bytes((resources.files("tzdata") / "zoneinfo/Europe/Oslo").read_bytes())
    script = (
        "from outreach.campaign.values import places\n"
        "known = [places._is_timezone(zone) for zone in ('Europe/Atlantis', 'Europe/Oslo', 'europe/oslo', 'EST')]\n"
        "print(known, places._nearest_timezone('Europe/Atlantic'))"
    )
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert said.startswith("[False, True, False, False]")
    assert "Atlantis" not in said


HOSTS = st.sampled_from(["a.example", "A-b.C"]) | st.text("aZ-.", max_size=6)


@given(
    st.builds(
        "{}://{}{}".format, st.sampled_from(["http", "https", "HTTP", "ftp"]), HOSTS, st.text("/a: <?", max_size=4)
    ),
    st.sampled_from([("http", "https"), ("https",)]),
)
@example("https://a.example/a b", ("http", "https"))
@example("https://a..b/", ("https",))
@example("http://a.example", ("https",))
def test_the_quick_look_at_a_web_address_says_what_the_long_one_says(value: str, schemes: tuple[str, ...]) -> None:
    quick = addresses.is_url(value, schemes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(addresses, "_PLAIN_URL", re.compile("(nothing)"))
        assert addresses.is_url(value, schemes) == quick
