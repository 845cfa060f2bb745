"""The three roles of the database, and why there are three.

`spheres_owner` owns the tables and migrates; `spheres_app` answers requests and owns nothing, so row-level security
holds for it; `spheres_backup` reads past row-level security, for dumps. None is a superuser: a superuser would hide a
missing policy. The names are fixed, because policies name them.
"""

from typing import Final

OWNER: Final = "spheres_owner"
APP: Final = "spheres_app"
BACKUP: Final = "spheres_backup"
DATABASE: Final = "spheres"

_ATTRIBUTES: Final = {
    OWNER: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    APP: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS",
    BACKUP: "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS",
}


def role_statements() -> list[str]:
    """Returns SQL that creates missing roles and sets the attributes of all; a superuser may run it again."""
    statements = [
        f"DO $$ BEGIN CREATE ROLE {name} {attributes}; "
        f"EXCEPTION WHEN duplicate_object THEN ALTER ROLE {name} {attributes}; END $$"
        for name, attributes in _ATTRIBUTES.items()
    ]
    return [
        *statements,
        f"GRANT pg_read_all_data TO {BACKUP}",
        f"ALTER ROLE {BACKUP} SET default_transaction_read_only = on",
    ]


def connect_statements(database: str = DATABASE) -> list[str]:
    """Returns SQL that says who may enter a database; a template does not pass that on."""
    return [
        f"REVOKE ALL ON DATABASE {_quoted(database)} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {OWNER}, {APP}, {BACKUP}",
    ]


def schema_statements() -> list[str]:
    """Returns SQL that says what the roles may do inside a database; run it while connected to it."""
    return [
        f"ALTER SCHEMA public OWNER TO {OWNER}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {APP}, {BACKUP}",
    ]


def roles_sql(database: str = DATABASE) -> str:
    """Returns the SQL that a database administrator runs once on a server of their own (psql, as a superuser)."""
    roles, connect, schema = (
        "\n".join(f"{statement};" for statement in statements)
        for statements in (role_statements(), connect_statements(database), schema_statements())
    )
    return f"""\
-- SPHÈRES on your own PostgreSQL (15 or newer). Run once with psql, as a superuser; running it again does no harm.

-- Three roles, none of them a superuser:
--   {OWNER} owns the tables and runs migrations    (SPHERES_OWNER_DATABASE_URL)
--   {APP} answers requests; it owns nothing and cannot pass row-level security    (SPHERES_DATABASE_URL)
--   {BACKUP} reads everything, for dumps; it cannot write    (SPHERES_BACKUP_DATABASE_URL)
{roles}

-- Passwords: nothing is set here, so that none is left in a file or a log. Type them at psql's prompt:
--   \\password {OWNER}
--   \\password {APP}
--   \\password {BACKUP}

-- The database. UTF-8 is required. C.UTF-8 sorts bytes; names are sorted by language in the application.
-- (PostgreSQL 17 and newer may use: LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C')
SELECT 'CREATE DATABASE {_quoted(database)} OWNER {OWNER} TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}')
\\gexec

-- Only these three enter it.
{connect}

\\connect {_quoted(database)}

-- {OWNER} creates here and nobody else does. Rights on each table come with its migration.
{schema}
"""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
