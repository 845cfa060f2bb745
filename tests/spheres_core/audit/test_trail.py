"""The trail is added to and read, never changed; a refusal stays although everything else is undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import asyncpg
import pytest

from spheres_core.audit import operations, queries
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.tenancy.context import Actor, Context
from spheres_core.foundation.web.request_scope import RequestScope

DEFER = "SELECT pg_get_function_arguments(oid), pg_get_function_result(oid) FROM pg_proc WHERE proname = %s"
JOB_TYPE = (
    "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute"
    " WHERE attrelid = 'procrastinate_job_to_defer_v1'::regclass AND attnum > 0"
)


def test_the_queue_takes_jobs_as_the_trail_hands_them_over(outbox: Any) -> None:
    """Pins the function that `record` calls inside its statement; a new procrastinate may bring another version."""
    ((arguments, result),) = outbox.sql_of_app(DEFER, "procrastinate_defer_jobs_v1")
    assert arguments == "jobs procrastinate_job_to_defer_v1[]"
    assert result == "bigint[]"
    ((columns,),) = outbox.sql_of_app(JOB_TYPE)
    assert columns == (
        "queue_name character varying, task_name character varying, priority integer, lock text, queueing_lock text,"
        " args jsonb, scheduled_at timestamp with time zone"
    )


def test_the_application_may_add_to_the_trail_and_read_it_and_nothing_else(outbox: Any) -> None:
    rights = outbox.sql_of_app(
        "SELECT privilege_type FROM information_schema.role_table_grants"
        " WHERE table_name = 'trail_entries' AND grantee = current_user"
    )
    assert sorted(right for (right,) in rights) == ["INSERT", "SELECT"]


@pytest.mark.parametrize(
    "change", ["UPDATE trail_entries SET verb = 'other'", "DELETE FROM trail_entries", "TRUNCATE trail_entries CASCADE"]
)
def test_an_entry_cannot_be_changed_or_taken_away(outbox: Any, change: str) -> None:
    async def story() -> None:
        await outbox.letter()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with outbox.ctx() as ctx:
                await ctx.db.sql(change)
        assert await outbox.count("letter.came") == 1

    outbox.run(story())


def test_an_entry_says_who_did_what_to_whom_and_when(outbox: Any) -> None:
    async def story() -> None:
        subject, shown, who = uuid7(), [uuid7(), uuid7()], uuid7()
        loaded = await outbox.runtime.load(outbox.slug)
        async with outbox.runtime.context(loaded, actor=Actor("staff", who)) as ctx:
            id = await operations.record(
                ctx, "letter.read", subject=("referral", subject), shown=shown, details={"form": "referral"}
            )
            now = ctx.now
        async with outbox.ctx() as ctx:
            entry = await queries.entry(ctx, id)
            (by_shown,) = await queries.history_of(ctx, shown[1], before=operations.LATEST)
        assert entry == by_shown
        assert entry is not None
        assert (entry.verb, entry.actor_kind, entry.actor_id) == ("letter.read", "staff", who)
        assert (entry.subject_kind, entry.subject_id, entry.shown) == ("referral", subject, shown)
        assert (entry.details, entry.at) == ({"form": "referral"}, now.astimezone(dt.UTC))

    outbox.run(story())


def test_reading_a_trail_leaves_an_entry_in_it(outbox: Any) -> None:
    async def story() -> None:
        _, subject = await outbox.letter()
        async with outbox.ctx() as ctx:
            first = await operations.show_trail(ctx, subject)
        async with outbox.ctx() as ctx:
            second = await operations.show_trail(ctx, subject)
        assert [each.verb for each in first] == ["letter.came"]
        assert [each.verb for each in second] == ["trail.read", "letter.came"]

    outbox.run(story())


def test_a_refusal_is_recorded_although_what_was_done_is_undone(outbox: Any) -> None:
    async def story() -> None:
        loaded = await outbox.runtime.load(outbox.slug)
        looked_for = uuid7()
        scope: Any = {
            "path": "/api/referrals", "headers": [],
            "path_params": {"id": looked_for}, "path_template": "/api/referrals/{id}",
        }  # fmt: skip

        async def authenticate(ctx: Any, token: str, cookie: str) -> Actor:
            return Actor("staff", looked_for)

        request_scope = RequestScope(outbox.runtime, loaded, scope, "", authenticate, operations.record_refusal)
        request_scope._actor = Actor("staff", uuid7())
        await operations.record(request_scope.context(), "letter.came")
        await request_scope.finish(404)
        assert await outbox.count("letter.came") == 0
        assert await outbox.count("access.refused") == 1
        async with outbox.ctx() as ctx:
            (row,) = await ctx.db.sql("SELECT details FROM trail_entries WHERE verb = 'access.refused'")
        assert row[0] == {"route": "/api/referrals/{id}", "status": 404, "ids": {"id": str(looked_for)}}

    outbox.run(story())


def test_no_tenant_sees_the_trail_or_the_deliveries_of_another(outbox: Any) -> None:
    async def story() -> None:
        entry, _ = await outbox.letter()
        await outbox.settle(entry)

    outbox.run(story())
    for table in ("trail_entries", "deliveries"):
        assert outbox.sql_of_app(f"SELECT count(*) FROM {table}") == [(0,)]


def test_readings_that_are_recorded_together_stand_in_the_trail_each_by_itself(outbox: Any) -> None:
    subjects = [uuid7() for _ in range(3)]

    async def story() -> None:
        async with outbox.ctx() as ctx, operations.recorded_together(ctx):
            ids = [await operations.record(ctx, "letter.read", subject=("referral", each)) for each in subjects]
            assert await _count(ctx, "letter.read") == 0, "none of them is sent by itself"
            await operations.record(ctx, "letter.came", subject=("referral", subjects[0]))
            assert await _count(ctx, "letter.came") == 1, "of an act somebody is told: it stands where it was done"
        async with outbox.ctx() as ctx:
            found = [await queries.entry(ctx, id) for id in ids]
            assert [entry and entry.subject_id for entry in found] == subjects

    outbox.run(story())


def test_what_was_read_before_a_refusal_stands_in_the_trail(outbox: Any) -> None:
    async def story() -> None:
        async with outbox.ctx() as ctx:
            with pytest.raises(NotFound):
                await _read_and_refuse(ctx)
            await operations.record(ctx, "letter.read", subject=("referral", uuid7()))
        assert await outbox.count("letter.read") == 2

    outbox.run(story())


async def _read_and_refuse(ctx: Context) -> None:
    async with operations.recorded_together(ctx):
        await operations.record(ctx, "letter.read", subject=("referral", uuid7()))
        raise NotFound


async def _count(ctx: Context, verb: str) -> int:
    return int((await ctx.db.sql("SELECT count(*) FROM trail_entries WHERE verb = $1", verb))[0][0])
