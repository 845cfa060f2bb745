"""Files of a referral as they are sent, described and shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.response import Response

from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import Locale, Text
from spheres_core.referrals.queries.attachments import OpenedAttachment
from spheres_core.referrals.schemas import AttachmentRead

SANDBOX: Final = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_KILOBYTE: Final = 1000


def _body() -> RequestBody:
    content = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
    return RequestBody({"application/octet-stream": OpenAPIMediaType(schema=content)}, required=True)


@dataclass
class FileSent(Operation):
    """An operation whose body is a file."""

    def __post_init__(self) -> None:
        self.request_body = _body()


def attachment_answer(opened: OpenedAttachment) -> Response[bytes]:
    """Answers with a file as a download: no browser shows it in the page, runs what is in it, or keeps it."""
    plain = opened.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    headers = {
        "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(opened.name, safe='')}",
        "content-security-policy": SANDBOX,
        "cache-control": "no-store",
    }
    return Response(opened.content, media_type=opened.media_type, headers=headers)


def said_files(locale: Locale, found: Iterable[AttachmentRead]) -> dict[str, Text]:
    """Returns each file's name and size in words, by its id as it stands among the answers."""
    size = msg("{name} ({n} kB)")
    return {
        str(each.id): locale.say(size, name=each.name, n=locale.number(max(1, each.size // _KILOBYTE)))
        for each in found
    }
