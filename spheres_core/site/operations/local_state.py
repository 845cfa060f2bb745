"""Carries what a region set and wrote itself to another home: terms, notes, edits of its directory, pages, forms.

Staff, referrals and whatever else is about a person never travel in a region's file.
"""

from collections.abc import Collection, Mapping

import msgspec

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.forms import queries as forms
from spheres_core.forms.operations import publication
from spheres_core.forms.schemas import decode, encode, hashed
from spheres_core.foundation.content.packs import ContentChange
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy import own_terms
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.tenants import Change
from spheres_core.partners.operations.local_entries import local_entries, merge_local_entries, missing_fields
from spheres_core.site.operations.coverage_notes import PUT_NOTE, ElementUnknown
from spheres_core.site.operations.own_pages import publish_page, save_page
from spheres_core.site.operations.terms import rename_term
from spheres_core.site.queries import own_pages
from spheres_core.site.queries.core_elements import ELEMENTS, NOTES, Note
from spheres_core.site.schemas import CarriedForm, CarriedNote, CarriedPage, CarriedTerm, LocalState


class CarriedFormInvalid(Invalid):
    """A form of a region's file is not the version that it says it is."""

    code = "carried_form_invalid"
    message = msg("A form in this file was changed by hand. Publish it in the editor instead.")


async def read_local_state(db: Db, plugins: Collection[str]) -> LocalState:
    """Returns what the tenant of this transaction has beyond its definition and what these plugins bring."""
    terms = sorted((row[0], row[1], row[2]) for row in await db.all(own_terms.TERMS))
    notes = sorted(await db.all(NOTES), key=lambda each: each.element)
    return LocalState(
        tuple(CarriedTerm(*each) for each in terms),
        tuple(CarriedNote(each.element, each.how, each.why, each.written_at) for each in notes),
        tuple(await local_entries(db, plugins)),
        tuple(await _pages_in_force(db)),
        tuple(await _forms_in_force(db)),
    )


async def _forms_in_force(db: Db) -> list[CarriedForm]:
    found = await forms.load_own_forms(db)
    return [CarriedForm(key, encode(form).decode() if form else "") for key, form in sorted(found.items())]


async def _pages_in_force(db: Db) -> list[CarriedPage]:
    found = await db.all(own_pages.IN_FORCE)
    return [
        CarriedPage(each.slug, each.language, each.text, each.menu_order) for each in found if each.text is not None
    ]


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
    there = {(each.slug, each.language): each for each in await _pages_in_force(db)}
    changes += [
        _change(f"pages.{each.language}.{each.slug}", there.get((each.slug, each.language)) and "…", "…")
        for each in wanted.pages
        if there.get((each.slug, each.language)) != each
    ]
    asked = {each.key: each for each in await _forms_in_force(db)}
    changes += [
        _change(f"forms.{each.key}", each.key in asked and "…", "…")
        for each in wanted.forms
        if asked.get(each.key) != each
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

    Raises `TermUnknown` or `TermInvalid` for a term that the plugins here do not mark, `PageUnknown` or `PageInvalid`
    for what is no page here, `ElementUnknown` for a note on no element of the program, `CarriedFormInvalid` for a form
    that was changed by hand, `EntryInvalid` for a value that its field cannot hold.
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
    await _merge_pages(ctx, wanted)
    await _merge_forms(ctx, wanted)
    return await merge_local_entries(ctx, wanted.entries)


async def _merge_forms(ctx: Context, wanted: LocalState) -> None:
    """Puts the forms of a state in force, each as the version that it was. Raises `CarriedFormInvalid`."""
    asked = {each.key: each for each in await _forms_in_force(ctx.db)}
    for each in wanted.forms:
        if asked.get(each.key) == each:
            continue
        if not each.content:
            await publication.retire(ctx, each.key)
            continue
        try:
            form = decode(each.content)
        except msgspec.DecodeError:
            raise CarriedFormInvalid from None
        if form.key != each.key or hashed(form) != form:
            raise CarriedFormInvalid
        await publication.publish(ctx, form, origin=forms.OWN)
        await publication.put_in_force(ctx, form.key, form.version)


async def _merge_pages(ctx: Context, wanted: LocalState) -> None:
    """Puts the pages of a state in force, each as one more version. What is written here and not there stays."""
    there = {(each.slug, each.language): each for each in await _pages_in_force(ctx.db)}
    for each in wanted.pages:
        if there.get((each.slug, each.language)) != each:
            found = await own_pages.versions(ctx, each.slug, each.language)
            base = found[0].number if found else 0
            made = await save_page(ctx, each.slug, each.language, each.text, base=base, menu_order=each.menu_order)
            await publish_page(ctx, each.slug, each.language, made.number)
