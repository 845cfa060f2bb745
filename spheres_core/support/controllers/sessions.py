"""Clinical support sessions for staff as JSON. Tokens of machines have none: a session is for a person."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.pagination import Page
from spheres_core.foundation.web.guards import requires
from spheres_core.foundation.web.idempotency_key import Once
from spheres_core.support.operations import sessions as operations
from spheres_core.support.permissions import COUNT_SESSIONS, GIVE_SESSIONS, TAKE_PART
from spheres_core.support.queries import sessions as queries
from spheres_core.support.schemas.advice import VersionPosted
from spheres_core.support.schemas.sessions import (
    OwnPartPosted,
    SessionAgreed,
    SessionCancelled,
    SessionCounts,
    SessionLine,
    SessionNoted,
    SessionOpened,
    SessionPosted,
)


@get("/support-sessions", guards=[requires(TAKE_PART)], name="api_support_sessions", tags=["support"],
     summary="Sessions in which the caller takes part, newest first")  # fmt: skip
async def list_own(ctx: Context, cursor: FromQuery[str] = "") -> Page[SessionLine]:
    """Returns a page of them, codes only. It goes into the trail."""
    return await queries.list_own(ctx, cursor=cursor)


@get("/support-sessions/to-give", guards=[requires(GIVE_SESSIONS)], name="api_support_sessions_to_give",
     tags=["support"], summary="Sessions that the caller gives, or that wait for somebody")  # fmt: skip
async def list_to_give(ctx: Context, cursor: FromQuery[str] = "") -> Page[SessionLine]:
    """Returns a page of them, codes only. It goes into the trail."""
    return await queries.list_to_give(ctx, cursor=cursor)


@get("/support-sessions/counts", guards=[requires(COUNT_SESSIONS)], name="api_support_session_counts",
     tags=["support"], summary="How many sessions took place")  # fmt: skip
async def count_sessions(ctx: Context) -> SessionCounts:
    """Numbers by kind, and never who asked or took part. Of fewer than five people nothing is said."""
    return await queries.count_sessions(ctx)


@post("/support-sessions", guards=[requires(TAKE_PART)], name="api_ask_for_session", tags=["support"],
      summary="Ask for a session, or offer one on a day")  # fmt: skip
async def ask_for_session(ctx: Context, data: JSONBody[SessionPosted], once: Once) -> SessionOpened:
    """Refused with 422 `participant_code_found`, and with 409 `identifiers_found` until `confirmed` is sent."""

    async def asking() -> SessionOpened:
        return await queries.read_session(ctx, await operations.ask_for_session(ctx, data))

    return await once.run("support session", ctx.tenant.id, data, SessionOpened, asking)


@get("/support-sessions/{id:uuid}", guards=[requires(TAKE_PART)], name="api_support_session", tags=["support"],
     summary="One session")  # fmt: skip
async def read_session(ctx: Context, id: FromPath[UUID]) -> SessionOpened:
    """For who gives it or takes part; for everybody else it is not there. The reading goes into the trail."""
    return await queries.read_session(ctx, id)


@post("/support-sessions/{id:uuid}/agree", guards=[requires(GIVE_SESSIONS)], name="api_agree_on_session",
      status_code=200, tags=["support"], summary="Agree on the day of a session, and give it")  # fmt: skip
async def agree(ctx: Context, id: FromPath[UUID], data: JSONBody[SessionAgreed]) -> SessionOpened:
    """Refused with 409 when it has changed in the meantime."""
    await operations.agree(ctx, id, data)
    return await queries.read_session(ctx, id)


@post("/support-sessions/{id:uuid}/hold", guards=[requires(GIVE_SESSIONS)], name="api_hold_session", status_code=200,
      tags=["support"], summary="Note that a session took place")  # fmt: skip
async def hold(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> SessionOpened:
    """Refused with 409 when it has changed in the meantime, or when its day is still to come."""
    await operations.hold(ctx, id, data.version)
    return await queries.read_session(ctx, id)


@post("/support-sessions/{id:uuid}/cancel", guards=[requires(TAKE_PART)], name="api_cancel_session", status_code=200,
      tags=["support"], summary="Call a session off")  # fmt: skip
async def cancel(ctx: Context, id: FromPath[UUID], data: JSONBody[VersionPosted]) -> SessionCancelled:
    """Deletes the words of who asked."""
    await operations.cancel(ctx, id, data.version)
    return SessionCancelled()


@post("/support-sessions/{id:uuid}/notes", guards=[requires(GIVE_SESSIONS)], name="api_note_session",
      status_code=200, tags=["support"], summary="Write the notes of a session one gives")  # fmt: skip
async def note(ctx: Context, id: FromPath[UUID], data: JSONBody[SessionNoted]) -> SessionOpened:
    """For nobody else. Refused as what is asked."""
    await operations.note(ctx, id, data)
    return await queries.read_session(ctx, id)


@post("/support-sessions/{id:uuid}/own-part", guards=[requires(TAKE_PART)], name="api_say_own_part", status_code=200,
      tags=["support"], summary="Say how equipped one feels, and keep own notes")  # fmt: skip
async def say(ctx: Context, id: FromPath[UUID], data: JSONBody[OwnPartPosted]) -> SessionOpened:
    """For nobody else. Refused as what is asked."""
    await operations.say(ctx, id, data)
    return await queries.read_session(ctx, id)


HANDLERS: list[Any] = [
    list_own,
    list_to_give,
    count_sessions,
    ask_for_session,
    read_session,
    agree,
    hold,
    cancel,
    note,
    say,
]
