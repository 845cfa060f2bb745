"""The directory as JSON: public, for any day, in the reader's language."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.params import QueryParameter
from msgspec import Struct

from spheres_core.facts import Message, Problem, Words, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import public
from spheres_core.partners.api_schemas import (
    DirectoryAnswer,
    EmergencyAnswer,
    EmergencyContactAnswer,
    MatchAnswer,
    ServiceMatch,
)
from spheres_core.partners.queries import emergency_contacts, matching, pack_content, partners


class DayInvalid(Invalid):
    """The day asked for is not a date."""

    code = "day_invalid"
    message = msg("This is not a day such as 2026-11-21.")


_ON = QueryParameter(
    name="on",
    required=False,
    schema_extra={"format": "date", "example": "2026-11-21"},
    description="The day asked for, YYYY-MM-DD; today in the tenant's zone when it is left out.",
)
_AREA = QueryParameter(
    name="area",
    required=False,
    description="The key of an area; all of the tenant's when it is left out.",
)


@get("/partners", guards=[public], tags=["partners"], summary="The partners on a day, and who coordinates")
async def show_partners(ctx: Context, on: Annotated[str | None, _ON] = None) -> DirectoryAnswer:
    """Returns who worked together on a day: roles, services, contacts, and the coordinator."""
    day = _day(ctx, on)
    return msgspec.convert(
        {
            "on": day,
            "language": ctx.locale.tag,
            "illustrative": ctx.tenant.illustrative,
            "coordination": _say(ctx, await partners.coordinator_on(ctx, day)) or _unnamed(ctx),
            "data_governance": _say(ctx, pack_content.data_governance(ctx)),
            "partners": _say(ctx, await partners.partners_on(ctx, day)),
            "contacts": _say(ctx, await partners.programme_contacts(ctx)),
            "areas": _say(ctx, await partners.areas(ctx)),
            "emergency_contacts": _say(ctx, (await emergency_contacts.public_lines(ctx)).contacts),
        },
        DirectoryAnswer,
    )


@get("/emergency-contacts", guards=[public], tags=["partners"], summary="Whom to reach right now")
async def show_emergency_contacts(ctx: Context, area: Annotated[str | None, _AREA] = None) -> EmergencyAnswer:
    """Returns whom to reach right now, in an area or anywhere in the tenant's areas."""
    found = _say(ctx, (await emergency_contacts.public_lines(ctx, area=area)).contacts)
    return EmergencyAnswer(ctx.locale.tag, msgspec.convert(found, list[EmergencyContactAnswer]))


def _asked(name: str, example: str, description: str) -> Any:
    return QueryParameter(name=name, required=False, schema_extra={"example": example}, description=description)


@get("/services/match", guards=[public], tags=["partners"], summary="Who can serve this person, then and there")
async def match_services(
    ctx: Context,
    age: Annotated[str, _asked("age", "16", "Completed years.")] = "",
    language: Annotated[str, _asked("language", "en", "A language tag.")] = "",
    area: Annotated[str, _asked("area", "", "The key of an area.")] = "",
    without: Annotated[str, _asked("without", "", "Keys of organizations to leave out, with commas.")] = "",
    at: Annotated[str, _asked("at", "2026-11-21T20:30", "ISO 8601, in the tenant's zone if it names none.")] = "",
) -> MatchAnswer:
    """Returns services with what speaks for each and against it. What is not known never counts as a no."""
    given = {"age": age, "language": language, "area": area, "at": at, "without": without}
    question = matching.parse_help_request(ctx, given, areas=[each.key for each in await partners.areas(ctx)])
    found = _say(ctx, await matching.find_services(ctx, question))
    return MatchAnswer(question.at, ctx.locale.tag, msgspec.convert(found, list[ServiceMatch]))


def _day(ctx: Context, on: str | None) -> dt.date:
    if on is None:
        return ctx.today
    try:
        return dt.datetime.strptime(on, "%Y-%m-%d").date()
    except ValueError:
        raise DayInvalid(errors=[Problem(DayInvalid.message, path="on", code="date")]) from None


def _unnamed(ctx: Context) -> dict[str, Any] | None:
    words = pack_content.coordination_to_confirm(ctx)
    return {"organization": None, "status": "to_confirm", "note": str(ctx.locale.pick(words))} if words else None


_WORDS = {"name", "organization_name", "legal_name", "about", "duty", "label", "note", "purpose", "body"}


def _say(ctx: Context, value: Any) -> Any:
    """Structs as plain values, with each text in the reader's language or the next that has it."""
    if isinstance(value, Message):
        return str(ctx.locale.say(value))
    if isinstance(value, Struct):
        named = zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        return {said: _say_field(ctx, name, getattr(value, name)) for name, said in named}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_say(ctx, each) for each in value]
    return msgspec.to_builtins(value)


def _say_field(ctx: Context, name: str, value: Any) -> Any:
    if name in _WORDS and isinstance(value, Mapping):
        words: Words = value
        return str(ctx.locale.pick(words)) if words else None
    return _say(ctx, value)
