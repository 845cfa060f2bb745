"""Imports an HSDS file into the tenant's directory.

The same three-way merge as a pack's: what the file said last time, what it says now, what holds here. Nothing is ever
deleted, nothing that another origin brought is touched, and an organization of a file is no partner by that: its role
in the partnership is for the region to say.
"""

import datetime as dt
import re
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentChange, Finding
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds import ORIGIN
from spheres_core.partners.hsds.document import read_document, read_file
from spheres_core.partners.hsds.entries import read_records
from spheres_core.partners.hsds.extension import is_tag
from spheres_core.partners.hsds.queries.directory import record_context
from spheres_core.partners.hsds.records import RecordContext
from spheres_core.partners.operations import entry_merge

SOURCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,40}")


class ImportResult(Struct, frozen=True):
    """The result of an import, or of a dry run; `findings` are warnings:
    what was kept as it came but is not used here."""

    organizations: int
    services: int
    contacts: int
    differences: list[ContentChange]
    findings: list[Finding]
    names: dict[str, str] = {}
    """Names of the file's entries, by key."""


class LanguageInvalid(Invalid):
    """The language of the file's texts is not a language tag."""

    code = "language_invalid"
    message = msg("A language is a tag such as en or fr-CA.")


class SourceInvalid(Invalid):
    """The name of where a document comes from is not a plain one."""

    code = "source_invalid"
    message = msg("A source is a short name of letters, digits, dots and hyphens, such as 211.")


async def import_file(
    ctx: Context, path: Path, *, source: str = "file", verified_on: dt.date | None = None, language: str = ""
) -> ImportResult:
    """Imports a file as `import_document` does."""
    data, name = read_file(path)
    return await import_document(ctx, data, name=name, source=source, verified_on=verified_on, language=language)


async def try_file(
    ctx: Context, path: Path, *, source: str = "file", verified_on: dt.date | None = None, language: str = ""
) -> ImportResult:
    """Tries a file as `try_document` does."""
    data, name = read_file(path)
    return await try_document(ctx, data, name=name, source=source, verified_on=verified_on, language=language)


async def import_document(
    ctx: Context,
    data: bytes,
    *,
    name: str = "file.json",
    source: str = "file",
    verified_on: dt.date | None = None,
    language: str = "",
) -> ImportResult:
    """Merges an HSDS document into the tenant's directory and returns what that changed. Twice changes nothing.

    `source` names where such documents come from: a later one of the same source updates what an earlier one brought.
    `verified_on`: the day of entries that do not say when they were verified. `language`: the tag of the texts; the
    tenant's first when empty. Raises `ContentInvalid` with every finding when anything in it is wrong.
    """
    if language and not is_tag(language):
        raise LanguageInvalid
    if not SOURCE.fullmatch(source):
        raise SourceInvalid
    await entry_merge.lock(ctx)
    file = read_document(data, name)
    context = await record_context(ctx, language=language or ctx.tenant.languages[0])
    imported = read_records(file, context, verified_on=verified_on)
    if file.wrong:
        file.refuse()
    origin = f"{ORIGIN}:{source}"
    differences = await entry_merge.merge_entries(ctx, entry_merge.ORGANIZATIONS, imported.organizations, origin, {})
    known = {row.key: row.id for row in await ctx.db.all(entry_merge.ORGANIZATIONS.all)}
    differences += await entry_merge.merge_entries(ctx, entry_merge.SERVICES, imported.services, origin, known)
    differences += await entry_merge.merge_entries(ctx, entry_merge.CONTACTS, imported.contacts, origin, known)
    if changed := [each for each in differences if each.kind in ("add", "change")]:
        await audit.record(ctx, "directory.imported", details={"origin": origin, "entries": len(changed)})
    entries = (*imported.organizations, *imported.services, *imported.contacts)
    return ImportResult(
        organizations=len(imported.organizations),
        services=len(imported.services),
        contacts=len(imported.contacts),
        differences=differences,
        findings=file.placed(),
        names={each.key: _name(context, each) for each in entries},
    )


def _name(context: RecordContext, entry: entry_merge.IncomingEntry) -> str:
    """Returns what an entry is called: a contact by its value."""
    return str(entry.content.get("value") or context.text(entry.content.get("name", {})) or entry.key)


async def try_document(ctx: Context, data: bytes, **how: Any) -> ImportResult:
    """Imports a document and takes it back: returns what it would change, and what is wrong."""
    async with ctx.db.savepoint(undo=True):
        return await import_document(ctx, data, **how)
