"""`outreach run` for a year by a clock that the test hands in: each effect once at its time, whatever breaks meanwhile.

The oracles are the counting mail server and a file into which each post is written as it goes out. A run is killed as
SIGKILL does it: the process ends at a moment of chance and nothing is tidied up.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Container, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from mmap import mmap
from pathlib import Path
from struct import pack, unpack
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from outreach.connections import server_dates
from outreach.errors import NotSent
from outreach.publishing.posts_outbox import PostsOutbox
from outreach.tasks import clock, watching
from outreach.tasks.health import health
from outreach.tasks.publishing import publishing
from outreach.tasks.sending import sending
from outreach.tasks.watching import Listener, watch
from tests.inbox.messages import message
from tests.sending.campaigns import FAST, said, write_campaign
from tests.servers.counting import Counting, counting

CONTACTS, POSTS, KILLS, DAYS = (int(each) for each in os.environ.get("OUTREACH_TEST_YEAR", "6,3,2,30").split(","))
"""How many contacts and posts there are, how often the run is killed, and for how many days it runs. The whole test is
2000,200,50,365."""
BRUSSELS = ZoneInfo("Europe/Brussels")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=DAYS)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Counting]:
    with counting(tmp_path / "server") as running:
        yield running


class Clock:
    """A clock that stands still but for a moment at each look at it; processes that were forked share it."""

    def __init__(self) -> None:
        self._shared = mmap(-1, 16)
        self.set(BEGIN)
        self.kill_after = 0

    def set(self, moment: datetime) -> None:
        self._shared[:8] = pack("d", moment.timestamp())

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(unpack("d", self._shared[:8])[0], UTC)

    def __call__(self) -> datetime:
        self.set(self.at + timedelta(milliseconds=1))
        if self.kill_after:
            self.kill_after -= 1
            if not self.kill_after:
                os._exit(9)
        return self.at


class Year:
    """A campaign with letters and posts, and the world around it; `breaks` is what is broken when."""

    def __init__(
        self,
        folder: Path,
        server: Counting,
        monkeypatch: pytest.MonkeyPatch,
        contacts: int,
        posts: int,
        per_day: int = 50,
        end: datetime = END,
    ) -> None:
        self.handed = folder / "handed"
        self.clock, self.server, self.posted = Clock(), server, folder / "posted.jsonl"
        self.broken: Callable[[datetime], Container[str]] = lambda at: ()
        self.per_day, self.end = per_day, end
        relay = f"transport: smtp, host: 127.0.0.1, port: {server.port}, insecure_loopback: true"
        networks = "  bluesky: {handle: a.example, transport: outbox}\n"
        networks += "  mastodon: {server: 'https://s.example', transport: outbox}\n"
        self.root = write_campaign(
            folder / "campaign", mail=f"{{{relay}, inbox: {{folder: mailbox}}}}\n{networks}", contacts=contacts,
            more="approval: none\ncalendar: {days: [tue, wed, thu], hours: 09:00-17:00}\n",
        )  # fmt: skip
        config = self.root / "campaign.yaml"
        pace = f"{{gap: 0s, per_hour: 20, per_day: {per_day}, per_domain_per_hour: 100000}}"
        text = config.read_text().replace(FAST, pace)
        config.write_text(text.replace("template: hello,", "template: hello, start: 2026-01-13,"))
        (self.root / "mailbox").mkdir()
        (self.root / "posts").mkdir()
        self.times: dict[str, datetime] = {}
        for number in range(posts):
            self.post(f"p{number:03}", BEGIN + timedelta(days=3 + (DAYS - 5) * number / posts, hours=10))
        monkeypatch.setattr(watching, "PAUSE", timedelta(hours=23))
        monkeypatch.setattr(watching, "_wait", self._wait)
        monkeypatch.setattr(publishing, "publisher_for", self._publisher)
        transport_for = sending.transport_for
        monkeypatch.setattr(sending, "transport_for", lambda *of, **keys: self._reach(transport_for(*of, **keys)))
        server_dates.forget()

    def post(self, id: str, at: datetime) -> None:
        """Write a post for both networks that is due on the hour of `at`."""
        self.times[id] = at.replace(minute=0, second=0, microsecond=0)
        local = self.times[id].astimezone(BRUSSELS)
        (self.root / "posts" / f"{id}.md").write_text(
            f"---\nnetworks: [bluesky, mastodon]\nat: {local:%Y-%m-%d %H}:00\n---\nPost {id[1:]}.\n"
        )

    def _reach(self, transport: Any) -> Any:
        opened = transport.open

        def open_() -> None:
            for what in ("network", "password"):
                if what in self.broken(self.clock.at):
                    raise NotSent(f"127.0.0.1: {what} trouble.", stops_run=True)
            opened()

        def send(parcel: Any, before: Any) -> Any:
            done = sends(parcel, before)
            with self.handed.open("a") as log:  # a letter that is tried again keeps its date, so that is no measure
                log.write(f"{parcel.message_id} {self.clock.at.isoformat()}\n")
            return done

        sends = transport.send
        transport.open, transport.send = open_, send
        return transport

    def _publisher(self, network: str, account: Any, root: Path, **_: Any) -> PostsOutbox:
        year = self

        class Counted(PostsOutbox):
            def open(self) -> None:
                if {"network", network} & set(year.broken(year.clock.at)):
                    raise NotSent(f"{network} answered 500.", stops_run=True)

            def _write(self, part: Any) -> None:
                super()._write(part)
                line = {"network": network, "text": part.record["text" if network == "bluesky" else "status"]}
                with year.posted.open("a") as log:
                    log.write(json.dumps({**line, "at": year.clock.at.isoformat()}) + "\n")

        return Counted(network, root)

    def _wait(self, interruption: object, until: datetime, changed: object) -> bool:
        self.clock.set(max(self.clock.at, until))
        self.file()
        return self.clock.at < self.end

    def file(self) -> None:
        """Put what the server took into Sent, as a provider does."""
        letters, sent = self.server.letters(), len(list((self.root / "mailbox").iterdir()))
        for number, letter in enumerate(letters[sent:], start=sent):
            copy = message(
                "alex@sender.example", "Hello", subject="Hello", to=letter["to"], id=letter["id"],
                at=parsedate_to_datetime(letter["date"]),
            )  # fmt: skip
            (self.root / "mailbox" / f"sent{number}.eml").write_bytes(copy)

    def run(self, listener: Listener | None = None) -> None:
        with clock.handed_in(self.clock):
            watch(self.root, listener or Listener(), go=True)

    def run_killed(self, after: int) -> bool:
        """Run in a process that ends at the `after`-th look at the clock, without tidying up; whether it was killed."""
        child = os.fork()
        if not child:
            try:
                self.clock.kill_after = after
                self.run()
            finally:
                os._exit(0)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    def sent(self) -> dict[str, datetime]:
        """When each letter was taken, by Message-ID."""
        lines = self.handed.read_text().splitlines() if self.handed.exists() else []
        handed = {id: datetime.fromisoformat(at) for id, at in (line.split() for line in lines)}
        dated = {each["id"]: parsedate_to_datetime(each["date"]) for each in self.server.letters()}
        return dated | handed

    def out(self) -> list[tuple[str, str, datetime]]:
        lines = self.posted.read_text().splitlines() if self.posted.exists() else []
        return [(each["network"], each["text"], datetime.fromisoformat(each["at"])) for each in map(json.loads, lines)]

    def is_right(self, *, twice: int) -> None:
        """Nothing went out twice, and everything at its time: in its window, within its pace, posts on the minute."""
        assert max(self.server.taken().values()) == 1
        local = [at.astimezone(BRUSSELS) for at in self.sent().values()]
        assert {at.weekday() for at in local} <= {1, 2, 3}
        assert all(9 <= at.hour < 17 for at in local)
        assert max(Counter(at.date() for at in local).values()) <= self.per_day
        assert max(Counter((at.date(), at.hour) for at in local).values()) <= 40
        places = Counter((network, text) for network, text, _ in self.out())
        assert max(places.values()) <= 1 + twice
        for _, text, at in self.out():
            due = self.times[f"p{int(text.strip().split()[1].rstrip('.')):03}"]
            assert timedelta() <= at - due <= timedelta(hours=1)


@pytest.fixture
def year(tmp_path: Path, server: Counting, monkeypatch: pytest.MonkeyPatch) -> Year:
    return Year(tmp_path, server, monkeypatch, CONTACTS, POSTS)


def test_each_letter_follow_up_and_post_of_a_year_goes_out_once_at_its_time(year: Year) -> None:
    began = time.monotonic()
    year.run()
    print(f"a year of {CONTACTS} contacts and {POSTS} posts in {time.monotonic() - began:.0f} s")
    assert len(year.sent()) == 2 * CONTACTS
    assert len(year.out()) == 2 * POSTS
    year.is_right(twice=0)
    with clock.handed_in(year.clock):
        assert [each.id for each in health(year.root).troubles] == []


def test_a_run_that_is_killed_again_and_again_comes_to_the_same(year: Year) -> None:
    chance, killed = random.Random(7), 0
    looks = 20 * (CONTACTS + 3 * POSTS + DAYS)  # at the clock, about, in a run that nobody kills
    while killed < KILLS and year.run_killed(chance.randint(20, 2 * looks // KILLS)):
        killed += 1
        year.file()
    year.run()
    print(f"killed {killed} times")
    assert killed > KILLS // 2 - 1
    doubts = sum(each["state"] == "in-doubt" for each in said(year.root, "status")["contacts"])
    assert 2 * CONTACTS - 2 * doubts <= len(year.sent()) <= 2 * CONTACTS
    # A part is written with its own key: to write it again after a kill changes nothing.
    assert len({(network, text) for network, text, _ in year.out()}) == 2 * POSTS
    year.is_right(twice=KILLS)


def troubles_on(year: Year, day: datetime) -> dict[str, datetime]:
    """What health says when the clock has come to that day."""
    seen: dict[str, datetime] = {}

    class Stop(BaseException):
        pass

    def looked(look: object) -> None:
        if year.clock.at >= day:
            raise Stop

    with pytest.raises(Stop):
        year.run(Listener(looked=looked))
    with clock.handed_in(year.clock):
        seen |= {each.id: each.since for each in health(year.root).troubles}
    return seen


GONE, BACK = datetime(2026, 1, 14, 6, tzinfo=UTC), datetime(2026, 1, 20, 6, tzinfo=UTC)


def test_what_breaks_is_named_with_the_day_since_which_and_nothing_bursts_afterwards(
    tmp_path: Path, server: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For a day there is no network at all, then for five the password is wrong and Mastodon answers 500."""
    year = Year(tmp_path, server, monkeypatch, 14, 0, per_day=5, end=BEGIN + timedelta(days=45))
    for day in range(12, 23, 2):
        year.post(f"p{day:03}", datetime(2026, 1, day, 10, tzinfo=UTC))

    def broken(at: datetime) -> Container[str]:
        if GONE <= at < GONE + timedelta(days=1):
            return {"network"}
        return {"password", "mastodon"} if GONE < at < BACK else ()

    year.broken = broken
    night = GONE + timedelta(hours=20)
    seen = troubles_on(year, night)
    assert {"mail", "bluesky", "mastodon", "p014/bluesky", "p014/mastodon"} <= seen.keys()
    assert all(timedelta() <= since - GONE < timedelta(hours=5) for since in seen.values())
    since = seen["mail"]
    seen = troubles_on(year, BACK - timedelta(hours=1))
    assert seen["mail"] == since
    assert "bluesky" not in seen
    assert {"mastodon", "p018/mastodon"} <= seen.keys()
    assert "p018/bluesky" not in seen
    seen = troubles_on(year, BACK + timedelta(days=1))
    assert not {"mail", "mastodon", "bluesky"} & seen.keys()
    year.run()
    year.is_right(twice=0)
    assert len(year.sent()) == 28
    assert [at for at in year.sent().values() if GONE <= at < BACK] == []
    out = {f"p{int(text.split()[1].rstrip('.')):03}/{network}" for network, text, _ in year.out()}
    assert out == {f"p{day:03}/{network}" for day in (12, 20, 22) for network in ("bluesky", "mastodon")} | {
        "p016/bluesky", "p018/bluesky",
    }  # fmt: skip
    with clock.handed_in(year.clock):
        assert {each.id for each in health(year.root).troubles} == {
            f"p{day:03}/{network}" for day in (14, 16, 18) for network in ("bluesky", "mastodon")
        } - out
