"""A PostgreSQL of the tests' own: on a free port of this machine, without a password, gone with its folder."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outreach.ledger.moving import move

_SECONDS = 30


@contextmanager
def running_postgres() -> Iterator[str]:
    """Its address, `postgresql://...`. Skips the test where PostgreSQL is not installed."""
    programs = _programs()
    who = {"user": "postgres", "group": pwd.getpwnam("postgres").pw_gid} if os.getuid() == 0 else {}  # not as root
    with tempfile.TemporaryDirectory(prefix="outreach-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if who:
            shutil.chown(folder, who["user"])  # type: ignore[arg-type]
        make = [programs / "initdb", "-D", folder / "data", "-A", "trust", "-U", "postgres", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, cwd=folder, **who)  # type: ignore[call-overload]
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        serve = [programs / "postgres", "-D", folder / "data", "-k", folder, "-h", "127.0.0.1", "-p", str(port), "-F"]
        with subprocess.Popen(
            serve,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            **who,  # type: ignore[call-overload]
        ) as process:
            try:
                _wait(port, process)
                yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
            finally:
                process.terminate()


def database_of_its_own(address: str) -> str:
    """The address of a new, empty database there."""
    import psycopg

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
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = str(installed[-1]) if installed else shutil.which("postgres")
    if found is None or not Path(found).with_name("initdb").exists():
        pytest.skip("PostgreSQL is not installed (the Debian package postgresql)")
    return Path(found).parent


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not start")
