"""What is due from time to time is done in each tenant, whatever becomes of it in another."""

from __future__ import annotations

import pytest
from procrastinate import App
from structlog.testing import capture_logs

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.periodic_tasks import run_in_each_tenant
from spheres_core.testing import World, definition
from spheres_core.worker import IN_EACH_TENANT, make_job_app


@pytest.fixture(scope="module")
def world(shared_world: World) -> World:
    return shared_world.renew(*(definition(slug, "quebec", "montreal") for slug in ("north", "south", "west")))


def test_a_tenant_in_which_it_fails_keeps_no_other_one_waiting(world: World) -> None:
    done = []

    async def act(ctx: Context) -> None:
        if ctx.tenant.slug == "north":
            raise LookupError("words that stand in no log")
        done.append((ctx.tenant.slug, ctx.actor.kind))

    with capture_logs() as logged:
        world.run(run_in_each_tenant(world.runtime, "something", act))

    assert sorted(done) == [("south", "system"), ("west", "system")]
    failed = {"event": "periodic_task.failed", "task": "something", "tenant": "north", "error": "LookupError"}
    assert [each | {"log_level": ""} for each in logged] == [failed | {"log_level": ""}]


@pytest.mark.parametrize("name", [*(name for _, name, _ in IN_EACH_TENANT), "forget_closed_forms"])
def test_each_is_known_to_the_worker_and_fails_nowhere(world: World, name: str) -> None:
    async def story() -> App:
        app = make_job_app(world.runtime, world.urls.app)
        async with app.open_async():
            await app.tasks[f"spheres.{name}"].func(timestamp=0)
        return app

    with capture_logs() as logged:
        app = world.run(story())

    assert [each for each in logged if each["event"] == "periodic_task.failed"] == []
    assert f"spheres.{name}" in {task for task, _ in app.periodic_registry.periodic_tasks}
