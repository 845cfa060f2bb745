"""`python -m benchmarks.memory`: how much one worker grows with its tenants and their distinct sets of plugins.

A database holds 10,000 tenants in ten sets and 200 more in forty. A fresh process for each measurement opens the
dispatcher and asks every tenant it is about; it reports its memory (RSS) then.
Exit code 1 when a bound is not held.
"""

import argparse
import asyncio
import datetime as dt
import gc
import itertools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from benchmarks import ground
from spheres_core import app
from spheres_core.app import assembly
from spheres_core.app.dispatcher import Dispatcher
from spheres_core.audit import operations as audit
from spheres_core.foundation.database import migrations
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.plugins.set_builder import resolve
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.staff.operations import authentication

SETS, IN_SETS = 40, 200
FEW, MANY = 10, 10_000
MOST_MIB: Final = {"sets": 300.0, "many": 40.0}
"""`sets`: in all. `many`: more than with one tenant of the same sets, and more than with one tenant alone."""
ASKED = ("fr/", "api/forms", "api/emergency-contacts")
PUT: Final = {
    "tenants": "INSERT INTO tenants (id, slug, name, languages, time_zone, hosts, illustrative)"
    " VALUES ($1, $2, $3, $4, 'America/Toronto', '{}', false)",
    "tenant_keys": "INSERT INTO tenant_keys (tenant_id, wrapped) VALUES ($1, $2)",
    "tenant_plugins": "INSERT INTO tenant_plugins (tenant_id, plugin_id, active, since) VALUES ($1, $2, true, $3)",
}


EXTRA: Final = "bench_words"
"""A pack of one word, so that this machine's plugins give enough sets."""


def discovered(plugins: Path, home: Path) -> Machine:
    """The machine's plugins and one pack more."""
    root = home / "packs" / EXTRA
    root.mkdir(parents=True, exist_ok=True)
    manifest = (plugins / "quebec" / "plugin.toml").read_text()
    for name, value in (("id", f'"{EXTRA}"'), ("content", '["terms.toml"]')):
        manifest = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", manifest)
    (root / "plugin.toml").write_text(manifest)
    words = '[[terms]]\nkey = "Our partners"\nterm = {fr = "Avec nous", en = "With us"}\n'
    (root / "terms.toml").write_text(f"format = 1\n{words}")
    return discover([plugins, home / "packs"])


def sets_of(machine: Machine) -> list[tuple[str, ...]]:
    """Forty sets of this machine's plugins in which none is left out, the larger ones first."""
    found: list[tuple[str, ...]] = []
    names = sorted(machine.plugins)
    for size in range(len(names), -1, -1):
        found += [chosen for chosen in itertools.combinations(names, size) if not resolve(machine, chosen)[1]]
    if len(found) < SETS:
        raise SystemExit(f"this machine's plugins give only {len(found)} sets of {SETS}")
    return found[:SETS]


def lay(pg: Cluster, machine: Machine) -> Urls:
    """A fresh database with all of them."""
    pg.drop_database("bench_memory")
    urls = pg.create_database("bench_memory")
    migrations.migrate(urls.needed("owner"), app.components(machine))
    made = sets_of(machine)
    rows = [(f"s{n}", made[n % SETS]) for n in range(IN_SETS)]
    rows += [(f"m{n}", made[n % FEW]) for n in range(MANY)]
    asyncio.run(_settle(urls, rows))
    return urls


async def _settle(urls: Urls, rows: list[tuple[str, tuple[str, ...]]]) -> None:
    owner, keyring, now = await Database(urls.needed("owner")).open(), Keyring(ground.KEY), dt.datetime.now(dt.UTC)
    named: list[tuple[UUID, str, tuple[str, ...]]] = [(uuid7(), slug, chosen) for slug, chosen in rows]
    languages = list(ground.LANGUAGES)
    async with owner.pool.acquire() as connection, connection.transaction():
        await connection.executemany(PUT["tenants"], [(i, s, {"fr": s, "en": s}, languages) for i, s, _ in named])
        await connection.executemany(PUT["tenant_keys"], [(i, keyring.new_tenant_key(i)) for i, _, _ in named])
        await connection.executemany(PUT["tenant_plugins"], [(i, p, now) for i, _, chosen in named for p in chosen])
    await owner.close()


async def ask(url: str, machine: Machine, slugs: list[str]) -> dict[str, Any]:
    """Open the dispatcher in this process and ask these tenants; what the process holds then, in MiB."""
    runtime = assembly.make_runtime(Database(url, most=4), Keyring(ground.KEY), machine, adopts=False)
    dispatcher = Dispatcher(runtime, authentication.authenticate, audit.record_refusal)
    await dispatcher.start()
    transport = httpx.ASGITransport(dispatcher, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for number, slug in enumerate(slugs):
            for path in ASKED if number < IN_SETS else ASKED[1:2]:
                answer = await client.get(f"/t/{slug}/{path}")
                if answer.status_code != 200:
                    raise RuntimeError(f"{slug}/{path}: {answer.status_code}")
    gc.collect()
    held = {"rss": _memory("VmRSS"), "peak": _memory("VmHWM"), "sets": len(runtime._sets),
            "tenants": len(runtime._loaded)}  # fmt: skip
    await dispatcher.stop()
    return held


def _memory(name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return round(int(found[1]) / 1024, 1)


def measured(url: str, arguments: argparse.Namespace, which: str) -> dict[str, Any]:
    """The same in a process of its own."""
    places = ["--plugins", arguments.plugins, "--home", arguments.home]
    order = [sys.executable, "-m", "benchmarks.memory", "--ask", which, "--url", url, *places]
    ran = subprocess.run(order, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr[-2000:])
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def slugs(which: str) -> Iterator[str]:
    """Whom a measurement asks."""
    prefix, number = {"one": ("m", 1), "few": ("m", FEW), "sets": ("s", IN_SETS), "many": ("m", MANY)}[which]
    return (f"{prefix}{n}" for n in range(number))


def report(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The figures beside their bounds."""
    over = round(found["many"]["rss"] - found["one"]["rss"], 1)
    return {
        "measured": found,
        "200 tenants in 40 sets, MiB": found["sets"]["rss"],
        "10,000 tenants in 10 sets over one tenant, MiB": over,
        "of that the tenants alone (over 10 tenants in the same sets), MiB": round(
            found["many"]["rss"] - found["few"]["rss"], 1
        ),
        "held": found["sets"]["rss"] < MOST_MIB["sets"] and over < MOST_MIB["many"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--home", default=".spheres-bench", help="where the database is laid")
    parser.add_argument("--plugins", default="plugins", help="the folder of plugins")
    parser.add_argument("--ask", default="", help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    home = Path(arguments.home).absolute()
    machine = discovered(Path(arguments.plugins).absolute(), home)
    if arguments.ask:
        print(json.dumps(asyncio.run(ask(arguments.url, machine, list(slugs(arguments.ask))))))
        return
    pg = ground.cluster(home, "off")
    try:
        urls = lay(pg, machine)
        told = report({which: measured(urls.app, arguments, which) for which in ("one", "few", "sets", "many")})
    finally:
        pg.stop()
    print(json.dumps(told, indent=2))
    sys.exit(0 if told["held"] else 1)


if __name__ == "__main__":
    main()
