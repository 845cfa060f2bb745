"""Answers with the log of workshops as a download that nothing keeps."""

from litestar.response import Response

from spheres_core.foundation.content.table_files import WrittenFile


def file_answer(file: WrittenFile) -> Response[bytes]:
    """Returns a file as a download."""
    headers = {
        "content-disposition": f'attachment; filename="workshops{file.suffix}"', "cache-control": "no-store",
    }  # fmt: skip
    kind = file.media_type.partition(";")[0]  # the framework says the encoding of a text itself
    return Response(file.content, media_type=kind, headers=headers)
