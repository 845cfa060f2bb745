"""Sends a copy of what a plugin holds as a download."""

from collections.abc import Iterator

from litestar.response import Stream

from spheres_core.site.operations import export_document


def download(export: export_document.Export, pieces: Iterator[bytes]) -> Stream:
    """Answers with a zip that is sent in pieces and that nothing keeps."""
    headers = {"content-disposition": f'attachment; filename="{export.name}"', "cache-control": "no-store"}
    return Stream(pieces, media_type=export_document.ZIP, headers=headers)
