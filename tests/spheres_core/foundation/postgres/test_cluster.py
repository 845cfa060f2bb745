"""The embedded server survives what machines do to it, trusts nobody, and never touches a stranger."""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psycopg
import pytest

from spheres_core.foundation.postgres import binaries, errors, process, roles
from spheres_core.foundation.postgres.cluster import Cluster, connection_urls
from spheres_core.foundation.postgres.server_record import Urls, read_record
from tests.databases_folder import databases_folder
from tests.wait import LIMIT, wait_until

ROOT = Path(__file__).parents[4]
UNSAFE = {"fsync": "off"}
START = (
    "import sys; from pathlib import Path; from spheres_core.foundation.postgres.cluster import Cluster; "
    "Cluster(Path(sys.argv[1]), settings={'fsync': 'off'}).start()"
)

MakeHome = Callable[..., Path]


@pytest.fixture(scope="module")
def make_home() -> Iterator[MakeHome]:
    """Folders that the server's account can reach (pytest's own are closed); cleared away with their servers."""
    top = databases_folder() / f"homes-{secrets.token_hex(4)}"
    homes: list[Path] = []

    def make(name: str = "home") -> Path:
        homes.append(top / f"{len(homes)}" / name)
        return homes[-1]

    yield make
    for home in homes:
        clear(home)
    shutil.rmtree(top, ignore_errors=True)


@pytest.fixture(scope="module")
def started(make_home: MakeHome) -> Cluster:
    """One cluster of our own to be rough with."""
    cluster = Cluster(make_home(), settings=UNSAFE)
    cluster.start()
    return cluster


def clear(home: Path) -> None:
    record = read_record(home)
    if record is None:
        return
    Cluster(home).stop()
    for folder in (record.sockets, str(Path(record.folder).parent) if record.folder else ""):
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def one(url: str, query: str, *values: object) -> object:
    with psycopg.connect(url, autocommit=True) as db:
        row = db.execute(query.encode(), values or None).fetchone()
        return row[0] if row else None


def test_a_first_start_makes_roles_that_cannot_pass_row_level_security(each_cluster: Cluster) -> None:
    urls = each_cluster.urls()
    with psycopg.connect(urls.needed("superuser")) as db:
        found = db.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolcanlogin "
            "FROM pg_roles WHERE rolname = ANY(%s) ORDER BY 1",
            [[roles.OWNER, roles.APP, roles.BACKUP]],
        ).fetchall()
        facts = db.execute(
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate "
            "FROM pg_database WHERE datname = 'spheres'"
        ).fetchone()
    assert found == [
        (roles.APP, False, False, False, False, True),
        (roles.BACKUP, False, True, False, False, True),
        (roles.OWNER, False, False, False, False, True),
    ]
    assert facts is not None and facts[:2] == (roles.OWNER, "UTF8")
    assert one(urls.app, "SELECT upper('éà')") == "ÉÀ"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(urls.app, "CREATE TABLE mine ()")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        one(urls.app.replace("/spheres?", "/postgres?"), "SELECT 1")


def test_every_local_connection_needs_its_password(each_cluster: Cluster) -> None:
    urls = each_cluster.urls()
    for url in (urls.app, urls.needed("owner"), urls.needed("superuser")):
        password = urlsplit(url).password or ""
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(url.replace(f":{password}", ""), passfile="/nonexistent")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url.replace(password, "guessed"))
    with psycopg.connect(urls.needed("superuser")) as db:
        rules = db.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("scram-sha-256",)]


def test_the_addresses_work_for_asyncpg_too(each_cluster: Cluster) -> None:
    async def who() -> str:
        connection = await asyncpg.connect(each_cluster.urls().app)
        try:
            return str(await connection.fetchval("SELECT current_user"))
        finally:
            await connection.close()

    assert asyncio.run(who()) == roles.APP


def test_secrets_are_private_and_hidden_when_printed(started: Cluster) -> None:
    urls = started.urls()
    assert (started.home / "postgres.json").stat().st_mode & 0o777 == 0o600
    assert str(urlsplit(urls.app).password) not in f"{urls!r} {urls}"
    data = started.status().data
    assert data is not None
    assert data.stat().st_mode & 0o777 == 0o700
    assert (data.parent / "run").stat().st_mode & 0o777 == 0o700
    assert not list((data.parent / "run").glob("*password*"))


def test_a_second_start_leaves_the_server_as_it_is(started: Cluster) -> None:
    pid = started.status().pid
    Cluster(started.home).start()
    assert started.status().pid == pid


def test_words_of_a_failed_statement_do_not_reach_the_log(started: Cluster) -> None:
    url = started.urls().needed("owner")
    with psycopg.connect(url) as db:
        db.execute("CREATE TEMP TABLE said (word text PRIMARY KEY, CHECK (length(word) < 30))")
        db.execute("INSERT INTO said VALUES ('unmistakable-words')")
        for word in ("unmistakable-words", "unmistakable-words that are too long"):
            with pytest.raises(psycopg.IntegrityError), db.transaction():
                db.execute(f"INSERT INTO said VALUES ('{word}')".encode())
    data = started.status().data
    assert data is not None
    log = (data.parent / "log" / "server.log").read_text()
    assert "violates" in log
    assert "unmistakable" not in log


def test_committed_rows_outlive_a_killed_server(started: Cluster) -> None:
    urls = started.urls()
    with psycopg.connect(urls.needed("owner"), autocommit=True) as db:
        db.execute("CREATE TABLE kept AS SELECT 7 AS n")
    status = started.status()
    killed, data = status.pid, status.data
    assert killed is not None and data is not None
    os.kill(killed, signal.SIGKILL)
    assert process.wait_until_ended(killed, data, seconds=LIMIT)

    Cluster(started.home, settings=UNSAFE).start()

    assert started.status().pid not in (None, killed)
    assert one(urls.needed("owner"), "SELECT n FROM kept") == 7


def test_a_pid_file_that_names_a_stranger_harms_nobody(started: Cluster) -> None:
    """After a reboot the number may belong to any process of the same user: neither believed nor signalled."""
    data = started.status().data
    assert data is not None
    lines = (data / "postmaster.pid").read_text().splitlines()
    started.stop()
    owner = data.stat()
    as_the_server = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["sleep", "60"], **as_the_server)  # type: ignore[call-overload]
    try:
        claim = "\n".join([str(stranger.pid), *lines[1:]]) + "\n"
        (data / "postmaster.pid").write_text(claim)
        sockets = Path(started.status().address)
        (sockets / ".s.PGSQL.5432.lock").write_text(claim)
        os.chown(data / "postmaster.pid", owner.st_uid, owner.st_gid)

        assert not started.status().running
        assert not started.stop()
        assert stranger.poll() is None
        started.start()
        assert started.status().running
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a second set of process numbers")
def test_two_containers_that_share_the_folder_do_not_start_two_servers_on_it(
    started: Cluster,
) -> None:
    impatient = "from spheres_core.foundation.postgres import locks; locks.WORKERS_END_WITHIN = 0.1\n" + START
    apart = ["unshare", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this system lets nobody have process numbers of their own")

    other = subprocess.run(
        [*apart, sys.executable, "-c", impatient, started.home],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "HomeInUse" in other.stderr
    assert started.status().running
    assert one(started.urls().app, "SELECT 1") == 1


def test_a_server_whose_socket_was_deleted_is_started_anew(started: Cluster) -> None:
    (Path(started.status().address) / ".s.PGSQL.5432").unlink()
    assert not started.status().running

    started.start()

    assert one(started.urls().app, "SELECT 1") == 1


def test_stop_ends_it_with_open_connections_and_once(started: Cluster) -> None:
    with psycopg.connect(started.urls().app):
        assert started.stop() is True
    assert started.status().running is False
    assert started.stop() is False
    started.start()


def test_settings_the_server_refuses_are_told_with_the_end_of_its_log(started: Cluster) -> None:
    started.stop()
    try:
        with pytest.raises(errors.StartFailed, match=r"(?s)would not start.*shared_buffers"):
            Cluster(started.home, settings={"shared_buffers": "plenty"}).start()
    finally:
        started.start()


def test_data_of_another_major_version_is_refused_and_left_alone(started: Cluster) -> None:
    started.stop()
    data = started.status().data
    assert data is not None
    written = (data / "PG_VERSION").read_text()
    try:
        (data / "PG_VERSION").write_text("16\n")
        with pytest.raises(errors.OtherMajorVersion, match="PostgreSQL 16; the programs here are 18"):
            started.start()
    finally:
        (data / "PG_VERSION").write_text(written)
        started.start()


def test_two_processes_that_start_at_once_share_one_server(make_home: MakeHome) -> None:
    home = make_home("at once")
    both = [subprocess.Popen([sys.executable, "-c", START, home], cwd=ROOT) for _ in range(2)]
    assert [process.wait(LIMIT) for process in both] == [0, 0]

    status = Cluster(home).status()
    assert status.running
    assert len(list((home / "postgres").iterdir())) == 1


def has_begun(home: Path) -> bool:
    return (home / "postgres").exists()


def has_its_record(home: Path) -> bool:
    return read_record(home) is not None


def has_its_server(home: Path) -> bool:
    record = read_record(home)
    return record is not None and (record.data_in(home) / "postmaster.pid").exists()


@pytest.mark.parametrize("reached", [has_begun, has_its_record, has_its_server])
def test_a_starter_that_is_killed_leaves_nothing_that_stops_the_next(
    make_home: MakeHome, reached: Callable[[Path], bool]
) -> None:
    home = make_home("killed")
    starter = subprocess.Popen([sys.executable, "-c", START, home], cwd=ROOT, start_new_session=True)
    wait_until(lambda: reached(home), process=starter, every=0.001)
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait()

    cluster = Cluster(home, settings=UNSAFE)
    cluster.start()

    assert one(cluster.urls().app, "SELECT current_user") == roles.APP


def test_a_deep_home_with_spaces_and_accents_gets_a_short_private_socket_folder(
    make_home: MakeHome,
) -> None:
    home = make_home("Chez nous, à l'été/" + "/".join(["profond"] * 12))
    cluster = Cluster(home, settings=UNSAFE)
    cluster.start()

    address = Path(cluster.status().address)
    assert len(str(address)) < 60
    assert address.stat().st_mode & 0o777 == 0o700
    assert one(cluster.urls().app, "SELECT 1") == 1
    # Someone clears /tmp while the server rests.
    cluster.stop()
    shutil.rmtree(address)
    cluster.start()
    assert one(cluster.urls().app, "SELECT 1") == 1


def test_loopback_serves_where_no_socket_will_do_and_asks_for_the_password(
    make_home: MakeHome,
) -> None:
    cluster = Cluster(make_home(), settings=UNSAFE, loopback=True)
    cluster.start()
    url = cluster.urls().app
    assert urlsplit(url).hostname == "127.0.0.1"
    assert one(url, "SELECT host(inet_server_addr())") == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(str(urlsplit(url).password), "guessed"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's home is closed to the server's account")
def test_as_root_in_a_closed_home_the_server_lives_outside_with_its_own_programs(
    make_home: MakeHome,
) -> None:
    home = make_home("inner")
    home.mkdir(parents=True)
    closed = home.parent
    programs = binaries.installed_binaries()
    package = programs.parents[1]
    shutil.copytree(package / "pginstall18", closed / package.name / "pginstall18", symlinks=True)
    shutil.copytree(package.parent / f"{package.name}.libs", closed / f"{package.name}.libs")
    closed.chmod(0o700)

    cluster = Cluster(home, closed / package.name / "pginstall18" / "bin", settings=UNSAFE)
    cluster.start()

    status = cluster.status()
    assert status.data is not None and status.pid is not None
    assert not status.data.is_relative_to(closed)
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (status.data.parents[1] / "home").read_text() == str(home), "it says whose it is"
    program = Path(os.readlink(f"/proc/{status.pid}/exe"))
    assert program.is_relative_to(status.data.parent)
    assert program.stat().st_uid == 0
    assert os.stat(f"/proc/{status.pid}").st_uid != 0
    assert one(cluster.urls().app, "SELECT 1") == 1
    cluster.stop()
    cluster.start()
    assert len(list(status.data.parent.glob("programs-*"))) == 1


def test_missing_programs_are_named(make_home: MakeHome, tmp_path: Path) -> None:
    with pytest.raises(errors.BinariesMissing, match="initdb, pg_ctl, postgres not found"):
        Cluster(make_home(), tmp_path).start()
    for name in binaries.PROGRAMS:
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(errors.BinariesMissing, match="does not run on this machine"):
        Cluster(make_home(), tmp_path).start()


def test_a_home_that_cannot_be_written_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(errors.PostgresUnavailable, match="Not a directory"):
        Cluster(tmp_path / "file" / "home").start()


def test_a_home_whose_database_is_gone_keeps_the_old_passwords(started: Cluster) -> None:
    started.stop()
    shutil.rmtree(started.home / "postgres")
    lines: list[str] = []

    started.start(report=lines.append)

    assert one(started.urls().app, "SELECT 1") == 1
    assert any("is gone" in line for line in lines)
    assert len(list(started.home.glob("postgres-*.json"))) == 1


def test_an_own_server_is_used_when_its_address_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPHERES_DATABASE_URL", "postgresql+asyncpg://a:b@db.example/spheres?x=1")

    urls = connection_urls(tmp_path)

    assert urls.app == "postgresql://a:b@db.example/spheres?x=1"
    assert not urls.embedded
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(errors.AddressMissing, match="SPHERES_OWNER_DATABASE_URL"):
        urls.needed("owner")
    monkeypatch.delenv("SPHERES_DATABASE_URL")
    monkeypatch.setenv("SPHERES_OWNER_DATABASE_URL", "postgresql://o:b@db.example/spheres")
    with pytest.raises(errors.AddressMissing, match="SPHERES_DATABASE_URL is not set"):
        connection_urls(tmp_path)
    monkeypatch.setenv("SPHERES_DATABASE_URL", "mysql://a:b@db.example/spheres")
    with pytest.raises(errors.AddressMissing, match="must begin with postgresql"):
        connection_urls(tmp_path)


def test_a_database_made_from_a_template_has_its_tables_and_the_same_address(
    cluster: Cluster, fresh_database: Callable[..., Urls]
) -> None:
    first = fresh_database("template")
    owner = first.needed("owner")
    with psycopg.connect(owner, autocommit=True) as db:
        db.execute("CREATE TABLE there AS SELECT 1 AS n")
    copy = fresh_database("copy", template=urlsplit(owner).path.lstrip("/"))

    assert one(copy.needed("owner"), "SELECT n FROM there") == 1
    assert one(copy.needed("backup"), "SELECT n FROM there") == 1
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        one(copy.app, "SELECT n FROM there")


def test_the_sql_for_an_own_server_runs_twice_without_harm(each_cluster: Cluster) -> None:
    name = f"t{os.getpid()}_own server"
    psql = binaries.installed_binaries() / "psql"
    url = each_cluster.urls("postgres").needed("superuser")
    try:
        for _ in range(2):
            done = subprocess.run(
                [psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", url],
                input=roles.roles_sql(name), capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert (done.returncode, done.stdout) == (0, "")
        urls = each_cluster.urls(name)
        with psycopg.connect(urls.needed("owner"), autocommit=True) as db:
            db.execute("CREATE TABLE mine ()")
        assert one(urls.needed("backup"), "SELECT count(*) FROM mine") == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            one(urls.app, "CREATE TABLE mine2 ()")
    finally:
        each_cluster.drop_database(name)
