"""Records what leaves about a participant. Nothing leaves without a line that covers it, or a person's legal basis."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import DisclosureRow
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.rule import covers
from spheres_core.consents.schemas import NO_PERSON, TEAM, Disclosure, Purpose, Question
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context

ADD = prepare(insert(table(DisclosureRow)))


class DisclosureNotCovered(NotAllowed):
    """Nothing that she agreed to covers it, or the recipient is kept away from her."""

    code = "disclosure_not_covered"
    message = msg("Nothing that was agreed to lets this leave for that organization.")


async def record_disclosure(
    ctx: Context,
    participant: UUID,
    recipient: str,
    information: str,
    purpose: Purpose,
    *,
    left_by: tuple[str, UUID],
    basis: str = "",
) -> Disclosure:
    """Records that information leaves for an organization, today. A room calls it in the transaction that sends.

    `recipient`: key of an organization. `left_by`: kind and id of the act. `basis`: the legal basis in words that a
    person enters where no consent covers it, sealed. An exclusion of the recipient is passed by with such a basis only.
    Raises `DisclosureNotCovered`.
    """
    _, entries, exclusions = await rows_of(ctx, participant)
    asked = Question(ctx.tenant.id, participant, NO_PERSON, recipient, "read", information, purpose, ctx.today)
    covered = covers(asked, entries, exclusions, ctx.now)
    entered = bool(basis.strip()) and ctx.actor.id is not None
    if recipient == TEAM or (covered is None and not entered):
        raise DisclosureNotCovered
    id = uuid7()
    entry = None if covered is None else covered.id
    added = ADD.of(
        id=id, participant_id=participant, recipient=recipient, information=information, purpose=purpose,
        dated_on=ctx.today, entry_id=entry, left_by_kind=left_by[0], left_by_id=left_by[1],
        basis=ctx.keys.seal("disclosures", id, "basis", basis.strip()) if entry is None else None,
        recorded_by=ctx.actor.id, recorded_at=ctx.now,
    )  # fmt: skip
    details = {
        "disclosure": str(id), "recipient": recipient, "information": information, "purpose": purpose,
        "entry": str(entry) if entry else None, "by": left_by[0],
    }  # fmt: skip
    await audit.record(ctx, "disclosure.made", subject=("participant", participant), details=details, doing=[added])
    return Disclosure(id, recipient, information, purpose, ctx.today, entry)
