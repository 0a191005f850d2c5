"""What takes longer than a page may: reading the mailbox, sending, publishing, waiting for a yes elsewhere. One at a
time, in its own thread.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from dataclasses import field, replace
from threading import Lock, Thread
from typing import Any

from outreach.errors import OutreachError
from outreach.model.records import dataclass
from outreach.tasks.interruption import Interruption


@dataclass(kw_only=True, slots=True)
class Job:
    """One piece of work; `kind` is "read", "send", "publish", "look-up" or "login".

    `progress` is what the task last told, `result` what it returned, `trouble` what it raised instead. `broken` is the
    name of a fault of ours.
    """

    kind: str
    title: str = ""
    progress: Any = None
    result: Any = None
    trouble: OutreachError | None = None
    broken: str = ""
    is_over: bool = False
    interruption: Interruption = field(default_factory=Interruption)

    def at_one_moment(self) -> Job:
        """A copy for a page, which looks at it more than once while the work goes on.

        Whether it is over is read first: its result is there by then.
        """
        is_over = self.is_over
        return replace(self, is_over=is_over)


class Jobs:
    """The work of one dashboard. `last` is the latest of each kind, in their order, also after it ended."""

    def __init__(self) -> None:
        self.last: dict[str, Job] = {}
        self._lock = Lock()
        self._thread: Thread | None = None
        self._job: Job | None = None

    @property
    def running(self) -> Job | None:
        """What is being done now."""
        job = self._job
        return job if job is not None and not job.is_over else None

    def begin(self, job: Job, work: Callable[[Job], Any]) -> bool:
        """Do it, unless something else is being done; whether it began."""
        with self._lock:
            if self.running is not None:
                return False
            self.last.pop(job.kind, None)
            self._job = self.last[job.kind] = job
            may_break = job.kind in ("read", "login")  # nobody has to wait for it when the dashboard ends
            asked = copy_context()  # whoever asked for it is whom the history names
            run = asked.run
            self._thread = Thread(target=run, args=(_done, job, work), name=f"outreach {job.kind}", daemon=may_break)
            self._thread.start()
            return True

    def end(self) -> None:
        """Let what is in hand be finished, and wait for that."""
        if self.running is not None:
            self.running.interruption.ask()
        if self._thread is not None and not self._thread.daemon:
            self._thread.join()


def _done(job: Job, work: Callable[[Job], Any]) -> None:
    try:
        job.result = work(job)
    except OutreachError as trouble:
        job.trouble = trouble
    except Exception as fault:  # a page says so, as for any fault of ours
        job.broken = type(fault).__name__
    finally:
        job.is_over = True
