"""Extra questions on records, as JSON. Whoever may read a record reads them; whoever may change it answers them."""

from typing import Annotated, Any
from uuid import UUID

from litestar import get, put
from litestar.params import JSONBody, PathParameter

from spheres_core.extra_questions import operations, views
from spheres_core.extra_questions.api_schemas import ExtraAnswersPosted, ExtraSectionRead, ExtraSections
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.guards import signed_in

Kind = Annotated[str, PathParameter(description="The kind of record, such as `organization`.")]
Id = Annotated[UUID, PathParameter(description="The record's id.")]
Key = Annotated[str, PathParameter(description="The form's key, as the list gives it.")]


@get("/records/{kind:str}/{id:uuid}/extra-questions", guards=[signed_in], name="api_extra_questions",
     tags=["extra questions"], summary="The extra questions on a record, and what was answered")  # fmt: skip
async def list_sections(ctx: Context, kind: Kind, id: Id) -> ExtraSections:
    """Returns a section for each form, also of plugins that are off. Reading answers about a person is in the trail."""
    return await views.api_sections(ctx, kind, id)


@get("/records/{kind:str}/{id:uuid}/extra-questions/{form:str}", guards=[signed_in], name="api_extra_section",
     tags=["extra questions"], summary="One form on a record, with its questions")  # fmt: skip
async def show_section(ctx: Context, kind: Kind, id: Id, form: Key) -> ExtraSectionRead:
    """Returns the questions as they are asked today, and the answers by the version that was answered."""
    return await views.api_section(ctx, kind, id, form)


@put("/records/{kind:str}/{id:uuid}/extra-questions/{form:str}", guards=[signed_in], name="api_answer_extra_questions",
     tags=["extra questions"], summary="Answer one form on a record")  # fmt: skip
async def answer(ctx: Context, kind: Kind, id: Id, form: Key, data: JSONBody[ExtraAnswersPosted]) -> ExtraSectionRead:
    """Puts these answers in the place of what was answered. Refused with 409 and both sides when a colleague was
    faster; with 422, each problem with its question, when an answer does not hold."""
    await operations.answer(
        ctx, kind, id, form, data.answers,
        version=data.version, form_version=data.form_version, language=data.language,
    )  # fmt: skip
    return await views.api_section(ctx, kind, id, form)


HANDLERS: list[Any] = [list_sections, show_section, answer]
