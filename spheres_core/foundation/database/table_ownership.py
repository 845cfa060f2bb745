"""Checks that a plugin's migration changes no table but its own."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

_FOREIGN_TABLES: Final = sa.text(
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


def foreign_tables(connection: sa.Connection, component: str) -> dict[str, tuple[Any, ...]]:
    """Returns the shape of every table that is not the component's: columns, keys, row-level security, rights."""
    return {row[0]: tuple(row[1:]) for row in connection.execute(_FOREIGN_TABLES, {"own": f"{component}_"})}


def changed_tables(before: dict[str, tuple[Any, ...]], after: dict[str, tuple[Any, ...]]) -> list[str]:
    """Returns the names of the tables whose shape differs."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
