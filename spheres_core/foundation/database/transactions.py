"""Transactions of one tenant over asyncpg, kept to the tenant's rows by row-level security.

A transaction begins with its first statement, in one driver message with the tenant it belongs to, and only the request
scope, the worker and the CLI end it. Without a tenant no row is seen.
"""

import asyncio
import contextlib
import uuid as _uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, TypeVar, cast

import asyncpg

from spheres_core.foundation.database.deadlines import UNREACHABLE as UNREACHABLE
from spheres_core.foundation.database.deadlines import Deadlines as Deadlines
from spheres_core.foundation.database.json_values import prepare_connection
from spheres_core.foundation.database.reader_settings import columns_that_tell, values_that_tell
from spheres_core.foundation.database.statements import (
    TENANT,
    BoundStatement,
    Statement,
    compose,
    refuse_transaction_control,
    side_by_side,
    together,
)

T = TypeVar("T")
Connection = Any
"""asyncpg's; it has no types."""

CONNECT_WITHIN: Final = 10.0
"""Seconds to make a connection."""
CANCEL_WITHIN: Final = 1.0
"""Seconds that the server has to end a statement that is too slow, before it counts as frozen."""
IDLE_CONNECTIONS_KEPT: Final = 300.0
"""Seconds that a connection stays open that nobody uses."""

_READ_AS: Final = f"SELECT {columns_that_tell(1)}"
PLANNING: Final = {"jit": "off", "max_parallel_workers_per_gather": "0", "random_page_cost": "1.1"}
"""Settings of a connection: to compile a plan, or to start processes for it, takes longer than our statements do; and
what is read is in memory or on a disk without arms, so that a page is read in an index's order instead of sorting all
rows of a tenant that grew since the last statistics."""

REQUESTS: Final = Deadlines()
UNHURRIED: Final = Deadlines(begin=60.0, statement=3600.0, roll_back=10.0, idle=3600.0)
"""For the worker and the commands, for which nobody waits at a page."""


class Db:
    """One transaction of one tenant. Rooms get it as `ctx.db`; they never begin it, commit it or roll it back."""

    __slots__ = (
        "_connection", "_deadlines", "_kept", "_pool", "_told", "commit_on_refusal", "ended", "open", "reader",
        "tenant_id",
    )  # fmt: skip

    def __init__(self, pool: asyncpg.Pool, tenant_id: _uuid.UUID | None, deadlines: Deadlines) -> None:
        self._pool = pool
        self._deadlines = deadlines
        self.tenant_id = tenant_id
        self._connection: Connection | None = None
        self._kept: Connection | None = None
        """The connection of `ask_before`, kept for the transaction."""
        self.open = False
        self.commit_on_refusal = False
        """Whether to commit although the answer is a refusal: a failed sign-in counts."""
        self.ended = False
        """True when nothing more may come: code that outlives the transaction cannot begin another in its name."""
        self.reader: Mapping[str, str] = {}
        """Who reads about participants, as `read_as` said last."""
        self._told: Mapping[str, str] = {}
        """Who reads, as the database knows it: before each statement it is told what `reader` says now."""

    async def all(self, statement: Statement[T], **values: Any) -> list[T]:
        """Returns every row, each as the statement's struct (as a driver record when it names none)."""
        sql, arguments = self._bind(statement, values)
        rows = await (await self._ready()).fetch(sql, *arguments)
        into = statement.into
        return [into(*row) for row in rows] if into is not None else cast(list[T], rows)

    async def one_or_none(self, statement: Statement[T], **values: Any) -> T | None:
        """Returns the first row, or None."""
        sql, arguments = self._bind(statement, values)
        row = await (await self._ready()).fetchrow(sql, *arguments)
        if row is None:
            return None
        return statement.into(*row) if statement.into is not None else cast(T, row)

    async def scalar(self, statement: Statement[Any], **values: Any) -> Any:
        """Returns the first column of the first row, or None."""
        sql, arguments = self._bind(statement, values)
        return await (await self._ready()).fetchval(sql, *arguments)

    async def run(self, statement: Statement[Any], **values: Any) -> int:
        """Runs the statement and returns the number of rows it touched."""
        sql, arguments = self._bind(statement, values)
        connection = await self._ready()
        prepared = await connection.fetch(sql, *arguments) if "RETURNING" in sql else None
        if prepared is not None:
            return len(prepared)
        return int((await connection.execute(sql, *arguments)).rpartition(" ")[2])

    async def run_many(self, statement: Statement[Any], rows: Sequence[dict[str, Any]]) -> None:
        """Runs the same statement for many rows, in one driver message."""
        if not rows:
            return
        bound = [self._bind(statement, row) for row in rows]
        connection = await self._ready()
        await connection.executemany(bound[0][0], [arguments for _, arguments in bound])

    async def sql(self, text: str, *arguments: Any) -> list[asyncpg.Record]:
        """Runs plain SQL for what Core cannot say (notifications, job functions), never with a person's words in it.

        Raises `TransactionControlRefused` for what would change the transaction itself: its tenant, its role, its end.
        """
        refuse_transaction_control(text)
        return await self.unchecked_sql(text, *arguments)

    async def unchecked_sql(self, text: str, *arguments: Any) -> list[asyncpg.Record]:
        """Runs plain SQL that may change the transaction itself. For the request scope, the worker and the CLI only."""
        return cast(list[asyncpg.Record], await (await self._ready()).fetch(text, *arguments))

    async def run_composed(
        self, text: str, parts: Sequence[BoundStatement[Any]], *arguments: Any
    ) -> list[asyncpg.Record]:
        """Runs plain SQL around prepared statements, in one round trip: `{0}`, `{1}` … in it stand for the parts."""
        given = [value for part in parts for value in self._bind(part.statement, part.values)[1]]
        sql = compose(text, tuple([part.statement for part in parts]), len(arguments))
        return cast(list[asyncpg.Record], await (await self._ready()).fetch(sql, *arguments, *given))

    async def batch(
        self, *parts: BoundStatement[Any], text: str = "", arguments: Sequence[Any] = ()
    ) -> list[list[Any]]:
        """Returns the rows of several queries, in one round trip. `text` may begin the statement (`WITH`)."""
        found = (await self.run_composed(side_by_side(text, len(parts)), parts, *arguments))[0]
        return [_structs(part.statement, rows) for part, rows in zip(parts, found, strict=True)]

    async def ask_together(self, *parts: BoundStatement[Any]) -> list[list[Any]]:
        """Returns the rows of several queries as `batch` does; see `statements.together`."""
        asking = together(parts)
        found = cast(list[Any], await self.one_or_none(asking.statement, **asking.values))
        return [_structs(part.statement, rows) for part, rows in zip(parts, found, strict=True)]

    async def ask_while_telling(self, reader: Mapping[str, str], statement: Statement[Any], **values: Any) -> list[Any]:
        """Says who reads, as `read_as`, and returns the first column of a query's rows, in one round trip.

        For a query of tables that look at no reader: whether they hear of her before or after it is not said.
        """
        sql, arguments = self._bind(statement, values)
        connection = self._connection or await self._begin()
        asking = f"SELECT ARRAY({sql}), {columns_that_tell(len(arguments) + 1)}"
        found = cast(list[Any], await connection.fetchval(asking, *arguments, *values_that_tell(reader)))
        self.reader = self._told = reader
        return found

    async def ask_before(self, text: str, *arguments: Any) -> Any:
        """Returns the first value of a statement of ours that is a transaction by itself, and belongs to no tenant.

        For what comes before anything of this transaction, which takes the same connection then.
        """
        if self.open:
            raise RuntimeError("this transaction has begun")
        async with asyncio.timeout(self._deadlines.begin):
            connection = await self._take_connection()
            try:
                found = await connection.fetchval(text, *arguments)
            except BaseException:  # nobody knows how far it came
                await self._throw_away(connection)
                raise
        self._kept = connection
        return found

    def _bind(self, statement: Statement[Any], values: dict[str, Any]) -> tuple[str, list[Any]]:
        sql, names, defaults = statement.compiled()
        tenant = self.tenant_id
        try:
            return sql, [
                values[name] if name in values else tenant if name in (TENANT, "tenant_id") else defaults[name]
                for name in names
            ]
        except KeyError as missing:
            raise TypeError(f"the statement needs {missing.args[0]!r}: {sql}") from None

    async def _ready(self) -> Connection:
        """Returns the connection, in the transaction, for which the database knows who reads."""
        connection = self._connection or await self._begin()
        if self.reader is not self._told and self.reader != self._told:
            told = self.reader
            await connection.fetch(_READ_AS, *values_that_tell(told))
            self._told = told
        return connection

    async def _begin(self, then: str = "") -> Connection:
        """Begins the transaction in its tenant; `then` goes along in the same message."""
        if self.ended:
            raise RuntimeError("this transaction is over")
        start = "BEGIN"
        if self.tenant_id is not None:
            if not isinstance(self.tenant_id, _uuid.UUID):
                raise TypeError("a tenant's id is a UUID")
            start = f"BEGIN; SELECT set_config('app.tenant', '{self.tenant_id}', true)"
        start = f"{start}; {then}" if then else start
        async with asyncio.timeout(self._deadlines.begin):
            connection = await self._take_connection()
            try:
                await connection.execute(start)
            except BaseException:  # nobody knows how far it came
                await self._throw_away(connection)
                raise
        self._connection = connection
        self._told = {}
        self.open = True
        return connection

    async def _take_connection(self) -> Connection:
        kept, self._kept = self._kept, None
        return kept or await self._pool.acquire()

    async def _throw_away(self, connection: Connection) -> None:
        connection.terminate()
        await self._pool.release(connection)

    def read_as(self, **reader: str) -> None:
        """Says for the rest of the transaction who reads about participants: a value for each of `READER_SETTINGS`.

        The database is told with the next statement. For the room `consents` only: whoever else could say so could say
        that she is somebody else.
        """
        self.reader = reader

    @contextlib.asynccontextmanager
    async def savepoint(self, *, undo: bool = False) -> AsyncIterator[None]:
        """Undoes what is written inside when the block raises; the transaction goes on. May be nested.

        `undo`: also when the block ends well, for what is only tried out.
        """
        await self.unchecked_sql("SAVEPOINT here")
        before, kept = self.reader, False
        try:
            yield
            kept = not undo
        finally:
            connection = cast(Connection, self._connection)
            if not kept:
                await connection.execute("ROLLBACK TO SAVEPOINT here")
                self.reader = self._told = before  # what was said inside is undone with all else
            await connection.execute("RELEASE SAVEPOINT here")

    @contextlib.asynccontextmanager
    async def reading_only(self, seconds: float) -> AsyncIterator[None]:
        """Lets nothing be written inside and ends each statement after so many seconds; a failed one harms nothing."""
        limits = f"SET LOCAL transaction_read_only = on; SET LOCAL statement_timeout = {_milliseconds(seconds)}"
        opening = f"SAVEPOINT reading; {limits}"
        connection = self._connection
        if connection is None:
            connection = await self._begin(opening)
        else:
            await connection.execute(opening)
        before, told = self.reader, self._told
        try:
            yield
        finally:
            self.reader, self._told = before, told
            await connection.execute("ROLLBACK TO SAVEPOINT reading; RELEASE SAVEPOINT reading")

    async def lock(self, name: str, key: object) -> None:
        """Waits for the advisory lock on `key` among those called `name`, and holds it until the transaction ends."""
        await self.sql("SELECT pg_advisory_xact_lock(hashtext($1), hashtext($2))", name, str(key))

    async def try_lock(self, name: str, key: object) -> bool:
        """Takes the same lock unless another transaction holds it. Returns whether it was taken."""
        rows = await self.sql("SELECT pg_try_advisory_xact_lock(hashtext($1), hashtext($2))", name, str(key))
        return bool(rows[0][0])

    async def commit(self) -> None:
        """Commits. For the request scope, the worker and the CLI only."""
        await self._end("COMMIT")

    async def roll_back(self) -> None:
        """Rolls the transaction back; by closing the connection when the database does not answer."""
        if self._connection is None and self._kept is None:
            return
        with contextlib.suppress(*UNREACHABLE):
            async with asyncio.timeout(self._deadlines.roll_back):
                await self._end("ROLLBACK")

    async def _end(self, how: str) -> None:
        connection, self._connection, self._kept = self._connection or self._kept, None, None
        if connection is None:
            return
        try:
            if self.open:
                self.open = False
                await connection.execute(how)
        except BaseException:
            connection.terminate()
            raise
        finally:
            await self._pool.release(connection)


def _structs(statement: Statement[T], rows: Sequence[Any]) -> list[T]:
    """Returns rows that came inside a row as the statement's structs."""
    return [statement.into(*row) for row in rows] if statement.into is not None else cast(list[T], list(rows))


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that is not reset when it is returned: settings are local to a transaction."""

    def get_reset_query(self) -> str:
        return ""


class Database:
    """A connection pool for one role. The dispatcher has one for requests; the worker and the CLI have their own."""

    def __init__(self, url: str, *, least: int = 1, most: int = 10, deadlines: Deadlines | None = None) -> None:
        """`deadlines`: those of a request when none are given."""
        self._url = url
        self._least = least
        self._most = most
        self.deadlines = deadlines or REQUESTS
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> "Database":
        """Opens the pool. Raises what the driver raises when the server cannot be reached."""
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=self._least,
                max_size=self._most,
                connection_class=_Connection,
                max_cacheable_statement_size=0,  # of any length: planning what decides about a list takes 10 ms
                init=prepare_connection,
                timeout=CONNECT_WITHIN,
                command_timeout=self.deadlines.statement + CANCEL_WITHIN,
                max_inactive_connection_lifetime=IDLE_CONNECTIONS_KEPT,
                server_settings={
                    "application_name": "spheres",
                    "timezone": "UTC",
                    **PLANNING,
                    "statement_timeout": _milliseconds(self.deadlines.statement),
                    "idle_in_transaction_session_timeout": _milliseconds(self.deadlines.idle),
                },
            )
        return self

    async def close(self) -> None:
        """Closes every connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()

    def with_own_connection(self) -> "Database":
        """Returns the same database with one connection of its own, for another thread's event loop."""
        return Database(self._url, least=0, most=1, deadlines=self.deadlines)

    async def connect_alone(self) -> asyncpg.Connection:
        """Returns a connection outside the pool, to listen on. The caller closes it."""
        return await asyncpg.connect(self._url, timeout=CONNECT_WITHIN)

    @property
    def pool(self) -> asyncpg.Pool:
        """Returns the open pool. Raises RuntimeError when `open` was not called."""
        if self._pool is None:
            raise RuntimeError("the database is not open")
        return self._pool

    def begin(self, tenant_id: _uuid.UUID | None) -> Db:
        """Returns a transaction that starts with its first statement; the caller must end it."""
        return Db(self.pool, tenant_id, self.deadlines)

    async def ask_alone(self, text: str, *arguments: Any) -> Any:
        """Returns the first value of a statement of ours that is a transaction by itself, and belongs to no tenant."""
        db = self.begin(None)
        try:
            return await db.ask_before(text, *arguments)
        finally:
            await db.roll_back()

    @contextlib.asynccontextmanager
    async def transaction(self, tenant_id: _uuid.UUID | None) -> AsyncIterator[Db]:
        """Yields a whole transaction: committed when the block ends well, rolled back when it raises."""
        db = self.begin(tenant_id)
        try:
            yield db
        except BaseException:
            db.ended = True
            await db.roll_back()
            raise
        db.ended = True
        await db.commit()


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))
