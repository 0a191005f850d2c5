"""A computer whose line to PostgreSQL is cut: another one can use the account, and this one notices before it sends.

The computer is a network namespace. The address asks for shorter times than the usual half a minute.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from outreach.errors import LedgerBusy
from outreach.ledger import Ledger, open_ledger
from outreach.team import worker
from tests.conftest import ROOT
from tests.sending.campaigns import run, write_campaign
from tests.servers.computers import computers
from tests.servers.postgres import put_into_postgres, running_postgres

SOON = "?tcp_user_timeout=1000&keepalives_idle=1&keepalives_interval=1&keepalives_count=1"
THERE = """
import sys
from pathlib import Path
from outreach.errors import OutreachError
from outreach.ledger import open_ledger
with open_ledger(Path(sys.argv[1])) as ledger, ledger.alone("mail"):
    ledger.check_alone()
    print("held", flush=True)
    sys.stdin.readline()
    try:
        with ledger.writing():
            ledger.check_alone()
        print("still held")
    except OutreachError as error:
        print(type(error).__name__)
"""


def test_a_computer_that_was_cut_off_loses_the_account_and_notices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "campaign.yaml").write_text("id: small\n", encoding="utf-8")
    with computers(1) as (there,), running_postgres([there.here]) as postgres:
        own = put_into_postgres(tmp_path, postgres.address, monkeypatch)
        environment = {**os.environ, "OUTREACH_LEDGER": f"{own.replace('127.0.0.1', there.here)}{SOON}"}
        command = there.command(sys.executable, "-c", THERE, str(tmp_path))
        pipe = subprocess.PIPE
        with (
            open_ledger(tmp_path) as here,
            subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT, env=environment) as worker,
        ):
            assert worker.stdout is not None
            assert worker.stdout.readline() == "held\n"
            with pytest.raises(LedgerBusy), here.alone("mail"):
                pass
            there.cut()
            wait_for_the_account(here)
            there.repair()
            answer, _ = worker.communicate("go\n", timeout=30)
            assert answer == "AccountLost\n"


def test_the_command_worker_waits_for_a_server_that_is_not_there_yet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_campaign(tmp_path, more="ledger: postgresql\n")
    monkeypatch.setenv("OUTREACH_LEDGER", "postgresql://nobody@127.0.0.1:1/none")
    left, real = [1], worker.Workshop

    def opened(folder: Path, heard: worker.Heard) -> worker.Workshop:
        if left:
            left.pop()
            return real(folder, heard)
        return SimpleNamespace(run=lambda: True)  # type: ignore[return-value]

    monkeypatch.setattr(worker, "Workshop", opened)
    monkeypatch.setattr(worker, "_LOST_SERVER", 0.0)
    answer = run(root, "worker")
    assert answer.code == 0
    assert "cannot be reached" in answer.out
    assert answer.out.count("Trying again.") == 1


def wait_for_the_account(ledger: Ledger) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with suppress(LedgerBusy), ledger.alone("mail"):
            return
        time.sleep(0.1)
    pytest.fail("the server keeps the account for a computer that was cut off")
