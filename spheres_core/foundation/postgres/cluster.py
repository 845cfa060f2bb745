"""Runs an embedded PostgreSQL that starts when someone needs it, and knows the addresses of any other.

Whoever needs it first (`serve`, `worker`, a command, a test) starts it under a lock; all share it; `spheres stop`
ends it. It listens on a private socket, or on loopback where no socket will do, and asks everyone for a password.
What it needs to be found again lies in `postgres.json` in SPHERES_HOME, readable by its owner only. Every cluster has
a folder of its own, so that a server whose files were deleted under it cannot harm the next one.
"""

import contextlib
import shlex
import signal
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from spheres_core.foundation import deployment
from spheres_core.foundation.postgres import process, roles
from spheres_core.foundation.postgres.account import Account, owner_of, run
from spheres_core.foundation.postgres.address import choose_address, clear_socket, free_port, is_listening
from spheres_core.foundation.postgres.binaries import binaries_for, major_version
from spheres_core.foundation.postgres.errors import (
    AddressMissing,
    OtherMajorVersion,
    PostgresUnavailable,
    StartFailed,
    from_os_error,
    from_program_output,
)
from spheres_core.foundation.postgres.initialization import initialize_cluster
from spheres_core.foundation.postgres.locks import server_lock, start_lock
from spheres_core.foundation.postgres.progress import Report, silent
from spheres_core.foundation.postgres.server_record import (
    ServerRecord,
    ServerStatus,
    Urls,
    archive_record,
    read_record,
    write_record,
)

SERVERS_OWN: Final = "postgres"
"""The database that every server has, for statements about databases and roles."""
SETTINGS: Final[Mapping[str, str]] = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "jit": "off",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement carries answers of young people: neither it nor its values belong in a log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


def connection_urls(home: Path | None = None, *, report: Report = silent) -> Urls:
    """Returns the addresses in SPHERES_*DATABASE_URL, else those of the embedded server, started when need be."""
    app, owner, backup = (
        _plain(url) if url else None
        for url in (deployment.database_url(), deployment.owner_database_url(), deployment.backup_database_url())
    )
    if app is not None:
        return Urls(app=app, owner=owner, backup=backup)
    if owner or backup:
        raise AddressMissing("SPHERES_DATABASE_URL is not set, though another address is.")
    cluster = Cluster(home or deployment.home())
    cluster.start(report=report)
    return cluster.urls()


class Cluster:
    """The embedded PostgreSQL of one SPHERES_HOME. `bin_dir`: other programs than the wheel's, for tests."""

    def __init__(
        self,
        home: Path,
        bin_dir: Path | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        loopback: bool = False,
    ) -> None:
        self.home = Path(home).absolute()
        self._bin_dir = bin_dir
        self._settings = {**SETTINGS, **(settings or {})}
        self._loopback = loopback

    def start(self, *, report: Report = silent) -> None:
        """Starts the server and makes its roles and database, unless it runs already."""
        record = read_record(self.home)
        if record is not None and self._is_up(record):
            return
        try:
            with start_lock(self.home, report):
                self._start_locked(report)
        except OSError as error:
            raise from_os_error(error, "starting the database") from error

    def stop(self, *, seconds: float = 60) -> bool:
        """Stops the server, connections and all; nothing committed is lost. Returns whether it ran."""
        record = read_record(self.home)
        if record is None or process.running_server(record.data_in(self.home)) is None:
            return False
        with start_lock(self.home, silent):
            data = record.data_in(self.home)
            server = process.running_server(data)
            if server is None:
                return False
            if not process.stop(server, data, signal.SIGINT, seconds=seconds):
                raise StartFailed(self._with_log("The database did not stop in time.", record))
        return True

    def status(self) -> ServerStatus:
        """Returns whether and where it runs; starts nothing."""
        record = read_record(self.home)
        if record is None:
            return ServerStatus(running=False)
        data = record.data_in(self.home)
        server = process.running_server(data)
        address = f"127.0.0.1:{record.port}" if record.port else str(record.sockets_in(self.home))
        return ServerStatus(
            running=self._is_up(record),
            data=data,
            pid=server.pid if server else None,
            address=address,
            account=record.account,
        )

    def urls(self, database: str = roles.DATABASE) -> Urls:
        """Addresses of a database of this cluster for asyncpg, psycopg and libpq. The cluster must exist."""
        record = read_record(self.home)
        if record is None:
            raise PostgresUnavailable(f"No database has been made in {self.home} yet.")
        return record.urls(self.home, database)

    def create_database(self, name: str, *, template: str | None = None) -> Urls:
        """Makes one more database with the same roles (for tests); a template's connections must be closed."""
        with self.superuser() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}").format(
                    sql.Identifier(name),
                    sql.Identifier(roles.OWNER),
                    sql.Identifier(template or "template0"),
                    sql.Identifier("file_copy" if template else "wal_log"),  # one with tables is quicker as files
                )
            )
            _execute(connection, roles.connect_statements(name))
        if template is None:
            with self.superuser(name) as connection:
                _execute(connection, roles.schema_statements())
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Removes a database and whoever is still connected to it; no matter when it is not there."""
        with self.superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def databases(self) -> list[str]:
        """Returns the names of all databases but the server's own."""
        with self.superuser() as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
            ).fetchall()
        return sorted(row[0] for row in rows)

    @contextlib.contextmanager
    def superuser(self, database: str = SERVERS_OWN) -> Iterator[psycopg.Connection]:
        """Yields a connection as the superuser, on which each statement is committed by itself."""
        url = self.urls(database).needed("superuser")
        try:
            connection = psycopg.connect(url, autocommit=True, connect_timeout=20)
        except psycopg.OperationalError as error:
            raise PostgresUnavailable(f"The database does not answer: {error}") from error
        with contextlib.closing(connection):
            yield connection

    # -- starting -------------------------------------------------------------------------------

    def _start_locked(self, report: Report) -> None:
        record = read_record(self.home)
        if record is not None and self._is_up(record):
            return
        if record is None or not record.data_in(self.home).exists():
            if record is not None and record.ready:
                kept = archive_record(self.home, record)
                report(f"The database in {record.folder_in(self.home)} is gone; its passwords are kept in {kept.name}.")
            report("Making a new database …")
            record = initialize_cluster(self.home, self._bin_dir, self._settings)
        self._run_server(record, report)
        if not record.ready:
            self._create_roles_and_database(record)
            record.ready = True
            write_record(self.home, record)

    def _run_server(self, record: ServerRecord, report: Report) -> None:
        folder = record.folder_in(self.home)
        data = record.data_in(self.home)
        account = owner_of(data)
        programs = binaries_for(account, self._bin_dir, folder)
        self._check_version(account, programs, data)
        server = process.running_server(data)
        if server is not None:
            if self._wait_until_reachable(record):
                return
            # It runs but cannot be reached: its socket was deleted under it.
            process.stop(server, data, signal.SIGINT, seconds=60)
        report("Starting the database …")
        log = record.log_in(self.home)
        if log.exists():
            log.replace(log.with_name("previous.log"))
        with server_lock(folder) as handle:
            process.clear_stale_pid_file(data)
            clear_socket(record, self.home)
            while True:
                choose_address(record, self.home, account, loopback=self._loopback)
                write_record(self.home, record)
                said = self._pg_ctl_start(record, account, programs, handle)
                if said is None:
                    return
                if not record.port or "Address already in use" not in process.last_log_lines(log):
                    sentence = self._with_log("The database would not start.", record)
                    raise from_program_output(sentence, said, data)
                record.port = free_port()

    def _pg_ctl_start(self, record: ServerRecord, account: Account | None, programs: Path, handle: int) -> str | None:
        """Starts the server and waits until it answers. Returns None, or what went wrong."""
        data = record.data_in(self.home)
        settings = {
            **self._settings,
            "listen_addresses": "127.0.0.1" if record.port else "",
            "unix_socket_directories": "" if record.port else str(record.sockets_in(self.home)),
            "unix_socket_permissions": "0700",
            "port": str(record.port or 5432),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        code, said = run(
            account,
            [programs / "pg_ctl", "start", "-D", data, "-w", "-t", "120", "-s",
             "-l", record.log_in(self.home), "-o", shlex.join(options)],
            folder=data.parent,
            seconds=130,
            keeps=[handle],
        )  # fmt: skip
        return None if code == 0 else said or f"pg_ctl ended with {code}"

    def _check_version(self, account: Account | None, programs: Path, data: Path) -> None:
        written_by = int((data / "PG_VERSION").read_text().strip().split(".")[0])
        ours = major_version(account, programs)
        if written_by != ours:
            raise OtherMajorVersion(
                f"The data in {data} was written by PostgreSQL {written_by}; the programs here are "
                f"{ours}. Nothing was changed. Dump it with {written_by} (pg_dump), or choose another "
                "SPHERES_HOME."
            )

    def _wait_until_reachable(self, record: ServerRecord) -> bool:
        """Waits for a server that is starting or stopping. Returns whether it can be reached."""
        data = record.data_in(self.home)
        end = time.monotonic() + 60
        while (server := process.running_server(data)) is not None and time.monotonic() < end:
            if server.state == "ready":
                return is_listening(record, self.home)
            time.sleep(0.05)
        return False

    def _create_roles_and_database(self, record: ServerRecord) -> None:
        """Makes the roles and the database; each step may be repeated when a start was cut off."""
        with self.superuser() as connection:
            # A starter that was killed may have left a statement behind that still runs.
            connection.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
                "WHERE usename = current_user AND pid <> pg_backend_pid()"
            )
            _execute(connection, roles.role_statements())
            for login in (roles.OWNER, roles.APP, roles.BACKUP):
                # The server is told the verifier only, so no password can reach its log.
                verifier = connection.pgconn.encrypt_password(
                    record.passwords[login].encode(), login.encode(), b"scram-sha-256"
                )
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(verifier.decode()))
                )
            _execute(connection, ["REVOKE ALL ON DATABASE postgres FROM PUBLIC"])
        if roles.DATABASE not in self.databases():
            self.create_database(roles.DATABASE)
        else:
            with self.superuser() as connection:
                _execute(connection, roles.connect_statements())
            with self.superuser(roles.DATABASE) as connection:
                _execute(connection, roles.schema_statements())

    # -- finding it again -----------------------------------------------------------------------

    def _is_up(self, record: ServerRecord) -> bool:
        server = process.running_server(record.data_in(self.home)) if record.ready else None
        return server is not None and server.state == "ready" and is_listening(record, self.home)

    def _with_log(self, sentence: str, record: ServerRecord) -> str:
        log = record.log_in(self.home)
        lines = process.last_log_lines(log)
        return f"{sentence} The end of {log}:\n{lines}" if lines else sentence


def _execute(connection: psycopg.Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement.encode())


def _plain(url: str) -> str:
    """Returns a libpq address, also from one written for SQLAlchemy (`postgresql+asyncpg://`)."""
    scheme, separator, rest = url.strip().partition("://")
    if not separator or scheme.split("+")[0] not in ("postgres", "postgresql"):
        raise AddressMissing("Each SPHERES_*DATABASE_URL must begin with postgresql://.")
    return f"postgresql://{rest}"
