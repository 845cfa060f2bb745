"""Deadlines of a transaction, and the errors that end one whose database does not answer."""

from typing import Final

import asyncpg
from msgspec import Struct

UNREACHABLE: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""Errors of a database that is down, frozen, full or too slow: not the fault of what was asked. `OSError` includes
`TimeoutError`."""


class Deadlines(Struct, frozen=True):
    """Seconds that a transaction may take for each of its parts; then it ends with one of `UNREACHABLE`."""

    begin: float = 4.0
    """To get a connection and begin."""
    statement: float = 15.0
    roll_back: float = 0.5
    """After that the connection is closed, which ends the transaction as well."""
    idle: float = 60.0
    """Between two statements."""
