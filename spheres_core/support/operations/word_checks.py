"""Looks through words before they are kept: no participant's code, and no identifier that was not confirmed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Conflict, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.queries import partners
from spheres_core.support.identifiers import find_identifiers
from spheres_core.support.participant_codes import find_participant_codes
from spheres_core.support.schemas.advice import KINDS, FoundPlace

CODE_FOUND: Final = msg(
    "This looks like the code of a file. Nothing here may lead to a young person’s file: please take it out."
)


class IdentifiersFound(Conflict):
    """Something was found by which a person could be recognized; nothing is kept until who writes has decided."""

    code = "identifiers_found"
    message = msg(
        "This could say who it is about. Please take it out, or say that it identifies nobody. Nothing was kept."
    )


class ParticipantCodeFound(Invalid):
    """Something is written like a participant's code; `places` say where. It cannot be confirmed."""

    code = "participant_code_found"
    message = CODE_FOUND


async def check_words(
    ctx: Context, words: Mapping[str, str], own: Mapping[str, str] | None = None, *, confirmed: bool
) -> bool:
    """Returns whether places were found and confirmed. `words` are by field, `own` are of who they are about.

    Raises `ParticipantCodeFound`, and `IdentifiersFound` unless `confirmed`. Of `own` words only codes are refused: a
    close person's own name or number identifies no young person.
    """
    codes = [
        {"question": path, "start": start, "end": end}
        for path, text in {**words, **(own or {})}.items()
        for start, end in find_participant_codes(text)
    ]
    if codes:
        paths = dict.fromkeys(str(each["question"]) for each in codes)
        errors = [Problem(CODE_FOUND, path=path, code="participant_code") for path in paths]
        raise ParticipantCodeFound(errors=errors, extra={"places": codes})
    places = await find_places(ctx, words.items())
    require_confirmed(places, confirmed=confirmed)
    return bool(places)


async def find_places(ctx: Context, texts: Iterable[tuple[str, str]]) -> list[FoundPlace]:
    """Returns the places of texts, each with its field, at which somebody could be recognized."""
    known = [name for names in (await partners.organization_names(ctx)).values() for name in names.values()]
    return [
        FoundPlace(path, each.start, each.end, each.kind)
        for path, text in texts
        for each in find_identifiers(text, today=ctx.today, known=known)
    ]


def require_confirmed(places: Sequence[FoundPlace], *, confirmed: bool, language: str | None = None) -> None:
    """Lets who writes go on where nothing was found, or where it was confirmed. Raises `IdentifiersFound`."""
    if places and not confirmed:
        raise IdentifiersFound(
            errors=[Problem(KINDS[each.kind], path=each.question, code=each.kind) for each in places],
            extra={"places": msgspec.to_builtins(places)},
            language=language,
        )
