"""A reader who goes on reading while somebody else takes the consent back."""

from __future__ import annotations

import asyncio
from typing import Any

from msgspec import structs

from spheres_core.consents.operations import ledger
from spheres_core.consents.queries.reader import read_for
from spheres_core.foundation.tenancy.context import Actor
from spheres_core.participants.queries.participants import find_participant
from spheres_core.testing import World
from tests.spheres_core.consents.acts import LINE, PIVOT, add, assign, do, give, given


def race(world: World) -> int:
    """Reads in one open transaction until nothing is found any more; returns how often she was found.

    Raises `AssertionError` for a reading that began after the withdrawal was committed and found her all the same.
    """
    her = do(world, add)
    do(world, lambda ctx: assign(ctx, her.id))
    consent = give(world, her.id, given(LINE)).id

    async def run() -> int:
        committed, reading = asyncio.Event(), asyncio.Event()

        async def read() -> int:
            found = 0
            async with world.context("north") as ctx:
                mine = structs.replace(ctx, actor=Actor("staff", PIVOT))
                reader = await read_for(mine, "follow_up")
                while True:
                    was_committed = committed.is_set()
                    one: Any = await find_participant(mine, reader, her.code)
                    reading.set()
                    if was_committed:
                        assert one is None, "she was found after her consent was taken back"
                        return found
                    found += one is not None

        async def take_back() -> None:
            await reading.wait()
            async with world.context("north") as ctx:
                await ledger.withdraw_consent(ctx, her.id, consent)
            committed.set()

        found, _ = await asyncio.gather(read(), take_back())
        return found

    return world.run(run())
