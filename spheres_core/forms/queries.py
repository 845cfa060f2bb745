"""Which forms a tenant asks, any version it has ever asked with, and the drafts of its own forms."""

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy import and_, bindparam, select

from spheres_core.facts import msg
from spheres_core.forms.attached_forms import record_kind_of
from spheres_core.forms.form_media import FOLDER, FilesBeside, digest_of, files_in, media_of, media_type
from spheres_core.forms.models import FormDraft, FormDraftRow, FormInForce, FormVersion
from spheres_core.forms.schemas import ATTACHMENTS, NEVER_ASKED, Form, Question, decode
from spheres_core.forms.settings import Settings
from spheres_core.forms.xlsform.drafts import CHOICES, SURVEY, Draft, DraftRow
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.errors import NotFound
from spheres_core.foundation.plugins.plugin_set import PluginSet
from spheres_core.foundation.tenancy.context import Context

TOPIC: Final = "forms"
VERSIONS_KEPT: Final = 256

OWN: Final = ""
"""The origin of a form that the region wrote itself."""

versions = table(FormVersion)
in_force = table(FormInForce)
drafts = table(FormDraft)
draft_rows = table(FormDraftRow)


class FormUnknown(NotFound):
    """This tenant has no such form, or never asked with that version."""

    code = "form_unknown"
    message = msg("There is no form with this name.")


class DraftUnknown(NotFound):
    """Nobody is writing a form with this key here."""

    code = "draft_unknown"
    message = msg("Nobody is writing this form here.")


class MediumUnknown(NotFound):
    """No form that this tenant asks shows or plays such a file."""


class FormMedium(Struct, frozen=True):
    """A picture or a recording of a form, as it lies in the plugin's folder."""

    content: bytes
    media_type: str


class PublishedVersion(Struct, frozen=True):
    """A version as the administration lists it."""

    key: str
    version: str
    origin: str
    published_at: dt.datetime


class DraftHead(Struct, frozen=True):
    """A draft without its rows."""

    key: str
    languages: tuple[str, ...]
    settings: dict[str, str]
    revision: int
    base_version: str
    begun_at: dt.datetime
    changed_at: dt.datetime
    changed_by: UUID | None


class StoredDraft(Struct, frozen=True):
    """A draft as it is kept."""

    head: DraftHead
    draft: Draft

    @property
    def key(self) -> str:
        return self.head.key


class _DraftRow(Struct, frozen=True):
    id: UUID
    sheet: str
    cells: dict[str, str]


CONTENT: Statement[Any] = prepare(
    select(versions.c.content).where(
        scoped(versions),
        versions.c.form_key == bindparam("key"),
        versions.c.version == bindparam("version"),
    )
)
PUBLISHED = prepare(
    select(versions.c.form_key, versions.c.version, versions.c.origin, versions.c.published_at)
    .where(scoped(versions))
    .order_by(versions.c.form_key, versions.c.published_at.desc(), versions.c.version),
    into=PublishedVersion,
)

IN_FORCE: Statement[Any] = prepare(
    select(in_force.c.form_key, versions.c.content)
    .outerjoin_from(
        in_force,
        versions,
        and_(
            scoped(versions),
            versions.c.form_key == in_force.c.form_key,
            versions.c.version == in_force.c.version,
        ),
    )
    .where(scoped(in_force))
)
_head = (
    drafts.c.form_key,
    drafts.c.languages,
    drafts.c.settings,
    drafts.c.revision,
    drafts.c.base_version,
    drafts.c.begun_at,
    drafts.c.changed_at,
    drafts.c.changed_by,
)
DRAFTS = prepare(select(*_head).where(scoped(drafts)).order_by(drafts.c.form_key), into=DraftHead)
DRAFT = prepare(select(*_head).where(scoped(drafts), drafts.c.form_key == bindparam("key")), into=DraftHead)
DRAFT_LOCKED = prepare(
    select(*_head).where(scoped(drafts), drafts.c.form_key == bindparam("key")).with_for_update(), into=DraftHead
)
DRAFT_ROWS = prepare(
    select(draft_rows.c.id, draft_rows.c.sheet, draft_rows.c.cells)
    .where(scoped(draft_rows), draft_rows.c.form_key == bindparam("key"))
    .order_by(draft_rows.c.place, draft_rows.c.id),
    into=_DraftRow,
)

_read: OrderedDict[tuple[UUID, str, str], Form] = OrderedDict()
"""Versions read from the database; they never change, so nothing here grows stale."""


@lru_cache(maxsize=256)
def without_attachments(form: Form) -> Form:
    """Returns the same version with its questions for files never asked."""
    if not any(question.kind in ATTACHMENTS for question in form.walk()):
        return form

    def closed(questions: tuple[Question, ...]) -> tuple[Question, ...]:
        return tuple(
            msgspec.structs.replace(each, relevant=NEVER_ASKED)
            if each.kind in ATTACHMENTS
            else msgspec.structs.replace(each, children=closed(each.children))
            if each.children
            else each
            for each in questions
        )

    return msgspec.structs.replace(form, questions=closed(form.questions))


def forms_of(plugins: PluginSet) -> dict[str, tuple[Form, str]]:
    """Returns the forms of a plugin set by key, each with its plugin. A plugin's form goes before those of what it
    requires."""
    return {form.key: (form, origin) for origin, forms in plugins.gather(TOPIC) for form in forms}


async def load_own_forms(db: Db) -> dict[str, Form | None]:
    """Returns the forms that the tenant of the transaction asks in place of its packs', by key; None for a retired
    one."""
    return {key: None if content is None else decode(content) for key, content in await db.all(IN_FORCE)}


def own_forms(ctx: Context) -> Mapping[str, Form | None]:
    """Returns the forms that the tenant asks in place of its packs', by key; None for a retired one."""
    found: Mapping[str, Form | None] = ctx.own_content.get(TOPIC, {})
    return found


def forms_asked(ctx: Context) -> dict[str, tuple[Form, str]]:
    """Returns what the tenant asks today by key, each with its origin: a plugin, or `OWN`."""
    asked = dict(ctx.plugins.once(forms_of))
    for key, form in own_forms(ctx).items():
        asked.pop(key, None)
        if form is not None:
            asked[key] = form, OWN
    return asked


def version_of_packs(ctx: Context, key: str) -> str:
    """Returns the version that the tenant's packs bring today; empty when they bring none."""
    found = forms_of(ctx.plugins).get(key)
    return found[0].version if found else ""


def current_forms(ctx: Context) -> list[Form]:
    """Returns what the tenant asks of people today, by key; not what staff are asked on a record."""
    return [_as_asked(ctx, form) for key, (form, _) in sorted(forms_asked(ctx).items()) if not record_kind_of(key)]


def forms_on(ctx: Context, kind: str) -> Mapping[str, tuple[Form, str]]:
    """Returns what staff are asked on a kind of record today by key, each with its origin."""
    if own_forms(ctx):
        return _by_record_kind(forms_asked(ctx)).get(kind, {})
    return ctx.plugins.once(_forms_of_packs_on_records).get(kind, {})


def _forms_of_packs_on_records(plugins: PluginSet) -> dict[str, dict[str, tuple[Form, str]]]:
    return _by_record_kind(forms_of(plugins))


def _by_record_kind(asked: Mapping[str, tuple[Form, str]]) -> dict[str, dict[str, tuple[Form, str]]]:
    found: dict[str, dict[str, tuple[Form, str]]] = {}
    for key in sorted(asked):
        if kind := record_kind_of(key):
            found.setdefault(kind, {})[key] = asked[key]
    return found


async def current(ctx: Context, key: str, *, attached: bool = False) -> Form:
    """Returns the version that is asked today; of forms on records too when `attached`. Raises `FormUnknown`."""
    found = forms_asked(ctx).get(key)
    if found is None or (record_kind_of(key) and not attached):
        raise FormUnknown
    return _as_asked(ctx, found[0])


def _as_asked(ctx: Context, form: Form) -> Form:
    """Returns a form as this tenant asks it: without questions for files when it takes none."""
    return form if ctx.settings("forms", Settings).attachments else without_attachments(form)


def files_of(plugins: PluginSet) -> FilesBeside:
    """Returns what reads the files that lie beside the forms of a plugin set."""
    folders = [files_in(plugin.root / FOLDER) for plugin in plugins.plugins.values()]

    def read(name: str) -> bytes | None:
        return next((content for read in folders if (content := read(name)) is not None), None)

    return read


async def medium(ctx: Context, digest: str) -> FormMedium:
    """Returns a file that a form of this tenant shows or plays today. Raises `MediumUnknown`."""
    named = {name for form, _ in forms_asked(ctx).values() if (name := media_of(form).get(digest))}
    for folder in [files_in(plugin.root / FOLDER) for plugin in ctx.plugins.plugins.values()] if named else ():
        content = await asyncio.to_thread(folder, min(named))
        if content is not None and digest_of(content) == digest:
            return FormMedium(content, media_type(content))
    raise MediumUnknown


async def version(ctx: Context, key: str, wanted: str) -> Form:
    """Returns a version by its hash, current or not. Raises `FormUnknown`."""
    today = forms_asked(ctx).get(key)
    if today is not None and today[0].version == wanted:
        return today[0]
    place = (ctx.tenant.id, key, wanted)
    if place not in _read:
        content = await ctx.db.scalar(CONTENT, key=key, version=wanted)
        if content is None:
            raise FormUnknown
        _read[place] = decode(content)
        while len(_read) > VERSIONS_KEPT:
            _read.popitem(last=False)
    return _read[place]


async def published(ctx: Context) -> list[PublishedVersion]:
    """Returns every version the tenant has ever published, by form, newest first."""
    return await ctx.db.all(PUBLISHED)


async def list_drafts(ctx: Context) -> list[DraftHead]:
    """Returns the forms that are being written, by key."""
    return await ctx.db.all(DRAFTS)


async def find_draft(ctx: Context, key: str, *, lock: bool = False) -> StoredDraft | None:
    """Returns the draft of a form, or None. `lock`: nobody else changes it before the transaction ends."""
    head = await ctx.db.one_or_none(DRAFT_LOCKED if lock else DRAFT, key=key)
    if head is None:
        return None
    rows = await ctx.db.all(DRAFT_ROWS, key=key)
    survey, choices = (
        tuple(DraftRow(str(row.id), row.cells) for row in rows if row.sheet == sheet) for sheet in (SURVEY, CHOICES)
    )
    return StoredDraft(head, Draft(tuple(head.languages), survey, choices, head.settings))


async def stored_draft(ctx: Context, key: str, *, lock: bool = False) -> StoredDraft:
    """Returns the draft of a form as `find_draft` does. Raises `DraftUnknown`."""
    found = await find_draft(ctx, key, lock=lock)
    if found is None:
        raise DraftUnknown
    return found
