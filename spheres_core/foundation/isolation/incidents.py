"""Incidents of plugins, kept for administrators: which plugin, in which part, at which line, how often. No words.

Noted in memory where it happens, because the request's own transaction may be rolled back, and written every two
seconds by the dispatcher and the worker (`write`): a process that is killed loses no more than that.
"""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
import structlog
from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.foundation.database.models import PluginIncident
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Database, Db
from spheres_core.foundation.isolation.fault_location import FaultLocation

MOST: Final = 200
"""Different incidents that are kept of one tenant, and that wait in one process; more are counted without place."""
KEPT_DAYS: Final = 90
UNKNOWN_KEPT: Final = dt.timedelta(minutes=10)
"""How long an incident waits whose tenant is not in the database that is written to."""

log = structlog.get_logger("spheres.plugins")
incidents = table(PluginIncident)

_put = insert(incidents).values(
    {name: bindparam(name) for name in ("tenant_id", "plugin", "part", "kind", "place", "count", "first_at", "last_at",
                                        "resting_until")}
)  # fmt: skip
PUT = prepare(
    _put.on_conflict_do_update(
        index_elements=["tenant_id", "plugin", "part", "kind", "place"],
        set_={
            "count": incidents.c.count + _put.excluded.count,
            "last_at": _put.excluded.last_at,
            "resting_until": func.coalesce(_put.excluded.resting_until, incidents.c.resting_until),
        },
    )
)
COUNT = prepare(select(func.count()).select_from(incidents).where(scoped(incidents)))
FORGET = prepare(incidents.delete().where(scoped(incidents), incidents.c.last_at < bindparam("before")))
DROP = prepare(incidents.delete().where(scoped(incidents), incidents.c.plugin == bindparam("which")))


class Incident(Struct, frozen=True):
    """One way in which a part of a plugin fails, and how often it did."""

    plugin: str
    part: str
    """A hook, or a route's method and path."""
    kind: str
    """The exception's type; `hang`, `blocks the event loop`, `holds the interpreter`."""
    place: str
    """File and line in the plugin; empty when not known."""
    count: int
    first_at: dt.datetime
    last_at: dt.datetime
    resting_until: dt.datetime | None
    """It is out of this tenant's way, as far as one of the processes knows."""


ALL = prepare(
    select(*(incidents.c[name] for name in Incident.__struct_fields__))
    .where(scoped(incidents))
    .order_by(incidents.c.last_at.desc()),
    into=Incident,
)
WIDE = (
    "SELECT plugin, count(DISTINCT tenant_id) FROM plugin_incidents WHERE resting_until > $1 GROUP BY 1"
    " HAVING count(DISTINCT tenant_id) > $2 ORDER BY 1"
)
"""For the owner, across tenants."""


class _Waiting(Struct):
    count: int
    first_at: dt.datetime
    last_at: dt.datetime
    resting_until: dt.datetime | None


_Key = tuple[str, str, str, str, str]
_lock = threading.Lock()
_waiting: dict[_Key, _Waiting] = {}


def record(tenant: str, plugin: str, part: str, fault: FaultLocation, *, rest: float | None = None) -> None:
    """Notes one. `tenant` is the tenant's id; `rest` the seconds for which its breaker is open. From any thread."""
    log.warning("plugin.incident", plugin=plugin, part=part, error=fault.kind, at=fault.place, resting=rest)
    now = dt.datetime.now(dt.UTC)
    until = now + dt.timedelta(seconds=rest) if rest is not None else None
    with _lock:
        key = (tenant, plugin, part, fault.kind, fault.place)
        if key not in _waiting and len(_waiting) >= MOST:
            key = (tenant, plugin, part, "other", "")
        found = _waiting.setdefault(key, _Waiting(0, now, now, None))
        found.count += 1
        found.last_at = now
        found.resting_until = until or found.resting_until


async def write(database: Database) -> None:
    """Writes down what waits. What cannot be written for want of a database waits on."""
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    for tenant in sorted({key[0] for key in taken}):
        mine = {key: each for key, each in taken.items() if key[0] == tenant}
        try:
            await _write_tenant(database, UUID(tenant), mine)
        except asyncpg.ForeignKeyViolationError:  # it is gone, or lives in another database that this process serves
            recently = dt.datetime.now(dt.UTC) - UNKNOWN_KEPT
            _put_back({key: each for key, each in mine.items() if each.last_at > recently})
        except ValueError:  # not the id of a tenant
            continue
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            _put_back(mine)


async def _write_tenant(database: Database, tenant: UUID, taken: dict[_Key, _Waiting]) -> None:
    async with database.transaction(tenant) as db:
        await db.run(FORGET, before=max(each.last_at for each in taken.values()) - dt.timedelta(days=KEPT_DAYS))
        full = await db.scalar(COUNT) >= MOST
        for (_, plugin, part, kind, place), each in taken.items():
            await db.run(
                PUT, plugin=plugin, part=part, kind="other" if full else kind, place="" if full else place,
                count=each.count, first_at=each.first_at, last_at=each.last_at, resting_until=each.resting_until,
            )  # fmt: skip


def _put_back(taken: dict[_Key, _Waiting]) -> None:
    with _lock:
        for key, each in taken.items():
            newer = _waiting.setdefault(key, each)
            if newer is not each:
                newer.count += each.count
                newer.first_at = each.first_at


async def of_tenant(db: Db) -> Sequence[Incident]:
    """Returns those of the tenant, the latest first."""
    return await db.all(ALL)


def clear() -> None:
    """Forgets what waits (for tests)."""
    with _lock:
        _waiting.clear()
