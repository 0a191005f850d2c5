"""`outreach worker`: looks after a campaign from any number of computers, by jobs in PostgreSQL (procrastinate).

    look     four times a minute, on one of the workers: which accounts have work? Each gets one job
    do       the work for one account, as long as no other worker is at the same one (`lock`), for a minute or so
    sweep    every five seconds: end jobs whose worker died or hangs, and give their accounts to another one. A worker
             holds a lock while it lives, so that its death shows at once; where its network is cut, its heartbeat does

A job is only a hint that there may be work: it says which account, never what to send. What is due is planned again
from the files and the ledger, and the claim in the ledger is what lets a letter out once. So jobs may be lost, stuck
(procrastinate #1518) or doubled, and are kept in a schema of their own for each version of procrastinate.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from outreach.errors import CannotTell, LedgerUnreachable, OutreachError, TeamNotInstalled
from outreach.ledger.shared import Life, room_for_jobs
from outreach.tasks.clock import is_rehearsal, now
from outreach.tasks.interruption import Interruption
from outreach.tasks.working import READING, Worked, do_work, has_work

LOOKS, SWEEPS = "* * * * * */15", "* * * * * */5"
"""Every fifteen and every five seconds; the sixth field is the seconds."""
QUARTERS = "*/15 * * * *"
BEAT, DEAD, FORGOTTEN = 2.0, 10.0, 300.0
"""Seconds between two signs of life of a worker, without one until its jobs are taken away, and until it is forgotten.

A worker that lives after all goes on, and the account's lock in the ledger keeps the others out.
"""
LONGEST_JOB = timedelta(minutes=30)
"""A job that takes longer hangs; the account's lock in the ledger still keeps others out, if it does not."""
SOON = timedelta(minutes=2)
"""Work that is due again so soon is not left to the next look."""
AT_A_TIME = 4
_HANGING = """
SELECT job.id, job.lock FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND (
  (job.args->>'life' IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted
    AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (classid::bigint << 32) | objid::bigint = (job.args->>'life')::bigint))
  OR worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(dead)s)
  OR NOT EXISTS (SELECT 1 FROM procrastinate_events event WHERE event.job_id = job.id AND event.type = 'started'
    AND event.at > now() - make_interval(secs => %(longest)s)))
"""
_LIVES = "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('life', %(life)s::text) WHERE id = %(job)s"
_BUSY = "SELECT DISTINCT lock FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND lock IS NOT NULL"
_LOGS = ("procrastinate", "psycopg.pool")
_LOST_SERVER = 2.0
"""Seconds until a server that went away is tried again."""

Heard = Callable[[str, Worked], None]


def work(root: Path, heard: Heard, *, once: bool = False) -> None:
    """Work for the campaign until somebody stops it (Ctrl-C, SIGTERM); what is in hand is finished.

    `once`: only what is to do now. `heard` is told the result of each piece of work, by the name of its account; it is
    called in several threads. Raises CannotTell in a rehearsal, TeamNotInstalled, LedgerNotShared, and what opening
    the ledger raises.
    """
    if is_rehearsal():
        raise CannotTell("Workers share the real ledger, and this is a rehearsal", "Run it without OUTREACH_NOW.")
    if once:
        workshop = Workshop(root, heard)
        with workshop.app.open():
            for name in has_work(root):
                workshop.ask_for(name)
        workshop.run(until_idle=True)
        return
    workshop = _patiently(root, heard)
    while not workshop.run():
        time.sleep(_LOST_SERVER)


def needed() -> Any:
    """The library that keeps the jobs. Raises TeamNotInstalled."""
    try:
        return import_module("procrastinate")
    except ModuleNotFoundError as error:
        raise TeamNotInstalled() from error


def _patiently(root: Path, heard: Heard) -> Workshop:
    """The workshop, as soon as PostgreSQL answers: a computer that starts may be faster than its database."""
    said = ""
    while True:
        try:
            return Workshop(root, heard)
        except LedgerUnreachable as error:
            if str(error) != said:
                said = str(error)
                heard("", Worked(troubles=(f"{said} Trying again.",)))
            time.sleep(_LOST_SERVER)


class Workshop:
    """The jobs of one campaign, as one worker sees them."""

    def __init__(self, root: Path, heard: Heard) -> None:
        """Makes room for the jobs where there is none."""
        self._root = root
        self._heard = heard
        self._log = _Log(heard)
        self._jobs = needed()
        pool = import_module("psycopg_pool")
        self._lost = (self._jobs.exceptions.ConnectorException, pool.PoolTimeout, pool.PoolClosed)
        name = re.sub(r"[^0-9a-z]+", "_", version("procrastinate").lower())
        address, schema = room_for_jobs(root, name, self._jobs.schema.SchemaManager.get_schema())
        self._life = Life(root)
        connector = self._jobs.PsycopgConnector(
            conninfo=address.reveal(), kwargs={"options": f"-c search_path={schema}"}, min_size=1, max_size=6
        )
        self.app: Any = self._jobs.App(connector=connector)
        self.do = self.app.task(name="do", pass_context=True)(self._do)
        every = self.app.periodic
        every(cron=LOOKS)(self.app.task(name="look", queueing_lock="look", pass_context=False)(self._look))
        every(cron=SWEEPS)(self.app.task(name="sweep", queueing_lock="sweep")(self.sweep))
        every(cron=QUARTERS)(self.app.task(name="read", queueing_lock="read")(self._read))

    def run(self, *, until_idle: bool = False) -> bool:
        """Work until it is stopped; False if the server went away meanwhile. `until_idle`: only what waits now."""
        self._log.is_lost = False
        try:
            self._log.listen()
            self.app.run_worker(
                concurrency=AT_A_TIME,
                wait=not until_idle,
                delete_jobs="always",
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=None if until_idle else 0.0,  # jobs are told at once, and end by themselves
                update_heartbeat_interval=BEAT,
                stalled_worker_timeout=FORGOTTEN,
            )
        except self._lost:
            self._log.is_lost = True
        finally:
            self._log.close()
            self._life.end()
        if self._log.is_lost:
            self._heard("", Worked(troubles=("PostgreSQL does not answer. Trying again.",)))
        return not self._log.is_lost

    def ask_for(self, name: str, at: datetime | None = None) -> bool:
        """A job for an account, at once or `at` an aware instant; False if one waits already, or nobody answers."""
        try:
            self.do.configure(lock=name, queueing_lock=name, schedule_at=at).defer(account=name)
        except (self._jobs.exceptions.AlreadyEnqueued, *self._lost):
            return False  # the next look asks again
        return True

    def _do(self, context: Any, account: str) -> None:
        with suppress(LedgerUnreachable, *self._lost):  # then only its heartbeat shows that it lives
            self._life.begin()
            told = {"life": self._life.number, "job": context.job.id}
            self.app.connector.get_sync_connector().execute_query(_LIVES, **told)
        worked = do_work(self._root, account, _Stop(context.should_abort))
        self._heard(account, worked)
        if worked.again is not None and worked.again - now() <= SOON:
            self.ask_for(account, max(worked.again, now()))

    def _look(self, timestamp: int) -> None:
        try:
            names = has_work(self._root, self._busy())
        except OutreachError as error:
            self._heard("", Worked(troubles=(error.in_full,)))
            return
        for name in names:
            self.ask_for(name)

    def _busy(self) -> list[str]:
        """The accounts that have a job; none if nobody answers, and then they are asked for once more."""
        try:
            rows = self.app.connector.get_sync_connector().execute_query_all(_BUSY)
        except self._lost:
            return []
        return [row["lock"] for row in rows]

    def _read(self, timestamp: int) -> None:
        self.ask_for(READING)

    async def sweep(self, timestamp: int) -> None:
        """End the jobs that hang, give their accounts to others, and forget dead workers."""
        bounds = {"dead": DEAD, "longest": LONGEST_JOB.total_seconds()}
        for row in await self.app.connector.execute_query_all_async(_HANGING, **bounds):
            try:
                failed = self._jobs.jobs.Status.FAILED
                await self.app.job_manager.finish_job_by_id_async(row["id"], status=failed, delete_job=True)
            except self._jobs.exceptions.ConnectorException:
                continue  # it ended by itself meanwhile
            if (name := row["lock"]) is not None:
                with suppress(self._jobs.exceptions.AlreadyEnqueued):
                    await self.do.configure(lock=name, queueing_lock=name).defer_async(account=name)
        await self.app.job_manager.prune_stalled_workers(FORGOTTEN)


class _Stop(Interruption):
    """That somebody stops the worker, as its job is told: what is in hand is finished."""

    def __init__(self, told: Callable[[], bool]) -> None:
        super().__init__()
        self._told = told

    @property
    def asked(self) -> bool:
        """Whether somebody asked."""
        return super().asked or self._told()


class _Log(logging.Handler):
    """What procrastinate writes into its log: that a fault of ours ended a job, or that it lost the server.

    It ends a worker that lost the server as if somebody had stopped it, so this is the only sign.
    """

    def __init__(self, heard: Heard) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard
        self.is_lost = False

    def listen(self) -> None:
        """Hear it, and let nobody else: a worker's output is for people."""
        for name in _LOGS:
            logging.getLogger(name).addHandler(self)
            logging.getLogger(name).propagate = False

    def close(self) -> None:
        """Hear it no longer."""
        for name in _LOGS:
            logging.getLogger(name).removeHandler(self)
        super().close()

    def emit(self, record: logging.LogRecord) -> None:
        """Hear one line."""
        action = getattr(record, "action", "")
        if action == "side_task_failed":
            self.is_lost = True
        elif action.startswith("job_") and record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            fault = f"A job failed, which is a fault of outreach: {type(error).__name__}: {error}"
            self._heard("", Worked(troubles=(str(error) if isinstance(error, OutreachError) else fault,)))
