"""Answers with a PDF file as a download."""

from litestar import Response


def pdf_answer(content: bytes, name: str) -> Response[bytes]:
    """Answers with the file, which no cache keeps.

    `name` is the file's name without its ending: letters, digits and hyphens that say nothing of anybody.
    """
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"', "cache-control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
