"""Counts the statements that requests send to the database."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from spheres_core.foundation.database.transactions import Db
from spheres_core.testing import World

STATEMENT_METHODS: Final = ("all", "one_or_none", "scalar", "run", "run_many", "unchecked_sql", "run_composed")


@contextlib.contextmanager
def count_statements(world: World) -> Iterator[Callable[[], int]]:
    """Counts the statements of a world's requests; yields a function that returns how many so far.

    Those that belong to no tenant are not counted: the process asks now and then which tenants changed.
    """
    database, number = world.runtime.database, 0

    class Counting(Db):
        __slots__ = ()

    def counting(name: str) -> Callable[..., Any]:
        original = getattr(Db, name)

        async def ask(db: Db, *given: Any, **values: Any) -> Any:
            nonlocal number
            number += 1
            return await original(db, *given, **values)

        return ask

    for name in STATEMENT_METHODS:
        setattr(Counting, name, counting(name))

    def begin(tenant_id: UUID | None) -> Db:
        made = Db if tenant_id is None else Counting
        return made(database.pool, tenant_id, database.deadlines)

    vars(database)["begin"] = begin
    try:
        yield lambda: number
    finally:
        del vars(database)["begin"]
