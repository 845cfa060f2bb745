"""Statements compiled once: SQLAlchemy Core declares them, asyncpg gets them as text with positions.

That keeps a request near hand-written SQL (figures: `make bench`).
"""

import re
import weakref
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Final, Generic, TypeVar, cast, overload

import msgspec
from sqlalchemy import (
    ColumnElement,
    Insert,
    SelectBase,
    Table,
    Uuid,
    bindparam,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

_DIALECT: Any = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]
TENANT: Final = "_tenant"
"""Name of the bind parameter that holds the transaction's tenant."""


class OwnTenant(ColumnElement[bool]):
    """`tenant_id = <the transaction's tenant>`; its own class so that a test can take the check away."""

    inherit_cache = True
    enforced = True

    def __init__(self, condition: ColumnElement[bool]) -> None:
        self.condition = condition


@compiles(OwnTenant)
def _own_tenant_sql(element: OwnTenant, compiler: Any, **kwargs: Any) -> str:
    return str(compiler.process(element.condition, **kwargs)) if OwnTenant.enforced else "true"


def scoped(target: Any) -> ColumnElement[bool]:
    """Returns the condition that keeps a statement inside the tenant; every query on a tenant table carries it."""
    return OwnTenant(target.c.tenant_id == bindparam(TENANT, type_=Uuid()))


def constant(value: Any, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Returns a constant that stands in the statement's text.

    Unlike a parameter it is known to a plan that is kept, and is not sent again each time.
    """
    written = literal(value, kind).compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})
    return literal_column(str(written), kind)


class Statement(Generic[T]):
    """A statement compiled once. `into` is the struct a row becomes, by position of the selected columns."""

    __slots__ = ("__weakref__", "_defaults", "_names", "_sql", "into", "source")
    _all: weakref.WeakSet["Statement[Any]"] = weakref.WeakSet()

    def __init__(self, source: ClauseElement, into: type[T] | None) -> None:
        self.source = source
        self.into = into
        self._sql: str | None = None
        self._names: tuple[str, ...] = ()
        self._defaults: dict[str, Any] = {}
        Statement._all.add(self)

    def compiled(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        """Returns the SQL text, the parameter name of each position, and the values that are fixed in the statement."""
        if self._sql is None:
            compiled: Any = self.source.compile(dialect=_DIALECT)
            defaults = {k: v for k, v in compiled.params.items() if v is not None}
            if isinstance(self.source, Insert):
                columns = cast(Table, self.source.table).c
                defaults |= {c.key: None for c in columns if c.nullable and c.key not in defaults}
            refuse_transaction_control(compiled.string)
            self._names = tuple(compiled.positiontup or ())
            self._defaults = defaults
            self._sql = compiled.string
        return self._sql, self._names, self._defaults

    def of(self, **values: Any) -> "BoundStatement[T]":
        """Returns this statement with its values, to be sent together with others."""
        return BoundStatement(self, values)

    @classmethod
    def forget_compiled(cls) -> None:
        """Compiles every statement anew at its next use (for tests that take a check away)."""
        for statement in cls._all:
            statement._sql = None
        compose.cache_clear()


@overload
def prepare(source: ClauseElement, into: None = None) -> Statement[Any]: ...
@overload
def prepare(source: ClauseElement, into: type[T]) -> Statement[T]: ...
def prepare(source: ClauseElement, into: type[T] | None = None) -> Statement[Any]:
    """Prepares a Core statement. Parameters are its bind names; on inserts, nullable columns may be left out."""
    return Statement(source, into)


def upsert(target: Table) -> Statement[Any]:
    """Returns the statement that writes a row, in place of the one with the same key. Its parameters are the columns.

    `await ctx.db.run(PUT, night=…, free=3)`, or `run_many` for several rows.
    """
    wanted = postgresql.insert(target)
    key = list(target.primary_key)
    rest = {each.name: wanted.excluded[each.name] for each in target.c if each not in key}
    return prepare(wanted.on_conflict_do_update(index_elements=key, set_=rest))


class BoundStatement(msgspec.Struct, Generic[T], frozen=True):
    """A statement with its values, not sent yet."""

    statement: Statement[T]
    values: dict[str, Any]


class TransactionControlRefused(Exception):
    """A statement that would change the transaction itself: its tenant, its role, its end."""


_TRANSACTION_CONTROL = re.compile(
    r"\bset_config\b|\bapp\.(?:tenant\b|reader_)|^\s*(set|reset|begin|start|commit|end|rollback|abort|discard)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=512)
def refuse_transaction_control(text: str) -> None:
    """Stops mistakes and plain attempts; code that means harm finds other ways (docs/hostile-plugins.md)."""
    if _TRANSACTION_CONTROL.search(text):
        raise TransactionControlRefused("a transaction's tenant, role and end are not for its statements to change")


@lru_cache(maxsize=512)
def compose(text: str, parts: tuple[Statement[Any], ...], own: int) -> str:
    """Returns `text` with the SQL of each part where `{0}`, `{1}` … stand; their positions count on from its `own`.

    Raises `TransactionControlRefused` for a text that is not for statements.
    """
    refuse_transaction_control(text)
    for number, part in enumerate(parts):
        sql, names, _ = part.compiled()
        text = text.replace(f"{{{number}}}", _counted_on(sql, own))
        own += len(names)
    return text


@lru_cache(maxsize=512)
def _counted_on(sql: str, before: int) -> str:
    """Returns a statement's text with its positions counted on from so many that stand before it."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + before}", sql)


@cache
def side_by_side(before: str, number: int) -> str:
    """Returns a statement that begins with `before` and asks so many queries, each for an array of its rows."""
    asked = [f"ARRAY(SELECT ROW(p{n}.*) FROM ({{{n}}}) AS p{n})" for n in range(number)]  # noqa: S608
    return f"{before} SELECT {', '.join(asked)}"


def together(parts: Sequence[BoundStatement[Any]]) -> BoundStatement[Any]:
    """Returns one statement that asks several queries, each for an array of its rows.

    What they say alike (`WITH`) is made once, and parameters of the same name are one. Raises `TypeError` when two of
    them give it different values.
    """
    values: dict[str, Any] = {}
    for name, value in (given for part in parts for given in part.values.items()):
        if values.setdefault(name, value) != value:
            raise TypeError(f"queries that are asked together give {name!r} different values")
    return BoundStatement(_together(tuple([part.statement for part in parts])), values)


@lru_cache(maxsize=64)
def _together(asked: tuple[Statement[Any], ...]) -> Statement[Any]:
    parts = [cast(SelectBase, each.source).subquery(f"p{number}") for number, each in enumerate(asked)]
    return prepare(select(*(func.array(select(func.row(*part.c)).scalar_subquery()) for part in parts)))
