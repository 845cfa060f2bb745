"""`postgres.json` in SPHERES_HOME: where the embedded cluster is and how to enter it; readable by its owner only."""

import os
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec
from msgspec import Struct, field

from spheres_core.foundation.postgres import roles
from spheres_core.foundation.postgres.account import Account
from spheres_core.foundation.postgres.errors import AddressMissing, PostgresUnavailable, from_os_error

SUPERUSER: Final = "spheres_superuser"
LOGINS: Final = (SUPERUSER, roles.OWNER, roles.APP, roles.BACKUP)


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
        """Returns the address of `owner` or `backup`. Raises AddressMissing with the variable to set."""
        url: str | None = getattr(self, name)
        if url is None:
            raise AddressMissing(
                f"This needs the {name} role: set SPHERES_{name.upper()}_DATABASE_URL beside SPHERES_DATABASE_URL."
            )
        return url


class ServerStatus(Struct, frozen=True):
    """Whether and where the embedded server runs."""

    running: bool
    data: Path | None = None
    pid: int | None = None
    address: str = ""
    """The socket's folder, or host and port."""
    account: str | None = None
    """The system user it runs as, when that is not us."""


class ServerRecord(Struct):
    """How to find a cluster again. `cluster` is random: no two clusters ever share a folder."""

    cluster: str
    folder: str = ""
    """Where its files are, when not inside SPHERES_HOME."""
    account: str | None = None
    """The system user the server runs as, when that is not us."""
    sockets: str = ""
    """The socket's folder, when not beside the data."""
    port: int = 0
    """A loopback port, when no socket will do."""
    passwords: dict[str, str] = field(default_factory=dict)
    ready: bool = False
    """Roles and database are there."""

    def folder_in(self, home: Path) -> Path:
        """Returns the folder of everything this cluster owns on disk."""
        return Path(self.folder) if self.folder else home / "postgres" / self.cluster

    def data_in(self, home: Path) -> Path:
        """Returns PostgreSQL's data folder."""
        return self.folder_in(home) / "data"

    def log_in(self, home: Path) -> Path:
        """Returns the server's log since its last start."""
        return self.folder_in(home) / "log" / "server.log"

    def sockets_in(self, home: Path) -> Path:
        """Returns the folder of the socket."""
        return Path(self.sockets) if self.sockets else self.folder_in(home) / "run"

    def url(self, home: Path, login: str, database: str) -> str:
        """Returns the libpq address of a database for one of LOGINS."""
        name, password, at = (quote(p, safe="") for p in (login, self.passwords[login], database))
        if self.port:
            return f"postgresql://{name}:{password}@127.0.0.1:{self.port}/{at}"
        return f"postgresql://{name}:{password}@/{at}?host={quote(str(self.sockets_in(home)))}"

    def urls(self, home: Path, database: str) -> Urls:
        """Returns the addresses of a database for every role."""
        app, owner, backup, superuser = (
            self.url(home, login, database) for login in (roles.APP, roles.OWNER, roles.BACKUP, SUPERUSER)
        )
        return Urls(app=app, owner=owner, backup=backup, superuser=superuser, embedded=True)


def read_record(home: Path) -> ServerRecord | None:
    """Returns the record of this home's cluster, or None before the first start."""
    path = home / "postgres.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=ServerRecord)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise from_os_error(error, "reading how to reach the database") from error
    except msgspec.DecodeError as error:
        raise PostgresUnavailable(
            f"{path} cannot be read ({error}). It holds the database's passwords: restore it from a "
            "backup, or move SPHERES_HOME away to begin anew."
        ) from error


def write_record(home: Path, record: ServerRecord) -> None:
    """Writes the record, whole or not at all."""
    write_private(home / "postgres.json", msgspec.json.format(msgspec.json.encode(record)).decode())


def archive_record(home: Path, record: ServerRecord) -> Path:
    """Renames the record of a cluster whose files are gone: they may come back, and then need their passwords."""
    kept = home / f"postgres-{record.cluster}.json"
    (home / "postgres.json").rename(kept)
    return kept


def write_private(path: Path, text: str, account: Account | None = None) -> None:
    """Writes a file that only its owner may read, whole or not at all."""
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
