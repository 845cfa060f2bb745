"""Writes notes on how a region covers an element of the program otherwise."""

from typing import Any, Final

from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context
from spheres_core.site.queries.core_elements import ELEMENTS, notes
from spheres_core.site.schemas import NoteWritten

MOST: Final = 2_000
"""Characters of a note."""


class ElementUnknown(NotFound):
    """The program has no such element."""

    code = "element_unknown"
    message = msg("There is no such element of the program.")


class NoteInvalid(Invalid):
    """A note says how and why."""

    code = "note_invalid"
    message = msg("Say how this region covers it, and why otherwise.")


_put = insert(notes)
PUT_NOTE: Statement[Any] = prepare(
    _put.on_conflict_do_update(
        index_elements=["tenant_id", "element"],
        set_={name: _put.excluded[name] for name in ("how", "why", "written_at", "written_by")},
    )
)
DROP_NOTE: Statement[Any] = prepare(notes.delete().where(scoped(notes), notes.c.element == bindparam("which")))


async def write_note(ctx: Context, element: str, *, how: str, why: str) -> NoteWritten:
    """Writes how this region covers an element otherwise, and returns the note; both empty erases it.

    Raises `ElementUnknown`, `NoteInvalid`.
    """
    if element not in {each.key for each in ELEMENTS}:
        raise ElementUnknown
    how, why = how.strip(), why.strip()
    if not how and not why:
        if await ctx.db.run(DROP_NOTE, which=element):
            await audit.record(ctx, "coverage.note_taken_back", details={"element": element})
        return NoteWritten(element, how, why)
    wrong = [path for path, text in (("how", how), ("why", why)) if not text or len(text) > MOST]
    if wrong:
        raise NoteInvalid(errors=[Problem(NoteInvalid.message, path=path, code="required") for path in wrong])
    await ctx.db.run(PUT_NOTE, element=element, how=how, why=why, written_at=ctx.now, written_by=ctx.actor.id)
    await audit.record(ctx, "coverage.noted", details={"element": element})
    return NoteWritten(element, how, why)
