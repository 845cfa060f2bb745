"""Subject data: exports, or erases, all that is kept about the person of one referral, by the core and by every plugin.

Both are resumed by running them again (`operations.kept_data`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct
from sqlalchemy import bindparam, select

from spheres_core.audit import operations as audit
from spheres_core.extra_questions import queries as extra_questions
from spheres_core.facts import ReferralFacts
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.referrals.models import Referral
from spheres_core.referrals.operations.kept_data import (
    Subject,
    as_json,
    erase_of_plugins,
    erase_row,
    export_of_plugins,
    write_private,
)
from spheres_core.referrals.queries import referral as referral_queries
from spheres_core.referrals.queries.attachments import open_attachment
from spheres_core.referrals.queries.erasure_holds import require_not_held
from spheres_core.referrals.queries.record_kinds import RECORD_KIND, record_of
from spheres_core.referrals.queries.referral import ReferralUnknown

referrals = table(Referral)
LOCK = prepare(select(referrals.c.id).where(scoped(referrals), referrals.c.id == bindparam("which")).with_for_update())


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
    written = [write_private(folder / "spheres.json", as_json(own))]
    written += [
        write_private(folder / f"{number} {name}", file.content) for number, (name, file) in enumerate(files, 1)
    ]
    return written + await export_of_plugins(
        runtime, loaded, Subject("referral", id, facts), folder, hook="export_person"
    )


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
        subject = Subject("referral", id, referral_queries.facts_of(row))
        await audit.record(ctx, "referral.erasure_begun", subject=("referral", id), details={"reason": reason})
    await erase_of_plugins(runtime, loaded, subject, hook="erase_person")
    async with runtime.context(loaded) as ctx:
        if await ctx.db.scalar(LOCK, which=id) is None:
            raise ReferralUnknown
        await require_not_held(ctx, id)
        records, rows = await erase_row(ctx, subject)
        details = {"reason": reason, "rows": rows, "records": records}
        await audit.record(ctx, "referral.erased", subject=("referral", id), details=details)
        return Erased(id, records, rows)


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
