"""The worker: takes what the trail owes from the job queue and has it delivered, until it is told to stop.

As a process of its own (`spheres worker`) or beside the dispatcher in one event loop (`spheres demo`). Jobs carry a
tenant's slug and an entry's id, never words. What becomes of a job when

- the worker is killed with it in hand: the next look of any worker finds its heartbeat gone and takes the job up again
- the database goes away just when it is fetched or finished: the worker's own next looks find it neither run nor ended
- this code does not know its task (an older worker met a newer job): it fails there; a worker that knows it revives it
- anything but a recipient fails (database, key, tenant cannot be read): tried again, at last every hour, for ever
- it is done: deleted after some days. Recipients' own fates are told in `audit.events.delivery`.
"""

import asyncio
import contextlib
import datetime as dt
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

import procrastinate
import psycopg
import structlog
from msgspec import Struct
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

from spheres_core.audit.events.delivery import deliver
from spheres_core.audit.events.delivery_attempt import DEADLINE
from spheres_core.audit.events.schedules import enqueue_due
from spheres_core.audit.operations import QUEUE, TASK
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.watchdog import WATCHDOG
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.periodic_tasks import run_for_each_tenant, run_in_each_tenant
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.participants.operations import birthdays, drafts, presence
from spheres_core.privacy.operations.file_erasure import erase_due_files
from spheres_core.privacy.operations.incident_retention import erase_incidents
from spheres_core.referrals.operations.expiry import forget_expired
from spheres_core.staff.operations.staff_messages import send_due
from spheres_core.support.operations.closed_requests import close_due
from spheres_core.support.operations.retention import erase_due, erase_due_sessions, erase_old_logs
from spheres_core.transfers.operations.expiry import end_overdue

HOUSEKEEPING = "spheres.delete_finished_jobs"
SCHEDULES = "spheres.enqueue_schedules"
CLOSED_FORMS = "spheres.forget_closed_forms"
DUE_FILES = "spheres.erase_due_files"
IN_EACH_TENANT: Final[Sequence[tuple[str, str, Callable[[Context], Awaitable[object]]]]] = (
    ("47 * * * *", "forget_expired", forget_expired),
    ("27 * * * *", "raise_birthdays", birthdays.raise_due),
    ("33 * * * *", "forget_old_drafts", drafts.forget_old),
    ("37 * * * *", "end_overdue_transfers", end_overdue),
    ("1 * * * *", "send_due_messages", send_due),  # what waits is due at full hours
    ("41 * * * *", "close_answered_advice", close_due),
    ("43 * * * *", "erase_closed_entourage", erase_due),
    ("45 * * * *", "erase_support_sessions", erase_due_sessions),
    ("49 * * * *", "erase_incidents", erase_incidents),
    ("51 * * * *", "erase_old_logs", erase_old_logs),
)
"""When, the name, and what is done then in each tenant."""
KEPT_HOURS = 72
"""Hours that a finished job stays, for whoever looks into what happened."""

log = structlog.get_logger("spheres.worker")


class Pace(Struct, frozen=True):
    """How often things are done, in seconds."""

    heartbeat: float = 5.0
    stalled_after: float = 20.0
    """Without a heartbeat for this long, a worker counts as dead and its jobs are taken up again."""
    look: float = 5.0
    """Between two looks for jobs of dead workers, and for new ones should a notification be lost."""
    first_wait: float = 5.0
    """Before the second try; each wait is six times the one before: 5 s, 30 s, 3 min, 18 min, an hour."""
    longest_wait: float = 3600.0
    at_once: int = 4
    """Deliveries under way at the same time."""


class BackOff(BaseRetryStrategy):
    """Tries again later and later, without end: only `audit.events.delivery` gives up, on one recipient."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002
        wait = min(self._pace.first_wait * 6 ** min(job.attempts, 10), self._pace.longest_wait)
        return RetryDecision(retry_at=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=wait))


def make_job_app(
    runtime: Runtime, url: str, pace: Pace | None = None, running: set[int | None] | None = None
) -> procrastinate.App:
    """Returns the tasks of the core over the job tables at `url` (a libpq address of the application's role).

    `running`, when given, holds the id of each delivery's job for as long as it runs.
    """
    pace = pace or Pace()
    running = set() if running is None else running
    connector = procrastinate.PsycopgConnector(
        conninfo=url, min_size=1, max_size=pace.at_once + 2, kwargs={"application_name": "spheres worker"}
    )
    app = procrastinate.App(connector=connector)

    @app.task(name=TASK, queue=QUEUE, retry=BackOff(pace), pass_context=True)
    async def deliver_entry(context: procrastinate.JobContext, tenant: str, entry: str) -> None:
        with _listed(running, context.job.id):
            await runtime.refresh()
            await deliver(runtime, tenant, UUID(entry))

    @app.periodic(cron="17 * * * *")
    @app.task(name=HOUSEKEEPING, queue=QUEUE)
    async def delete_finished_jobs(timestamp: int) -> None:
        await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS)

    async def in_each_tenant(timestamp: int, *, task: str, act: Callable[[Context], Awaitable[object]]) -> None:
        await runtime.refresh()
        await run_in_each_tenant(runtime, task, act)

    for cron, name, act in IN_EACH_TENANT:
        run = partial(in_each_tenant, task=name, act=act)
        app.periodic(cron=cron)(app.task(name=f"spheres.{name}", queue=QUEUE)(run))

    @app.periodic(cron="53 * * * *")
    @app.task(name=DUE_FILES, queue=QUEUE)
    async def erase_files(timestamp: int) -> None:
        await runtime.refresh()
        await run_for_each_tenant(runtime, "erase_due_files", partial(erase_due_files, runtime))

    @app.periodic(cron="*/5 * * * *")
    @app.task(name=CLOSED_FORMS, queue=QUEUE)
    async def forget_closed_forms(timestamp: int) -> None:
        await presence.forget_closed(runtime.database, dt.datetime.now(dt.UTC))

    @app.periodic(cron="*/5 * * * *")
    @app.task(name=SCHEDULES, queue=QUEUE)
    async def enqueue_schedules(timestamp: int) -> None:
        await runtime.refresh()
        await enqueue_due(runtime)

    return app


@contextlib.contextmanager
def _listed(running: set[int | None], job: int | None) -> Iterator[None]:
    running.add(job)
    try:
        yield
    finally:
        running.discard(job)


async def run_worker(
    runtime: Runtime,
    url: str,
    *,
    pace: Pace | None = None,
    signals: bool = False,
    until_idle: bool = False,
    restart_database: Callable[[], None] | None = None,
) -> None:
    """Delivers until cancelled, or until SIGTERM or SIGINT with `signals`; what is under way is brought to its end.

    The runtime's database must be open. A server that goes away is waited for, and started again by
    `restart_database` when one is given. `until_idle`: return when all is done.
    """
    pace = pace or Pace()
    stop = asyncio.Event()
    WATCHDOG.watch(asyncio.get_running_loop())
    try:
        await _run(runtime, url, pace, stop, signals, until_idle, restart_database)
    finally:
        WATCHDOG.unwatch(asyncio.get_running_loop())


async def _run(
    runtime: Runtime,
    url: str,
    pace: Pace,
    stop: asyncio.Event,
    signals: bool,
    until_idle: bool,
    restart_database: Callable[[], None] | None,
) -> None:
    with _stopping(stop) if signals else contextlib.nullcontext():
        while not stop.is_set():
            try:
                await _work(runtime, url, pace, stop, until_idle)
            except (ProcrastinateException, psycopg.Error, OSError) as error:
                log.error("worker.unavailable", error=type(error).__name__)
                if restart_database is not None:
                    await _restart(restart_database)
            if until_idle:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(pace.look, 2.0))


async def _restart(restart_database: Callable[[], None]) -> None:
    try:
        await asyncio.to_thread(restart_database)
    except Exception as error:  # the next turn tries again
        log.error("worker.cannot_restart_database", error=type(error).__name__)


async def _work(runtime: Runtime, url: str, pace: Pace, stop: asyncio.Event, until_idle: bool) -> None:
    running: set[int | None] = set()
    app = make_job_app(runtime, url, pace, running)
    async with app.open_async():
        worker = Worker(
            app=app,
            name="spheres",
            concurrency=pace.at_once,
            wait=not until_idle,
            fetch_job_polling_interval=pace.look,
            update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=pace.stalled_after,
            shutdown_graceful_timeout=2 * DEADLINE,
            install_signal_handlers=False,
        )
        working = asyncio.create_task(worker.run())  # type: ignore[no-untyped-call]
        noting = asyncio.create_task(_write_incidents(runtime, pace))
        side = [asyncio.create_task(_take_up(app, worker, running, pace)), asyncio.create_task(stop.wait()), noting]
        try:
            await asyncio.wait({working, *side}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*side, working):
                task.cancel()
            outcomes = await asyncio.gather(working, *side, return_exceptions=True)
            await incidents.write(runtime.database)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _write_incidents(runtime: Runtime, pace: Pace) -> None:
    """Writes down what went wrong in plugins, while it is fresh."""
    while True:
        await asyncio.sleep(min(pace.look, 2.0))
        await incidents.write(runtime.database)


async def _take_up(app: procrastinate.App, worker: Worker, running: set[int | None], pace: Pace) -> None:
    """Puts back jobs that a dead worker had in hand, those that this one holds in the table only, and those that failed
    because their task was not known then."""
    held: set[int | None] = set()
    while True:
        jobs = app.job_manager
        left = [*await jobs.get_stalled_jobs(seconds_since_heartbeat=pace.stalled_after)]
        left += [job for job in await jobs.list_jobs_async(status=Status.FAILED.value) if job.task_name in app.tasks]
        held, lost = await _held_but_not_run(app, worker, running, held)
        for job in (*left, *lost):
            log.warning("worker.takes_up", job=job.id, task=job.task_name, was=job.status)
            # Another worker may have been quicker.
            with contextlib.suppress(ProcrastinateException):
                await jobs.retry_job(job)
        await asyncio.sleep(pace.look)


async def _held_but_not_run(
    app: procrastinate.App, worker: Worker, running: set[int | None], before: set[int | None]
) -> tuple[set[int | None], list[Job]]:
    """Returns the jobs that the table gives to this worker and that it doesn't run, and which of them were so
    at the look before, too: one look can fall between fetching and running, or between running and saying so."""
    if worker.worker_id is None:
        return set(), []
    doing = Status.DOING.value
    found = await app.job_manager.list_jobs_async(task=TASK, status=doing, worker_id=worker.worker_id)
    idle = [job for job in found if job.id not in running]
    return {job.id for job in idle}, [job for job in idle if job.id in before]


@contextlib.contextmanager
def _stopping(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    both: tuple[Any, ...] = (signal.SIGTERM, signal.SIGINT)
    for each in both:
        loop.add_signal_handler(each, stop.set)
    try:
        yield
    finally:
        for each in both:
            loop.remove_signal_handler(each)
