"""Explains errors to the person at the keyboard. Imported when there is one: it names libraries that help needs not."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import asyncpg
import psycopg

from spheres_core.cli.output import CommandError, Output, as_command_error
from spheres_core.facts import Message, msg
from spheres_core.foundation.database.components import MigrationFailed, MigrationRefused
from spheres_core.foundation.encryption import KeyTrouble
from spheres_core.foundation.plugins.discovery import PluginBroken
from spheres_core.foundation.postgres.errors import (
    AddressMissing,
    BinariesMissing,
    DiskFull,
    HomeInUse,
    NotPermitted,
    OtherMajorVersion,
    PostgresUnavailable,
    StartFailed,
)
from spheres_core.notifications.mail_settings import ChannelMisconfigured

DATABASE_ERRORS: Final[dict[type[Exception], Message]] = defaultdict(
    lambda: msg("The database cannot be used."),
    {
        BinariesMissing: msg("The embedded database's programs are missing or do not run on this machine."),
        NotPermitted: msg("This user may not run the embedded database here."),
        DiskFull: msg("No space is left on the disk for the database."),
        StartFailed: msg("The embedded database does not start or stop."),
        OtherMajorVersion: msg("The data was written by another version of PostgreSQL; nothing was changed."),
        HomeInUse: msg("Another process, perhaps of another container, uses this SPHERES_HOME."),
        AddressMissing: msg("An address of your own PostgreSQL is missing or not written as it should be."),
    },
)
"""Each reason in the reader's language; the details, for who looks after the machine, stay as they are."""


def explain(error: Exception, output: Output) -> CommandError:
    """Returns an error as the sentence that is shown for it, with the exit code."""
    known = as_command_error(error, output.say)
    if known is not None:
        return known
    reason = str(error).strip()
    if isinstance(error, PluginBroken):
        return CommandError(
            msg("The plugin {plugin} cannot be used: {reason}", plugin=error.plugin_id, reason=error.message)
        )
    if isinstance(error, PostgresUnavailable):
        return CommandError(msg("{sentence} ({details})", sentence=DATABASE_ERRORS[type(error)], details=reason))
    if isinstance(error, KeyTrouble):
        return CommandError(msg("The key file cannot be used: {reason}.", reason=reason))
    if isinstance(error, ChannelMisconfigured):
        return CommandError(msg("The settings for mail cannot be used: {reason}.", reason=reason))
    if isinstance(error, MigrationFailed | MigrationRefused):
        return CommandError(msg("The database could not be brought up to date. {reason}", reason=reason))
    if isinstance(error, asyncpg.UndefinedTableError | psycopg.errors.UndefinedTable):
        return CommandError(msg("The database has no tables yet. Run `spheres migrate` first."))
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | psycopg.Error | ConnectionError):
        return CommandError(msg("The database does not answer as it should ({kind}).", kind=type(error).__name__))
    if isinstance(error, OSError):
        return CommandError(msg("{file}: {reason}.", file=error.filename or "", reason=error.strerror or reason))
    kind = type(error).__name__
    return CommandError(msg("Something went wrong that should not ({kind}). SPHERES_TRACE=1 shows where.", kind=kind))
