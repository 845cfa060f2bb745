"""The environment variables of a deployment; the only module that reads or sets them.

Each value is read anew when it is asked for. `docs/run-it.md` lists the same names.
"""

import os
from pathlib import Path
from typing import Final

HOME: Final = "SPHERES_HOME"
DATABASE_URL: Final = "SPHERES_DATABASE_URL"
OWNER_DATABASE_URL: Final = "SPHERES_OWNER_DATABASE_URL"
BACKUP_DATABASE_URL: Final = "SPHERES_BACKUP_DATABASE_URL"
KEY_FILE: Final = "SPHERES_KEY_FILE"
VAULT_KEY_FILE: Final = "SPHERES_VAULT_KEY_FILE"
PLUGINS: Final = "SPHERES_PLUGINS"
TRUSTED_PROXIES: Final = "SPHERES_TRUSTED_PROXIES"
PUBLIC_URL: Final = "SPHERES_PUBLIC_URL"
MAIL_SENDER: Final = "SPHERES_MAIL_SENDER"
SMTP_URL: Final = "SPHERES_SMTP_URL"
SMTP_PASSWORD_FILE: Final = "SPHERES_SMTP_PASSWORD_FILE"  # noqa: S105 - the name of a variable
POST_LIMITS: Final = "SPHERES_POST_LIMITS"
PRIVATE_NETWORKS: Final = "SPHERES_PRIVATE_NETWORKS"
TRUSTED_KEYS: Final = "SPHERES_TRUSTED_KEYS"
TRACE: Final = "SPHERES_TRACE"
TEST_DATABASES: Final = "SPHERES_TEST_DATABASES"
PORT: Final = "PORT"

DEFAULT_PORT: Final = 8000
_DATABASE_URLS: Final = (DATABASE_URL, OWNER_DATABASE_URL, BACKUP_DATABASE_URL)
VARIABLES: Final = (
    HOME, *_DATABASE_URLS, KEY_FILE, VAULT_KEY_FILE, PLUGINS, TRUSTED_PROXIES, PUBLIC_URL, MAIL_SENDER, SMTP_URL,
    SMTP_PASSWORD_FILE, POST_LIMITS, PRIVATE_NETWORKS, TRUSTED_KEYS, TRACE, TEST_DATABASES,
)  # fmt: skip
"""Every variable of ours."""


def home() -> Path:
    """Returns the folder of the embedded database, the key file and outgoing messages; `.spheres` by default."""
    return Path(_value(HOME) or ".spheres")


def database_url() -> str | None:
    """Returns the address of the operator's own PostgreSQL, or None for the embedded one."""
    return _value(DATABASE_URL)


def owner_database_url() -> str | None:
    """Returns the address of the operator's own PostgreSQL as the owner of the tables."""
    return _value(OWNER_DATABASE_URL)


def backup_database_url() -> str | None:
    """Returns the address of the operator's own PostgreSQL as the role that dumps."""
    return _value(BACKUP_DATABASE_URL)


def key_file() -> Path:
    """Returns the path of the key file; `key.json` in the home folder by default."""
    named = _value(KEY_FILE)
    return Path(named) if named else home() / "key.json"


def vault_key_file() -> Path:
    """Returns the path of the second key file; `vault-key.json` in the home folder by default."""
    named = _value(VAULT_KEY_FILE)
    return Path(named) if named else home() / "vault-key.json"


def private_networks() -> list[str]:
    """Returns the private networks that plugins may call, e.g. `10.1.0.0/16`; none by default."""
    return (_value(PRIVATE_NETWORKS) or "").split()


def trusted_keys() -> list[str]:
    """Returns the public keys by one of which code must be signed; empty: code needs no signature."""
    return (_value(TRUSTED_KEYS) or "").split()


def plugin_folders() -> list[Path] | None:
    """Returns the folders to search for plugins, or None when the variable is not set."""
    named = _value(PLUGINS)
    return [Path(part) for part in named.split(os.pathsep) if part] if named else None


def trusted_proxies() -> list[str]:
    """Returns the proxies whose `X-Forwarded-*` headers are believed, as written: addresses and networks."""
    return [part.strip() for part in (_value(TRUSTED_PROXIES) or "").split(",") if part.strip()]


def post_limits() -> str:
    """Returns the limits of public posts that differ from the usual ones, as written; empty for none."""
    return _value(POST_LIMITS) or ""


def port() -> str:
    """Returns the port to listen on, as written: the caller checks that it is a number."""
    return _value(PORT) or str(DEFAULT_PORT)


def public_url() -> str:
    """Returns the address at which people reach the site, without a slash at its end."""
    return (_value(PUBLIC_URL) or f"http://127.0.0.1:{port()}").rstrip("/")


def mail_sender() -> str:
    """Returns the address that messages come from; empty when mail is not set up."""
    return _value(MAIL_SENDER) or ""


def smtp_url() -> str:
    """Returns the mail server's address; empty when messages become files."""
    return _value(SMTP_URL) or ""


def smtp_password_file() -> Path | None:
    """Returns the path of the file that holds the mail server's password."""
    named = _value(SMTP_PASSWORD_FILE)
    return Path(named) if named else None


def shows_tracebacks() -> bool:
    """Returns whether a command shows the traceback of an unexpected error instead of one sentence."""
    return bool(_value(TRACE))


def terminal_language() -> str:
    """Returns the language tag that LC_ALL, LC_MESSAGES or LANG asks for, e.g. `fr-CA`; empty for none."""
    named = _value("LC_ALL") or _value("LC_MESSAGES") or _value("LANG") or ""
    return named.partition(".")[0].partition("@")[0].replace("_", "-")


def has_terminal_width() -> bool:
    """Returns whether COLUMNS says how wide the terminal is."""
    return bool(_value("COLUMNS"))


def program_path() -> str:
    """Returns the folders in which the system looks for programs, separated by colons."""
    return os.environ.get("PATH", os.defpath)


def for_child_process(**variables: str) -> dict[str, str]:
    """Returns a copy of the whole environment with `variables` set, for a child process that is ours."""
    return {**os.environ, **variables}


def for_importing(folder: str, **variables: str) -> dict[str, str]:
    """Returns the environment of a child process that finds Python modules in `folder` first."""
    search_path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH", ""))))
    return for_child_process(PYTHONPATH=search_path, **variables)


def for_postgres() -> dict[str, str]:
    """Returns the little that PostgreSQL's programs need: where programs and libraries are, and no language."""
    libraries = {name: value for name, value in os.environ.items() if name.startswith(("LD_", "DYLD_"))}
    return {"PATH": program_path(), "LC_ALL": "C", "TZ": "UTC", **libraries}


def set_port(port: int) -> None:
    """Sets the port for this process and its children, so that links in messages lead to where it listens."""
    os.environ[PORT] = str(port)


def set_default_port(port: int) -> None:
    """Sets the port unless the operator has set one."""
    os.environ.setdefault(PORT, str(port))


def use_home(home: Path, *, plugins: list[str], port: int) -> None:
    """Points this process and its children to a home of their own, away from the operator's database and key files."""
    os.environ |= {HOME: str(home), PORT: str(port), PLUGINS: os.pathsep.join(plugins)}
    for name in (*_DATABASE_URLS, KEY_FILE, VAULT_KEY_FILE):
        os.environ.pop(name, None)


def test_databases(project: Path) -> Path:
    """Returns the folder in which a run of tests keeps its databases; `.spheres-test` in the project by default."""
    return Path(_value(TEST_DATABASES) or project / ".spheres-test")


def _value(name: str) -> str | None:
    return os.environ.get(name) or None
