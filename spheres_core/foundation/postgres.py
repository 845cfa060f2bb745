"""The database next door: an embedded PostgreSQL that starts when someone needs it, and the addresses of any other.

Whoever needs it first (`serve`, `worker`, a command, a test) starts it under a lock; all share it; `spheres stop`
ends it. It listens on a private socket, or on loopback where no socket will do, and asks everyone for a password.
What it needs to be found again lies in `postgres.json` in SPHERES_HOME, readable by its owner only. Every cluster has
a folder of its own, so that a server whose files were deleted under it cannot harm the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import shlex
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec
import psycopg
from msgspec import Struct, field
from psycopg import sql

from spheres_core.foundation import postgres_host as host
from spheres_core.foundation import roles
from spheres_core.foundation.postgres_host import (
    Account,
    AddressMissing,
    DiskFull,
    NotPermitted,
    OtherMajorVersion,
    PostgresUnavailable,
    StartFailed,
    refusal,
)

SUPERUSER: Final = "spheres_superuser"
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
_LOGINS: Final = (SUPERUSER, roles.OWNER, roles.APP, roles.BACKUP)

Report = Callable[[str], None]


def silent(_line: str) -> None:
    """Report nothing."""


class Urls(Struct, frozen=True):
    """Addresses (libpq URIs with passwords) of one database by role. Never log them; printing one hides them."""

    app: str
    owner: str | None = None
    backup: str | None = None
    superuser: str | None = None
    embedded: bool = False

    def __repr__(self) -> str:
        return f"Urls({'embedded' if self.embedded else 'own server'}, addresses hidden)"

    def needed(self, name: str) -> str:
        """The address of `owner` or `backup`, or a sentence saying which variable is missing."""
        url: str | None = getattr(self, name)
        if url is None:
            raise AddressMissing(
                f"This needs the {name} role: set SPHERES_{name.upper()}_DATABASE_URL beside "
                "SPHERES_DATABASE_URL."
            )
        return url


class ServerStatus(Struct, frozen=True):
    """What `spheres doctor` tells of the embedded server."""

    running: bool
    data: Path | None = None
    pid: int | None = None
    address: str = ""
    """The socket's folder, or host and port."""
    account: str | None = None
    """The system user it runs as, when that is not us."""


class _Record(Struct):
    """`postgres.json`: how to find the cluster again and how to enter it."""

    cluster: str
    folder: str = ""
    """Where its files are; empty: inside SPHERES_HOME."""
    account: str | None = None
    sockets: str = ""
    port: int = 0
    """A loopback port, when no socket will do."""
    passwords: dict[str, str] = field(default_factory=dict)
    ready: bool = False
    """Roles and database are there."""


def home_from_environment() -> Path:
    """SPHERES_HOME: where the embedded database, keys and outgoing mail lie."""
    return Path(os.environ.get("SPHERES_HOME") or ".spheres")


def connection_urls(home: Path | None = None, *, report: Report = silent) -> Urls:
    """The addresses to use: those of SPHERES_*DATABASE_URL, else of the embedded server, started when need be."""
    app, owner, backup = (
        _plain(url) if (url := os.environ.get(name)) else None
        for name in (
            "SPHERES_DATABASE_URL",
            "SPHERES_OWNER_DATABASE_URL",
            "SPHERES_BACKUP_DATABASE_URL",
        )
    )
    if app is not None:
        return Urls(app=app, owner=owner, backup=backup)
    if owner or backup:
        raise AddressMissing("SPHERES_DATABASE_URL is not set, though another address is.")
    cluster = Cluster(home or home_from_environment())
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
        self._record_path = self.home / "postgres.json"

    def start(self, *, report: Report = silent) -> None:
        """See to it that the server runs, has its roles and the database. Costs nothing when it does."""
        record = self._read_record()
        if record is not None and self._is_up(record):
            return
        try:
            with self._lock(report):
                self._start_locked(report)
        except OSError as error:
            raise refusal(error, "starting the database") from error

    def stop(self, *, seconds: float = 60) -> bool:
        """End the server, connections and all; nothing committed is lost. Whether there was one to stop."""
        record = self._read_record()
        if record is None or host.postmaster(self._folder(record) / "data") is None:
            return False
        with self._lock(silent):
            data = self._folder(record) / "data"
            server = host.postmaster(data)
            if server is None:
                return False
            if not host.interrupt(server, data, signal.SIGINT, seconds=seconds):
                raise StartFailed(self._with_log("The database did not stop in time.", record))
        return True

    def status(self) -> ServerStatus:
        """Whether and where it runs; starts nothing."""
        record = self._read_record()
        if record is None:
            return ServerStatus(running=False)
        data = self._folder(record) / "data"
        server = host.postmaster(data)
        address = f"127.0.0.1:{record.port}" if record.port else str(self._sockets(record))
        return ServerStatus(
            running=self._is_up(record),
            data=data,
            pid=server.pid if server else None,
            address=address,
            account=record.account,
        )

    def urls(self, database: str = roles.DATABASE) -> Urls:
        """Addresses of a database of this cluster for asyncpg, psycopg and libpq. The cluster must exist."""
        record = self._read_record()
        if record is None:
            raise PostgresUnavailable(f"No database has been made in {self.home} yet.")
        app, owner, backup, superuser = (
            self._url(record, login, database)
            for login in (roles.APP, roles.OWNER, roles.BACKUP, SUPERUSER)
        )
        return Urls(app=app, owner=owner, backup=backup, superuser=superuser, embedded=True)

    def create_database(self, name: str, *, template: str | None = None) -> Urls:
        """Make one more database with the same roles (for tests); a template's connections must be closed."""
        with self._superuser("postgres") as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                    sql.Identifier(name),
                    sql.Identifier(roles.OWNER),
                    sql.Identifier(template or "template0"),
                )
            )
            _execute(connection, roles.door_statements(name))
        if template is None:
            with self._superuser(name) as connection:
                _execute(connection, roles.schema_statements())
        return self.urls(name)

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is still connected to it; no matter when it is not there."""
        with self._superuser("postgres") as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def databases(self) -> list[str]:
        """The names of all databases but the server's own."""
        with self._superuser("postgres") as connection:
            rows = connection.execute(
                "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
            ).fetchall()
        return sorted(row[0] for row in rows)

    # -- starting -------------------------------------------------------------------------------

    def _start_locked(self, report: Report) -> None:
        record = self._read_record()
        if record is not None and self._is_up(record):
            return
        if record is None or not (self._folder(record) / "data").exists():
            if record is not None:
                lost, kept = self._folder(record), self.home / f"postgres-{record.cluster}.json"
                self._record_path.rename(kept)
                report(f"The database in {lost} is gone; its passwords are kept in {kept.name}.")
            report("Making a new database …")
            record = self._make_cluster()
        self._run_server(record, report)
        if not record.ready:
            self._furnish(record)
            record.ready = True
            self._write_record(record)

    def _make_cluster(self) -> _Record:
        """Find a place and an account, and lay the data out there; the record is written when both stand."""
        account = host.find_account()
        record = _Record(cluster=secrets.token_hex(4), account=account.name if account else None)
        record.passwords = {login: secrets.token_urlsafe(24) for login in _LOGINS}
        folder = self._settle(record, account)
        programs = self._programs(account, folder)
        draft = folder / "draft"
        host.make_folder(draft, account)
        password_file = folder / "run" / "password"
        _write_private(password_file, record.passwords[SUPERUSER], account)
        try:
            command = self._initdb(account, programs, draft, password_file)
            code, said = host.run(account, command, folder=folder)
            if code != 0 and "--locale=C.UTF-8" in command:  # a system without that locale
                command[command.index("--locale=C.UTF-8")] = "--locale=C"
                code, said = host.run(account, command, folder=folder)
        finally:
            password_file.unlink(missing_ok=True)
        if code != 0:
            shutil.rmtree(folder, ignore_errors=True)
            raise _failure("The database could not be made.", said, folder)
        draft.rename(folder / "data")
        self._write_record(record)
        return record

    def _initdb(
        self, account: Account | None, programs: Path, data: Path, password_file: Path
    ) -> list[str]:
        by_bytes = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if host.major_version(account, programs) >= 17
            else ["--locale=C.UTF-8"]
        )
        no_sync = ["--no-sync"] if self._settings.get("fsync") == "off" else []
        return [
            str(programs / "initdb"), "-D", str(data), "-U", SUPERUSER, "--encoding=UTF8", *by_bytes,
            "--auth=scram-sha-256", f"--pwfile={password_file}", "--data-checksums", *no_sync,
        ]  # fmt: skip

    def _settle(self, record: _Record, account: Account | None) -> Path:
        """Make the cluster's folder: in SPHERES_HOME, or elsewhere when the account cannot get there."""
        self._settle_folder(self._folder(record), account)
        if account is not None and not host.account_can_use(account, self._folder(record) / "run"):
            shutil.rmtree(self._folder(record), ignore_errors=True)
            record.folder = str(self._place_outside() / record.cluster)
            self._settle_folder(Path(record.folder), account)
            if not host.account_can_use(account, Path(record.folder) / "run"):
                raise NotPermitted(f"User {account.name} cannot work in {record.folder}.")
        return self._folder(record)

    def _settle_folder(self, folder: Path, account: Account | None) -> None:
        folder.parent.mkdir(exist_ok=True)
        if account is not None and folder.is_relative_to(self.home):
            _let_through(self.home)
            _let_through(folder.parent)
        # As root the folder stays root's, so that the account can never put a link in our way.
        host.make_folder(folder, None, mode=0o700 if account is None else 0o711)
        for name in ("run", "log"):
            host.make_folder(folder / name, account)

    def _place_outside(self) -> Path:
        mark = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        for place in (Path("/var/lib"), Path("/var/tmp")):
            with contextlib.suppress(OSError, NotPermitted):
                host.make_folder(place / f"spheres-{mark}", None, mode=0o711)
                return place / f"spheres-{mark}"
        raise NotPermitted(
            f"{self.home} is closed to the database's user, and neither /var/lib nor /var/tmp can be "
            "written. Set SPHERES_HOME to a folder outside root's home, or set SPHERES_DATABASE_URL."
        )

    def _programs(self, account: Account | None, folder: Path) -> Path:
        programs = self._bin_dir or host.wheel_programs()
        host.check_programs(programs)
        if account is None:
            return programs
        code, _ = host.run(account, [programs / "postgres", "--version"], folder=Path("/"))
        # Ours to read but not the account's: /root, a closed home, a private environment.
        return programs if code == 0 else host.copy_programs(programs, folder)

    def _run_server(self, record: _Record, report: Report) -> None:
        folder = self._folder(record)
        data = folder / "data"
        account = host.owner_of(data)
        programs = self._programs(account, folder)
        self._check_version(account, programs, data)
        server = host.postmaster(data)
        if server is not None and not self._wait_until_up(record):
            # It runs but cannot be reached: its socket was deleted under it.
            host.interrupt(server, data, signal.SIGINT, seconds=60)
        if self._is_up(record):
            return
        report("Starting the database …")
        self._clear_stale(record, data)
        self._choose_address(record, account)
        end = time.monotonic() + 30
        while True:
            said = self._pg_ctl_start(record, account, programs, data)
            if said is None:
                return
            text = said + host.last_lines(folder / "log" / "server.log")
            # Its workers outlive a killed server for a moment; another may have taken the port.
            if "still in use" in text and time.monotonic() < end:
                time.sleep(0.2)
            elif record.port and "Address already in use" in text and time.monotonic() < end:
                record.port = host.free_port()
                self._write_record(record)
            else:
                raise _failure(self._with_log("The database would not start.", record), said, data)

    def _pg_ctl_start(
        self, record: _Record, account: Account | None, programs: Path, data: Path
    ) -> str | None:
        """Start the server and wait until it answers: None, or what went wrong."""
        settings = {
            **self._settings,
            "listen_addresses": "127.0.0.1" if record.port else "",
            "unix_socket_directories": "" if record.port else str(self._sockets(record)),
            "unix_socket_permissions": "0700",
            "port": str(record.port or 5432),
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = self._folder(record) / "log" / "server.log"
        log.unlink(missing_ok=True)
        code, said = host.run(
            account,
            [programs / "pg_ctl", "start", "-D", data, "-w", "-t", "120", "-s", "-l", log,
             "-o", shlex.join(options)],
            folder=data.parent,
            seconds=130,
        )  # fmt: skip
        return None if code == 0 else said or f"pg_ctl ended with {code}"

    def _check_version(self, account: Account | None, programs: Path, data: Path) -> None:
        written_by = int((data / "PG_VERSION").read_text().strip().split(".")[0])
        ours = host.major_version(account, programs)
        if written_by != ours:
            raise OtherMajorVersion(
                f"The data in {data} was written by PostgreSQL {written_by}; the programs here are "
                f"{ours}. Nothing was changed. Dump it with {written_by} (pg_dump), or choose another "
                "SPHERES_HOME."
            )

    def _wait_until_up(self, record: _Record) -> bool:
        """Give a server that is starting or stopping the time to do so."""
        data = self._folder(record) / "data"
        end = time.monotonic() + 60
        while time.monotonic() < end:
            server = host.postmaster(data)
            if server is None or server.state == "ready":
                break
            time.sleep(0.05)
        return self._is_up(record)

    def _clear_stale(self, record: _Record, data: Path) -> None:
        """Take away what a server that is gone has left and that names a stranger's process by now.

        PostgreSQL believes any living process of its user. Only then the files go: otherwise they help it see
        that workers of the old server still run.
        """
        claim = host.read_pid_file(data)
        if claim is not None and host.postmaster(data) is None and _is_alive(claim[0]):
            (data / "postmaster.pid").unlink(missing_ok=True)
        if not record.port:
            for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                with contextlib.suppress(OSError):
                    (self._sockets(record) / name).unlink(missing_ok=True)

    def _choose_address(self, record: _Record, account: Account | None) -> None:
        """A socket beside the data, else a short private folder, else a loopback port; kept for the next time."""
        if self._loopback:
            record.port = record.port or host.free_port()
        elif record.port == 0 and not self._has_socket_folder(record, account):
            # No TMPDIR here: it may be as deep as the folder that did not do.
            short = Path(tempfile.mkdtemp(prefix="spheres-", dir="/tmp"))
            if account is not None:
                os.chown(short, account.uid, account.gid)
            record.sockets = str(short)
            if not host.socket_fits(short):
                short.rmdir()
                record.sockets, record.port = "", host.free_port()
        self._write_record(record)

    def _has_socket_folder(self, record: _Record, account: Account | None) -> bool:
        folder = self._sockets(record)
        if record.sockets:
            with contextlib.suppress(OSError):
                seen = folder.lstat()
                wanted = account.uid if account else os.geteuid()
                private = stat.S_ISDIR(seen.st_mode) and stat.S_IMODE(seen.st_mode) == 0o700
                return private and seen.st_uid == wanted and host.socket_fits(folder)
            return False
        host.make_folder(folder, account)
        return host.socket_fits(folder)

    def _furnish(self, record: _Record) -> None:
        """Make the roles and the database; each step may be repeated when a start was cut off."""
        with self._superuser("postgres") as connection:
            _execute(connection, roles.role_statements())
            for login in (roles.OWNER, roles.APP, roles.BACKUP):
                # The server is told the verifier only, so no password can reach its log.
                verifier = connection.pgconn.encrypt_password(
                    record.passwords[login].encode(), login.encode(), b"scram-sha-256"
                )
                connection.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(login), sql.Literal(verifier.decode())
                    )
                )
            _execute(connection, ["REVOKE ALL ON DATABASE postgres FROM PUBLIC"])
        if roles.DATABASE not in self.databases():
            self.create_database(roles.DATABASE)
        else:
            with self._superuser("postgres") as connection:
                _execute(connection, roles.door_statements())
            with self._superuser(roles.DATABASE) as connection:
                _execute(connection, roles.schema_statements())

    # -- finding it again -----------------------------------------------------------------------

    def _folder(self, record: _Record) -> Path:
        return Path(record.folder) if record.folder else self.home / "postgres" / record.cluster

    def _sockets(self, record: _Record) -> Path:
        return Path(record.sockets) if record.sockets else self._folder(record) / "run"

    def _is_up(self, record: _Record) -> bool:
        server = host.postmaster(self._folder(record) / "data") if record.ready else None
        if server is None or server.state != "ready":
            return False
        return bool(record.port) or (self._sockets(record) / ".s.PGSQL.5432").exists()

    def _url(self, record: _Record, login: str, database: str) -> str:
        name, password = quote(login, safe=""), quote(record.passwords[login], safe="")
        at = quote(database, safe="")
        if record.port:
            return f"postgresql://{name}:{password}@127.0.0.1:{record.port}/{at}"
        return f"postgresql://{name}:{password}@/{at}?host={quote(str(self._sockets(record)))}"

    @contextlib.contextmanager
    def _superuser(self, database: str) -> Iterator[psycopg.Connection]:
        url = self.urls(database).needed("superuser")
        try:
            connection = psycopg.connect(url, autocommit=True, connect_timeout=20)
        except psycopg.OperationalError as error:
            raise PostgresUnavailable(f"The database does not answer: {error}") from error
        with contextlib.closing(connection):
            yield connection

    def _read_record(self) -> _Record | None:
        try:
            return msgspec.json.decode(self._record_path.read_bytes(), type=_Record)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise refusal(error, "reading how to reach the database") from error
        except msgspec.DecodeError as error:
            raise PostgresUnavailable(
                f"{self._record_path} cannot be read ({error}). It holds the database's passwords: "
                "restore it from a backup, or move SPHERES_HOME away to begin anew."
            ) from error

    def _write_record(self, record: _Record) -> None:
        _write_private(self._record_path, msgspec.json.format(msgspec.json.encode(record)).decode())

    @contextlib.contextmanager
    def _lock(self, report: Report) -> Iterator[None]:
        """One starter or stopper at a time; freed by the system when its process dies."""
        try:
            self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.home / "postgres.lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise refusal(error, "locking the database's folder") from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                report("Another process is starting or stopping the database; waiting …")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _with_log(self, sentence: str, record: _Record) -> str:
        log = self._folder(record) / "log" / "server.log"
        lines = host.last_lines(log)
        return f"{sentence} The end of {log}:\n{lines}" if lines else sentence


def _execute(connection: psycopg.Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement.encode())


def _failure(sentence: str, said: str, folder: Path) -> PostgresUnavailable:
    text = f"{sentence}\n{said.strip()}".strip()
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return DiskFull(f"No space is left on the disk of {folder}.\n{text}")
    if "Permission denied" in text or "Read-only file system" in text:
        return NotPermitted(text)
    return StartFailed(text)


def _write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            if account is not None:
                os.fchown(file.fileno(), account.uid, account.gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _let_through(folder: Path) -> None:
    """Let the account pass through a folder of ours; it can list and read nothing there."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & stat.S_IXOTH:
        folder.chmod(mode | stat.S_IXOTH)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _plain(url: str) -> str:
    """A libpq address, also from one written for SQLAlchemy (`postgresql+asyncpg://`)."""
    scheme, separator, rest = url.strip().partition("://")
    if not separator or scheme.split("+")[0] not in ("postgres", "postgresql"):
        raise AddressMissing("Each SPHERES_*DATABASE_URL must begin with postgresql://.")
    return f"postgresql://{rest}"
