"""Notes attempts to reach her: by which channel, and what came of it; never what was said.

What can be noted is what her safe contact allows at that moment. Without a record, or with one that she confirmed too
long ago, there is no contact by that channel, and nothing of it to note.
"""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.followups.operations.encounters import EncounterInvalid, moment_of
from spheres_core.followups.queries.encounters import attempts
from spheres_core.followups.queries.participations import open_one
from spheres_core.followups.schemas.contact_attempts import ContactAttempt, ContactAttemptPosted
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations import safe_contact as safe_contact_operations
from spheres_core.participants.queries import safe_contact as safe_contacts
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.safe_contact import REASONS
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.participants.schemas.safe_contact import ContactRefused, Outcome

ADD = prepare(insert(attempts))
REVEALED: frozenset[Outcome] = frozenset({"wrong_person", "bounced"})
"""Outcomes that mark a channel unsafe at once, until she confirms it again."""


class OutcomeForbidden(Invalid):
    """Her safe contact does not allow this contact, or not this outcome; `allowed` names those that it does."""

    code = "outcome_forbidden"
    message = msg("She has not agreed to this way of reaching her.")


async def note_attempt(ctx: Context, file: ParticipantAccess, posted: ContactAttemptPosted) -> ContactAttempt:
    """Notes an attempt to reach her. A channel by which somebody else learned of it is unsafe from then on.

    Raises `ParticipantUnknown`, `NotTakingPart`, `EncounterInvalid`, `OutcomeForbidden`, `SafeContactChanged`.
    """
    at, day = moment_of(ctx, posted.at or ctx.now)
    require_class(ctx, file, "encounters", act="write", on=day)
    if at > ctx.now:
        raise EncounterInvalid(errors=[Problem(EncounterInvalid.message, path="at")])
    kept = await safe_contacts.latest(ctx, file)
    decided = safe_contacts.may_reach(ctx, kept.record if kept else None, posted.channel, at)
    if posted.outcome not in decided.outcomes:
        why = REASONS[decided.reason] if isinstance(decided, ContactRefused) else OutcomeForbidden.message
        raise OutcomeForbidden(why, errors=[Problem(why, path="outcome")], extra={"allowed": list(decided.outcomes)})
    episode = await open_one(ctx, file.id)
    made = ContactAttempt(uuid7(), posted.channel, posted.outcome, at, ctx.actor.id)
    added = ADD.of(
        id=made.id, participant_id=file.id, participation_id=episode.id, channel=made.channel, outcome=made.outcome,
        at=at, dated_on=day, author=made.by,
    )  # fmt: skip
    details = {"attempt": str(made.id), "channel": made.channel, "outcome": made.outcome}
    await audit.record(ctx, "contact.attempted", subject=("participant", file.id), details=details, doing=[added])
    if kept is not None and posted.outcome in REVEALED:
        await safe_contact_operations.confirm(ctx, file, posted.channel, safe=False, version=kept.row.version)
    return made
