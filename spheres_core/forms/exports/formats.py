"""The formats that a form can be exported in, each as a file with what it cannot say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from msgspec import Struct

from spheres_core.forms.exports.fhir_questionnaire import MEDIA_TYPE, questionnaire
from spheres_core.forms.exports.xlsform_tools import portable_workbook, xform
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.table_files import XLSX


class ExportedForm(Struct, frozen=True):
    """A form as a file: its bytes, their media type, the ending of its name, and what the format cannot say."""

    content: bytes
    media_type: str
    suffix: str
    findings: tuple[Finding, ...]


def _fhir(form: Form) -> ExportedForm:
    made, findings = questionnaire(form)
    content = msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n"
    return ExportedForm(content, MEDIA_TYPE, ".json", findings)


def _xlsform(form: Form) -> ExportedForm:
    content, findings = portable_workbook(form)
    return ExportedForm(content, XLSX, ".xlsx", findings)


def _xform(form: Form) -> ExportedForm:
    content, findings = xform(form)
    return ExportedForm(content, "application/xml", ".xml", findings)


FORMATS: Final[Mapping[str, Callable[[Form], ExportedForm]]] = {"xlsform": _xlsform, "xform": _xform, "fhir": _fhir}
"""By the name that commands and addresses use. Each may raise `ContentInvalid` with what stands against it."""
