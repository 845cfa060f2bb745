"""The statements of requests are counted, and no other: what it counts is held against a plugin."""

from typing import Any

from sqlalchemy import literal, select

from spheres_core.conformance.query_counter import count_statements
from spheres_core.foundation.database.statements import prepare
from spheres_core.testing import World, definition


def test_what_the_process_asks_by_itself_is_counted_for_no_request(shared_world: World) -> None:
    world = shared_world.renew(definition("north"))
    with count_statements(world) as number:

        async def statements_of_a_request(ctx: Any) -> int:
            before = number()
            await ctx.db.scalar(prepare(select(literal(1))))
            await world.runtime.refresh()
            return number() - before

        assert world.act("north", statements_of_a_request) == 1
