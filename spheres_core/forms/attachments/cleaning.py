"""Takes a file that somebody gave, and returns what is kept of it; whatever is in it, the worst is a refusal."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.forms.attachments.file_kinds import KINDS, REFUSALS, WANTED, FileKind

WITHIN: Final = 15.0
"""Seconds that a file has to be written anew; then it is refused, and its process ended."""
LONGEST_NAME: Final = 80
_PROCESS: Final = "spheres_core.forms.attachments.decoder_process"
_WAITING: Final = ThreadPoolExecutor(2, thread_name_prefix="attachments")
"""Two files at a time: a server never decodes more than that, however many are sent."""
_SAID: Final = {f"!{code}": message for code, message in REFUSALS.items()}
_RESERVED: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')


class FileRefused(Exception):
    """A file that is not kept; `message` says why to whoever gave it."""

    def __init__(self, message: Message, code: str) -> None:
        self.message = message
        self.code = code
        super().__init__(code)


class CleanFile(Struct, frozen=True):
    """A file as it is kept."""

    content: bytes
    kind: FileKind
    name: str
    """A name that is safe to show and to save under; its ending says the kind that it really is."""


async def clean_file(data: bytes, name: str, asked: str, *, largest: int) -> CleanFile:
    """Returns what is kept of a file that was given to a question of the kind `asked`. Raises `FileRefused`.

    `largest`: bytes that it may have, before and after. It is decoded in a process of its own, which has a deadline.
    """
    if not data:
        raise FileRefused(REFUSALS["file_empty"], "file_empty")
    if len(data) > largest:
        raise FileRefused(too_large(largest), "file_too_large")
    line, _, content = (await asyncio.get_running_loop().run_in_executor(_WAITING, _decoded, data, asked)).partition(
        b"\n"
    )
    kind = KINDS.get(line.decode("ascii", "replace"))
    if kind is None:
        code = line.decode("ascii", "replace").removeprefix("!")
        raise FileRefused(
            WANTED[asked] if code == "file_kind" else REFUSALS.get(code, REFUSALS["file_unreadable"]), code
        )
    if len(content) > largest:
        raise FileRefused(too_large(largest), "file_too_large")
    return CleanFile(content, kind, safe_name(name, kind))


def too_large(largest: int) -> Message:
    """Returns what is said of a file that has more bytes than this."""
    return msg("This file is too large: at most {n} MB.", n=largest // 1_000_000)


def _decoded(data: bytes, asked: str) -> bytes:
    """Returns the answer of the process that decodes a file; it inherits nothing of the server's surroundings."""
    command = [sys.executable, "-I", "-m", _PROCESS, asked]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WITHIN, env={}, cwd="/", check=False)
    except subprocess.TimeoutExpired:
        return b"!file_too_slow\n"
    return done.stdout if done.returncode == 0 else b"!file_unreadable\n"


def safe_name(name: str, kind: FileKind) -> str:
    """Returns a name without folders, directions, line ends and what no file system takes, with the ending of its
    kind."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] not in "C")
    stem = _RESERVED.sub(" ", shown).rpartition(".")[0] or _RESERVED.sub(" ", shown)
    plain = " ".join(stem.replace(".", " ").split()).strip("-_ ")[:LONGEST_NAME].strip()
    return (plain or "file") + kind.suffix
