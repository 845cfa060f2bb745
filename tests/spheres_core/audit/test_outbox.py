"""What is owed because of an entry is done at least once and takes effect once, whatever a recipient does."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any
from uuid import UUID

import pytest

from spheres_core.audit import operations
from spheres_core.audit.events import delivery_attempt
from spheres_core.audit.events.delivery import ATTEMPTS
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.plugins.discovery import discover
from tests.wait import wait_until_async

BAD_MODES = ["raise", "exit", "interrupt", "cancel"]
HANGING_MODES = ["hang", "cling", "block", "long query"]


def test_an_entry_and_its_job_are_written_together(outbox: Any) -> None:
    entry, _ = outbox.run(outbox.letter())
    assert outbox.jobs() == [("todo", 0, str(entry))]


def test_a_rollback_leaves_neither_entry_nor_job(outbox: Any) -> None:
    async def fail() -> None:
        async with outbox.ctx() as ctx:
            await operations.record(ctx, "letter.came")
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        outbox.run(fail())
    assert outbox.run(outbox.count("letter.came")) == 0
    assert outbox.jobs() == []


def test_a_verb_that_nobody_is_told_of_makes_no_job(outbox: Any) -> None:
    outbox.run(outbox.letter("letter.read"))
    outbox.run(outbox.letter("nobody.knows"))
    assert outbox.jobs() == []


def test_each_recipient_is_told_once_however_often_the_job_runs(outbox: Any) -> None:
    async def story() -> None:
        entry, subject = await outbox.letter()
        assert [await outbox.settle(entry) for _ in range(3)] == [True, True, True]
        assert await outbox.count("office.told", subject) == 2
        assert await outbox.count("courier.noted", subject) == 1

    outbox.run(story())
    assert len(outbox.calls()) == 1


def test_one_colleague_who_cannot_be_reached_costs_the_others_neither_a_message_nor_a_second_one(outbox: Any) -> None:
    async def story() -> None:
        unreachable = outbox.runtime.rooms["office"].unreachable
        unreachable.add(UUID(int=1))
        entry, subject = await outbox.letter()
        assert [await outbox.settle(entry) for _ in range(ATTEMPTS)][-2:] == [False, True]
        assert await outbox.count("office.told", subject) == 1
        (parked,) = await outbox.parked()
        assert parked.recipient == f"tell:{UUID(int=1)}"

    outbox.run(story())


def test_when_it_cannot_be_found_out_whom_to_tell_it_is_tried_again(outbox: Any) -> None:
    async def story() -> None:
        office = outbox.runtime.rooms["office"]
        office.forgetful = True
        entry, subject = await outbox.letter()
        assert not await outbox.settle(entry)
        assert await outbox.count("courier.noted", subject) == 1
        office.forgetful = False
        assert await outbox.settle(entry)
        assert await outbox.count("office.told", subject) == 2

    outbox.run(story())


def test_workers_that_meet_over_one_entry_do_not_call_twice(outbox: Any) -> None:
    async def story() -> None:
        outbox.behave("slow")
        entry, subject = await outbox.letter()
        await asyncio.gather(*(outbox.settle(entry) for _ in range(4)))
        assert await outbox.settle(entry)
        assert await outbox.count("courier.noted", subject) == 1
        assert await outbox.count("office.told", subject) == 2

    outbox.run(story())
    assert len(outbox.calls()) == 1


@pytest.mark.parametrize("mode", BAD_MODES)
def test_a_recipient_that_fails_stops_nobody_and_is_tried_again(outbox: Any, mode: str) -> None:
    async def story() -> None:
        entry, subject = await outbox.letter()
        outbox.behave(mode)
        assert not await outbox.settle(entry)
        assert await outbox.count("office.told", subject) == 2
        assert await outbox.count("courier.noted", subject) == 0, "what a failed try wrote must be gone"
        outbox.behave("note")
        assert await outbox.settle(entry)
        assert await outbox.count("courier.noted", subject) == 1
        assert await outbox.count("office.told", subject) == 2

    outbox.run(story())
    assert len(outbox.calls()) == 2


@pytest.mark.parametrize("mode", HANGING_MODES)
def test_a_recipient_that_hangs_is_cut_at_the_deadline(outbox: Any, mode: str, short_deadline: None) -> None:
    async def story() -> None:
        outbox.behave(mode)
        entry, subject = await outbox.letter()
        ticks = asyncio.create_task(_count_ticks())
        assert not await outbox.settle(entry), "it was cut, although it would hang on"
        ticks.cancel()
        assert await ticks > 2, "the core's own event loop went on"
        assert await outbox.count("office.told", subject) == 2
        outbox.behave("note")
        await _until_delivered(outbox, entry)
        assert await outbox.count("courier.noted", subject) == 1

    outbox.run(story())


async def _count_ticks() -> int:
    ticks = 0
    try:
        while True:
            await asyncio.sleep(0.01)
            ticks += 1
    except asyncio.CancelledError:
        return ticks


async def _until_delivered(outbox: Any, entry: Any) -> None:
    await wait_until_async(lambda: outbox.settle(entry))


def test_connections_stay_usable_after_recipients_were_cut(outbox: Any, short_deadline: None) -> None:
    """A core recipient that is cut while its query runs gives its connection back whole."""

    async def query(ctx: Any) -> None:
        await ctx.db.sql(
            "INSERT INTO trail_entries (tenant_id, id, at, verb, actor_kind)"
            " SELECT $1, gen_random_uuid(), now(), 'cut.off', 'system' FROM pg_sleep(30)",
            ctx.tenant.id,
        )

    async def story() -> None:
        entry, _ = await outbox.letter()
        loaded = await outbox.runtime.load(outbox.slug)
        small = await Database(outbox.urls.app, least=1, most=1).open()
        outbox.runtime.database, whole = small, outbox.runtime.database
        for _ in range(3):
            failure = await delivery_attempt.try_here(outbox.runtime, loaded, entry, "tell", query)
            assert str(failure) == "not done after 1 s"
            assert await outbox.count("cut.off") == 0
            assert await outbox.count("letter.came") == 1
        await small.close()
        outbox.runtime.database = whole

    outbox.run(story())


def test_who_outlives_the_transaction_cannot_begin_another(outbox: Any) -> None:
    async def story() -> None:
        async with outbox.ctx() as ctx:
            await ctx.db.sql("SELECT 1")
        with pytest.raises(RuntimeError, match="over"):
            await ctx.db.sql("SELECT 1")
        outbox.behave("linger")
        entry, subject = await outbox.letter()
        assert await outbox.settle(entry)
        assert await outbox.count("courier.noted", subject) == 1

    outbox.run(story())


def test_after_its_tries_a_delivery_is_parked_and_shown_without_words(outbox: Any) -> None:
    async def story() -> None:
        outbox.behave("raise")
        entry, subject = await outbox.letter()
        assert [await outbox.settle(entry) for _ in range(ATTEMPTS)] == [False] * (ATTEMPTS - 1) + [True]
        (parked,) = await outbox.parked()
        assert (parked.entry_id, parked.recipient, parked.attempts) == (entry, outbox.hook, ATTEMPTS)
        assert parked.error is not None
        assert parked.error.startswith("ValueError at hooks.py:")
        assert await outbox.settle(entry)
        assert len(outbox.calls()) == ATTEMPTS, "a parked one is left alone"
        assert await outbox.count("courier.noted", subject) == 0

    outbox.run(story())


def test_a_parked_delivery_can_be_taken_up_again(outbox: Any) -> None:
    async def story() -> None:
        outbox.behave("raise")
        entry, subject = await outbox.letter()
        for _ in range(ATTEMPTS):
            await outbox.settle(entry)
        outbox.behave("note")
        async with outbox.ctx() as ctx:
            await operations.try_again(ctx, entry, recipient=outbox.hook)
        assert await outbox.parked() == []
        assert await outbox.settle(entry)
        assert await outbox.count("courier.noted", subject) == 1
        with pytest.raises(operations.NotParked):
            async with outbox.ctx() as ctx:
                await operations.try_again(ctx, entry, recipient=outbox.hook)

    outbox.run(story())
    assert [job[2] for job in outbox.jobs()].count(outbox.jobs()[0][2]) == 2


def test_a_plugin_that_hung_is_left_alone_for_a_while(
    outbox: Any, short_deadline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery_attempt, "REST", 60.0)

    async def story() -> None:
        outbox.behave("block")
        first, _ = await outbox.letter()
        second, subject = await outbox.letter()
        assert not await outbox.settle(first)
        assert not await outbox.settle(second)
        assert await outbox.count("office.told", subject) == 2

    outbox.run(story())
    assert len(outbox.calls()) == 1
    outbox.behave("note")


def test_what_is_owed_to_a_plugin_that_vanished_waits_and_is_then_parked(outbox: Any) -> None:
    async def story() -> None:
        entry, subject = await outbox.letter()
        home = outbox.courier.rename(outbox.plugins.parent / "away")
        await _start_again(outbox)
        assert not await outbox.settle(entry)
        assert await outbox.count("office.told", subject) == 2
        shutil.move(home, outbox.courier)
        await _start_again(outbox)
        assert await outbox.settle(entry)
        assert await outbox.count("courier.noted", subject) == 1
        shutil.rmtree(outbox.courier)
        await _start_again(outbox)
        entry, _ = await outbox.letter()
        assert [await outbox.settle(entry) for _ in range(ATTEMPTS)][-1]
        (parked,) = await outbox.parked()
        assert parked.error == "its plugin cannot be used on this machine"

    outbox.run(story())


async def _start_again(outbox: Any) -> None:
    """The same process as after a restart: plugins found anew."""
    outbox.runtime.machine = discover([outbox.plugins])
    outbox.runtime._sets.clear()
    outbox.runtime.unload(outbox.slug)


def test_a_plugin_that_was_switched_off_is_owed_nothing(outbox: Any) -> None:
    async def story() -> None:
        entry, subject = await outbox.letter()
        outbox.sql("UPDATE tenant_plugins SET active = false WHERE plugin_id = %s", outbox.courier.name)
        outbox.runtime.unload(outbox.slug)
        assert await outbox.settle(entry)
        assert await outbox.count("office.told", subject) == 2
        assert await outbox.parked() == []

    outbox.run(story())
    assert outbox.calls() == []


def test_an_entry_whose_verb_the_new_code_does_not_know_is_let_go(outbox: Any) -> None:
    async def story() -> None:
        entry, subject = await outbox.letter("letter.of_old_code")
        assert await outbox.settle(entry)
        assert await outbox.count("office.told", subject) == 0

    outbox.run(story())


def test_a_tenant_that_is_gone_is_owed_nothing(outbox: Any) -> None:
    async def story() -> None:
        entry, _ = await outbox.letter()
        outbox.sql("DELETE FROM tenants WHERE slug = %s", outbox.slug)
        assert await outbox.settle(entry)
        outbox.runtime.unload(outbox.slug)
        assert await outbox.settle(entry)

    outbox.run(story())
    assert outbox.calls() == []
