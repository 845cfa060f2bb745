"""The process that decodes one file: `python -m spheres_core.forms.attachments.decoder_process KIND`.

It reads the file from its standard input and answers with a line, the media type or `!` and the code of a refusal, and
the bytes that are kept. It is given no key and no address of a database, and may write no file; whatever a hostile file
makes of a decoder ends with it.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from typing import Final

from spheres_core.forms.attachments.rewriting import FileNotRewritten, rewrite_file

MOST_MEMORY: Final = 1_500_000_000
"""Bytes of address space."""
MOST_SECONDS: Final = 20
"""Seconds of processor time."""


def limit_resources() -> None:
    """Takes from this process what a decoder never needs. A limit that the system does not have is left out."""
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_AS, MOST_MEMORY),
    ):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def main() -> None:
    limit_resources()
    try:
        content, kind = rewrite_file(sys.stdin.buffer.read(), sys.argv[1])
    except FileNotRewritten as refused:
        sys.stdout.buffer.write(f"!{refused.code}\n".encode())
    else:
        sys.stdout.buffer.write(kind.media_type.encode() + b"\n" + content)


if __name__ == "__main__":
    main()
