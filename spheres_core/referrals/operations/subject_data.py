"""Subject data: exports, or erases, all that is kept about the person of one referral, by the core and by every plugin.

Both fail loudly and are resumed by running them again: what a plugin has done is noted in the transaction in which it
did it (`referral_erasures`), or is a file that is there. An erasure asks plugins that are switched off as well. Rows
that refer to the referral go with it, by the database itself, also those of a plugin whose code is gone.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from msgspec import Struct
from sqlalchemy import bindparam, null, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.extra_questions import queries as extra_questions
from spheres_core.facts import PersonRecord, ReferralFacts, msg
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
from spheres_core.referrals.models import Referral, ReferralErasure
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.queries.attachments import open_attachment
from spheres_core.referrals.queries.erasure_holds import require_not_held
from spheres_core.referrals.queries.record_kinds import RECORD_KIND, record_of
from spheres_core.referrals.queries.referral import ReferralUnknown
from spheres_core.referrals.schemas import ErasurePart

DEADLINE: Final = 300.0
"""Seconds that one plugin has."""
CORE: Final = "core"

log = structlog.get_logger("spheres.subject_data")
referrals = table(Referral)
erasures = table(ReferralErasure)
_part = (
    scoped(erasures),
    erasures.c.referral_id == bindparam("referral"),
    erasures.c.owner == bindparam("who"),
)
BEGIN = prepare(
    insert(erasures)
    .values(
        tenant_id=bindparam("tenant_id"), referral_id=bindparam("referral_id"), owner=bindparam("owner"),
        begun_at=bindparam("begun_at"), tries=1,
    )
    .on_conflict_do_update(
        index_elements=["tenant_id", "referral_id", "owner"],
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
    .where(scoped(erasures), erasures.c.referral_id == bindparam("referral"))
    .order_by(erasures.c.owner),
    into=ErasurePart,
)
LOCK = prepare(select(referrals.c.id).where(scoped(referrals), referrals.c.id == bindparam("which")).with_for_update())
ERASE = prepare(referrals.delete().where(scoped(referrals), referrals.c.id == bindparam("which")))
_REFERRING = """
SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c
JOIN LATERAL unnest(c.conkey, c.confkey) k(here, there) ON true
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.here
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = k.there AND f.attname = 'id'
WHERE c.contype = 'f' AND c.confrelid = 'referrals'::regclass ORDER BY 1
"""


class Unfinished(Conflict):
    """A plugin failed. What is done stays done, the referral stays; run it again."""

    code = "unfinished"
    message = msg("Not everything is done. What failed is named here; run it again when it is mended.")


class Erased(Struct, frozen=True):
    """The counts of what was erased: records by plugin, and rows by table that referred to the referral."""

    referral: UUID
    records: Mapping[str, int]
    rows: Mapping[str, int]


async def export(runtime: Runtime, loaded: LoadedTenant, id: UUID, *, folder: Path) -> list[Path]:
    """Writes all that is kept about the person into a folder that only its owner reads, one file for each owner.

    Run again over the same folder, it goes on with what is missing. Raises `ReferralUnknown` and `Unfinished`.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    async with runtime.context(loaded) as ctx:
        facts, own = await _own_records(ctx, id)
        files = [(each.name, await open_attachment(ctx, id, each.id)) for each in own["attachments"]]
        await audit.record(ctx, "referral.exported", subject=("referral", id))
    written = [_write(folder / "spheres.json", own)]
    written += [_write_bytes(folder / f"{number} {name}", file.content) for number, (name, file) in enumerate(files, 1)]
    everybody, unable = await _with_inactive_plugins(runtime, loaded, "export_person")
    failed = dict(unable)
    for each in everybody.plugins.listeners("export_person"):
        path = folder / f"{each.owner}.json"
        if path.exists():
            written.append(path)
            continue
        try:
            async with runtime.context(everybody) as ctx:
                records = await run_in_task(_records(ctx, each, facts), DEADLINE, plugin=each.owner)
            written.append(_write(path, records))
        except ForeignCodeFailed as failure:
            failed[each.owner] = str(failure)
    _raise(failed)
    return written


async def erase(runtime: Runtime, loaded: LoadedTenant, id: UUID, *, reason: str) -> Erased:
    """Erases all that is kept about the person; the trail keeps that it happened, for which `reason` (a code).

    Run again after a failure, it goes on with what is not done. Raises `ReferralUnknown`, `ErasureHeld` and
    `Unfinished`.
    """
    async with runtime.context(loaded) as ctx:
        row = await ctx.db.one_or_none(referral_queries.ONE, id=id)
        if row is None:
            raise ReferralUnknown
        await require_not_held(ctx, id)
        facts = referral_queries.facts_of(row)
        await audit.record(ctx, "referral.erasure_begun", subject=("referral", id), details={"reason": reason})
    everybody, unable = await _with_inactive_plugins(runtime, loaded, "erase_person")
    failed = dict(unable)
    for each in everybody.plugins.listeners("erase_person"):
        failure = await _erase_part(runtime, everybody, each, facts)
        if failure is not None:
            failed[each.owner] = failure
            log.error("erasure.failed", plugin=each.owner, error=failure)
    _raise(failed)
    async with runtime.context(loaded) as ctx:
        return await _erase_rest(ctx, id, reason)


async def erasure_progress(ctx: Context, id: UUID) -> list[ErasurePart]:
    """Returns how far an erasure has come, by plugin."""
    return await ctx.db.all(PARTS, referral=id)


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


async def _own_records(ctx: Context, id: UUID) -> tuple[ReferralFacts, dict[str, Any]]:
    row = await referral_queries.row(ctx, id)
    found = await referral_queries.referral(ctx, id)
    return referral_queries.facts_of(row), {
        "referral": id,
        "received_at": found.received_at,
        "form": found.form,
        "form_version": found.form_version,
        "language": found.language,
        "answers": found.answers,
        "attachments": found.attachments,
        "opinions": found.opinions,
        "extra_questions": [
            {
                "form": each.form,
                "form_version": each.given.form.version,
                "language": each.given.language,
                "answers": each.given.values,
                "changed_at": each.given.changed_at,
            }
            for each in await extra_questions.sections(ctx, RECORD_KIND, record_of(id))
            if each.given is not None
        ],
        "questions": [
            {name: getattr(each, name) for name in ("asked_at", "question", "answered_at", "answer")}
            for each in found.questions
        ],
        "history": [{"at": each.at, "to": each.to_state, "reason": each.reason} for each in found.history],
    }


async def _records(ctx: Context, each: HookImplementation, facts: ReferralFacts) -> list[dict[str, Any]]:
    given: Sequence[PersonRecord] = await _call(ctx, each, facts)
    if not isinstance(given, list | tuple) or any(type(one) is not PersonRecord for one in given):
        raise TypeError("export_person is answered with a list of PersonRecord")
    return [{"title": ctx.locale.say(one.title), "data": msgspec.to_builtins(one.data)} for one in given]


async def _call(ctx: Context, each: HookImplementation, facts: ReferralFacts) -> Any:
    values = {"ctx": ctx, "referral": facts}
    return await each.function(**{name: values[name] for name in each.arguments})


async def _erase_part(
    runtime: Runtime, everybody: LoadedTenant, each: HookImplementation, facts: ReferralFacts
) -> str | None:
    """Erases one plugin's part, unless it is done: its own transaction, with the note that it is done in it."""
    async with runtime.context(everybody) as ctx:
        tries = await ctx.db.scalar(BEGIN, referral_id=facts.id, owner=each.owner, begun_at=ctx.now)
    if tries is None:
        return None
    try:
        async with runtime.context(everybody) as ctx:
            number = await run_in_task(_call(ctx, each, facts), DEADLINE, plugin=each.owner)
            if type(number) is not int:
                raise ForeignCodeFailed(FaultLocation("erase_person is answered with how many records went"))
            await ctx.db.run(DONE, referral=facts.id, who=each.owner, now=ctx.now, number=number)
    except ForeignCodeFailed as failure:
        async with runtime.context(everybody) as ctx:
            await ctx.db.run(FAILED, referral=facts.id, who=each.owner, what=str(failure))
        return str(failure)
    return None


async def _erase_rest(ctx: Context, id: UUID, reason: str) -> Erased:
    """Erases the referral with every row that refers to it whosever it is; counted before, and again after."""
    if await ctx.db.scalar(LOCK, which=id) is None:
        raise ReferralUnknown
    await require_not_held(ctx, id)
    referring = [(row[0], row[1]) for row in await ctx.db.sql(_REFERRING)]
    before = {name: await _count(ctx.db, name, column, id) for name, column in referring}
    await ctx.db.run(ERASE, which=id)
    left = {name: number for name, column in referring if (number := await _count(ctx.db, name, column, id))}
    if left:
        raise Unfinished(msg("Rows are left: {tables}.", tables=", ".join(left)))
    erased = {each.owner: each.records or 0 for each in await erasure_progress(ctx, id)}
    rows = {name: number for name, number in before.items() if number} | {"referrals": 1}
    await ctx.db.scalar(BEGIN, referral_id=id, owner=CORE, begun_at=ctx.now)
    await ctx.db.run(DONE, referral=id, who=CORE, now=ctx.now, number=sum(rows.values()))
    details = {"reason": reason, "rows": rows, "records": erased}
    await audit.record(ctx, "referral.erased", subject=("referral", id), details=details)
    return Erased(id, erased, rows)


async def _count(db: Db, name: str, column: str, id: UUID) -> int:
    asked = f"SELECT count(*) FROM {name} WHERE tenant_id = $1 AND {quoted(column)} = $2"  # noqa: S608
    return int((await db.sql(asked, db.tenant_id, id))[0][0])


def _write(path: Path, value: Any) -> Path:
    return _write_bytes(path, msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2) + b"\n")


def _write_bytes(path: Path, content: bytes) -> Path:
    """Writes a file that is there whole or not at all."""
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    part.replace(path)
    return path
