"""Results of an import in words: for the page, the API and the command."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, Problem, msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context
from spheres_core.partners.hsds.operations.import_directory import ImportResult

KINDS: Final[dict[str, Message]] = {
    "add": msg("new"),
    "change": msg("changed"),
    "conflict": msg("changed here and in the file: kept, to be decided"),
    "absent": msg("no longer in the file, kept"),
    "clash": msg("already here from elsewhere, left alone"),
}
"""Words for each kind of difference."""
TABLES: Final[dict[str, Message]] = {
    "organizations": msg("Organization"),
    "services": msg("Service"),
    "contact_points": msg("Contact"),
}


class DocumentFinding(Struct, frozen=True):
    """Something to look at in the document: `path` is a JSON pointer, `line` a line of the file when it is known."""

    path: str
    line: int | None
    severity: str
    message: str


class EntryDifference(Struct, frozen=True):
    """An entry that differs: `kind` as in `counts`, `what` the table, `fields` the names of those that differ."""

    kind: str
    what: str
    key: str
    fields: list[str]


class ImportReport(Struct, frozen=True):
    """The result of an import; with `dry_run`, of one that was not carried out."""

    dry_run: bool
    organizations: int
    services: int
    contacts: int
    counts: dict[str, int]
    """Differences by kind: add, change, conflict, absent, clash."""
    changes: list[EntryDifference]
    findings: list[DocumentFinding]


class DocumentInvalid(Invalid):
    """The document cannot be imported; `errors` name each place by JSON pointer."""

    code = "document_invalid"
    message = msg("Something in this document needs another look. Nothing was taken in.")


def document_invalid(ctx: Context, invalid: ContentInvalid) -> DocumentInvalid:
    """Returns the findings of a document as a refusal: `path` is a JSON pointer, `extra` says the lines too."""
    return DocumentInvalid(
        errors=[Problem(each.message, path=each.key or "/", code=each.severity) for each in invalid.findings],
        extra={"findings": msgspec.to_builtins(_document_findings(ctx, invalid.findings))},
    )


def readable_findings(ctx: Context, given: Sequence[Finding]) -> list[dict[str, Any]]:
    """Returns findings as plain values, their sentences in the reader's language."""
    return [
        {"path": each.key or "/", "line": each.line, "severity": each.severity, "message": ctx.locale.say(each.message)}
        for each in given
    ]


def report(ctx: Context, done: ImportResult, *, dry_run: bool) -> ImportReport:
    """Returns what an import did or would do."""
    counted = Counter(each.kind for each in done.differences)
    return ImportReport(
        dry_run=dry_run,
        organizations=done.organizations,
        services=done.services,
        contacts=done.contacts,
        counts={kind: counted[kind] for kind in KINDS},
        changes=[EntryDifference(each.kind, each.what, each.key, list(each.fields)) for each in done.differences],
        findings=_document_findings(ctx, done.findings),
    )


def _document_findings(ctx: Context, given: Sequence[Finding]) -> list[DocumentFinding]:
    return [DocumentFinding(**{**each, "message": str(each["message"])}) for each in readable_findings(ctx, given)]


def differences_page(ctx: Context, done: ImportResult) -> dict[str, Any]:
    """Returns an import as its page shows it: changes by what they mean, with titles."""
    groups = []
    for kind, title in KINDS.items():
        entries = [
            {
                "what": ctx.locale.say(TABLES[each.what]),
                "key": each.key,
                "name": done.names.get(each.key, each.key),
                "fields": ", ".join(each.fields),
            }
            for each in done.differences
            if each.kind == kind
        ]
        if entries:
            groups.append({"kind": kind, "title": ctx.locale.say(title), "entries": entries})
    return {"groups": groups, "findings": readable_findings(ctx, done.findings)}
