"""Exports, or erases, what plugins keep about a person, and erases the row to which all else about her refers.

Both fail loudly and are resumed by running them again: what a plugin has done is noted in the transaction in which it
did it (`erasures`), or is a file that is there. An erasure asks plugins that are switched off as well. Rows that refer
to the erased one go with it, by the database itself, also those of a plugin whose code is gone.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct
from sqlalchemy import Text, Uuid, bindparam, null, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.facts import PersonRecord, msg
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import Conflict
from spheres_core.foundation.isolation.deadlines import ForeignCodeFailed, run_in_task
from spheres_core.foundation.isolation.fault_location import FaultLocation
from spheres_core.foundation.isolation.hook_calls import HookImplementation
from spheres_core.foundation.lifecycle.activation import quoted
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.referrals.models import Erasure
from spheres_core.referrals.schemas import ErasurePart

DEADLINE: Final = 300.0
"""Seconds that one plugin has."""
CORE: Final = "core"
SubjectKind = Literal["referral", "participant"]
TABLES: Final[Mapping[SubjectKind, str]] = {"referral": "referrals", "participant": "participants"}
"""By kind the table whose row all else refers to."""

log = structlog.get_logger("spheres.kept_data")
erasures = table(Erasure)
_part = (
    scoped(erasures),
    erasures.c.subject_id == bindparam("subject", type_=Uuid()),
    erasures.c.owner == bindparam("who", type_=Text()),
)
BEGIN = prepare(
    insert(erasures)
    .values(
        tenant_id=bindparam("tenant_id"), subject_kind=bindparam("subject_kind"), subject_id=bindparam("subject_id"),
        owner=bindparam("owner"), begun_at=bindparam("begun_at"), tries=1,
    )
    .on_conflict_do_update(
        index_elements=["tenant_id", "subject_id", "owner"],
        set_={"tries": erasures.c.tries + 1},
        where=erasures.c.done_at.is_(None),
    )
    .returning(erasures.c.tries)
)  # fmt: skip
DONE = prepare(
    erasures.update().where(*_part).values(done_at=bindparam("now"), records=bindparam("number"), error=null())
)
FAILED = prepare(erasures.update().where(*_part).values(error=bindparam("what")))
PARTS = prepare(
    select(*(erasures.c[name] for name in ErasurePart.__struct_fields__))
    .where(scoped(erasures), erasures.c.subject_id == bindparam("subject", type_=Uuid()))
    .order_by(erasures.c.owner),
    into=ErasurePart,
)
_REFERRING: Final = """
SELECT DISTINCT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c
JOIN LATERAL unnest(c.conkey, c.confkey) k(here, there) ON true
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.here
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.there AND f.attname = 'id'
WHERE c.contype = 'f' AND c.confrelid = $1::regclass ORDER BY 1, 2
"""


class Unfinished(Conflict):
    """A plugin failed. What is done stays done, the row stays; run it again."""

    code = "unfinished"
    message = msg("Not everything is done. What failed is named here; run it again when it is mended.")


class Subject(Struct, frozen=True):
    """About whom something is kept: the row to which all else refers, and what hooks are told of it."""

    kind: SubjectKind
    id: UUID
    facts: Any


async def export_of_plugins(
    runtime: Runtime, loaded: LoadedTenant, subject: Subject, folder: Path, *, hook: str
) -> list[Path]:
    """Writes what each plugin that implements the hook keeps into a file of the folder, but those that are there.

    Raises `Unfinished`.
    """
    everybody, unable = await _with_inactive_plugins(runtime, loaded, hook)
    failed, written = dict(unable), []
    for each in everybody.plugins.listeners(hook):
        path = folder / f"{each.owner}.json"
        try:
            if not path.exists():
                async with runtime.context(everybody) as ctx:
                    records = await run_in_task(_records(ctx, each, subject, hook), DEADLINE, plugin=each.owner)
                write_private(path, as_json(records))
            written.append(path)
        except ForeignCodeFailed as failure:
            failed[each.owner] = str(failure)
    _raise(failed)
    return written


async def begin_erasure(ctx: Context, subject: Subject) -> bool:
    """Notes that everything about a subject is being erased. Returns whether that is new."""
    return bool(await ctx.db.scalar(BEGIN, **_begun(ctx, subject, CORE)) == 1)


async def erase_of_plugins(runtime: Runtime, loaded: LoadedTenant, subject: Subject, *, hook: str) -> None:
    """Has each plugin that implements the hook erase what it keeps, unless it has. Raises `Unfinished`."""
    everybody, unable = await _with_inactive_plugins(runtime, loaded, hook)
    failed = dict(unable)
    for each in everybody.plugins.listeners(hook):
        failure = await _erase_part(runtime, everybody, each, subject, hook)
        if failure is not None:
            failed[each.owner] = failure
            log.error("erasure.failed", plugin=each.owner, error=failure)
    _raise(failed)


async def erase_row(ctx: Context, subject: Subject) -> tuple[dict[str, int], dict[str, int]]:
    """Erases the row with every row that refers to it whosever it is; counted before, and again after.

    Returns the counts: records by plugin, and rows by table. Raises `Unfinished` where rows are left.
    """
    name = TABLES[subject.kind]
    referring = [(row[0], row[1]) for row in await ctx.db.sql(_REFERRING, name)]
    before = {each: await _count(ctx.db, *each, subject.id) for each in referring}
    await ctx.db.sql(f"DELETE FROM {name} WHERE tenant_id = $1 AND id = $2", ctx.db.tenant_id, subject.id)  # noqa: S608
    counted = [*referring, (name, "id")]
    left = sorted({each[0] for each in counted if await _count(ctx.db, *each, subject.id)})
    if left:
        raise Unfinished(msg("Rows are left: {tables}.", tables=", ".join(left)))
    records = {each.owner: each.records or 0 for each in await erasure_progress(ctx, subject.id)}
    rows = {name: 1}
    for (each, _), number in before.items():
        if number:
            rows[each] = rows.get(each, 0) + number
    await ctx.db.scalar(BEGIN, **_begun(ctx, subject, CORE))
    await ctx.db.run(DONE, subject=subject.id, who=CORE, now=ctx.now, number=sum(rows.values()))
    return records, dict(sorted(rows.items()))


async def erasure_progress(ctx: Context, id: UUID) -> list[ErasurePart]:
    """Returns how far an erasure has come, by plugin."""
    return await ctx.db.all(PARTS, subject=id)


def as_json(value: Any, enc_hook: Callable[[Any], Any] = str) -> bytes:
    """Returns a value as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=enc_hook), indent=2) + b"\n"


def write_private(path: Path, content: bytes) -> Path:
    """Writes a file that is there whole or not at all, and that only its owner reads."""
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
    return path


def _raise(failed: Mapping[str, str]) -> None:
    if failed:
        told = ", ".join(f"{owner} ({why})" for owner, why in sorted(failed.items()))
        raise Unfinished(msg("Not everything is done; run it again when this is mended: {failed}.", failed=told))


async def _with_inactive_plugins(
    runtime: Runtime, loaded: LoadedTenant, hook: str
) -> tuple[LoadedTenant, dict[str, str]]:
    """Returns the tenant with its inactive plugins that implement this hook, and those that do but cannot be used."""
    async with runtime.database.transaction(loaded.tenant.id) as db:
        states = {state.plugin_id: state.active for state in await db.all(tenants.PLUGINS)}
        owned = {row[0]: row[1] for row in await db.all(tenants.SETTINGS)}
    here = {id_: each.manifest for id_, each in runtime.machine.plugins.items() if id_ in states}
    having = {id_ for id_, manifest in here.items() if hook in manifest.provides.hooks}
    active = {id_ for id_, on in states.items() if on}
    made: PluginSet = await runtime.candidate_set(frozenset(active | having | _required(runtime, having)))
    settings = {owner: tenants.convert(owned, owner, kind) for owner, kind in made.settings.items()}
    unable = {id_: "cannot be used on this machine" for id_ in having if id_ in made.left_out}
    return msgspec.structs.replace(loaded, plugins=made, settings=settings), unable


def _required(runtime: Runtime, having: set[str]) -> set[str]:
    return {other for id_ in having for other in runtime.machine.plugins[id_].manifest.requires}


async def _records(ctx: Context, each: HookImplementation, subject: Subject, hook: str) -> list[dict[str, Any]]:
    given: Sequence[PersonRecord] = await _call(ctx, each, subject)
    if not isinstance(given, list | tuple) or any(type(one) is not PersonRecord for one in given):
        raise TypeError(f"{hook} is answered with a list of PersonRecord")
    return [{"title": ctx.locale.say(one.title), "data": msgspec.to_builtins(one.data)} for one in given]


async def _call(ctx: Context, each: HookImplementation, subject: Subject) -> Any:
    values = {"ctx": ctx, subject.kind: subject.facts}
    return await each.function(**{name: values[name] for name in each.arguments})


async def _erase_part(
    runtime: Runtime, everybody: LoadedTenant, each: HookImplementation, subject: Subject, hook: str
) -> str | None:
    """Erases one plugin's part, unless it is done: its own transaction, with the note that it is done in it."""
    async with runtime.context(everybody) as ctx:
        tries = await ctx.db.scalar(BEGIN, **_begun(ctx, subject, each.owner))
    if tries is None:
        return None
    try:
        async with runtime.context(everybody) as ctx:
            number = await run_in_task(_call(ctx, each, subject), DEADLINE, plugin=each.owner)
            if type(number) is not int:
                raise ForeignCodeFailed(FaultLocation(f"{hook} is answered with how many records went"))
            await ctx.db.run(DONE, subject=subject.id, who=each.owner, now=ctx.now, number=number)
    except ForeignCodeFailed as failure:
        async with runtime.context(everybody) as ctx:
            await ctx.db.run(FAILED, subject=subject.id, who=each.owner, what=str(failure))
        return str(failure)
    return None


def _begun(ctx: Context, subject: Subject, owner: str) -> dict[str, Any]:
    return {"subject_kind": subject.kind, "subject_id": subject.id, "owner": owner, "begun_at": ctx.now}


async def _count(db: Db, name: str, column: str, id: UUID) -> int:
    asked = f"SELECT count(*) FROM {name} WHERE tenant_id = $1 AND {quoted(column)} = $2"  # noqa: S608
    return int((await db.sql(asked, db.tenant_id, id))[0][0])
