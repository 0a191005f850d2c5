"""A PostgreSQL of the tests' own: on a free port of this machine, without a password, gone with its folder."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from outreach.ledger.moving import move

_SECONDS = 30


class Postgres:
    """A server in a folder of its own, which can be ended and started again."""

    def __init__(self, folder: Path, also_at: Iterable[str] = ()) -> None:
        """`also_at` are addresses of this machine at which it can be reached, beside loopback."""
        self._folder = folder
        self._at = ",".join(["127.0.0.1", *also_at])
        self._programs = _programs()
        self._who = (
            {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.getuid() == 0 else {}
        )  # not root
        if self._who:
            shutil.chown(folder, self._who["user"])  # type: ignore[arg-type]
        make = [self._programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **self._who)  # type: ignore[call-overload]
        with (folder / "data" / "pg_hba.conf").open("a") as hosts:
            hosts.write("host all all 10.0.0.0/8 trust\n")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.start()

    def start(self) -> None:
        data, port = self._folder / "data", str(self.port)
        serve = [self._programs / "postgres", "-D", data, "-k", self._folder, "-h", self._at, "-p", port, "-F"]
        self._process = subprocess.Popen(
            serve,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **self._who,  # type: ignore[call-overload]
        )
        _wait(self.address, self._process)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """SIGTERM waits for clients, SIGINT ends them, SIGQUIT is a crash."""
        self._process.send_signal(how)
        self._process.wait()

    def close(self) -> None:
        self.stop(signal.SIGINT)


@contextmanager
def running_postgres(also_at: Iterable[str] = ()) -> Iterator[Postgres]:
    """One for a while. Skips the test where PostgreSQL is not installed."""
    with tempfile.TemporaryDirectory(prefix="outreach-postgres-", ignore_cleanup_errors=True) as name:
        server = Postgres(Path(name), also_at)
        try:
            yield server
        finally:
            server.close()


def database_of_its_own(address: str) -> str:
    """The address of a new, empty database there."""
    name = f"d{secrets.token_hex(8)}"
    with psycopg.connect(address, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}".encode())
    return f"{address.rpartition('/')[0]}/{name}"


def put_into_postgres(root: Path, address: str, patch: pytest.MonkeyPatch) -> str:
    """Let the campaign in `root` keep its ledger in a new database, with what its ledger holds; the address."""
    own = database_of_its_own(address)
    patch.setenv("OUTREACH_LEDGER", own)
    if (root / ".outreach" / "ledger.db").exists():
        assert move(root, "postgresql", go=True).done
    with (root / "campaign.yaml").open("a", encoding="utf-8") as file:
        file.write("ledger: postgresql\n")
    return own


def _programs() -> Path:
    named = os.environ.get("POSTGRES_PROGRAMS")  # another version, such as the one in a wheel
    if named:
        return Path(named)
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = str(installed[-1]) if installed else shutil.which("postgres")
    if found is None or not Path(found).with_name("initdb").exists():
        pytest.skip("PostgreSQL is not installed (the Debian package postgresql)")
    return Path(found).parent


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            psycopg.connect(address, connect_timeout=1).close()
        except psycopg.OperationalError:  # nobody listens yet, or it is still starting up
            time.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not start")
