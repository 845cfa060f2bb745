"""Asks partners for services, and takes requests from step to step.

Nothing leaves that she has not agreed to. A request that was sent lets the partner read it and answer; one that was
accepted lets it read what is shared with it; its end ends both, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.consents.operations import disclosures, standings
from spheres_core.consents.operations.disclosures import DisclosureNotCovered
from spheres_core.consents.queries.why import rows_of
from spheres_core.consents.rule import covers
from spheres_core.consents.schemas import CLASSES, MEETING_NAME, NO_PERSON, Act, Question
from spheres_core.facts import Message, Problem, msg
from spheres_core.followups.queries.participations import open_one
from spheres_core.followups.states import FOLLOWED
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare
from spheres_core.foundation.errors import ChangedMeanwhile, Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.participants.operations.extra_answers import check_extra, write_extra
from spheres_core.participants.queries.access import require_class
from spheres_core.participants.schemas.files import ParticipantAccess
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.catalogue import listed
from spheres_core.partners.queries.matching import Match
from spheres_core.plans.operations.request_steps import ACT, move_of, write_step
from spheres_core.plans.operations.texts import require_writing, write_words
from spheres_core.plans.queries import requests as queries
from spheres_core.plans.queries.requests import CLASS, gaps, requests, require_team
from spheres_core.plans.queries.services import weighed_services
from spheres_core.plans.request_states import RefusalCode, refusal, steps_from
from spheres_core.plans.schemas.requests import (
    Gap,
    GapFound,
    GapPosted,
    PartnerRequest,
    RequestAnswered,
    RequestFound,
    RequestPosted,
    ServiceRequest,
)
from spheres_core.plans.schemas.words import TextPart

KIND: Final = "service_request"
"""The kind of record, on which extra questions may be asked."""
ADD = prepare(insert(requests))
ADD_GAP = prepare(insert(gaps))
SHARED: Final = frozenset(CLASSES) - {"identity", MEETING_NAME, CLASS}
"""Classes that can be shared with a partner. Who she is, is opened by an act of its own, and how she may be called
at a meeting is for meetings."""
READING: Final[tuple[Act, ...]] = ("read",)


class ServiceUnknown(Invalid):
    """The directory has no such service for young people."""

    code = "service_unknown"
    message = msg("Please choose a service of the directory.")


class ServiceDoesNotFit(Invalid):
    """The service does not fit by its dates, area, ages or languages; `reasons` says how."""

    code = "service_does_not_fit"
    message = msg("This service does not fit. Choose another one, or say why it is asked for all the same.")


class ConflictOfInterest(Conflict):
    """The region's team does not lead anybody to this organization."""

    code = "conflict_of_interest"
    message = msg("Nobody is led to this organization here, because of a conflict of interest.")


class NotShareable(Invalid):
    """A class of information that is not shared in this way."""

    code = "not_shareable"
    message = msg("This cannot be shared with a request.")


class RequestStepForbidden(Conflict):
    """A request cannot go there from where it is; `allowed` names where it can."""

    code = "step_forbidden"
    message = msg("This cannot be done from where the request is now.")


class RequestStepIncomplete(Invalid):
    """Something is missing that this step needs."""

    code = "step_incomplete"
    message = msg("This step needs something more.")


INCOMPLETE: Final[Mapping[RefusalCode, tuple[str, Message]]] = {
    "reason_missing": ("reason", msg("A reason goes with declining, and with nothing else.")),
    "outcome_missing": ("outcome", msg("What came of it goes with the end of the service, and with nothing else.")),
}


async def send_request(ctx: Context, file: ParticipantAccess, posted: RequestPosted) -> ServiceRequest:
    """Asks a partner for a service, with what she has agreed to and nothing else.

    Raises `ParticipantUnknown`, `NotTakingPart`, `ServiceUnknown`, `ServiceDoesNotFit`, `ConflictOfInterest`,
    `CodeUnknown`, `NotShareable`, `DisclosureNotCovered`, `LimitsNotExplained`, `ExtraAnswersInvalid`, `FormOutdated`.
    """
    require_team(ctx, file)
    await require_writing(ctx, file, CLASS, on=ctx.today)
    require_codes([posted.need] if posted.need else [], listed(ctx, "needs"), path="need")
    extra = await check_extra(ctx, file, KIND, posted.extra, on=ctx.today)
    match = await _service(ctx, posted)
    _check_shares(ctx, file, posted, match.organization)
    await ctx.db.lock("followup", file.id)
    episode = await open_one(ctx, file.id)
    id = uuid7()
    found = RequestFound(
        id, file.id, posted.service, match.organization, posted.need, posted.age, posted.language, posted.area,
        sorted(posted.shares), "sent", None, None,
        match.service.bypasses_waiting_list and episode.state in FOLLOWED, 1, ctx.actor.id, ctx.now, ctx.today,
    )  # fmt: skip
    added = ADD.of(participation_id=episode.id, **msgspec.structs.asdict(found))
    details = {"request": str(id), "service": posted.service, "organization": match.organization}
    doing = [added, move_of(ctx, found, "sent")]
    await audit.record(ctx, "service_request.sent", subject=("participant", file.id), details=details, doing=doing)
    await disclosures.record_disclosure(ctx, file.id, match.organization, CLASS, "service", left_by=(ACT, id))
    await standings.open_standing(
        ctx, file.id, "service_request", recipient=match.organization, classes=(CLASS,), acts=("read", "write"),
        purpose="service", opened_by=(ACT, id),
    )  # fmt: skip
    words: dict[TextPart, str] = {"what": posted.what, "exception": posted.exception}
    await write_words(ctx, file.id, id, words, information=CLASS, on=ctx.today)
    await write_extra(ctx, file.id, id, CLASS, extra, on=ctx.today)
    return (await queries.requests_with_words(ctx, file, [found]))[0]


async def note_answer(ctx: Context, file: ParticipantAccess, id: UUID, posted: RequestAnswered) -> ServiceRequest:
    """Notes what a partner answered, or takes the request back, for the team.

    Raises `RequestUnknown`, `ParticipantUnknown`, `ChangedMeanwhile`, `RequestStepForbidden`, `RequestStepIncomplete`.
    """
    require_team(ctx, file)
    found = await queries.find_request(ctx, file, id)
    require_class(ctx, file, CLASS, act="write", on=found.dated_on)
    if found.version != posted.version:
        theirs = await queries.requests_with_words(ctx, file, [found])
        raise ChangedMeanwhile(extra=_sides(posted, theirs[0]))
    moved = await _take_step(ctx, found, posted, partner=False)
    newest = (await queries.requests_with_words(ctx, file, [await queries.find_request(ctx, file, id)]))[0]
    if not moved:
        raise ChangedMeanwhile(extra=_sides(posted, newest))
    return newest


async def answer(ctx: Context, id: UUID, posted: RequestAnswered) -> PartnerRequest:
    """Answers a request, for the liaison of the organization that is asked. Returns it as it is from then on.

    Raises `RequestUnknown`, `ChangedMeanwhile`, `RequestStepForbidden`, `RequestStepIncomplete`.
    """
    found, reader = await queries.find_for_organization(ctx, id)
    shown = await queries.for_partner(ctx, reader, found)
    if found.version != posted.version:
        raise ChangedMeanwhile(extra=_sides(posted, shown))
    if not await _take_step(ctx, found, posted, partner=True):
        newest, reader = await queries.find_for_organization(ctx, id)
        raise ChangedMeanwhile(extra=_sides(posted, await queries.for_partner(ctx, reader, newest)))
    steps = steps_from(posted.to, partner=True)
    words = posted.words if posted.words.strip() else shown.answer
    return msgspec.structs.replace(shown, state=posted.to, version=found.version + 1, answer=words, steps=steps)


async def record_gap(ctx: Context, file: ParticipantAccess, posted: GapPosted) -> Gap:
    """Records that nobody can meet a need. Raises `ParticipantUnknown`, `NotTakingPart`, `CodeUnknown`."""
    require_team(ctx, file)
    await require_writing(ctx, file, CLASS, on=ctx.today)
    require_codes([posted.need], listed(ctx, "needs"), path="need")
    episode = await open_one(ctx, file.id)
    id = uuid7()
    found = GapFound(id, posted.need, posted.age, posted.language, posted.area, ctx.actor.id, ctx.now, ctx.today)
    added = ADD_GAP.of(participant_id=file.id, participation_id=episode.id, **msgspec.structs.asdict(found))
    details = {"gap": str(id), "need": posted.need, "area": posted.area}
    await audit.record(ctx, "service_gap.recorded", subject=("participant", file.id), details=details, doing=[added])
    await write_words(ctx, file.id, id, {"note": posted.note}, information=CLASS, on=ctx.today)
    return (await queries.gaps_with_words(ctx, file, [found]))[0]


async def _service(ctx: Context, posted: RequestPosted) -> Match:
    weighed = await weighed_services(
        ctx, age=posted.age, language=posted.language, area=posted.area, need=posted.need or ""
    )
    match = next((each for each in weighed.matches if each.service.key == posted.service), None)
    if match is None:
        raise ServiceUnknown(errors=[Problem(ServiceUnknown.message, path="service")])
    against = [each for each in match.reasons if each.stands == "against" and each.aspect != "hours"]
    if any(each.aspect == "conflict" for each in against):
        raise ConflictOfInterest
    if against and not posted.exception.strip():
        reasons = [str(ctx.locale.say(each.text)) for each in against]
        raise ServiceDoesNotFit(
            errors=[Problem(ServiceDoesNotFit.message, path="exception")], extra={"reasons": reasons}
        )
    return match


def _check_shares(ctx: Context, file: ParticipantAccess, posted: RequestPosted, organization: str) -> None:
    for information in (CLASS, *posted.shares):
        if information not in SHARED | {CLASS}:
            raise NotShareable(errors=[Problem(NotShareable.message, path="shares")])
        asked = _as_organization(ctx, file.id, organization, information)
        if covers(asked, file.decided.entries, file.decided.exclusions, ctx.now) is None:
            raise DisclosureNotCovered(extra={"information": information})


async def _take_step(ctx: Context, found: RequestFound, posted: RequestAnswered, *, partner: bool) -> bool:
    """Returns whether the step was taken: it is not when another was meanwhile."""
    refused = refusal(found.state, posted.to, partner=partner, reason=posted.reason, outcome=posted.outcome)
    if refused == "step_forbidden":
        allowed = steps_from(found.state, partner=partner)
        raise RequestStepForbidden(extra={"state": found.state, "allowed": list(allowed)})
    if refused is not None:
        path, message = INCOMPLETE[refused]
        raise RequestStepIncomplete(errors=[Problem(message, path=path, code=refused)])
    moved = await write_step(
        ctx, found, posted.to, seen=posted.version, partner=partner, reason=posted.reason, outcome=posted.outcome
    )
    if not moved:
        return False
    if posted.words.strip():
        await write_words(
            ctx, found.participant_id, found.id, {"answer": posted.words}, information=CLASS, on=found.dated_on,
            version=found.version + 1,
        )  # fmt: skip
    if posted.to == "accepted":
        await _open_shared(ctx, found)
    return True


async def _open_shared(ctx: Context, found: RequestFound) -> None:
    """Lets the organization read what is shared with it, as far as she has not taken it back in the meantime."""
    _, entries, exclusions = await rows_of(ctx, found.participant_id)
    covered = [
        information
        for information in found.shares
        if covers(_as_organization(ctx, found.participant_id, found.organization, information), entries, exclusions,
                  ctx.now)
    ]  # fmt: skip
    if not covered:
        return
    for information in covered:
        await disclosures.record_disclosure(
            ctx, found.participant_id, found.organization, information, "service", left_by=(ACT, found.id)
        )
    await standings.open_standing(
        ctx, found.participant_id, "service_request", recipient=found.organization, classes=covered, acts=READING,
        purpose="service", opened_by=(ACT, found.id),
    )  # fmt: skip


def _as_organization(ctx: Context, participant: UUID, organization: str, information: str) -> Question:
    return Question(ctx.tenant.id, participant, NO_PERSON, organization, "read", information, "service", ctx.today)


def _sides(yours: Any, theirs: Any) -> Mapping[str, Any]:
    return {"yours": msgspec.to_builtins(yours), "theirs": msgspec.to_builtins(theirs)}
