"""A room and a plugin whose behaviour a test chooses, and a process that works off their outbox.

Run as a program it is a worker process: `office.py <json>`; it is what gets killed.
"""

from __future__ import annotations

import asyncio
import json
import sys
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
from spheres_core.foundation.plugins.discovery import discover
from spheres_core.foundation.plugins.registrations import Notification, TrailVerb
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import Runtime
from spheres_core.worker import Pace, run_worker

KEYRING: Final = Keyring(b"k" * 32)
COLLEAGUES: Final = (UUID(int=1), UUID(int=2))

MANIFEST: Final = """
manifest = 1
id = "{id}"
version = "1.0.0"
tier = "code"
languages = ["en"]
title = {{ en = "Courier" }}
description = {{ en = "Notes what it is told." }}
licence = "MIT"
owner = "Tests"
compatible = {{ spheres = ">=0.1" }}
[provides]
hooks = ["on_referral_received"]
"""

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


def write_plugin(folder: Path, mode: str = "note", *, id: str = "courier") -> Path:
    """A code plugin that is told of referrals and behaves as its file `mode` says."""
    home = folder / id
    home.mkdir(parents=True, exist_ok=True)
    (home / "plugin.toml").write_text(MANIFEST.format(id=id))
    (home / "__init__.py").write_text("")
    (home / "hooks.py").write_text(HOOKS)
    (home / "mode").write_text(mode)
    return home


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


def make_runtime(url: str, plugins: Path, *more: tuple[str, types.ModuleType]) -> Runtime:
    """A process over that database with the office and the plugins of a folder."""
    rooms = {"audit": audit, "office": office(), **dict(more)}
    return Runtime(Database(url), KEYRING, discover([plugins]), rooms, plugins)


async def main(told: dict[str, Any]) -> None:
    """What `spheres worker` does."""
    runtime = make_runtime(told["url"], Path(told["plugins"]))
    await runtime.database.open()
    try:
        await run_worker(runtime, told["url"], pace=Pace(**told["pace"]), signals=True)
    finally:
        await runtime.database.close()


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
