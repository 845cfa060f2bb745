"""What a migration of a plugin leaves alone: every table that is not its own."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

_OTHERS: Final = sa.text(
    "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text, pg_get_userbyid(c.relowner),"
    " (SELECT array_agg(a.attname || ' ' || a.atttypid || ' ' || a.attnotnull ORDER BY a.attnum) FROM pg_attribute a"
    "   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text,"
    " (SELECT array_agg(p.polname || ' ' || p.polroles::text || coalesce(pg_get_expr(p.polqual, p.polrelid), '')"
    "   || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') ORDER BY p.polname)"
    "   FROM pg_policy p WHERE p.polrelid = c.oid)::text,"
    " (SELECT array_agg(t.tgname ORDER BY t.tgname) FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)"
    "   ::text,"
    " (SELECT array_agg(pg_get_constraintdef(k.oid) ORDER BY k.conname) FROM pg_constraint k WHERE k.conrelid = c.oid)"
    "   ::text"
    " FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')"
    " AND NOT starts_with(c.relname, :own) ORDER BY 1"
)


def of_others(connection: sa.Connection, component: str) -> dict[str, tuple[Any, ...]]:
    """The shape of every table that does not begin with the component's name: columns, keys, wall, rights."""
    return {row[0]: tuple(row[1:]) for row in connection.execute(_OTHERS, {"own": f"{component}_"})}


def touched(before: dict[str, tuple[Any, ...]], after: dict[str, tuple[Any, ...]]) -> list[str]:
    """The tables that are not what they were."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
