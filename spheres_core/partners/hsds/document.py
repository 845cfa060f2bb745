"""Reads an HSDS file: its records wherever they are nested, and all that is wrong, with JSON pointers."""

import codecs
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.json_documents import join, read_json, with_lines
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.partners.hsds.record_kinds import kind_of, lists_left_out

LARGEST = 50 * 1024 * 1024
"""Bytes of a file that is read."""
_DEEPEST = 40
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class LocatedRecord(Struct, frozen=True):
    """A record and where it stands, e.g. `/contents/3/organization`."""

    record: Mapping[str, Any]
    pointer: str
    id: UUID


class HsdsFile:
    """The records of a file, by id; the same record in two places is read once, the fuller one wins."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.text = ""
        """The text of the file, to find the lines of findings."""
        self.findings: list[Finding] = []
        self.organizations: dict[UUID, LocatedRecord] = {}
        self.services: dict[UUID, LocatedRecord] = {}
        self.owners: dict[UUID, UUID] = {}
        """Organization of each service."""
        self.owned_at: dict[UUID, str] = {}
        """Where each service was first said to be of its organization."""

    def find(self, pointer: str, message: Message, *, severity: str = "error") -> None:
        """Notes something at a place."""
        self.findings.append(Finding(self.name, message, key=pointer or "/", severity=severity))

    def warn(self, pointer: str, message: Message) -> None:
        """Notes something that is kept as it came but not used here."""
        self.find(pointer, message, severity="warning")

    @property
    def wrong(self) -> bool:
        return any(each.severity == "error" for each in self.findings)

    def placed(self) -> list[Finding]:
        """Returns everything that was found, each with its line."""
        return with_lines(self.findings, self.text)

    def refuse(self) -> NoReturn:
        """Raises `ContentInvalid` with everything that was found, errors first."""
        raise ContentInvalid(sorted(self.placed(), key=lambda each: each.severity != "error"))


def read_file(path: Path) -> tuple[bytes, str]:
    """Returns the bytes of a file and its name. Raises `ContentInvalid` when it cannot be read or is too large."""
    file = HsdsFile(path.name)
    try:
        if path.stat().st_size > LARGEST:
            file.find("", msg("This file is too large."))
            file.refuse()
        return path.read_bytes(), path.name
    except OSError as error:
        file.find("", msg("This file cannot be read: {reason}", reason=type(error).__name__))
        file.refuse()


def read_document(data: bytes, name: str) -> HsdsFile:
    """Returns the records of an HSDS document: one organization or service, a list of them, one a line (ndjson), a page
    of an HSDS API, or an object with `organizations` and `services`. `name` is what findings call it. Raises
    `ContentInvalid` when it is not JSON at all."""
    file = HsdsFile(name)
    content, file.text = read_json(_as_one_document(data), name)
    _check_texts(file, content)
    _collect(file, content, "")
    if not file.findings and not file.organizations and not file.services:
        file.find("", msg("There is no organization and no service in this file."))
    return file


def _as_one_document(data: bytes) -> bytes:
    """Returns lines that are each an object as one list, on the same lines; anything else as it is."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    lines = data.removeprefix(mark).split(b"\n")
    written = [i for i, line in enumerate(lines) if line.strip()]
    if len(written) < 2 or not all(lines[i].strip()[:1] == b"{" and lines[i].strip()[-1:] == b"}" for i in written):
        return data
    for i in written[:-1]:
        lines[i] += b","
    return mark + b"\n".join([b"[" + lines[0], *lines[1:]]) + b"]"


def _check_texts(file: HsdsFile, data: Any) -> None:
    """Finds what the database cannot hold: a NUL in a text, and a nesting nobody writes by hand."""
    for pointer, value, depth in _walk(data):
        if depth > _DEEPEST:
            file.find(pointer, msg("This file is nested too deeply."))
            file.refuse()
        if isinstance(value, str) and "\x00" in value:
            file.find(pointer, msg("This text holds a character that no text has."))


def _walk(data: Any) -> Iterator[tuple[str, Any, int]]:
    todo: list[tuple[str, Any, int]] = [("", data, 0)]
    while todo:
        pointer, value, depth = todo.pop()
        yield pointer, value, depth
        pairs: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, inner in pairs:
            if isinstance(name, str) and "\x00" in name:
                yield pointer, name, depth
            todo.append((join(pointer, name), inner, depth + 1))


def _collect(file: HsdsFile, data: Any, pointer: str) -> None:
    if isinstance(data, list):
        for i, each in enumerate(data):
            _collect(file, each, join(pointer, i))
    elif not isinstance(data, dict):
        file.find(pointer, msg("An organization or a service is expected here."))
    elif "contents" in data and "name" not in data:
        _collect(file, data["contents"], join(pointer, "contents"))
    elif "name" not in data and "id" not in data and ("organizations" in data or "services" in data):
        for i, each in enumerate(_list(file, data, "organizations", pointer)):
            _organization(file, each, f"{pointer}/organizations/{i}")
        for i, each in enumerate(_list(file, data, "services", pointer)):
            _service(file, each, f"{pointer}/services/{i}", None)
        for name in lists_left_out(data):
            file.warn(join(pointer, name), msg("Only organizations and services are imported: this is left out."))
    else:
        kind = kind_of(data)
        if kind == "service":
            _service(file, data, pointer, None)
        elif kind == "organization":
            _organization(file, data, pointer)
        else:
            file.find(pointer, msg("This is {kind}. Only organizations and services are imported.", kind=kind))


def _list(file: HsdsFile, data: Mapping[str, Any], name: str, pointer: str) -> list[Any]:
    given = data.get(name)
    if given is not None and not isinstance(given, list):
        file.find(join(pointer, name), msg("A list is expected here."))
        return []
    return given or []


def _organization(file: HsdsFile, data: Any, pointer: str) -> UUID | None:
    id_ = _id(file, data, pointer)
    if id_ is None:
        return None
    for i, each in enumerate(_list(file, data, "services", pointer)):
        _service(file, each, f"{pointer}/services/{i}", id_)
    _keep(file.organizations, LocatedRecord({k: v for k, v in data.items() if k != "services"}, pointer, id_))
    return id_


def _service(file: HsdsFile, data: Any, pointer: str, owner: UUID | None) -> None:
    id_ = _id(file, data, pointer)
    if id_ is None:
        return
    if owner is not None:
        _own(file, id_, owner, pointer)
    if (nested := data.get("organization")) is not None:
        named_owner = _organization(file, nested, join(pointer, "organization"))
        if named_owner is not None:
            _own(file, id_, named_owner, join(pointer, "organization"))
    elif (named := data.get("organization_id")) is not None:
        if (named_owner := as_uuid(named)) is None:
            file.find(join(pointer, "organization_id"), msg("{value} is not a UUID.", value=str(named)))
        else:
            _own(file, id_, named_owner, join(pointer, "organization_id"))
    _keep(file.services, LocatedRecord({k: v for k, v in data.items() if k != "organization"}, pointer, id_))


def _own(file: HsdsFile, service: UUID, owner: UUID, pointer: str) -> None:
    """Notes whose service it is. One that two organizations have is refused at both places: which of them answers for
    it is not for us to choose."""
    first = file.owned_at.setdefault(service, pointer)
    if file.owners.setdefault(service, owner) == owner:
        return
    for here, there in ((pointer, first), (first, pointer)):
        sentence = msg(
            "This service is of another organization at {place}: each one needs a service with an id of its own.",
            place=there,
        )
        file.find(here, sentence)


def _keep(known: dict[UUID, LocatedRecord], placed: LocatedRecord) -> None:
    before = known.get(placed.id)
    if before is not None:
        fuller, other = (placed, before) if len(placed.record) > len(before.record) else (before, placed)
        placed = LocatedRecord({**other.record, **fuller.record}, fuller.pointer, placed.id)
    known[placed.id] = placed


def _id(file: HsdsFile, data: Any, pointer: str) -> UUID | None:
    if not isinstance(data, dict):
        file.find(pointer, msg("An organization or a service is expected here."))
        return None
    if (found := as_uuid(data.get("id"))) is None:
        file.find(join(pointer, "id"), msg("{value} is not a UUID.", value=str(data.get("id") or "")))
    return found


def as_uuid(value: Any) -> UUID | None:
    """Returns the UUID that a value writes, or None."""
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None
