"""Sends a file of a referral to who may read the referral."""

from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import requires
from spheres_core.referrals.permissions import READ
from spheres_core.referrals.queries.attachments import open_attachment
from spheres_core.referrals.views.attachments import attachment_answer


@get("/referrals/{id:uuid}/attachments/{attachment:uuid}", guards=[requires(READ)], name="attachment")
async def attachment(ctx: Context, id: FromPath[UUID], attachment: FromPath[UUID]) -> Response[bytes]:
    return attachment_answer(await open_attachment(ctx, id, attachment))


HANDLERS = (attachment,)
