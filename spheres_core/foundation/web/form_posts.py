"""Reads a form as a browser posts it without JavaScript: names and values, in order, and the files that came along."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from multipart import MultipartError, MultipartParser, parse_options_header

from spheres_core.foundation.web.posts import Post, PostedFile
from spheres_core.foundation.web.problems import MULTIPART, URL_ENCODED, Malformed, WrongKind

MOST_FIELDS = 20_000
MOST_PARTS = 1_000
"""Fields and files of a post that has files."""


async def read_post(request: Request[Any, Any, Any]) -> Post:
    """Returns the pairs of a posted form. Raises `WrongKind` and `Malformed`."""
    if not request.headers.get("content-type", "").startswith(URL_ENCODED):
        raise WrongKind
    try:
        body = (await request.body()).decode("ascii")
        return Post(parse_qsl(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise Malformed from None


async def read_post_with_files(request: Request[Any, Any, Any]) -> Post:
    """Returns the pairs and the files of a posted form; nothing of it is written to a disk.

    Raises `WrongKind` and `Malformed`.
    """
    content_type, options = parse_options_header(request.headers.get("content-type", ""))
    if content_type != MULTIPART:
        return await read_post(request)
    body = await request.body()
    parser = MultipartParser(
        io.BytesIO(body), options.get("boundary", ""), len(body), part_limit=MOST_PARTS, spool_limit=len(body) + 1,
        memory_limit=2 * len(body) + 1, disk_limit=0,
    )  # fmt: skip
    pairs: list[tuple[str, str]] = []
    files: list[PostedFile] = []
    try:
        for part in parser:
            if part.filename is None:
                pairs.append((part.name, part.value))
            elif part.filename or part.size:
                files.append(PostedFile(part.name, part.filename, part.raw))
    except (MultipartError, ValueError, LookupError):
        raise Malformed from None
    return Post(pairs, files)
