"""Taking an HSDS file into the tenant's directory.

The same three-way merge as a pack's: what the file said last time, what it says now, what holds here. Nothing is ever
deleted, nothing that another origin brought is touched, and an organization of a file is no partner by that: its role
in the partnership is for the region to say.
"""

import datetime as dt
from pathlib import Path

from msgspec import Struct

from spheres_core.audit import operations as audit
from spheres_core.facts import msg
from spheres_core.foundation.context import Context
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.packs import Finding
from spheres_core.partners import merging
from spheres_core.partners.hsds import ORIGIN
from spheres_core.partners.hsds.exporting import surroundings
from spheres_core.partners.hsds.extension import is_tag
from spheres_core.partners.hsds.file import read_file
from spheres_core.partners.hsds.reading import read_records
from spheres_core.partners.schemas import Difference


class Imported(Struct, frozen=True):
    """What an import did, or would do; `findings` are warnings: what was kept as it came but is not used here."""

    organizations: int
    services: int
    contacts: int
    differences: list[Difference]
    findings: list[Finding]


class LanguageInvalid(Invalid):
    """The language of the file's texts is not a language tag."""

    code = "language_invalid"
    message = msg("A language is a tag such as en or fr-CA.")


class OnlyTried(Exception):
    """Raised at the end of a dry run so that its transaction is rolled back; carries what it would have done."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported
        super().__init__("dry run")


async def import_file(
    ctx: Context, path: Path, *, source: str = "file", verified_on: dt.date | None = None, language: str = ""
) -> Imported:
    """Merge an HSDS file into the tenant's directory and say what that changed. Twice changes nothing.

    `source` names where such files come from: a later file of the same source updates what an earlier one brought.
    `verified_on`: the day of entries that do not say when they were verified. `language`: the tag of the file's texts;
    the tenant's first when empty. Raises `ContentInvalid` with every finding when anything in the file is wrong.
    """
    if language and not is_tag(language):
        raise LanguageInvalid
    await merging.lock(ctx)
    file = read_file(path)
    around = await surroundings(ctx, language=language or ctx.tenant.languages[0])
    brought = read_records(file, around, verified_on=verified_on)
    if file.wrong:
        file.refuse()
    origin = f"{ORIGIN}:{source}"
    differences = await merging.merge_entries(ctx, merging.ORGANIZATIONS, brought.organizations, origin, {})
    known = {row.key: row.id for row in await ctx.db.all(merging.ORGANIZATIONS.all)}
    differences += await merging.merge_entries(ctx, merging.SERVICES, brought.services, origin, known)
    differences += await merging.merge_entries(ctx, merging.CONTACTS, brought.contacts, origin, known)
    if changed := [each for each in differences if each.kind in ("add", "change")]:
        await audit.record(ctx, "directory.imported", details={"origin": origin, "entries": len(changed)})
    return Imported(
        len(brought.organizations), len(brought.services), len(brought.contacts), differences, file.findings
    )


async def try_file(
    ctx: Context, path: Path, *, source: str = "file", verified_on: dt.date | None = None, language: str = ""
) -> Imported:
    """The same without doing it. Always raises: `OnlyTried` with what would have been done, or `ContentInvalid`."""
    raise OnlyTried(await import_file(ctx, path, source=source, verified_on=verified_on, language=language))
