"""Static files, read once: each at an address with its content's hash, and compressed beforehand where that saves.

What a style sheet or a module names by a relative address (a font, another module) gets its hashed address, too.
"""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from litestar.response import Response
from msgspec import Struct

KEPT: Final = "public, max-age=31536000, immutable"
"""How a browser may keep a file at the address of its content: a year, without asking again."""
_SPELLED: Final = {
    ".css": re.compile(r'(?P<before>url\(")(?P<path>[^":]+)(?P<after>"\))'),
    ".js": re.compile(r'(?P<before>(?:from|import)\s+")(?P<path>\./[^"]+|\.\./[^"]+)(?P<after>")'),
}
_COMPRESSED: Final = {".css", ".js", ".svg"}
_TYPES: Final = {".woff2": "font/woff2", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class StaticFile(Struct, frozen=True):
    """A file as it is sent."""

    version: str
    """First characters of the SHA-256 of its content."""
    media_type: str
    body: bytes
    compressed: bytes | None = None
    """The same with gzip; None where that would not make it smaller."""


class StaticFiles:
    """Files below the rooms' `static` folders, by `<room>/<path>`. ValueError when they name each other in a circle."""

    def __init__(self, folders: Mapping[str, Path], *, relative: bool = False) -> None:
        """`relative`: files that name each other keep their relative addresses, since they stand at several places."""
        self._relative = relative
        self._folders = {room: folder.resolve() for room, folder in folders.items()}
        self._files: dict[str, StaticFile] = {}
        self._open: set[str] = set()
        for room, folder in self._folders.items():
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    self._read(f"{room}/{file.relative_to(folder).as_posix()}")

    def address(self, path: str) -> str:
        """Returns where `<room>/<path>` is served, with its content's hash. KeyError when there is no such file."""
        return f"/static/{path}?v={self._files[path].version}"

    def version(self, path: str) -> str:
        """Returns the hash of `<room>/<path>`. KeyError when there is no such file."""
        return self._files[path].version

    def answer(self, path: str, version: str, accepted: str) -> Response[bytes] | None:
        """Returns a file, None when there is none. Only at its own version it may be kept.

        `accepted`: the request's Accept-Encoding.
        """
        file = self._files.get(path)
        if file is None:
            return None
        headers = {"cache-control": KEPT if version == file.version else "no-store"}
        body = file.body
        if file.compressed is not None:
            headers["vary"] = "Accept-Encoding"
            if re.search(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", accepted):
                headers["content-encoding"], body = "gzip", file.compressed
        return Response(body, media_type=file.media_type, headers=headers)

    def _read(self, path: str) -> StaticFile:
        if path in self._files:
            return self._files[path]
        if path in self._open:
            raise ValueError(f"{path} names itself through other files")
        self._open.add(path)
        room, _, rest = path.partition("/")
        file = self._folders[room] / rest
        body, suffix = file.read_bytes(), file.suffix
        if suffix in _SPELLED and "vendor" not in file.relative_to(self._folders[room]).parts:
            body = self._with_addresses(body.decode(), path, _SPELLED[suffix]).encode()
        packed = gzip.compress(body, 9, mtime=0) if suffix in _COMPRESSED else body
        media_type = _TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        self._files[path] = StaticFile(
            hashlib.sha256(body).hexdigest()[:10], media_type, body, packed if len(packed) < len(body) else None
        )
        return self._files[path]

    def _with_addresses(self, text: str, path: str, spelled: re.Pattern[str]) -> str:
        def hashed(match: re.Match[str]) -> str:
            named = posixpath.normpath(posixpath.join(posixpath.dirname(path), match["path"]))
            place = match["path"] if self._relative else f"/static/{named}"
            return f"{match['before']}{place}?v={self._read(named).version}{match['after']}"

        return spelled.sub(hashed, text)
