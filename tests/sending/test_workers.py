"""Workers on several computers: each letter once, whatever becomes of jobs, workers and the database.

A server that counts for itself is the judge. `OUTREACH_WORKED_LETTERS` says how many letters three workers send while
they are killed (`make torture`: many; PostgreSQL is restarted and the network cut as well); here it is a few.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from outreach.connections.remotes import confirm_remote
from outreach.errors import CannotTell, LedgerNotShared, LedgerUnreachable
from outreach.ledger import open_ledger
from outreach.tasks.approving import approve
from outreach.tasks.working import LETTERS, READING, Worked, do_work, has_work, why_behind
from outreach.team import worker
from outreach.team.worker import Workshop, work
from tests.sending.campaigns import write_campaign
from tests.servers.computers import Computer, computers
from tests.servers.counting import Counting, counting
from tests.servers.postgres import Postgres, put_into_postgres, running_postgres

LETTERS_WORKED = int(os.environ.get("OUTREACH_WORKED_LETTERS", "6"))
KILLED_EVERY = float(os.environ.get("OUTREACH_KILLED_EVERY", "5"))
CUTS = int(os.environ.get("OUTREACH_CUTS", "0"))
"""How often the line of a computer is cut; where that is to happen, the computers are network namespaces."""
CUT_FOR = 40.0
"""Seconds for which a line is cut: longer than PostgreSQL keeps an account for a computer of which it hears nothing."""
GOES_ON = 60.0
"""Seconds after which work must go on, whatever happened to a worker."""
RESTARTS = int(os.environ.get("OUTREACH_RESTARTS", "1"))
ROOT = Path(__file__).resolve().parent.parent.parent
NOW = datetime(2026, 1, 13, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_other_loop() -> Iterator[None]:
    """Playwright's event loop, of browser tests in the same process, counts as running until its browser is closed."""
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Counting]:
    (tmp_path / "server").mkdir()
    with counting(tmp_path / "server") as running:
        yield running


def approved(root: Path, server: Counting, address: str, patch: pytest.MonkeyPatch, letters: int = 3) -> Path:
    """A campaign in PostgreSQL whose letters are approved and due."""
    write_campaign(root, port=server.port, contacts=letters)
    assert {each.verdict for each in approve(root, ["one"]).letters} == {"approved"}
    put_into_postgres(root, address, patch)
    return root


def another_host(root: Path, name: str) -> Path:
    """A clone: the campaign's files, and nothing that is a computer's own."""
    return Path(shutil.copytree(root, root.parent / name, ignore=shutil.ignore_patterns(".outreach")))


@pytest.fixture
def root(tmp_path: Path, server: Counting, postgres: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    return approved(tmp_path / "campaign", server, postgres, monkeypatch)


class Heard:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.troubles: list[str] = []

    def __call__(self, account: str, worked: Worked) -> None:
        self.done += [action.id for action in worked.actions if action.result == "done"]
        self.troubles += worked.troubles


def waiting(workshop: Workshop) -> list[str]:
    """Jobs that send, which wait or run, by their state: looks, sweeps and readings come by the clock."""
    with workshop.app.open():
        found = workshop.app.connector.get_sync_connector().execute_query_all(
            "SELECT status::text, lock FROM procrastinate_jobs"
            f" WHERE status IN ('todo', 'doing') AND lock <> '{READING}' ORDER BY id"
        )
    return [f"{row['status']} {row['lock']}" for row in found]


def told(workshop: Workshop, sql: str) -> None:
    with workshop.app.open():
        workshop.app.connector.get_sync_connector().execute_query(sql)


# --- jobs --------------------------------------------------------------------------------------------


def test_what_is_due_is_done_by_one_job_for_each_account(root: Path, server: Counting) -> None:
    heard = Heard()
    work(root, heard, once=True)
    assert heard.done == ["one/c0000/0", "one/c0001/0", "one/c0002/0"]
    assert len(server.taken()) == 3
    work(root, heard, once=True)
    assert (len(server.taken()), heard.troubles, has_work(root)) == (3, [], ())


def test_what_was_approved_on_one_computer_is_sent_by_another(root: Path, server: Counting) -> None:
    heard = Heard()
    work(another_host(root, "there"), heard, once=True)
    assert len(heard.done) == len(server.taken()) == 3


def test_an_account_has_one_job_that_waits(root: Path) -> None:
    workshop = Workshop(root, Heard())
    with workshop.app.open():
        assert [workshop.ask_for(LETTERS) for _ in range(3)] == [True, False, False]
    assert waiting(workshop) == ["todo mail"]


def test_a_lost_job_is_asked_for_again(root: Path, server: Counting) -> None:
    workshop = Workshop(root, heard := Heard())
    with workshop.app.open():
        workshop.ask_for(LETTERS)
    told(workshop, "DELETE FROM procrastinate_jobs")
    work(root, heard, once=True)
    assert len(server.taken()) == 3


def test_a_doubled_job_sends_nothing_twice(root: Path, server: Counting) -> None:
    workshop = Workshop(root, heard := Heard())
    with workshop.app.open():
        workshop.ask_for(LETTERS)
    told(workshop, "INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
                   " SELECT 'default', 'do', '{\"account\": \"mail\"}' FROM generate_series(1, 3)")  # fmt: skip
    workshop.run(until_idle=True)
    assert sorted(heard.done) == ["one/c0000/0", "one/c0001/0", "one/c0002/0"]
    assert set(server.taken().values()) == {1}


DEAD_WORKER = """
INSERT INTO procrastinate_workers DEFAULT VALUES;
UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour';
INSERT INTO procrastinate_jobs (queue_name, task_name, args, lock, status, worker_id)
SELECT 'default', 'do', '{"account": "mail"}', 'mail', 'doing', max(id) FROM procrastinate_workers;
"""
FORGOTTEN_WORKER = f"{DEAD_WORKER}; DELETE FROM procrastinate_workers"
KILLED_WORKER = f"""{DEAD_WORKER};
UPDATE procrastinate_workers SET last_heartbeat = now() + interval '1 hour';
UPDATE procrastinate_jobs SET args = args || '{{"life": "12345"}}'
"""
HANGING_JOB = f"""{DEAD_WORKER};
UPDATE procrastinate_workers SET last_heartbeat = now() + interval '1 hour';
UPDATE procrastinate_events SET at = now() - interval '2 hours'
"""


@pytest.mark.parametrize(
    "stuck",
    [DEAD_WORKER, KILLED_WORKER, FORGOTTEN_WORKER, HANGING_JOB],
    ids=["its worker is silent", "its worker was killed", "its worker is forgotten", "it hangs"],
)
def test_a_stuck_job_is_swept_away(root: Path, server: Counting, stuck: str) -> None:
    workshop = Workshop(root, heard := Heard())
    told(workshop, stuck)
    with workshop.app.open():
        workshop.ask_for(LETTERS)
    assert waiting(workshop) == ["doing mail", "todo mail"]
    with workshop.app.open():
        workshop.app.configure_task("sweep").defer(timestamp=0)
    workshop.run(until_idle=True)  # the account's lock holds its job back, but not the sweeper's
    workshop.run(until_idle=True)
    assert len(server.taken()) == len(heard.done) == 3
    assert waiting(workshop) == []


def test_a_worker_that_is_stopped_finishes_the_letter_in_hand_and_no_other(root: Path, server: Counting) -> None:
    workshop = Workshop(root, heard := Heard())

    context = SimpleNamespace(job=SimpleNamespace(id=0), should_abort=lambda: bool(server.taken()))
    with workshop.app.open():
        workshop._do(context, LETTERS)
    workshop._life.end()
    assert heard.done == ["one/c0000/0"]
    assert len(server.taken()) == 1


def test_a_worker_that_lost_its_server_is_told_from_one_that_was_stopped(root: Path) -> None:
    workshop = Workshop(root, heard := Heard())

    def lose(*args: object, **keys: object) -> None:
        error = ValueError("cut")
        lost = {"action": "side_task_failed"}
        logging.getLogger("procrastinate.worker").error("Side task failed", extra=lost, exc_info=error)

    workshop.app.run_worker = lose
    assert not workshop.run()
    assert heard.troubles == ["PostgreSQL does not answer. Trying again."]
    workshop.app.run_worker = lambda **keys: None
    assert workshop.run()
    logging.getLogger("procrastinate").error("nobody hears it any more", extra={"action": "side_task_failed"})
    assert workshop.run()


def test_a_worker_that_starts_before_its_server_waits_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    heard, answers = Heard(), [LedgerUnreachable("db", "no route")] * 2

    class Late:
        def __init__(self, root: Path, heard: Heard) -> None:
            if answers:
                raise answers.pop()

        def run(self) -> bool:
            return True

    monkeypatch.setattr(worker, "Workshop", Late)
    monkeypatch.setattr(worker, "_LOST_SERVER", 0.0)
    work(tmp_path, heard)
    assert heard.troubles == ["The ledger at db cannot be reached: no route. Trying again."]
    assert not answers


def test_a_worker_needs_a_shared_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LedgerNotShared, match="share"):
        work(write_campaign(tmp_path / "alone"), Heard())
    monkeypatch.setenv("OUTREACH_NOW", NOW.isoformat())
    with pytest.raises(CannotTell, match="rehearsal"):
        work(tmp_path / "alone", Heard())


# --- clones ------------------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> None:
    named = ("-c", "user.name=Alex", "-c", "user.email=alex@sender.example")
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """A clone of a shared campaign, whose remote was confirmed."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Begin")
    git(tmp_path, "clone", "-q", "--bare", str(root), "shared.git")
    git(tmp_path, "clone", "-q", str(tmp_path / "shared.git"), "clone")
    confirm_remote(str(tmp_path / "shared.git"))
    return tmp_path / "clone"


def test_a_clone_that_is_behind_says_so_and_does_not_send(clone: Path, root: Path, server: Counting) -> None:
    assert why_behind(clone, NOW) == ""
    git(root, "commit", "-qm", "A decision", "--allow-empty")
    git(root, "push", "-q", str(clone.parent / "shared.git"), "main")
    worked = do_work(clone, LETTERS)
    assert "behind its Git remote" in worked.troubles[0]
    assert "git pull" in worked.troubles[0]
    assert server.taken() == {}
    git(clone, "pull", "-q")
    assert len(do_work(clone, LETTERS).actions) == len(server.taken()) == 3


def test_a_clone_that_did_not_reach_its_remote_for_an_hour_does_not_send(clone: Path, server: Counting) -> None:
    assert why_behind(clone, NOW) == ""
    (clone.parent / "shared.git").rename(clone.parent / "gone.git")
    assert why_behind(clone, NOW + timedelta(minutes=59)) == ""
    assert "could not be reached since 2026-01-13 08:00 UTC" in why_behind(clone, NOW + timedelta(hours=1))
    worked = do_work(clone, LETTERS)
    assert "nothing is sent from this computer" in worked.troubles[0]
    assert server.taken() == {}


# --- killed workers ----------------------------------------------------------------------------------


class Hosts:
    """Computers with a worker each, of which one dies now and then and another begins."""

    def __init__(self, folders: list[Path], lines: list[Computer], server: Counting, database: str) -> None:
        self._folders = folders
        self._lines = lines
        self._database = database
        for line in lines:
            line.reach(server.port)
        self._workers = [self._started(number) for number in range(len(folders))]

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        folder, database = self._folders[number], self._database
        command = [sys.executable, "-m", "outreach", "worker", "--campaign", str(folder)]
        if self._lines:
            command = self._lines[number].command(*command)
            database = database.replace("127.0.0.1", self._lines[number].here)
        with (folder / "worker.log").open("ab") as log:
            environment = {**os.environ, "OUTREACH_LEDGER": database}
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=environment)

    def kill(self, number: int) -> None:
        self._workers[number].kill()
        self._workers[number].wait()
        self._workers[number] = self._started(number)

    def revive(self) -> int:
        """Start again what ended by itself; how many did."""
        ended = [number for number, worker in enumerate(self._workers) if worker.poll() is not None]
        for number in ended:
            self._workers[number] = self._started(number)
        return len(ended)

    def end(self, how: int) -> None:
        for each in self._workers:
            each.send_signal(how)
        for each in self._workers:
            each.wait()


def test_workers_that_are_killed_send_each_letter_once(
    tmp_path: Path, server: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with computers(3 if CUTS else 0) as lines, running_postgres([line.here for line in lines]) as postgres:
        first = approved(tmp_path / "one", server, postgres.address, monkeypatch, LETTERS_WORKED)
        folders = [first, another_host(first, "two"), another_host(first, "three")]
        hosts = Hosts(folders, lines, server, os.environ["OUTREACH_LEDGER"])
        try:
            kills, ended, longest = _until_all_left(hosts, first, server, postgres, lines)
        except BaseException:
            hosts.end(signal.SIGKILL)
            raise
        hosts.end(signal.SIGTERM)
        with open_ledger(first) as ledger:
            past = ledger.past()
            assert past == ledger.full_past()
    letters = {letter.message_id: letter for contact in past.contacts.values() for letter in contact.letters}
    doubts = [letter for letter in letters.values() if letter.kind == "in-doubt"]
    taken = server.taken()
    print(f"{len(taken)} letters, {kills} kills, {ended} ended by themselves, {len(doubts)} in doubt")
    print(f"nothing left for {longest:.0f} s at most")
    assert not [id for id, times in taken.items() if times > 1], "a letter left twice"
    assert letters.keys() >= taken.keys(), "a letter left and nobody knows"
    assert len(letters) == LETTERS_WORKED, "a letter was lost"
    assert len(doubts) <= kills + RESTARTS + CUTS
    # Where one is killed every few seconds, whoever takes over may die before its first letter on a slow machine.
    assert longest <= GOES_ON or kills > 1, "the work of a dead worker did not go on"


def _until_all_left(
    hosts: Hosts, first: Path, server: Counting, postgres: Postgres, lines: list[Computer]
) -> tuple[int, int, float]:
    """Kill a worker every few seconds, restart PostgreSQL and cut lines to it, until nothing is due any more.

    How often a worker was killed, how many ended by themselves, and for how many seconds nothing left at most.
    """
    chance, kills, ended, restarts, cuts = random.Random(20260113), 0, 0, RESTARTS, CUTS
    is_cut: dict[int, float] = {}
    began = last = time.monotonic()
    counted, since, longest = 0, began, 0.0
    while time.monotonic() - began < 60 + LETTERS_WORKED + 3 * CUTS * CUT_FOR:
        time.sleep(0.5)
        count = len(server.taken())
        longest = max(longest, time.monotonic() - since if count < LETTERS_WORKED - kills else 0)
        counted, since = (count, time.monotonic()) if count > counted else (counted, since)
        if time.monotonic() - last >= KILLED_EVERY and (kills == 0 or LETTERS_WORKED > 10):
            last = time.monotonic()
            hosts.kill(chance.randrange(3))
            kills += 1
        if restarts and count > LETTERS_WORKED * (RESTARTS + 1 - restarts) // (RESTARTS + 1):
            restarts -= 1
            postgres.stop(chance.choice([signal.SIGINT, signal.SIGQUIT]))
            postgres.start()
        if cuts and count > LETTERS_WORKED * (CUTS + 1 - cuts) // (CUTS + 2):
            cuts -= 1
            host = chance.randrange(3)
            lines[host].cut()
            is_cut[host] = time.monotonic()
        for host in [host for host, when in is_cut.items() if time.monotonic() - when > CUT_FOR]:
            lines[host].repair()
            del is_cut[host]
        ended += hosts.revive()
        if count >= LETTERS_WORKED - kills and time.monotonic() - since > 2 and not has_work(first):
            return kills, ended, longest
    pytest.fail(f"after a minute and more {len(server.taken())} of {LETTERS_WORKED} letters left")
