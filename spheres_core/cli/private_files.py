"""Writes files that only their owner reads: what comes out of the database of a region."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.markup import escape

from spheres_core.cli.output import CommandError, Output
from spheres_core.facts import msg
from spheres_core.foundation.content.text_files import replace_file


def require_free(path: Path, *, force: bool) -> None:
    """Raises `CommandError` for a file that is there already, unless it may be replaced."""
    if path.exists() and not force:
        raise CommandError(msg("{file} is there already. --force replaces it.", file=str(path)))


def write_private_file(path: Path, content: bytes, *, force: bool) -> None:
    """Writes a file with mode 0600. Raises `CommandError`."""
    require_free(path, force=force)
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)
        replace_file(path, content)
    except OSError as error:
        raise CommandError(msg("{file} cannot be written: {reason}.", file=str(path), reason=error.strerror)) from None


def print_written(output: Output, written: Sequence[Path]) -> None:
    """Says which files were written."""
    output.print_result(
        {"ok": True, "files": [str(each) for each in written]}, *(escape(str(each)) for each in written)
    )
