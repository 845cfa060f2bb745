"""A form as a file for another tool, as it is sent."""

from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.forms.exports.formats import FORMATS
from spheres_core.forms.schemas import Form
from spheres_core.foundation.content.packs import ContentInvalid
from spheres_core.foundation.errors import Conflict, NotFound


class FormatUnknown(NotFound):
    """Forms are not exported in such a format."""

    code = "format_unknown"
    message = msg("Forms are not exported in this format.")


class FormNotExported(Conflict):
    """A format cannot hold this form at all."""

    code = "form_not_exported"


def form_file(form: Form, kind: str) -> Response[bytes]:
    """Answers with a form as a download. Raises `FormatUnknown`, `FormNotExported`."""
    if kind not in FORMATS:
        raise FormatUnknown
    try:
        exported = FORMATS[kind](form)
    except ContentInvalid as invalid:
        raise FormNotExported(invalid.findings[0].message) from None
    name = f"{form.key}-{form.version}{exported.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(exported.content, media_type=exported.media_type, headers=headers)
