"""What a ledger in PostgreSQL promises beside what every ledger does: locks, lost answers, addresses, poolers."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from outreach.connections.ledger_address import is_shared, read_address
from outreach.errors import (
    AccountLost,
    LedgerAddressUnusable,
    LedgerAmbiguous,
    LedgerIsAnother,
    LedgerPooled,
    LedgerReadOnly,
    LedgerServerUnusable,
    LedgerShared,
    LedgerUnreachable,
    LedgerWithoutAddress,
    OutreachError,
)
from outreach.ledger import Claim, Ledger, open_ledger
from outreach.ledger.backups import backup, restore
from outreach.ledger.blobs import keep, kept, place
from outreach.ledger.dialect import tables
from outreach.ledger.migrating import migrations
from outreach.ledger.shared import keep_address
from outreach.model.event import EventKind
from outreach.model.ids import LetterId
from tests.ledger.histories import DAY, event, letter
from tests.servers.postgres import database_of_its_own, put_into_postgres

K = EventKind


@pytest.fixture
def address(tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "campaign.yaml").write_text("id: small\n", encoding="utf-8")
    return put_into_postgres(tmp_path, postgres, monkeypatch)


def another_computer(root: Path, name: str, *, id: str = "small") -> Path:
    """A clone of the campaign, which has nothing but its files."""
    (root / name).mkdir()
    (root / name / "campaign.yaml").write_text(f"id: {id}\nledger: postgresql\n", encoding="utf-8")
    return root / name


def end_sessions(address: str) -> None:
    """What a restart of the server does to everybody who is connected."""
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE pid <> pg_backend_pid() AND datname = current_database()")  # fmt: skip


# --- several computers ---------------------------------------------------------------------------------


def test_two_computers_share_what_happened_and_what_was_approved(tmp_path: Path, address: str) -> None:
    there = another_computer(tmp_path, "there")
    with open_ledger(tmp_path) as here:
        here.append(event(K.CALL, contact="fsfe", text="called"))
        digest = keep(tmp_path, b"approved")
    with open_ledger(there) as other:
        assert [each.text for each in other.events()] == ["called"]
        assert other.id == here.id
        assert not (there / place(digest)).exists()
        assert kept(there, digest) == b"approved"
    assert kept(there, digest) == b"approved"  # also where no ledger is open


def test_a_letter_is_claimed_once_over_all_computers(tmp_path: Path, address: str) -> None:
    of = LetterId(wave="w", contact="fsfe", step=0)
    wanted = Claim(id=0, campaign="small", at=DAY, by="alex", of=of, address="a@b.c")
    won = []
    gate = threading.Barrier(4)

    def try_it(root: Path) -> None:
        with open_ledger(root) as ledger:
            gate.wait()
            with suppress(OutreachError):
                won.append(ledger.begin(wanted, digest="0" * 64, at=DAY))

    roots = [another_computer(tmp_path, f"host{number}") for number in range(4)]
    threads = [threading.Thread(target=try_it, args=(root,)) for root in roots]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_campaigns_in_one_database_do_not_see_each_other(tmp_path: Path, address: str) -> None:
    other = another_computer(tmp_path, "other", id="another-one")
    with open_ledger(tmp_path) as ledger, open_ledger(other) as theirs:
        ledger.append(event(K.CALL, contact="fsfe"))
        assert theirs.id != ledger.id
        assert list(theirs.events()) == []
        with ledger.alone("mail"), theirs.alone("mail"):
            theirs.check_alone()


# --- the lock and the mark -----------------------------------------------------------------------------


def begun(ledger: Ledger, contact: str = "fsfe") -> tuple[Claim, object]:
    of = LetterId(wave="w", contact=contact, step=0)
    return (wanted := Claim(id=0, campaign="small", at=DAY, by="alex", of=of)), ledger.begin(wanted, digest="0", at=DAY)


def test_without_its_lock_a_session_marks_nothing(tmp_path: Path, address: str) -> None:
    with open_ledger(tmp_path) as ledger:
        _, attempt = begun(ledger)
        with ledger.alone("mail"):
            end_sessions(address)
            with pytest.raises(AccountLost, match="another computer may use the account"):
                ledger.mark(attempt, letter(K.COMMITTING))  # in a new session, which writes but has no lock
            assert ledger.unfinished()[0].committed is None
        with ledger.alone("mail"):
            ledger.mark(attempt, letter(K.COMMITTING))


def test_a_lock_that_was_taken_away_is_missed_at_the_mark(tmp_path: Path, address: str) -> None:
    with open_ledger(tmp_path) as ledger:
        _, attempt = begun(ledger)
        with ledger.alone("mail"):
            ledger._db.execute("SELECT pg_advisory_unlock_all()")
            with pytest.raises(AccountLost):
                ledger.mark(attempt, letter(K.COMMITTING))


def test_a_session_that_does_not_wait_for_the_disk_marks_nothing(tmp_path: Path, address: str) -> None:
    with open_ledger(tmp_path) as ledger:
        _, attempt = begun(ledger)
        with ledger.alone("mail"):
            assert ledger._db.execute("SHOW synchronous_commit").fetchone() == ("on",)
            ledger._db.execute("SET synchronous_commit = off")
            with pytest.raises(AccountLost):
                ledger.mark(attempt, letter(K.COMMITTING))


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path, address: str) -> None:
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        with open_ledger(tmp_path) as ledger, ledger.alone("mail"):
            os.write(writes, b".")
            os.kill(os.getpid(), 9)
    os.read(reads, 1)
    os.waitpid(child, 0)
    with open_ledger(tmp_path) as ledger:
        for _ in range(1000):  # the server notices a closed connection in its own time
            with suppress(OutreachError), ledger.alone("mail"):
                return
    pytest.fail("the account is still locked")


# --- a COMMIT whose answer is lost ---------------------------------------------------------------------


@contextmanager
def losing_the_answer_to_commit(ledger: Ledger, *, before: bool) -> Iterator[None]:
    """The connection breaks at the next COMMIT: before it reaches the server, or before its answer reaches us."""
    db = ledger._db
    session = db._session

    class Breaking:
        def __getattr__(self, name: str) -> object:
            return getattr(session, name)

        def execute(self, sql: object, *values: object) -> object:
            if sql != "COMMIT":
                return session.execute(sql, *values)
            if not before:
                session.execute(sql)
            session.close()
            raise psycopg.OperationalError("the connection was cut")

    db._session = Breaking()
    yield


@pytest.mark.parametrize("before", [True, False], ids=["it did not arrive", "its answer did not arrive"])
def test_a_commit_without_an_answer_is_read_again(tmp_path: Path, address: str, before: bool) -> None:
    with open_ledger(tmp_path) as ledger:
        with losing_the_answer_to_commit(ledger, before=before):
            if before:
                with pytest.raises(LedgerUnreachable):
                    ledger.append(event(K.CALL, contact="fsfe"))
            else:
                ledger.append(event(K.CALL, contact="fsfe"))
        assert len(list(ledger.events())) == (0 if before else 1)
        ledger.append(event(K.CALL, contact="osi"))
        assert ledger.past() == ledger.full_past()


def test_after_a_mark_without_an_answer_nothing_is_sent(tmp_path: Path, address: str) -> None:
    with open_ledger(tmp_path) as ledger:
        _, attempt = begun(ledger)
        with ledger.alone("mail"):
            with losing_the_answer_to_commit(ledger, before=False):
                ledger.mark(attempt, letter(K.COMMITTING))
            with pytest.raises(AccountLost):
                ledger.check_alone()


def broken_within(ledger: Ledger, address: str) -> None:
    with ledger.writing():
        ledger.append(event(K.CALL, contact="edri"))
        end_sessions(address)
        ledger.append(event(K.CALL, contact="edri"))


def test_a_connection_that_broke_meanwhile_is_made_again(tmp_path: Path, address: str) -> None:
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe"))
        end_sessions(address)
        assert len(list(ledger.events())) == 1
        end_sessions(address)
        ledger.append(event(K.CALL, contact="osi"))
        with pytest.raises(LedgerUnreachable):
            broken_within(ledger, address)
        assert [each.contact for each in ledger.events()] == ["fsfe", "osi"]
        assert ledger.past() == ledger.full_past()


# --- addresses -----------------------------------------------------------------------------------------


def test_without_an_address_nothing_is_opened(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OUTREACH_LEDGER")
    for keys in ({}, {"create": False}, {"rehearsal": True}):
        with pytest.raises(LedgerWithoutAddress):
            open_ledger(tmp_path, **keys)
    assert not (tmp_path / ".outreach" / "ledger.db").exists()


def test_the_address_can_be_kept_among_the_secrets(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.delenv("OUTREACH_LEDGER")
    for wrong, why in (("localhost", LedgerAddressUnusable), ("postgresql://127.0.0.1:1/x", LedgerUnreachable)):
        with pytest.raises(why):
            keep_address(tmp_path, wrong)
    with pytest.raises(LedgerWithoutAddress):
        open_ledger(tmp_path)
    assert "secrets.json" in keep_address(tmp_path, address)
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe"))
    with pytest.raises(LedgerWithoutAddress):
        open_ledger(another_computer(tmp_path, "other", id="another-one"))


@pytest.mark.parametrize("text", ["", "mysql://x", "postgresql://u:secret@h/d#abc", "host=x password=secret"])
def test_an_address_that_cannot_be_read_is_refused_and_not_quoted(text: str) -> None:
    with pytest.raises(LedgerAddressUnusable) as caught:
        read_address(text)
    assert "secret" not in str(caught.value)


def test_an_address_where_nobody_answers_is_said_without_the_password(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OUTREACH_LEDGER", f"postgresql://u:secret@127.0.0.1:{free.getsockname()[1]}/d")
        with pytest.raises(LedgerUnreachable) as caught:
            open_ledger(tmp_path)
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_another_ledger_at_the_address_is_noticed(
    tmp_path: Path, address: str, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ledger(tmp_path).close()
    monkeypatch.setenv("OUTREACH_LEDGER", database_of_its_own(postgres))
    with pytest.raises(LedgerIsAnother):
        open_ledger(tmp_path)


def test_of_two_ledgers_the_address_says_which(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_ledger(tmp_path) as ledger:
        first = ledger.id
        ledger.append(event(K.CALL, contact="fsfe"))
    second = "0f7a3f4e-6a43-4f0e-9b8e-1d2c3b4a5f60"
    with psycopg.connect(address, autocommit=True) as session:
        session.execute(f"CREATE SCHEMA outreach_{second.replace('-', '')}".encode())
        session.execute(
            f"COMMENT ON SCHEMA outreach_{second.replace('-', '')} IS 'The outreach ledger of small'".encode()
        )
    fresh = another_computer(tmp_path, "fresh")
    with pytest.raises(LedgerAmbiguous, match=first):
        open_ledger(fresh)
    monkeypatch.setenv("OUTREACH_LEDGER", f"{address}#{first}")
    with open_ledger(fresh) as ledger:
        assert len(list(ledger.events())) == 1


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("ledger: postgresql\n", True),
        ("id: a\r\nledger: 'postgresql' # for the team\r\nx: y\r\n", True),
        ('"ledger" : "postgresql"', True),
        ("# ledger: postgresql\n", False),
        ("ledger: sqlite  # or postgresql\n", False),
        ("x:\n  ledger: postgresql\n", False),
    ],
)
def test_the_line_that_says_where_the_ledger_lies(text: str, shared: bool) -> None:
    assert is_shared(text.encode()) is shared


# --- servers that will not do --------------------------------------------------------------------------


_ENCRYPT = (bytes.fromhex("0000000804d2162f"), bytes.fromhex("0000000804d21630"))
"""What asks a server for TLS, and for GSS."""


class Pooler(threading.Thread):
    """A transaction pooler: every client talks to one and the same session of the server, one after the other.

    It hands on the server's own process number, as PgBouncer does not.
    """

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._to = ("127.0.0.1", int(address.rpartition(":")[2].partition("/")[0]))
        self._listen = socket.create_server(("127.0.0.1", 0))
        self.address = address.replace(f":{self._to[1]}/", f":{self._listen.getsockname()[1]}/")
        self._server: socket.socket | None = None
        self._hello = b""
        self._one = threading.Lock()
        self.start()

    def run(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listen.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            while (hello := client.recv(4096))[:8] in (
                bytes.fromhex("0000000804d2162f"),
                bytes.fromhex("0000000804d21630"),
            ):
                client.sendall(b"N")  # neither TLS nor GSS
            with self._one:
                if self._server is None:
                    self._server = socket.create_connection(self._to)
                    self._server.sendall(hello)
                    self._hello = self._answer()
            client.sendall(self._hello)
            while asked := client.recv(1 << 20):
                if asked[:1] == b"X":
                    return
                with self._one:
                    self._server.sendall(asked)
                    client.sendall(self._answer())

    def _answer(self) -> bytes:
        """Everything up to ReadyForQuery."""
        assert self._server is not None
        found = b""
        while found[-6:-1] != b"Z\0\0\0\5":
            found += self._server.recv(1 << 20)
        return found

    def close(self) -> None:
        self._listen.close()
        if self._server is not None:
            self._server.close()


def test_a_transaction_pooler_is_refused(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pooler = Pooler(address)
    monkeypatch.setenv("OUTREACH_LEDGER", pooler.address)
    with pytest.raises(LedgerPooled, match="PgBouncer"):
        open_ledger(tmp_path)
    pooler.close()


def test_a_database_of_another_encoding_is_refused(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'")
    monkeypatch.setenv("OUTREACH_LEDGER", f"{address.rpartition('/')[0]}/latin")
    with pytest.raises(LedgerServerUnusable, match="LATIN1"):
        open_ledger(tmp_path)


# --- backups and versions ------------------------------------------------------------------------------


def test_a_shared_ledger_is_backed_up_and_comes_back_into_a_folder(tmp_path: Path, address: str) -> None:
    there = another_computer(tmp_path, "there")
    with open_ledger(tmp_path) as ledger:
        ledger.append(event(K.CALL, contact="fsfe", text="called"))
        begun(ledger)
        digest = keep(tmp_path, b"approved")
        past = ledger.past()
    backup(there, tmp_path / "b.zip")
    with pytest.raises(LedgerShared):
        restore(there, tmp_path / "b.zip")
    alone = tmp_path / "alone"
    alone.mkdir()
    restore(alone, tmp_path / "b.zip")
    with open_ledger(alone) as copy:
        assert copy.id == ledger.id
        assert copy.past() == copy.full_past() == past
        assert len(list(copy.claims())) == 1
    assert kept(alone, digest) == b"approved"


def test_every_step_of_the_tables_is_understood_by_postgresql(address: str) -> None:
    """What a later step brings must not be SQLite's alone; `tables` has to know it."""
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("CREATE SCHEMA tried; SET search_path = tried")
        for _, script in migrations():
            for statement in (each for part in script for each in tables(part)):
                session.execute(statement.encode())
        found = session.execute("SELECT data_type, count(*) FROM information_schema.columns"
                                " WHERE table_schema = 'tried' GROUP BY 1 ORDER BY 1").fetchall()  # fmt: skip
    assert [kind for kind, _ in found] == ["bigint", "text"]


def test_an_empty_ledger_that_is_not_made_cannot_be_written(tmp_path: Path, address: str) -> None:
    with open_ledger(tmp_path, create=False) as ledger, pytest.raises(LedgerReadOnly):
        ledger.append(event(K.CALL))


def test_a_killed_writer_leaves_nothing_behind(tmp_path: Path, address: str) -> None:
    def die_within(work: Callable[[Ledger], object]) -> None:
        child = os.fork()
        if child == 0:
            with open_ledger(tmp_path) as ledger, ledger.writing():
                work(ledger)
                os.kill(os.getpid(), 9)
        os.waitpid(child, 0)

    open_ledger(tmp_path).close()
    die_within(lambda ledger: ledger.append(event(K.CALL, contact="fsfe")))
    die_within(begun)
    with open_ledger(tmp_path) as ledger:
        assert ledger.append(event(K.CALL, contact="osi")).number == 1
        assert list(ledger.claims()) == []
