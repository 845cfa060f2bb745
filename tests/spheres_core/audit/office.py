"""A room and a plugin whose behaviour a test chooses, and a process that works off their outbox.

`work` is what a worker process does; it is what gets killed.
"""

from __future__ import annotations

import asyncio
import os
import types
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from spheres_core import hookimpl
from spheres_core.audit import hooks as audit
from spheres_core.audit import operations
from spheres_core.facts import ReferralFacts, msg
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.plugins.registrations import Notification, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.worker import Pace, run_worker

KEYRING: Final = Keyring(b"k" * 32)
COLLEAGUES: Final = (UUID(int=1), UUID(int=2))

HOOKS: Final = """
import asyncio, os, sys, time
from pathlib import Path
from spheres_core.plugin import hookimpl, record

HERE = Path(__file__).parent

@hookimpl
async def on_referral_received(ctx, referral):
    with open(HERE / "calls", "a") as calls:
        calls.write(f"{referral.id}\\n")
    mode = (HERE / "mode").read_text()
    await record(ctx, "courier.noted", subject=("referral", referral.id))
    if mode == "raise":
        raise ValueError("words of a case")
    if mode == "exit":
        sys.exit(3)
    if mode == "interrupt":
        raise KeyboardInterrupt
    if mode == "cancel":
        raise asyncio.CancelledError
    if mode == "slow":
        await asyncio.sleep(0.05)
    if mode == "hang":
        await asyncio.sleep(3600)
    if mode == "cling":
        while True:
            try:
                await asyncio.sleep(3600)
            except BaseException:
                pass
    if mode == "block":
        while (HERE / "mode").read_text() == "block":
            time.sleep(0.01)
    if mode == "long query":
        await ctx.db.sql("SELECT pg_sleep(3600)")
    if mode == "linger":
        async def later():
            await asyncio.sleep(0.05)
            await ctx.db.sql("SELECT 1")
        asyncio.create_task(later())
    if mode == "die":
        os._exit(9)
"""


def office() -> types.ModuleType:
    """A room whose verb `letter.came` tells two colleagues and the plugins."""
    room = types.ModuleType("office")

    async def load(ctx: Context, id: UUID, details: Mapping[str, Any]) -> dict[str, Any]:
        return {"referral": ReferralFacts(id, "referral", "1", "fr", ctx.today)}

    async def tell(ctx: Context, id: UUID, details: Mapping[str, Any]) -> list[Notification]:
        if room.forgetful:  # type: ignore[attr-defined]
            raise LookupError("words of a case")
        return [Notification(each, partial(send, each, id)) for each in COLLEAGUES]

    async def send(colleague: UUID, id: UUID, ctx: Context) -> None:
        await operations.record(ctx, "office.told", subject=("referral", id), details={"to": str(colleague)})
        if colleague in room.unreachable:  # type: ignore[attr-defined]
            raise OSError("no such mailbox")

    @hookimpl
    def register_trail_verbs() -> Any:
        return [
            TrailVerb("letter.came", msg("A letter came"), hook="on_referral_received", load=load, tell=tell),
            TrailVerb("letter.read", msg("A letter was read")),
        ]

    room.forgetful, room.unreachable = False, set()  # type: ignore[attr-defined]
    room.register_trail_verbs = register_trail_verbs  # type: ignore[attr-defined]
    return room


def make_runtime(database: Database, keyring: Keyring, machine: Machine) -> Runtime:
    """A process with the office and no pages."""
    return Runtime(database, keyring, machine, {"audit": audit, "office": office()}, Path(__file__).parent)


async def main(told: dict[str, Any]) -> None:
    """What `spheres worker` does."""
    runtime = make_runtime(Database(told["url"]), KEYRING, discover([Path(told["plugins"])]))
    await runtime.database.open()
    try:
        await run_worker(runtime, told["url"], pace=Pace(**told["pace"]), signals=True)
    finally:
        await runtime.database.close()


def work(told: dict[str, Any]) -> None:
    """Does so in a process of its own, and says nothing."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    asyncio.run(main(told))
