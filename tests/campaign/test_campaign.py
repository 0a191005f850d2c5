"""`campaign.yaml`: every key, defaults laid over one another, and what does not go together."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.campaign.campaign_yaml import load_campaign
from outreach.model.campaign import (
    Accounts,
    AfterWave,
    Attachment,
    Calendar,
    Campaign,
    Decision,
    Expression,
    FollowUp,
    Goal,
    Inbox,
    Legal,
    MailAccount,
    Pace,
    PoliticalAdvertising,
    Sender,
    TemplateChoice,
    Transport,
    Wave,
)
from outreach.model.problem import Problem
from outreach.model.times import Delay, Hours, YearlySpan
from tests.campaign.campaigns import CAMPAIGN, write

LEAST = "id: a\ntitle: A\nsender: {name: Alex, email: alex@example.org}\n"


def load(root: Path, text: str | bytes) -> tuple[Campaign | None, list[Problem]]:
    return load_campaign(write(root, {"campaign.yaml": text}))


def codes(problems: list[Problem]) -> list[tuple[int, str]]:
    assert all((p.file, p.about) == ("campaign.yaml", "campaign") for p in problems)
    return [(p.line, p.code) for p in problems]


def read(root: Path, text: str) -> Campaign:
    campaign, problems = load(root, text)
    assert problems == []
    assert campaign is not None
    return campaign


def wrong(root: Path, more: str) -> list[tuple[int, str]]:
    """Line (counted after the least campaign) and code of what is wrong in `more`."""
    return [(line - LEAST.count("\n"), code) for line, code in codes(load(root, LEAST + more)[1])]


def expr(source: str, line: int) -> Expression:
    return Expression(source=source, file="campaign.yaml", line=line)


def days(number: int, text: str) -> Delay:
    return Delay(length=timedelta(days=number), text=text)


def test_the_least_campaign_has_defaults(tmp_path: Path) -> None:
    assert read(tmp_path, LEAST) == Campaign(
        id="a", title="A", sender=Sender(name="Alex", email="alex@example.org", line=3)
    )


def test_every_plain_key_is_read(tmp_path: Path) -> None:
    campaign = read(tmp_path, CAMPAIGN)
    assert campaign.sender == Sender(
        name="Alex Example",
        email="alex@example.org",
        reply_to="replies@example.org",
        signature="Alex Example\nAlliance",
        postal_address="1 Example Street",
        line=5,
    )
    maria = campaign.senders["maria"]
    assert (maria.email, maria.reply_to, maria.signature) == ("maria@example.org", "replies@example.org", None)
    assert campaign.attachments == {
        "brief": Attachment(name="brief", file="materials/policy-brief.pdf", version="1.1", line=14),
        "map": Attachment(name="map", file="materials/map.png", line=15),
    }
    assert campaign.links == {"brief": "https://example.org/brief", "post": None}
    assert campaign.facts == {"annual_funding": "EUR 200-300 million", "year": 2026, "code": "01067"}
    assert (campaign.language, campaign.timezone, campaign.approval) == ("en", "Europe/Brussels", "none")
    assert (campaign.transparency_id, campaign.digest, campaign.fill_links) == (None, None, ("README.md",))


def test_accounts_and_calendar_are_read(tmp_path: Path) -> None:
    campaign = read(tmp_path, CAMPAIGN)
    assert campaign.accounts == Accounts(
        mail=MailAccount(
            transport=Transport.SMTP,
            host="mail.example.org",
            port=587,
            security="starttls",
            user="alex",
            inboxes=(Inbox(imap="mail.example.org", user="alex", folders=("INBOX", "Sent")),),
        ),
        networks={
            "bluesky": {"service": "https://bsky.social", "handle": "alliance.example.org"},
            "mastodon": {"server": "https://fosstodon.org"},
        },
    )
    assert campaign.calendar == Calendar(
        days=(2, 3, 4),
        hours=Hours(opens=time(9), closes=time(17)),
        holidays=("BE",),
        avoid=(YearlySpan(first=(12, 24), last=(1, 1), why="holiday period", line=33),),
        prefer=(YearlySpan(first=(1, 2), last=(1, 15), line=35),),
    )
    assert campaign.pace == Pace(per_hour=10, gap=(timedelta(seconds=60), timedelta(seconds=90)))


def test_waves_are_read_with_their_follow_ups_and_pace(tmp_path: Path) -> None:
    campaign = read(tmp_path, CAMPAIGN)
    only_organisations = expr("kind != 'person'", 57)
    default = FollowUp(after=days(14, "14d"), template="follow-up", to=only_organisations, line=57)
    assert campaign.follow_up == default
    assert campaign.waves == (
        Wave(
            id="lobbying",
            to=expr("tier == 0", 40),
            templates=(TemplateChoice(template="advocacy", line=41),),
            start=datetime(2026, 1, 13),
            until=date(2026, 3, 31),
            needs=expr("decision('reddit') in ['go', 'go-strong']", 44),
            follow_up=FollowUp(
                after=days(14, "14d"),
                template="follow-up",
                times=2,
                to=only_organisations,
                needs=expr("count('answered') < 3", 45),
                line=57,
            ),
            line=39,
        ),
        Wave(
            id="community",
            to=expr("tier == 2", 47),
            templates=(
                TemplateChoice(template="research", condition=expr("'research' in tags", 48), line=48),
                TemplateChoice(template="advocacy", line=48),
            ),
            after=AfterWave(
                wave="lobbying", delay=days(5, "5d"), otherwise=expr("contacts['ofe'].answered", 49), line=49
            ),
            pace=Pace(per_hour=10, per_day=5, gap=(timedelta(seconds=60), timedelta(seconds=90))),
            again=True,
            line=46,
        ),
        Wave(
            id="press",
            to=expr("kind == 'media'", 54),
            templates=(TemplateChoice(template="media", line=55),),
            after=AfterWave(wave="lobbying", delay=days(14, "2w"), line=56),
            follow_up=default,
            line=53,
        ),
    )


def test_decisions_goals_and_legal_notes_are_read(tmp_path: Path) -> None:
    campaign = read(tmp_path, CAMPAIGN)
    assert campaign.decisions == (
        Decision(
            id="reddit",
            ask="Go to the organisations?",
            choices=("stop", "go", "go-strong"),
            after="r-linux",
            delay=days(3, "3d"),
            by=date(2026, 1, 12),
            line=59,
        ),
    )
    assert campaign.goals == (
        Goal(name="tier 0 answered", measure=expr("count('answered', tier=0)", 63), target=2, by=date(2026, 2, 15)),
    )
    assert campaign.legal == Legal(
        basis="legitimate-interest",
        interest="asking them",
        assessment="docs/assessment.md",
        on=date(2026, 1, 5),
        keep_for="2y",
        sender="organisation",
        political_advertising=PoliticalAdvertising(
            assessed="no", why="an opinion", by="Alex", on=date(2026, 1, 5), line=61
        ),
        lobby_registers={"DE": "R001234", "IE": "exempt: we employ nobody"},
        line=61,
    )
    assert campaign.repository == "private"


@pytest.mark.parametrize(
    ("basis", "hint"),
    [
        ("consent", None),
        ("'consent: the box on our form'", None),
        ("'relation: our members'", None),
        ("published for this purpose (https://example.org/contact)", None),
        ("address published for this purpose (https://example.org/contact)", None),
        ("public office", None),
        ("'no advertising: it asks what they think'", None),
        ("advice of Maria Example on 2026-01-05", None),
        ("published on their site", "Say where: `published for this purpose (https://example.org/contact)`."),
        ("no advertising", "Say why: `no advertising: it asks what they think`."),
        ("advice of a lawyer", "Name the person and the day: `advice of Maria Example on 2026-01-05`."),
        ("because", "Begin it with one of: consent, relation, published, public office, no advertising, advice of."),
    ],
)
def test_the_basis_of_a_wave_is_a_line_that_says_what_makes_it_lawful(
    tmp_path: Path, basis: str, hint: str | None
) -> None:
    text = CAMPAIGN.replace("    after: lobbying + 2w\n", f"    after: lobbying + 2w\n    basis: {basis}\n")
    campaign, problems = load(tmp_path, text)
    assert campaign is not None
    assert [problem.hint for problem in problems] == ([hint] if hint else [])
    assert campaign.waves[2].basis == (None if hint else basis.strip("'"))


@pytest.mark.parametrize(
    ("asks", "read"),
    [("nothing", ("nothing",)), ("[money, tickets]", ("money", "tickets")), ("[nothing, money]", None)],
)
def test_what_a_wave_asks_for_is_nothing_or_something(tmp_path: Path, asks: str, read: tuple[str, ...] | None) -> None:
    text = CAMPAIGN.replace("    after: lobbying + 2w\n", f"    after: lobbying + 2w\n    asks_for: {asks}\n")
    campaign, problems = load(tmp_path, text)
    assert campaign is not None
    assert [problem.code for problem in problems] == ([] if read else ["bad-value"])
    assert campaign.waves[2].asks_for == (read or ("nothing", "money"))


def test_a_digest_is_read_where_there_is_a_way_to_oneself(tmp_path: Path) -> None:
    campaign, problems = load(tmp_path, CAMPAIGN + "digest: {at: 08:00}\n")
    assert campaign is not None
    assert campaign.digest == time(8)
    assert codes(problems) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "missing-key")]),
        ("# nothing\n", [(1, "missing-key")]),
        ("- id: x\n", [(1, "bad-value")]),
        ("word\n", [(1, "bad-value")]),
        (b"id: \xe9\n", [(1, "not-utf-8")]),
        ("id: [\n", [(1, "yaml-syntax")]),
        ("title: A\n", [(1, "missing-key"), (1, "missing-key")]),
    ],
)
def test_a_file_that_says_nothing_is_no_campaign(tmp_path: Path, text: str | bytes, expected: list[object]) -> None:
    campaign, problems = load(tmp_path, text)
    assert campaign is None
    assert codes(problems) == expected


def test_an_absent_file_is_no_campaign(tmp_path: Path) -> None:
    campaign, problems = load_campaign(tmp_path)
    assert campaign is None
    assert codes(problems) == [(1, "unreadable-file")]


WAVE = "waves:\n  - id: one\n    to: 'true'\n    template: t\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("timezone: Europe/Olso\nlangauge: en\n", [(1, "bad-value"), (2, "unknown-key")]),
        ("approval: requird\n", [(1, "bad-value")]),
        ("accounts: {mail: {transport: outbox, password: x}}\n", [(1, "unknown-key")]),
        ("accounts: {mail: {transport: smtp}}\n", [(1, "missing-key")]),
        ("accounts: {mail: {inbox: {port: 993}}}\n", [(1, "missing-key")]),
        ("accounts: {mail: {inbox: {imap: a.example, folder: b}}}\n", [(1, "bad-value")]),
        ("accounts: {mail: {host: mail.example, insecure_loopback: true}}\n", [(1, "bad-value")]),
        ("accounts: {mail: {host: localhost, insecure_loopback: true, security: tls}}\n", [(1, "bad-value")]),
        ("accounts: {mail: {transport: smtp, host: 127.0.0.1, port: 25, insecure_loopback: true}}\n", []),
        ("accounts: {mail: {transport: smtp, host: '::1', insecure_loopback: true}}\n", []),
        ("accounts: {bluesky: {service: https://a.example}}\n", [(1, "missing-key")]),
        ("links: {a: nowhere}\n", [(1, "bad-value")]),
        ("attachments: {a: {version: 1.1}, b: /etc/passwd}\n", [(1, "missing-key"), (1, "bad-value")]),
        ("digest: 08:00\n", [(1, "not-yet")]),
        ("accounts: {mail: {transport: imap-drafts}}\n", [(1, "not-yet")]),
        ("waves:\n  - {id: a}\n", [(2, "missing-key"), (2, "missing-key")]),
        (WAVE + "    until: 2026-01-01\n    start: 2026-01-02\n", [(5, "bad-value")]),
        (WAVE + "    until: 2026-01-02\n    start: 2026-01-02 14:00\n", []),
        (WAVE + "    after: two\n", [(5, "unknown-reference")]),
        (WAVE + "    after: one + 1d\n", [(5, "bad-value")]),
        (
            WAVE + "    after: {wave: two, delay: 1d}\n  - {id: two, to: x, template: t, after: one}\n",
            [(5, "bad-value")],
        ),
        (WAVE + "  - {id: one, to: x, template: t}\n", [(5, "duplicate-id")]),
        (WAVE + "  - {id: aux, to: x, template: t}\n", [(5, "bad-value")]),
        (WAVE + "  - {id: One, to: x, template: t}\n", [(5, "bad-value")]),
        (WAVE + "    follow_up: {times: 2}\n", [(5, "missing-key")]),
        (WAVE + "    follow_up: {after: two weeks, template: t}\n", [(5, "bad-value")]),
        (WAVE + "    follow_up: {after: 1d, template: t, times: -2}\n", [(5, "bad-value")]),
        (WAVE + "    template: u\n", [(5, "yaml-duplicate-key")]),
        (WAVE + "follow_up: {after: 14d}\n", [(5, "missing-key")]),
        ("decisions: [{id: a, ask: A, choices: [x]}, {id: a, ask: A, choices: [y]}]\n", [(1, "duplicate-id")]),
        ("decisions: [{id: a, ask: A}]\n", [(1, "missing-key")]),
        ("decisions: [{id: a, ask: A, choices: []}]\n", [(1, "missing-key")]),
        ("waves:\n  - {id: a, to: x, template: []}\n", [(2, "missing-key")]),
    ],
)
def test_what_is_wrong_is_told_at_its_line(tmp_path: Path, more: str, expected: list[object]) -> None:
    assert wrong(tmp_path, more) == expected


@pytest.mark.parametrize(
    ("more", "hint"),
    [
        ("team: pat@a.example, @b.example\n", 'Write a list: [pat@a.example, "@b.example"].'),
        ("team: Pat <pat@a.example>\n", "Write only: pat@a.example"),
        ("timezone: CET\n", "For example `timezone: Europe/Brussels`."),
        ("timezone: GMT+1\n", "For example `timezone: Europe/Brussels`."),
        ("timezone: Brussels\n", "Did you mean `Europe/Brussels`?"),
        (f"{WAVE}    sender: jo\n", "There is none yet: add it, or delete this line."),
    ],
)
def test_each_mistake_has_its_remedy(tmp_path: Path, more: str, hint: str) -> None:
    _, (problem,) = load(tmp_path, LEAST + more)
    assert problem.hint == hint


def test_a_port_that_is_too_large_is_told_a_usual_one(tmp_path: Path) -> None:
    _, (problem,) = load(tmp_path, LEAST + "accounts: {mail: {host: mail.example.org, port: 70000}}\n")
    assert "1 to 65535" in problem.message
    assert problem.hint == "For example `port: 587`."


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("DE-BY", "`DE-BY` is a part of a country, and `holidays` takes whole countries.", "Write `DE`, and the days"),
        ("Belgium", "No public holidays are known for `Belgium`.", "Did you mean `BE`?"),
        ("Luxemburg", "No public holidays are known for `Luxemburg`.", "Did you mean `LU`?"),
        ("BEL", "No public holidays are known for `BEL`.", "Did you mean `BE`?"),
        ("UK", "No public holidays are known for `UK`.", "Did you mean `GB`?"),
        ("HM", "No public holidays are known for `HM`.", "For example"),
    ],
)
def test_a_place_without_known_holidays_is_told_the_country_that_was_meant(
    tmp_path: Path, written: str, message: str, hint: str
) -> None:
    _, problems = load(tmp_path, f"{LEAST}calendar: {{holidays: [BE, {written}]}}\n")
    assert [(p.code, p.line, p.message) for p in problems] == [("bad-value", 4, message)]
    assert problems[0].hint.startswith(hint)


def test_secrets_are_neither_kept_nor_repeated(tmp_path: Path) -> None:
    _, (problem,) = load(tmp_path, LEAST + "accounts: {mail: {password: hunter2}}\n")
    assert "hunter2" not in problem.message + problem.hint
    assert "keyring" in problem.hint


def test_waves_that_are_whole_are_there_beside_broken_ones(tmp_path: Path) -> None:
    campaign, _ = load(
        tmp_path, LEAST + WAVE + "  - {id: two, to: x}\n  - {id: three, to: y, template: t, start: soon}\n"
    )
    assert campaign is not None
    assert [wave.id for wave in campaign.waves] == ["one", "three"]


def test_a_follow_up_is_off_where_it_says_so(tmp_path: Path) -> None:
    for word in ("false", "none", "no"):
        campaign = read(tmp_path, LEAST + WAVE + f"    follow_up: {word}\nfollow_up: {{after: 1d, template: t}}\n")
        assert campaign.waves[0].follow_up is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_broken_campaign_raises(tmp_path: Path, data: st.DataObject) -> None:
    lines = CAMPAIGN.split("\n")
    index = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(0, len(lines[index])))
    junk = data.draw(
        st.sampled_from(['"', "'", ": ", "[", "]", "{", "}", "- ", "\t", "#x", "*a", "&a", "\n", "!t ", "@", "<<: "])
    )
    lines[index] = lines[index][:at] + junk + lines[index][at:]
    _, problems = load(tmp_path, "\n".join(lines))
    codes(problems)
