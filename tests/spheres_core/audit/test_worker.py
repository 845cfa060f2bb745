"""The worker: jobs are done, tried again, taken up from the dead, and cleared away."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import signal
from collections import Counter
from collections.abc import Iterator
from multiprocessing.context import ForkServerProcess
from typing import Any, Final

import psycopg
import pytest
from procrastinate.jobs import Job

from spheres_core.worker import HOUSEKEEPING, BackOff, Pace, make_job_app, run_worker
from tests import forks
from tests.spheres_core.audit import office
from tests.wait import LIMIT, wait_until, wait_until_async

QUICK: Final = {"look": 0.2, "first_wait": 0.05, "longest_wait": 0.3}
"""No worker counts as dead because its machine is busy: a test that kills one says so (`age_heartbeats`)."""
PACE: Final = Pace(**QUICK, stalled_after=3600.0)


@contextlib.contextmanager
def worker_process(outbox: Any) -> Iterator[ForkServerProcess]:
    """A worker as a process of its own; killed at the end whatever happens."""
    told = {"url": outbox.urls.app, "plugins": str(outbox.plugins), "pace": QUICK | {"stalled_after": 3600.0}}
    process = forks.start(office.work, told)
    try:
        yield process
    finally:
        process.kill()
        process.join()


def age_heartbeats(outbox: Any) -> None:
    """Makes each worker that is not there any more look as it will when it has been silent for a day."""
    outbox.sql("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 day'")


async def stop(worker: asyncio.Task[None]) -> None:
    worker.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await worker


def test_a_worker_does_what_is_owed_and_stops_when_nothing_is_left(outbox: Any) -> None:
    async def story() -> None:
        _, subject = await outbox.letter()
        await run_worker(outbox.runtime, outbox.urls.app, pace=PACE, until_idle=True)
        assert await outbox.count("courier.noted", subject) == 1
        assert await outbox.count("office.told", subject) == 2

    outbox.run(story())
    assert [job[0] for job in outbox.jobs()] == ["succeeded"]


def test_what_failed_is_tried_again_until_it_is_done(outbox: Any) -> None:
    async def story() -> None:
        outbox.behave("raise")
        _, subject = await outbox.letter()
        worker = asyncio.create_task(run_worker(outbox.runtime, outbox.urls.app, pace=PACE))
        await wait_until_async(lambda: len(outbox.calls()) >= 3)
        outbox.behave("note")
        await wait_until_async(lambda: outbox.jobs()[0][0] == "succeeded")
        await stop(worker)
        assert await outbox.count("courier.noted", subject) == 1
        assert await outbox.count("office.told", subject) == 2

    outbox.run(story())
    ((status, attempts, _),) = outbox.jobs()
    assert status == "succeeded"
    assert attempts >= 3


def test_waits_grow_to_an_hour_and_never_end() -> None:
    job = Job(id=1, queue="q", lock=None, queueing_lock=None, task_name="t")
    for attempts, seconds in {0: 5, 1: 30, 2: 180, 3: 1080, 4: 3600, 5: 3600, 1000: 3600}.items():
        before = dt.datetime.now(dt.UTC)
        decision = BackOff(Pace()).get_retry_decision(exception=ValueError(), job=job.evolve(attempts=attempts))
        after = dt.datetime.now(dt.UTC)
        assert decision.retry_at is not None
        assert before <= decision.retry_at - dt.timedelta(seconds=seconds) <= after


def test_killed_again_and_again_the_worker_loses_nothing_and_does_nothing_twice(outbox: Any) -> None:
    """Each of 24 entries is delivered although its worker is killed twice with deliveries in hand."""
    outbox.behave("slow")

    async def fill() -> list[Any]:
        return [await outbox.letter() for _ in range(24)]

    letters = outbox.run(fill())
    in_hand = 0
    for _ in range(2):
        before = len(outbox.calls())
        with worker_process(outbox) as process:
            wait_until(lambda before=before: len(outbox.calls()) > before)
            process.kill()
            process.join()
        age_heartbeats(outbox)
        in_hand += sum(job[0] == "doing" for job in outbox.jobs())
    assert in_hand > 0, "the kills must have hit deliveries under way"
    with worker_process(outbox):
        wait_until(lambda: all(job[0] == "succeeded" for job in outbox.jobs()))

    async def check() -> None:
        async with outbox.ctx() as ctx:
            rows = await ctx.db.sql(
                "SELECT verb, subject_id FROM trail_entries WHERE verb IN ('courier.noted', 'office.told')"
            )
        effects = Counter((row[0], row[1]) for row in rows)
        owed = {"courier.noted": 1, "office.told": 2}
        assert effects == {(verb, subject): times for verb, times in owed.items() for _, subject in letters}
        assert await outbox.parked() == []

    outbox.run(check())
    assert set(outbox.calls()) == {str(subject) for _, subject in letters}


def test_without_taking_up_what_the_dead_left_a_killed_delivery_would_be_lost(outbox: Any) -> None:
    """The control: a worker that never believes another dead leaves the job where it was."""
    outbox.behave("hang")
    outbox.run(outbox.letter())
    with worker_process(outbox) as process:
        wait_until(lambda: outbox.calls())
        process.kill()
        process.join()
    outbox.behave("note")
    outbox.run(run_worker(outbox.runtime, outbox.urls.app, pace=PACE, until_idle=True))
    assert [job[0] for job in outbox.jobs()] == ["doing"]
    age_heartbeats(outbox)
    with worker_process(outbox):
        wait_until(lambda: [job[0] for job in outbox.jobs()] == ["succeeded"])


def test_a_recipient_that_kills_the_worker_is_parked_in_the_end(outbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spheres_core.audit.events.delivery.ATTEMPTS", 1)
    outbox.behave("die")
    outbox.run(outbox.letter())
    with worker_process(outbox) as process:
        process.join(LIMIT)
        assert process.exitcode == 9
    age_heartbeats(outbox)
    outbox.run(_until_settled(outbox))
    (parked,) = outbox.run(outbox.parked())
    assert parked.error == "the worker ended while at it"
    assert len(outbox.calls()) == 1


async def _until_settled(outbox: Any) -> None:
    worker = asyncio.create_task(run_worker(outbox.runtime, outbox.urls.app, pace=PACE))
    await wait_until_async(
        lambda: {job[0] for job in outbox.jobs()} == {"succeeded"}
    )  # that it was given up is told too
    await stop(worker)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_the_worker_ends_what_it_has_in_hand(outbox: Any, how: signal.Signals) -> None:
    outbox.behave("block")
    _, subject = outbox.run(outbox.letter())
    with worker_process(outbox) as process:
        wait_until(lambda: outbox.calls())
        assert process.pid is not None
        os.kill(process.pid, how)
        outbox.behave("note")
        process.join(LIMIT)
        assert process.exitcode == 0
    assert [job[0] for job in outbox.jobs()] == ["succeeded"]
    assert outbox.run(outbox.count("courier.noted", subject)) == 1


def test_a_job_that_an_older_worker_did_not_know_is_revived_by_one_that_does(outbox: Any) -> None:
    _, subject = outbox.run(outbox.letter())

    async def older() -> None:
        app = make_job_app(outbox.runtime, outbox.urls.app, PACE)
        app.tasks = {}
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    outbox.run(older())
    assert [job[0] for job in outbox.jobs()] == ["failed"]
    outbox.run(_until_settled(outbox))
    assert outbox.run(outbox.count("courier.noted", subject)) == 1


def test_a_plugin_switched_off_meanwhile_is_noticed_by_a_worker_that_runs(outbox: Any) -> None:
    async def story() -> None:
        await outbox.letter()
        await run_worker(outbox.runtime, outbox.urls.app, pace=PACE, until_idle=True)
        await _switch_off(outbox)
        await outbox.letter()
        await run_worker(outbox.runtime, outbox.urls.app, pace=PACE, until_idle=True)

    outbox.run(story())
    assert len(outbox.calls()) == 1


async def _switch_off(outbox: Any) -> None:
    outbox.sql("UPDATE tenant_plugins SET active = false WHERE plugin_id = %s", outbox.courier.name)
    outbox.sql("UPDATE tenants SET epoch = nextval('tenant_epoch') WHERE slug = %s", outbox.slug)


def test_finished_jobs_are_deleted_after_some_days(outbox: Any) -> None:
    async def story() -> None:
        await outbox.letter()
        await run_worker(outbox.runtime, outbox.urls.app, pace=PACE, until_idle=True)
        app = make_job_app(outbox.runtime, outbox.urls.app, PACE)
        async with app.open_async():
            await app.tasks[HOUSEKEEPING].func(timestamp=0)
            assert len(outbox.jobs()) == 1
            outbox.sql(
                "UPDATE procrastinate_events SET at = at - interval '73 hours' WHERE job_id IN"
                " (SELECT id FROM procrastinate_jobs WHERE args->>'tenant' = %s)", outbox.slug,
            )  # fmt: skip
            await app.tasks[HOUSEKEEPING].func(timestamp=0)

    outbox.run(story())
    assert outbox.jobs() == []


def test_a_database_that_goes_away_is_waited_for(outbox: Any) -> None:
    async def story() -> None:
        before = _connections(outbox)
        worker = asyncio.create_task(run_worker(outbox.runtime, outbox.urls.app, pace=PACE))
        await wait_until_async(lambda: _connections(outbox) > before)
        outbox.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
        await _letter_on_a_healthy_connection(outbox)
        await wait_until_async(lambda: [job[0] for job in outbox.jobs()] == ["succeeded"])
        await stop(worker)

    outbox.run(asyncio.wait_for(story(), LIMIT))


def test_a_job_whose_end_the_database_did_not_hear_of_is_taken_up_by_the_same_worker(outbox: Any) -> None:
    """The worker lives and beats: nobody else would ever take it."""

    async def story() -> None:
        with _unable_to_finish(outbox):
            _, subject = await outbox.letter()
            worker = asyncio.create_task(run_worker(outbox.runtime, outbox.urls.app, pace=PACE))
            await wait_until_async(lambda: outbox.calls())
            await wait_until_async(lambda: outbox.jobs()[0][0] == "doing")
        await wait_until_async(lambda: outbox.jobs()[0][0] == "succeeded")
        await stop(worker)
        assert await outbox.count("courier.noted", subject) == 1

    outbox.run(asyncio.wait_for(story(), LIMIT))


@contextlib.contextmanager
def _unable_to_finish(outbox: Any) -> Iterator[None]:
    """No worker can say meanwhile that a job has ended."""
    with psycopg.connect(outbox.urls.needed("owner"), autocommit=True) as owner:
        owner.execute("ALTER FUNCTION procrastinate_finish_job_v1 RENAME TO finish_job_aside")
        try:
            yield
        finally:
            owner.execute("ALTER FUNCTION finish_job_aside RENAME TO procrastinate_finish_job_v1")


def _connections(outbox: Any) -> int:
    ((found,),) = outbox.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
    return int(found)


async def _letter_on_a_healthy_connection(outbox: Any) -> Any:
    for _ in range(10):
        with contextlib.suppress(Exception):
            return await outbox.letter()
    return await outbox.letter()
