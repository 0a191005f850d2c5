"""SIGKILL at any moment of an erasure, then the same once more: whole.

`OUTREACH_ERASE_KILLS` says at how many moments (3 here).
"""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from outreach.tasks.erasing.erasing import Request, erase
from tests.erasing.people import bytes_with, canary, live, person_id, write_people
from tests.sending.campaigns import run, said

KILLS = int(os.environ.get("OUTREACH_ERASE_KILLS", "3"))
CHANGES = ("replace", "unlink", "rename", "fsync", "rmdir", "ftruncate")
"""What changes the disk: after each of these there may be a kill."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_people(tmp_path_factory.mktemp("lived"), 2)
    live(root, 2)
    return root


def in_a_child(root: Path, at: int) -> tuple[bool, int]:
    """Erase in a process that kills itself behind its `at`-th change; whether it was killed, and how many it made."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        done = 0

        def counted(change: Any) -> Any:
            def changed(*args: Any, **kwargs: Any) -> Any:
                nonlocal done
                try:
                    return change(*args, **kwargs)
                finally:
                    done += 1
                    if done == at:
                        os.kill(os.getpid(), signal.SIGKILL)

            return changed

        for name in CHANGES:
            setattr(os, name, counted(getattr(os, name)))
        try:
            erase(root, Request(who=person_id(0), go=True))
            os.write(writes, str(done).encode())
        except BaseException:
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    os.close(writes)
    with os.fdopen(reads) as told:
        number = told.read()
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WIFSIGNALED(status), int(number or 0)


def test_killed_at_any_moment_it_is_done_again_whole(lived: Path, tmp_path: Path) -> None:
    whole = Path(shutil.copytree(lived, tmp_path / "whole"))
    killed, changes = in_a_child(whole, 0)
    assert not killed
    assert bytes_with(whole, canary(0)) == []
    for number in range(KILLS):
        root = Path(shutil.copytree(lived, tmp_path / f"killed-{number}"))
        at = 1 + number * (changes - 1) // max(1, KILLS - 1)
        assert in_a_child(root, at)[0], at
        again = run(root, "erase", person_id(0), "--go")
        assert again.code == 0, (at, again)
        assert bytes_with(root, canary(0)) == [], at
        assert said(root, "report")["totals"] == said(whole, "report")["totals"]
        shutil.rmtree(root)
