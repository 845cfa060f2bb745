"""Writing a form: beginning a draft, changing it together with colleagues, publishing it."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy import and_, bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.forms import queries
from spheres_core.forms.attached_forms import record_kind_of
from spheres_core.forms.form_files import is_key, record_unknown
from spheres_core.forms.operations.publication import publish, put_in_force
from spheres_core.forms.queries import OWN, StoredDraft, draft_rows, drafts
from spheres_core.forms.schemas import Form
from spheres_core.forms.xlsform import draft_changes as changes
from spheres_core.forms.xlsform.decompiler import draft_of_form
from spheres_core.forms.xlsform.draft_findings import CheckedDraft, check_draft
from spheres_core.forms.xlsform.drafts import CHOICES, SURVEY, Draft, DraftRow, draft_of_sheets, key_of
from spheres_core.forms.xlsform.sheets import MOST_ROWS, open_source
from spheres_core.foundation.content.grids import LIMITS
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import Statement, prepare, scoped
from spheres_core.foundation.errors import Conflict, Invalid, NotFound
from spheres_core.foundation.tenancy.context import Context

CHECKED_KEPT: Final = 16
"""Drafts whose findings a process keeps."""
_checked: OrderedDict[tuple[Any, ...], CheckedDraft] = OrderedDict()

BEGIN: Statement[Any] = prepare(insert(drafts).on_conflict_do_nothing())
DISCARD: Statement[Any] = prepare(drafts.delete().where(scoped(drafts), drafts.c.form_key == bindparam("key")))
CHANGE: Statement[Any] = prepare(
    drafts.update()
    .where(scoped(drafts), drafts.c.form_key == bindparam("key"))
    .values(
        languages=bindparam("languages"),
        settings=bindparam("settings"),
        revision=drafts.c.revision + 1,
        base_version=bindparam("base_version"),
        changed_at=bindparam("now"),
        changed_by=bindparam("who"),
    )
)
_put = insert(draft_rows)
PUT_ROW: Statement[Any] = prepare(
    _put.on_conflict_do_update(
        index_elements=["tenant_id", "id"],
        set_={"place": _put.excluded.place, "cells": _put.excluded.cells},
        where=and_(scoped(draft_rows), draft_rows.c.form_key == _put.excluded.form_key),
    )
)
DROP_ROW: Statement[Any] = prepare(draft_rows.delete().where(scoped(draft_rows), draft_rows.c.id == bindparam("which")))


class FormKeyInvalid(Invalid):
    """A form cannot have this key."""

    code = "form_key_invalid"
    message = msg("A form's key is small letters, digits and _, and begins with a letter.")


class DraftExists(Conflict):
    """Somebody is writing a form with this key already."""

    code = "draft_exists"
    message = msg("Somebody is writing this form already. Go on with that draft, or discard it first.")


class DraftChanged(Conflict):
    """The draft has changed since the caller read it."""

    code = "draft_changed"
    message = msg("A colleague has changed this form meanwhile. Look at it again.")


class DraftInvalid(Invalid):
    """Something stands against publishing the draft; `errors` say what, by row and column."""

    code = "draft_invalid"
    message = msg("Something is still to mend before this form can be published.")


class FileUnreadable(Invalid):
    """The file cannot be read as an XLSForm; `errors` say why."""

    code = "form_file_unreadable"
    message = msg("This file cannot be read as a form.")


class DraftTooLarge(Invalid):
    """The draft has more rows or longer cells than a form can have."""

    code = "draft_too_large"
    message = msg("This form would become too large.")


class QuestionUnknown(NotFound):
    """The draft has no such question (any more)."""

    code = "question_unknown"
    message = msg("This question is not there any more.")


class QuestionChanged(Conflict):
    """A colleague has changed the same cells of a question meanwhile."""

    code = "question_changed"
    message = msg("A colleague has changed the same question meanwhile. Choose what is to stand.")

    def __init__(self, merged: Mapping[str, str], conflicts: changes.Conflicts, theirs: Mapping[str, str]) -> None:
        super().__init__(errors=[Problem(self.message, path=name) for name in conflicts])
        self.merged = dict(merged)
        """The fields that would stand if one's own words won."""
        self.conflicts = conflicts
        self.theirs = dict(theirs)


async def begin_empty(ctx: Context, key: str) -> StoredDraft:
    """Begins a form with nothing in it, in the tenant's languages. Raises `FormKeyInvalid`, `DraftExists`."""
    languages = tuple(short_tags(ctx.tenant.languages))
    return await _begin(ctx, key, Draft(languages, settings={"form_id": key, "default_language": languages[0]}))


async def begin_from_version(ctx: Context, key: str, version: str = "") -> StoredDraft:
    """Begins a draft from a published version, today's when none is named. Raises `FormUnknown`, `DraftExists`."""
    form = await (queries.version(ctx, key, version) if version else queries.current(ctx, key, attached=True))
    return await _begin(ctx, key, draft_of_form(form), base=form.version)


async def begin_from_file(ctx: Context, key: str, content: bytes, *, name: str) -> StoredDraft:
    """Begins a draft from an XLSForm file, with every cell that it holds, right or wrong.

    Raises `FileUnreadable`, `FormKeyInvalid`, `DraftExists`.
    """
    suffix = "." + name.rpartition(".")[2].lower()
    try:
        source = open_source(content, file=name[:120], suffix=suffix)
    except ContentInvalid as invalid:
        problems = [Problem(each.message, path=each.place()) for each in invalid.findings]
        raise FileUnreadable(errors=problems) from None
    unread = [each for each in source.findings if each.severity == "error"]
    if unread:
        raise FileUnreadable(errors=[Problem(each.message, path=each.place()) for each in unread])
    draft = draft_of_sheets(source)
    settings = {**draft.settings, "form_id": key}
    return await _begin(ctx, key, replace(draft, settings=settings))


async def discard(ctx: Context, key: str) -> None:
    """Erases a draft; what was published stays. Raises `DraftUnknown`."""
    if not await ctx.db.run(DISCARD, key=key):
        raise queries.DraftUnknown
    await audit.record(ctx, "form.draft_discarded", details={"form": key})


async def change(
    ctx: Context, key: str, changed: Callable[[Draft], Draft], *, revision: int | None = None
) -> StoredDraft:
    """Changes a draft as it stands now; nobody else changes it meanwhile.

    `revision`: the one that the caller read. Raises `DraftUnknown`, and `DraftChanged` when it is not that one.
    """
    stored = await queries.stored_draft(ctx, key, lock=True)
    if revision is not None and revision != stored.head.revision:
        raise DraftChanged(extra={"revision": stored.head.revision})
    return await _keep(ctx, stored, changed(stored.draft), base=stored.head.base_version)


async def replace_draft(ctx: Context, key: str, draft: Draft, *, revision: int) -> StoredDraft:
    """Puts other rows in the place of a draft's. Rows keep the ids that the draft knows. Raises as `change` does."""

    def changed(before: Draft) -> Draft:
        known = {row.id for row in (*before.survey, *before.choices)}
        survey, choices = (tuple(_with_id(row, known) for row in rows) for rows in (draft.survey, draft.choices))
        return replace(draft, survey=survey, choices=choices)

    return await change(ctx, key, changed, revision=revision)


async def save_question(
    ctx: Context, key: str, id: str, mine: Mapping[str, str], *, base: Mapping[str, str]
) -> StoredDraft:
    """Writes a question with its choices (`draft_changes.Fields`), over what a colleague changed since `base`.

    Raises `QuestionUnknown`, and `QuestionChanged` where both changed the same cell: then nothing is written.
    """
    stored = await queries.stored_draft(ctx, key, lock=True)
    theirs = changes.fields_of(stored.draft, id)
    if theirs is None:
        raise QuestionUnknown
    merged, conflicts = changes.merge(base, _with_choice_ids(stored.draft, mine), theirs)
    if conflicts:
        raise QuestionChanged(merged, conflicts, theirs)
    changed = changes.with_fields(stored.draft, id, merged)
    return await _keep(ctx, stored, changed, base=stored.head.base_version)


async def add_question(
    ctx: Context, key: str, fields: Mapping[str, str], *, id: str = "", after: str = ""
) -> tuple[StoredDraft, str]:
    """Adds a question with its choices behind another, or at the end; a group comes with its end. Returns its id too.

    `id`: the one that a page gave it, so that a form sent twice is one question. Raises `DraftUnknown`.
    """
    stored = await queries.stored_draft(ctx, key, lock=True)
    there = {row.id for row in (*stored.draft.survey, *stored.draft.choices)}
    own = id if _is_id(id) and id not in there else str(uuid7())
    row = DraftRow(own, {"type": fields.get("type", "")})
    kind = changes.kind_of(row)
    ends = [DraftRow(str(uuid7()), {"type": f"end_{kind}"})] if kind in changes.AROUND_OTHERS else []
    grown = changes.added(stored.draft, [row, *ends], after=after)
    changed = changes.with_fields(grown, own, _with_choice_ids(grown, fields))
    return await _keep(ctx, stored, changed, base=stored.head.base_version), own


async def name_form(ctx: Context, key: str, *, titles: Mapping[str, str], further: Sequence[str] = ()) -> StoredDraft:
    """Gives a form its title by language, and takes further languages of the tenant in. Raises `DraftUnknown`."""
    known = short_tags(ctx.tenant.languages)

    def named(draft: Draft) -> Draft:
        languages = (*draft.languages, *(tag for tag in known if tag in further and tag not in draft.languages))
        said = {key_of("form_title", tag): titles[tag] for tag in languages if tag in titles}
        cells = {**draft.settings, **said}
        return replace(draft, languages=languages, settings={name: text for name, text in cells.items() if text})

    return await change(ctx, key, named)


async def remove_question(ctx: Context, key: str, id: str) -> StoredDraft:
    """Removes a question, or a group around its questions, which stay. Raises `QuestionUnknown`."""

    def without(draft: Draft) -> Draft:
        if changes.index_of(draft.survey, id) is None:
            raise QuestionUnknown
        return changes.removed(draft, id)

    return await change(ctx, key, without)


async def move_question(ctx: Context, key: str, id: str, *, before: str = "", steps: int = 0) -> StoredDraft:
    """Moves a question or a whole group, as `draft_changes.moved` does."""
    return await change(ctx, key, lambda draft: changes.moved(draft, id, before=before, steps=steps))


def checked(ctx: Context, stored: StoredDraft) -> CheckedDraft:
    """Returns a draft as its reader understands it. What was read last is kept: pages ask again and again."""
    content = msgspec.msgpack.encode(stored.draft, order="sorted")
    same = (stored.key, ctx.tenant.languages, tuple(sorted(ctx.plugins.digests.items())), content)
    if same not in _checked:
        files = queries.files_of(ctx.plugins)
        _checked[same] = check_draft(stored.draft, key=stored.key, languages=ctx.tenant.languages, files=files)
        while len(_checked) > CHECKED_KEPT:
            _checked.popitem(last=False)
    return _checked[same]


async def publish_draft(ctx: Context, key: str, *, revision: int | None = None) -> Form:
    """Makes a draft the form that is asked from now on; earlier answers keep their version. The draft stays.

    Raises `DraftInvalid`, `DraftUnknown`, and `DraftChanged` when the draft is not the one that the caller has seen.
    """
    stored = await queries.stored_draft(ctx, key, lock=True)
    if revision is not None and revision != stored.head.revision:
        raise DraftChanged(extra={"revision": stored.head.revision})
    found = checked(ctx, stored)
    if found.form is None:
        problems = [Problem(each.message, path=f"{each.row}.{each.column}".strip(".")) for each in found.errors]
        raise DraftInvalid(errors=problems)
    await publish(ctx, found.form, origin=OWN)
    await put_in_force(ctx, key, found.form.version)
    await _keep(ctx, stored, stored.draft, base=found.form.version)
    return found.form


def short_tags(languages: Sequence[str]) -> list[str]:
    """Returns the tags under which a new form has its texts: without the region where that says enough."""
    shorts = [tag.partition("-")[0] for tag in languages]
    return [short if shorts.count(short) == 1 else tag for short, tag in zip(shorts, languages, strict=True)]


async def _begin(ctx: Context, key: str, draft: Draft, *, base: str = "") -> StoredDraft:
    kind = record_kind_of(key)
    if kind and kind not in ctx.plugins.record_kinds:
        raise FormKeyInvalid(record_unknown(ctx.plugins, kind))
    if not kind and not is_key(key):
        raise FormKeyInvalid
    draft = changes.in_languages(draft, short_tags(ctx.tenant.languages)[0])
    _check_size(draft)
    begun = await ctx.db.run(
        BEGIN,
        form_key=key,
        languages=list(draft.languages),
        settings=dict(draft.settings),
        revision=0,
        base_version=base,
        begun_at=ctx.now,
        changed_at=ctx.now,
        changed_by=ctx.actor.id,
    )
    if not begun:
        raise DraftExists
    await audit.record(ctx, "form.draft_begun", details={"form": key, **({"version": base} if base else {})})
    survey, choices = (tuple(_with_id(row, set()) for row in rows) for rows in (draft.survey, draft.choices))
    await _write(ctx, key, Draft(draft.languages), replace(draft, survey=survey, choices=choices))
    return await queries.stored_draft(ctx, key)


def _with_choice_ids(draft: Draft, fields: Mapping[str, str]) -> dict[str, str]:
    """Returns a question's fields with an id for each choice; those that are none, or a question's, are replaced."""
    questions = {row.id for row in draft.survey}
    asked = dict.fromkeys(fields.get(changes.CHOICE_IDS, "").split())
    ids = {id: id if _is_id(id) and id not in questions else str(uuid7()) for id in asked}
    return changes.with_choice_ids(fields, ids)


def _is_id(id: str) -> bool:
    try:
        return str(UUID(id)) == id
    except ValueError:
        return False


def _with_id(row: DraftRow, known: set[str]) -> DraftRow:
    return row if row.id in known else DraftRow(str(uuid7()), row.cells)


async def _keep(ctx: Context, stored: StoredDraft, draft: Draft, *, base: str) -> StoredDraft:
    _check_size(draft)
    touched = await _write(ctx, stored.key, stored.draft, draft)
    is_same = not touched and (draft.languages, draft.settings) == (stored.draft.languages, stored.draft.settings)
    if is_same and base == stored.head.base_version:
        return stored
    await ctx.db.run(
        CHANGE,
        key=stored.key,
        languages=list(draft.languages),
        settings=dict(draft.settings),
        base_version=base,
        now=ctx.now,
        who=ctx.actor.id,
    )
    if not is_same:
        await audit.record(ctx, "form.draft_changed", details={"form": stored.key, "rows": touched[:50]})
    head = replace(stored.head, languages=draft.languages, settings=dict(draft.settings), base_version=base,
                   revision=stored.head.revision + 1, changed_at=ctx.now, changed_by=ctx.actor.id)  # fmt: skip
    return StoredDraft(head, draft)


def _check_size(draft: Draft) -> None:
    cells = [draft.settings, *(row.cells for row in (*draft.survey, *draft.choices))]
    longest = max((len(text) for row in cells for text in (*row, *row.values())), default=0)
    if len(cells) > MOST_ROWS or longest > LIMITS.characters or max(map(len, cells)) > LIMITS.columns:
        raise DraftTooLarge


async def _write(ctx: Context, key: str, before: Draft, after: Draft) -> list[str]:
    """Writes the rows that differ; returns their ids."""
    there = {row.id: (sheet, at, row) for sheet in (SURVEY, CHOICES) for at, row in enumerate(before.rows(sheet))}
    wanted = {row.id: (sheet, at, row) for sheet in (SURVEY, CHOICES) for at, row in enumerate(after.rows(sheet))}
    gone = there.keys() - wanted.keys()
    await ctx.db.run_many(DROP_ROW, [{"which": UUID(id)} for id in sorted(gone)])
    put = [each for id, each in wanted.items() if there.get(id) != each]
    await ctx.db.run_many(
        PUT_ROW,
        [
            {"id": UUID(row.id), "form_key": key, "sheet": sheet, "place": at, "cells": dict(row.cells)}
            for sheet, at, row in put
        ],
    )
    return sorted([*gone, *(row.id for _, _, row in put)])
