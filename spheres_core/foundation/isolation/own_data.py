"""Lets plugins gather from their own tables before they are asked: once a request, in time, with nothing written."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.foundation.database.own_tables import OwnTablesDb
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.isolation import incidents
from spheres_core.foundation.isolation.answer_validation import LONGEST
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.isolation.deadlines import ForeignCodeFailed, run_in_task
from spheres_core.foundation.isolation.hook_calls import HookImplementation, PerRequest
from spheres_core.foundation.isolation.watchdog import WATCHDOG

HOOK: Final = "gather_own"
DEADLINE = 0.2
"""Seconds that one plugin has to gather what is its own; the database ends a statement after as long."""

Caller = Callable[[HookImplementation, OwnTablesDb], Awaitable[Any]]
"""Calls an implementation with a context over its own tables."""


def owners_to_gather(gathering: Iterable[HookImplementation], asked: Iterable[HookImplementation]) -> set[str]:
    """Returns the plugins among those asked that want what they gather."""
    wanting = {each.owner for each in asked if "own" in each.arguments}
    return {each.owner for each in gathering if each.owner in wanting}


async def gather(
    db: Db, tenant: str, gathering: Sequence[HookImplementation], tables: Callable[[str], frozenset[str]], call: Caller,
    into: PerRequest, subject: Any,
) -> None:  # fmt: skip
    """Lets each plugin gather what it has not gathered yet in this request, and keeps it in `into`. Never raises for
    what a plugin does.

    `tables` returns a plugin's own; `subject` is the id of what is asked about. All of them read in one savepoint; one
    that fails leaves another for those after it.
    """
    waiting = [each for each in gathering if (each.owner, subject) not in into.own]
    while waiting:
        async with db.reading_only(DEADLINE):
            while waiting:
                each = waiting.pop(0)
                if not await _gather_one(db, tenant, each, tables(each.owner), call, into, subject):
                    break


async def _gather_one(
    db: Db, tenant: str, each: HookImplementation, tables: frozenset[str], call: Caller, into: PerRequest, subject: Any
) -> bool:
    key = (tenant, each.owner, HOOK)
    into.own[each.owner, subject] = None
    if not CIRCUIT_BREAKERS.allows(key):
        into.ungathered.add((each.owner, subject))
        return True
    own = OwnTablesDb(db, tables)

    async def work() -> Any:
        with WATCHDOG.registered(key, each.function):
            given = await call(each, own)
        _refuse_garbage(given)
        return given

    try:
        into.own[each.owner, subject] = await run_in_task(work(), DEADLINE, plugin=each.owner)
    except ForeignCodeFailed as failed:
        into.ungathered.add((each.owner, subject))
        incidents.record(*key, failed.fault, rest=CIRCUIT_BREAKERS.record_failure(key))
        return False
    finally:
        own.ended = True
    CIRCUIT_BREAKERS.record_success(key)
    return True


def _refuse_garbage(given: Any) -> None:
    if given is None:
        return
    if not (isinstance(given, Struct) and given.__struct_config__.frozen):
        raise TypeError(f"{HOOK} returns a frozen struct")
    if len(msgspec.json.encode(given)) > LONGEST:
        raise ValueError(f"{HOOK} returns too much")
