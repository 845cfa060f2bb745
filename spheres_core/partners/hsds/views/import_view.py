"""The page on which an administrator imports a directory: the question, what would change, what needs another look."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.form_fields import Field
from spheres_core.partners.hsds.operations.import_directory import (
    LanguageInvalid,
    SourceInvalid,
    import_document,
    try_document,
)
from spheres_core.partners.hsds.views.import_report import differences_page, readable_findings

TITLE = msg("Take another directory in")

Page = dict[str, Any]


class NoDocument(Invalid):
    """Nothing was chosen."""

    message = msg("Choose a file.")


class VerifiedOnInvalid(Invalid):
    """The day is none."""

    message = msg("This is not a day such as 2026-11-21.")


_FIELDS: dict[type[Invalid], str] = {
    NoDocument: "document", VerifiedOnInvalid: "verified_on", LanguageInvalid: "text_language", SourceInvalid: "source",
}  # fmt: skip


def blank_page(ctx: Context) -> Page:
    """Returns what `partners/import.html` names, with nothing chosen yet."""
    return _page(ctx, {}, None)


async def result_page(ctx: Context, given: Mapping[str, str]) -> tuple[int, Page]:
    """Returns the status and the page: what would change, what was changed, or what needs another look."""
    doing = given.get("act") == "import"
    try:
        asked = _read(given)
        done = await (import_document if doing else try_document)(ctx, given["document"].encode(), **asked)
    except ContentInvalid as invalid:
        return 422, _page(ctx, given, None) | {"findings": readable_findings(ctx, invalid.findings)}
    except (NoDocument, VerifiedOnInvalid, LanguageInvalid, SourceInvalid) as invalid:
        return 422, _page(ctx, given, Problem(invalid.message, path=_FIELDS[type(invalid)], code="invalid"))
    page = _page(ctx, {} if doing else given, None) | differences_page(ctx, done)
    return 200, page | {"done": doing, "tried": not doing, "document": "" if doing else given["document"]}


def _read(given: Mapping[str, str]) -> dict[str, Any]:
    if not given.get("document", "").strip():
        raise NoDocument
    return {
        "name": given.get("name", "")[:80] or "file.json",
        "source": given.get("source", "").strip() or "file",
        "verified_on": _day(given.get("verified_on", "").strip()),
        "language": given.get("text_language", "").strip(),
    }


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise VerifiedOnInvalid from None


def _page(ctx: Context, given: Mapping[str, str], problem: Problem | None) -> Page:
    def field(name: str, label: Message, hint: Message, **more: Any) -> Field:
        wrong = ctx.locale.say(problem.message) if problem is not None and problem.path == name else None
        said, hinted = ctx.locale.say(label), ctx.locale.say(hint)
        return Field(name, f"take-{name}", said, hint=hinted, problem=wrong, **more)

    def line(name: str, label: Message, hint: Message) -> Field:
        return field(name, label, hint, value=given.get(name, "")[:80])

    return {
        "title": ctx.locale.say(TITLE),
        "file": field(
            "document",
            msg("File"),
            msg("HSDS 3 as JSON, up to 2 MB."),
            input="file",
            accept=".json,application/json",
            required=True,
        ),
        "source": line(
            "source", msg("Where it comes from"), msg("A short name. A later file of the same name updates this one.")
        ),
        "verified_on": line(
            "verified_on",
            msg("Verified on"),
            msg("For what does not say itself when it was verified, such as 2026-11-21."),
        ),
        "text_language": line(
            "text_language",
            msg("Language of its texts"),
            msg("A tag such as en. When it is left out: {language}.", language=ctx.tenant.languages[0]),
        ),
        "name": given.get("name", "")[:80],
        "groups": [],
        "findings": [],
        "done": False,
        "tried": False,
        "document": "",
    }
