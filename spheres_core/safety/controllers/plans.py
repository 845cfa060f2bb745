"""Emergency plans, as JSON."""

from typing import Any

from litestar import get, post
from litestar.params import JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires, signed_in
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.participants.controllers.files import Code, ForPurpose
from spheres_core.participants.permissions import READ
from spheres_core.participants.queries.access import find_for_caller
from spheres_core.safety.operations import plans as operations
from spheres_core.safety.queries import net as nets
from spheres_core.safety.queries import plans as queries
from spheres_core.safety.queries.access import find_for_plan
from spheres_core.safety.schemas.net import SafetyNet
from spheres_core.safety.schemas.plans import EmergencyPlan, EmergencyPlans, NotNowPosted, PlanAgreed, PlanWritten


@get("/participants/{participant:str}/emergency-plan", guards=[signed_in], name="api_emergency_plan",
     summary="Her emergency plan", tags=["safety"])  # fmt: skip
async def read_plan(ctx: Context, participant: Code, for_purpose: ForPurpose = None) -> EmergencyPlans:
    """Returns the one to which she has agreed and the draft of another, with places and numbers as the directory has
    them now. The reading becomes an entry in the trail. Somebody on call reads for the purpose `emergency`, once it
    was opened, and sees no draft."""
    return await queries.read_plans(ctx, await find_for_plan(ctx, participant, for_purpose))


@get("/participants/{participant:str}/safety-net", guards=[signed_in], name="api_safety_net",
     summary="Who and what is there for her now", tags=["safety"])  # fmt: skip
async def read_net(ctx: Context, participant: Code, for_purpose: ForPurpose = None) -> SafetyNet:
    """Returns those she trusts, the places of the plan to which she agreed, services of partners that said yes to her
    and numbers of her community; of each, whether it is open at this moment. Services are there for whoever may read
    what was asked for her: for somebody on call (purpose `emergency`) there are none."""
    return await nets.read_net(ctx, await find_for_plan(ctx, participant, for_purpose))


@post("/participants/{participant:str}/emergency-plan", guards=[requires(READ)], name="api_write_emergency_plan",
      summary="Write a draft of her emergency plan", tags=["safety"])  # fmt: skip
async def write_plan(ctx: Context, participant: Code, data: JSONBody[PlanWritten], once: Once) -> EmergencyPlan:
    """Earlier versions stay, and the one to which she has agreed holds until she agrees to this one. When somebody else
    wrote it anew in the meantime: 409, with `yours` and `theirs`."""
    file = await find_for_caller(ctx, participant)
    act = operations.write_plan
    return await once.run("emergency_plan", file.id, data, EmergencyPlan, lambda: act(ctx, file, data))


@post("/participants/{participant:str}/emergency-plan/agree", guards=[requires(READ)], name="api_agree_to_plan",
      status_code=200, summary="Note that she agrees to the draft", tags=["safety"])  # fmt: skip
async def agree(ctx: Context, participant: Code, data: JSONBody[PlanAgreed]) -> EmergencyPlan:
    """It is her plan from then on; the one before is kept as it was."""
    return await operations.agree_to_plan(ctx, await find_for_caller(ctx, participant), data)


@post("/participants/{participant:str}/emergency-plan/not-now", guards=[requires(READ)], name="api_no_plan_now",
      status_code=200, summary="Note that she does not want an emergency plan now", tags=["safety"])  # fmt: skip
async def not_now(ctx: Context, participant: Code, data: JSONBody[NotNowPosted]) -> EmergencyPlans:
    """It is asked again on that day; nothing depends on it."""
    return await operations.note_not_now(ctx, await find_for_caller(ctx, participant), data)


HANDLERS: list[Any] = [read_plan, read_net, write_plan, agree, not_now]
