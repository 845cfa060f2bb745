"""Errors of the database server, each a sentence for the person who runs the system."""

import errno
from pathlib import Path


class PostgresUnavailable(Exception):
    """The database cannot be reached. The text is a sentence for the person who runs the system."""


class BinariesMissing(PostgresUnavailable):
    """The server programs are not there or do not run on this machine."""


class NotPermitted(PostgresUnavailable):
    """The system does not let us: files of another user, no right to change users, a read-only folder."""


class DiskFull(PostgresUnavailable):
    """No space is left where the data lies."""


class StartFailed(PostgresUnavailable):
    """The server would not start or stop; the text ends in the last lines of its log."""


class OtherMajorVersion(PostgresUnavailable):
    """The data was written by another major version of PostgreSQL."""


class HomeInUse(PostgresUnavailable):
    """Processes that we cannot see hold the data, e.g. of another container."""


class AddressMissing(PostgresUnavailable):
    """Addresses of an own server are given, but not the one that is needed."""


def from_os_error(error: OSError, doing: str) -> PostgresUnavailable:
    """Returns the error to raise for one of the operating system. `doing` completes "It failed while …"."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(f"No space is left on the disk while {doing}{where}.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotPermitted(f"This user may not do it: {doing}{where}: {error.strerror}.")
    return PostgresUnavailable(f"It failed while {doing}{where}: {error.strerror or error}.")


def from_program_output(sentence: str, output: str, folder: Path) -> PostgresUnavailable:
    """Returns the error to raise for what a PostgreSQL program has printed."""
    text = f"{sentence}\n{output.strip()}".strip()
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return DiskFull(f"No space is left on the disk of {folder}.\n{text}")
    if "Permission denied" in text or "Read-only file system" in text:
        return NotPermitted(text)
    return StartFailed(text)
