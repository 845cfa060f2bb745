"""Records what leaves about a participant. Nothing leaves without a line that covers it, or a person's legal basis."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct
from sqlalchemy import Text, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from spheres_core.audit import operations as audit
from spheres_core.consents.models import DisclosureRow
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.rule import covers
from spheres_core.consents.schemas import NO_PERSON, TEAM, Disclosure, Purpose, Question
from spheres_core.facts import msg
from spheres_core.foundation.database.schema import table, uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import NotAllowed
from spheres_core.foundation.tenancy.context import Context

disclosures = table(DisclosureRow)
ADD = prepare(insert(disclosures))


LEFT_BEFORE = prepare(
    select(disclosures.c.left_by_id, disclosures.c.information).where(
        scoped(disclosures),
        disclosures.c.recipient == bindparam("to", type_=Text()),
        disclosures.c.left_by_kind == bindparam("kind", type_=Text()),
        disclosures.c.left_by_id == any_(bindparam("acts", type_=ARRAY(Uuid()))),
    )
)


class Left(Struct, frozen=True):
    """A class of information about one participant that somebody who works for an organization is shown, by one act."""

    participant: UUID
    act: UUID
    information: str
    entry: UUID


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


async def record_shown(ctx: Context, recipient: str, purpose: Purpose, shown: Sequence[Left], *, kind: str) -> None:
    """Records what an organization is shown of several participants, today: each class of each act once.

    Each is covered by the line that it names; the caller found it readable under that line just now. `kind`: of the
    acts. What stays with the team is no disclosure.
    """
    if recipient == TEAM or not shown:
        return
    acts = list({each.act for each in shown})
    before = {tuple(row) for row in await ctx.db.all(LEFT_BEFORE, to=recipient, kind=kind, acts=acts)}
    new = [each for each in shown if (each.act, each.information) not in before]
    ids = [uuid7() for _ in new]
    rows = [
        {
            "id": id, "participant_id": each.participant, "recipient": recipient, "information": each.information,
            "purpose": purpose, "dated_on": ctx.today, "entry_id": each.entry, "left_by_kind": kind,
            "left_by_id": each.act, "basis": None, "recorded_by": ctx.actor.id, "recorded_at": ctx.now,
        }
        for id, each in zip(ids, new, strict=True)
    ]  # fmt: skip
    await ctx.db.run_many(ADD, rows)
    if rows:
        details = {"recipient": recipient, "purpose": purpose, "by": kind}
        await audit.record(ctx, "disclosures.made", shown=ids, details=details)
