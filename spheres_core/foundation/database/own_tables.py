"""Reading a plugin's own tables and nothing else, for what it gathers before it is asked."""

from functools import lru_cache
from typing import Any, Final, NoReturn, TypeVar

from sqlalchemy import Table
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, ColumnClause, TextClause, UnaryExpression
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import SelectBase, TableClause

from spheres_core.foundation.database.statements import Statement
from spheres_core.foundation.database.transactions import Db

T = TypeVar("T")

FUNCTIONS: Final = frozenset({
    "abs", "array_agg", "avg", "bool_and", "bool_or", "coalesce", "count", "date_trunc", "greatest", "least", "length",
    "lower", "max", "min", "nullif", "round", "sum", "upper",
})  # fmt: skip
"""Functions of the database that a plugin's query may name: those that read nothing by themselves."""


class NotOwnTables(Exception):
    """A statement that does something else than read the plugin's own tables."""


class OwnTablesDb(Db):
    """A transaction of which a plugin may read its own tables only."""

    __slots__ = ("_inner", "_tables")

    def __init__(self, inner: Db, tables: frozenset[str]) -> None:
        self._inner = inner
        self._tables = tables
        self.tenant_id = inner.tenant_id
        self.ended = False

    async def all(self, statement: Statement[T], **values: Any) -> list[T]:
        """Returns every row of a query of the plugin's own tables. Raises `NotOwnTables`."""
        self._look_over(statement)
        return await self._inner.all(statement, **values)

    async def one_or_none(self, statement: Statement[T], **values: Any) -> T | None:
        """Returns the first row of one, or None. Raises `NotOwnTables`."""
        self._look_over(statement)
        return await self._inner.one_or_none(statement, **values)

    async def scalar(self, statement: Statement[Any], **values: Any) -> Any:
        """Returns the first column of the first row of one, or None. Raises `NotOwnTables`."""
        self._look_over(statement)
        return await self._inner.scalar(statement, **values)

    def _look_over(self, statement: Statement[Any]) -> None:
        if self.ended:
            raise RuntimeError("what is gathered is read before the question")
        problem = problem_with(statement, self._tables)
        if problem:
            raise NotOwnTables(problem)

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise NotOwnTables("only all, one_or_none and scalar are there, for prepared queries")

    run = run_many = sql = unchecked_sql = run_composed = batch = ask_together = savepoint = lock = try_lock = _refuse
    commit = roll_back = reading_only = _begin = _refuse


@lru_cache(maxsize=512)
def problem_with(statement: Statement[Any], tables: frozenset[str]) -> str:
    """Returns why a statement is not a query of these tables alone; an empty string when it is."""
    source = statement.source
    if not isinstance(source, SelectBase):
        return "it is not a query"
    return next((problem for each in visitors.iterate(source) if (problem := _problem(each, tables))), "")


def _problem(element: Any, tables: frozenset[str]) -> str:
    match element:
        case TableClause(name=name):
            strange = not isinstance(element, Table) or name not in tables or element.schema
            return f"{name} is not a table of its own" if strange else ""
        case TextClause():
            return "it holds plain SQL"
        case ColumnClause(is_literal=True):
            return "it holds plain SQL"
        case FunctionElement(name=name):
            return "" if name.lower() in FUNCTIONS else f"{name} is not among the functions that may be used"
        case BinaryExpression() | UnaryExpression():
            own = [element.operator, getattr(element, "modifier", None)]
            return "it holds an operator of its own" if any(isinstance(x, operators.custom_op) for x in own) else ""
        case SelectBase():
            hints = [getattr(element, name, ()) for name in ("_hints", "_statement_hints", "_prefixes", "_suffixes")]
            return "it holds plain SQL" if any(hints) else ""
        case _ if getattr(element, "is_dml", False):
            return "it writes"
    return ""
