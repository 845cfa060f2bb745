"""Carries what a region set and wrote itself to another home: renamed terms, notes on coverage, its directory's edits.

Staff, referrals and whatever else is about a person never travel in a region's file.
"""

from collections.abc import Collection, Mapping

from spheres_core.audit import operations as audit
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.tenancy import own_terms
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.tenants import Change
from spheres_core.partners.operations.local_entries import local_entries, merge_local_entries, missing_fields
from spheres_core.site.operations.coverage_notes import PUT_NOTE, ElementUnknown
from spheres_core.site.operations.terms import rename_term
from spheres_core.site.queries.core_elements import ELEMENTS, NOTES, Note
from spheres_core.site.schemas import CarriedNote, CarriedTerm, LocalState


async def read_local_state(db: Db, plugins: Collection[str]) -> LocalState:
    """Returns what the tenant of this transaction has beyond its definition and what these plugins bring."""
    terms = sorted((row[0], row[1], row[2]) for row in await db.all(own_terms.TERMS))
    notes = sorted(await db.all(NOTES), key=lambda each: each.element)
    return LocalState(
        tuple(CarriedTerm(*each) for each in terms),
        tuple(CarriedNote(each.element, each.how, each.why, each.written_at) for each in notes),
        tuple(await local_entries(db, plugins)),
    )


async def difference(db: Db, wanted: LocalState) -> list[Change]:
    """Returns what merging a state would change in the tenant of this transaction, without changing it."""
    terms = {(row[0], row[1]): row[2] for row in await db.all(own_terms.TERMS)}
    notes = {each.element: each for each in await db.all(NOTES)}
    changes = [
        _change(f"terms.{each.language}.{each.key}", terms.get((each.language, each.key)), each.text)
        for each in wanted.terms
        if terms.get((each.language, each.key)) != each.text
    ]
    changes += [
        _change(f"notes.{each.element}", notes[each.element].how if each.element in notes else None, each.how)
        for each in wanted.notes
        if _is_newer(each, notes)
    ]
    return changes + [
        _change(f"directory.{place}", *values) for place, *values in await missing_fields(db, wanted.entries)
    ]


def _change(what: str, before: object, after: object) -> Change:
    return Change("add" if before is None else "change", what, before, after)


def _is_newer(note: CarriedNote, known: Mapping[str, Note]) -> bool:
    return note.element not in known or known[note.element].written_at < note.written_at


async def merge_local_state(ctx: Context, wanted: LocalState) -> list[ContentChange]:
    """Merges a state into the tenant; returns what that changed in its directory. Twice changes nothing.

    Raises `TermUnknown` or `TermInvalid` for a term that the plugins here do not mark, `ElementUnknown` for a note on
    no element of the program, `EntryInvalid` for a value that its field cannot hold.
    """
    for each in wanted.terms:
        if ctx.locales.terms.get((each.language, each.key)) != each.text:
            await rename_term(ctx, each.key, language=each.language, text=each.text)
    known = {note.element: note for note in await ctx.db.all(NOTES)}
    for note in wanted.notes:
        if note.element not in {element.key for element in ELEMENTS}:
            raise ElementUnknown
        if _is_newer(note, known):
            values = {"how": note.how, "why": note.why, "written_at": note.written_at, "written_by": None}
            await ctx.db.run(PUT_NOTE, element=note.element, **values)
            await audit.record(ctx, "coverage.noted", details={"element": note.element})
    return await merge_local_entries(ctx, wanted.entries)
