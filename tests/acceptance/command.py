"""Runs the command line the way a script would, and hands back what a script would see."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.acceptance.objects import check_object

REPOSITORY = Path(__file__).resolve().parents[2]
NOW = "2026-01-05T09:00:00+00:00"  # a Monday before every wave, so that no run depends on the day


@dataclass(frozen=True)
class Answer:
    """One finished command: exit code, both streams, and the processor seconds it took."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def json(self) -> dict[str, Any]:
        """The one object on standard output; anything else there fails the test."""
        found = json.loads(self.out)
        assert isinstance(found, dict), self.out[:200]
        return found


def outreach(*arguments: str, folder: Path | None = None) -> Answer:
    """Run the command in this process (fast) and return its answer; `folder` is given as `--campaign`.

    An object that it prints has to be as its schema says.
    """
    main = importlib.import_module("outreach.cli.main").main
    argv = [*arguments, *(["--campaign", str(folder)] if folder else [])]
    out, err = _Stream(io.BytesIO(), encoding="utf-8"), _Stream(io.BytesIO(), encoding="utf-8")
    start = time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(argv)
        except SystemExit as left:
            code = left.code
    seconds = time.process_time() - start
    check_object(arguments, out.text())
    return Answer(_number(code), out.text(), err.text(), seconds)


def outreach_in_a_child(*arguments: str, folder: Path, timeout: int = 60) -> Answer:
    """Run the command in a fork of this process, for what could hang or fill the memory.

    It is ended after `timeout` seconds, wherever it hangs. Python and the program are loaded already, so this takes a
    tenth of the time of a process of its own.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(timeout)
            with open(writing, "wb") as pipe:
                pipe.write(pickle.dumps(outreach(*arguments, folder=folder)))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    assert said, f"the command gave no answer, and ended with {status}"
    answer = pickle.loads(said)
    assert isinstance(answer, Answer)
    return answer


def outreach_apart(
    *arguments: str,
    folder: Path | None = None,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    umask: int = 0o022,
    timeout: float = 60.0,
) -> Answer:
    """Run `python -m outreach` as a process: for what depends on the surroundings."""
    argv = [sys.executable, "-m", "outreach", *arguments, *(["--campaign", str(folder)] if folder else [])]
    surroundings = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OUTREACH_NOW": NOW, **(environment or {})}
    start = _seconds_of_children()
    done = subprocess.run(
        argv, cwd=cwd, env=surroundings, umask=umask, timeout=timeout, capture_output=True, check=False
    )
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    return Answer(done.returncode, out, err, _seconds_of_children() - start)


def _seconds_of_children() -> float:
    """Processor seconds, so that a busy machine makes no test slow."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _number(code: object) -> int:
    if code is None:
        return 0
    return code if isinstance(code, int) else 1


class _Stream(io.TextIOWrapper):
    """A standard stream with a `buffer`, readable afterwards."""

    def text(self) -> str:
        self.flush()
        self.buffer.seek(0)
        return self.buffer.read().decode("utf-8")
