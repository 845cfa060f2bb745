"""Exports all that is kept about somebody who takes part, by the core and by every plugin, for whoever asks.

It holds words about others and by others, and who she is: a person reads it before it is handed over.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from spheres_core.audit import operations as audit
from spheres_core.consents.queries.policies import EXEMPT, TABLES
from spheres_core.consents.queries.reader import as_system
from spheres_core.facts import ParticipantFacts
from spheres_core.foundation.database.schema import Base
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.participants.queries.identity import kept_in_the_vault
from spheres_core.participants.queries.opened_rows import opened_rows
from spheres_core.participants.schemas.files import ParticipantListed
from spheres_core.privacy.queries.ended_files import files_of_her, listed, referrals_of
from spheres_core.privacy.queries.whose_file import whose_file
from spheres_core.referrals.operations import subject_data
from spheres_core.referrals.operations.kept_data import Subject, as_json, export_of_plugins, write_private
from spheres_core.referrals.queries.referral import ReferralUnknown

LEFT_OUT: Final = {
    "kept_apart": "says of somebody else that she is there",
    "contact_marks": "holds marks by which the same words are found again, and no words",
    "open_forms": "says who has a form open at this moment",
    "answer_links": "holds what opens a link, and no words",
    "erasure_holds": "says what somebody else asked to keep, and why",
}
"""Tables about participants that are not handed over, each with the reason."""
COLUMNS_LEFT_OUT: Final = {"participants": ("code_mark",), "duplicate_decisions": ("other_id",)}
"""By table: a mark, and the other of two files, which has a folder of its own."""
IN_THE_VAULT: Final = frozenset(name for name, about in TABLES.items() if about.information == "identity")
"""Tables that `kept_in_the_vault` reads; of one, which holds marks and no words, it hands over nothing."""


async def export_file(runtime: Runtime, loaded: LoadedTenant, code: str, *, folder: Path) -> list[Path]:
    """Writes all that is kept about somebody into a folder that only its owner reads: a folder for each of her files,
    with a file for each owner, and in it one for each referral that it began with.

    Run again over the same folder, it goes on with what is missing. Raises `ParticipantUnknown` and `Unfinished`.
    """
    async with runtime.context(loaded) as ctx:
        her = await whose_file(ctx, code)
        async with as_system(ctx):
            files = await listed(ctx, await files_of_her(ctx, her.id))
        for each in files:
            await audit.record(ctx, "participant.exported", subject=("participant", each.id))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for each in files:
        written += await _export_one(runtime, loaded, each, folder / each.code)
    return written


async def _export_one(runtime: Runtime, loaded: LoadedTenant, her: ParticipantListed, folder: Path) -> list[Path]:
    folder.mkdir(exist_ok=True, mode=0o700)
    async with runtime.context(loaded) as ctx, as_system(ctx):
        referrals = await referrals_of(ctx, [her.id])
        own = await _own_records(ctx, her.id)
    written = [write_private(folder / "spheres.json", as_json({"participant": her.code, "records": own}))]
    subject = Subject("participant", her.id, ParticipantFacts(her.id, her.code))
    written += await export_of_plugins(runtime, loaded, subject, folder, hook="export_participant")
    for number, referral in enumerate(referrals, 1):
        place = folder / f"referral-{number}"
        try:
            written += await subject_data.export(runtime, loaded, referral, folder=place)
        except ReferralUnknown:  # erased by itself before
            with contextlib.suppress(OSError):  # what was written out before stays
                place.rmdir()
    return written


async def _own_records(ctx: Context, participant: UUID) -> dict[str, list[dict[str, Any]]]:
    """Returns the rows of each table about her, with what was sealed in them opened."""
    found = await kept_in_the_vault(ctx, participant)
    for name in ("participants", *sorted({*TABLES, *EXEMPT} - {"participants", *IN_THE_VAULT, *LEFT_OUT})):
        rows, column = Base.metadata.tables[name], TABLES[name].participant if name in TABLES else "participant_id"
        if kept := await opened_rows(
            ctx, rows, participant, ctx.keys, column=column, without=COLUMNS_LEFT_OUT.get(name, ())
        ):
            found[name] = kept
    return found
