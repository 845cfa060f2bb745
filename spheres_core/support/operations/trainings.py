"""Operations on one's own log of trainings: log one, correct it, take it out."""

import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert

from spheres_core.audit import operations as audit
from spheres_core.facts import Problem, msg
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.errors import ChangedMeanwhile, Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.operations.catalogue import require_codes
from spheres_core.partners.queries.partners import organization_names
from spheres_core.support.operations.word_checks import check_words
from spheres_core.support.queries import trainings as queries
from spheres_core.support.queries.code_lists import THEMES, codes_here
from spheres_core.support.queries.sessions import member_of
from spheres_core.support.queries.trainings import TrainingStored, trainings
from spheres_core.support.schemas.trainings import TrainingChanged, TrainingWritten
from spheres_core.support.settings import Settings

ADD = prepare(insert(trainings))
_this = (scoped(trainings), trainings.c.id == bindparam("which"))
_written = ("part", "themes", "held_on", "minutes", "organization", "words")
CHANGE = prepare(
    trainings.update()
    .where(*_this)
    .values(
        **{name: bindparam(f"new_{name}", type_=trainings.c[name].type) for name in _written},
        version=trainings.c.version + 1,
    )
)
REMOVE = prepare(trainings.delete().where(*_this))


class TrainingInvalid(Invalid):
    """Something does not fit; `errors` name each place."""

    code = "training_invalid"
    message = msg("Some answers need another look.")


async def log_training(ctx: Context, written: TrainingWritten) -> UUID:
    """Writes a training into the log of who acts. Returns its id.

    Raises `TrainingInvalid`, `CodeUnknown`, `ParticipantCodeFound`, `IdentifiersFound`.
    """
    me = member_of(ctx)
    await _check(ctx, written)
    id = uuid7()
    doing = ADD.of(id=id, staff_id=me, version=1, **_values(ctx, id, written))
    await audit.record(ctx, "training.logged", subject=("training", id), doing=[doing])
    return id


async def change_training(ctx: Context, id: UUID, changed: TrainingChanged) -> None:
    """Corrects a training of one's own. Raises `TrainingUnknown`, `ChangedMeanwhile`, and as `log_training`."""
    row = await _open_for(ctx, id, changed.version, msgspec.to_builtins(changed))
    await _check(ctx, changed, kept=row)
    values = {f"new_{name}": value for name, value in _values(ctx, id, changed).items()}
    await audit.record(ctx, "training.changed", subject=("training", id), doing=[CHANGE.of(which=id, **values)])


async def remove_training(ctx: Context, id: UUID, version: int) -> None:
    """Takes a training out of one's own log. Raises `TrainingUnknown`, `ChangedMeanwhile`."""
    await _open_for(ctx, id, version, {"version": version})
    await audit.record(ctx, "training.removed", subject=("training", id), doing=[REMOVE.of(which=id)])


async def _check(ctx: Context, written: TrainingWritten, kept: TrainingStored | None = None) -> None:
    problems = []
    longest = dt.timedelta(days=ctx.settings("support", Settings).trainings_erased_after_days)
    if written.on > ctx.today:
        problems.append(Problem(msg("This day is still to come."), path="on", code="to_come"))
    elif written.on <= ctx.today - longest:
        problems.append(Problem(msg("This is longer ago than what is kept here."), path="on", code="too_old"))
    if not written.words.strip():
        problems.append(Problem(msg("Please answer this."), path="words"))
    before = kept.organization if kept else ""
    if written.organization not in ("", before) and written.organization not in await organization_names(ctx):
        problems.append(Problem(msg("Choose one of the directory."), path="organization"))
    if problems:
        raise TrainingInvalid(errors=problems)
    require_codes(written.themes, codes_here(ctx, THEMES), path="themes", kept=kept.themes if kept else ())
    await check_words(ctx, {"words": written.words}, confirmed=written.confirmed)


def _values(ctx: Context, id: UUID, written: TrainingWritten) -> dict[str, Any]:
    return {
        "part": written.part, "themes": list(dict.fromkeys(written.themes)), "held_on": written.on,
        "minutes": written.minutes, "organization": written.organization,
        "words": ctx.keys.seal("trainings", id, "words", written.words.strip()),
    }  # fmt: skip


async def _open_for(ctx: Context, id: UUID, version: int, yours: dict[str, Any]) -> TrainingStored:
    row = await queries.find_own(ctx, id, lock=True)
    if row.version != version:
        theirs = TrainingChanged(
            row.part, queries.title_of(ctx, row), row.held_on, row.themes, row.minutes, row.organization,
            version=row.version,
        )  # fmt: skip
        raise ChangedMeanwhile(extra={"yours": yours, "theirs": msgspec.to_builtins(theirs)})
    return row
