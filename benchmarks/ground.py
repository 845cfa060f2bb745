"""The databases that product and floor both stand on: one with one tenant, one with a thousand, each with referrals."""

import asyncio
import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from benchmarks import caseload
from benchmarks.caseload import Caseload
from spheres_core import app
from spheres_core.app import assembly
from spheres_core.forms import examples
from spheres_core.forms import queries as forms
from spheres_core.foundation.database.schema import uuid7
from spheres_core.foundation.database.transactions import Database
from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.foundation.postgres.cluster import Cluster
from spheres_core.foundation.postgres.server_record import Urls
from spheres_core.foundation.tenancy import tenants
from spheres_core.foundation.tenancy.runtime import LoadedTenant, Runtime
from spheres_core.participants.queries.safe_contact import texts_of
from spheres_core.participants.schemas.safe_contact import Texts
from spheres_core.partners.queries.catalogue import listed
from spheres_core.staff.operations import tokens
from spheres_core.testing.databases import drop_template, old_templates
from spheres_core.testing.migrated_templates import migrated_template

KEY = b"spheres bench key, not a secret!"
PLUGINS = ("quebec", "montreal")
LANGUAGES = ("fr-CA", "en-CA")
SAID = (
    "On the referral date she is between {least} and {most}.",
    "Serves her language and her community.",
    "Serves her language.",
    "Serves her community.",
    "Can make a first contact; its languages and areas are not stated.",
    "Urgent needs that nothing meets yet",
    "{line} ({detail})",
    "An encounter took place",
    "An encounter is planned",
    "in person",
    "by phone",
    "{channel}: {outcome}",
    "Telephone call",
    "Reached her",
    "Meeting of {day}",
    "What she can build on",
    "What she wants",
    "What she needs",
)
REFERRALS = 60
"""In each tenant: more than one page."""
DURABILITY: Mapping[str, Mapping[str, str]] = {
    "on": {},
    "off": {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
}


class Place(Struct, frozen=True):
    """One tenant as the client asks it."""

    slug: str
    token: str
    referrals: list[str]
    caseload: Caseload
    agenda: "Agenda | None" = None


class Agenda(Struct, frozen=True):
    """A meeting of a committee, as its members ask for their briefs."""

    meeting: str
    tokens: list[str]
    """Of the members: each acts as one."""


class Ground(Struct, frozen=True):
    """One database."""

    url: str
    owner: str
    places: list[Place]
    answers: dict[str, Any]
    create_ms: list[float]
    """Milliseconds to create each tenant: its row, key, plugins and settings, in one transaction."""
    texts: dict[str, dict[str, str]]
    """The sentences in the answers, by language: for the floor."""
    proofread: Texts
    """What may be written to a participant, by code and language: for the floor."""
    meet_ms: list[float]
    """Milliseconds until it could be asked for the first time: its partners, forms and lists taken into its tables."""


def cluster(home: Path, durability: str) -> Cluster:
    """The embedded PostgreSQL of the benchmarks, with its writes made to last or not."""
    folder = home / durability
    folder.mkdir(parents=True, exist_ok=True)
    (home / ".gitignore").write_text("*\n")
    made = Cluster(folder, settings={**DURABILITY[durability], "max_connections": "100"})
    made.start()
    for old in old_templates(made):
        drop_template(made, old)
    return made


def lay(
    pg: Cluster, name: str, *, tenants_present: int, plugins: Path, wanted: Sequence[tuple[str, ...]] = (PLUGINS,)
) -> Ground:
    """Make a fresh database with this many tenants. `wanted`: the plugins of the first, the second …, and the rest."""
    found = discover([plugins])
    pg.drop_database(name)
    urls = pg.create_database(name, template=migrated_template(pg, app.components(found)))
    return asyncio.run(_settle(urls, found, tenants_present, wanted))


async def _settle(urls: Urls, machine: Machine, many: int, wanted: Sequence[tuple[str, ...]]) -> Ground:
    keyring = Keyring(KEY)
    owner = await Database(urls.needed("owner")).open()
    runtime: Runtime = assembly.make_runtime(await Database(urls.app).open(), keyring, machine)
    slugs = [f"region{number}" for number in range(many)]
    create_ms = [await _create(owner, slug, keyring, wanted[min(n, len(wanted) - 1)]) for n, slug in enumerate(slugs)]
    met = [await _meet(runtime, slug) for slug in slugs]
    async with runtime.context(met[0][0]) as ctx:
        form = await forms.current(ctx, "referral")
        answers = examples.example(form, today=ctx.today)
        texts = {
            tag: {said: str(ctx.plugins.locale(tag, ctx.tenant.languages).say(said)) for said in SAID}
            for tag in LANGUAGES
        }
        for tag, said in texts.items():
            speaking = ctx.plugins.locale(tag, ctx.tenant.languages)
            said |= {f"need {code}": str(speaking.pick(each.label)) for code, each in listed(ctx, "needs").items()}
        proofread = texts_of(ctx)
    places = [await _furnish(runtime, owner, loaded, answers, form.version) for loaded, _ in met]
    async with owner.transaction(None) as db:
        await db.sql("SELECT 1")
    await owner.close()
    await runtime.database.close()
    connection = await asyncpg.connect(urls.needed("owner"))
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
    return Ground(urls.app, urls.needed("owner"), places, answers, create_ms, texts, proofread, [ms for _, ms in met])


async def _create(owner: Database, slug: str, keyring: Keyring, plugins: tuple[str, ...]) -> float:
    started = time.perf_counter()
    wanted = tenants.Definition(
        slug=slug,
        name={"fr": f"Région {slug}", "en": f"{slug} region"},
        languages=LANGUAGES,
        time_zone="America/Toronto",
        plugins=plugins,
        settings={"referrals": {"receipt_closes_after_days": 30}},
    )
    async with owner.transaction(None) as db:
        await tenants.write(db, wanted, None, keyring, now=dt.datetime.now(dt.UTC))
    return (time.perf_counter() - started) * 1000


async def _meet(runtime: Runtime, slug: str) -> tuple[LoadedTenant, float]:
    started = time.perf_counter()
    loaded = await runtime.load(slug)
    assert loaded is not None
    return loaded, (time.perf_counter() - started) * 1000


async def _furnish(
    runtime: Runtime, owner: Database, loaded: LoadedTenant, answers: dict[str, Any], version: str
) -> Place:
    async with runtime.context(loaded) as ctx:
        token = await tokens.create_token(ctx, roles=("coordinator",), label="benchmark", days=2)
    ids = [uuid7() for _ in range(REFERRALS)]
    async with owner.pool.acquire() as connection, connection.transaction():
        for name, rows in _rows(loaded, ids, answers, version).items():
            columns = _COLUMNS[name]
            places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
            await connection.executemany(f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({places})", rows)
        followed = await caseload.lay(connection, loaded)
    return Place(loaded.tenant.slug, token, [str(id) for id in ids], followed)


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "referrals": (
        "tenant_id", "id", "state", "form_key", "form_version", "language", "received_at", "received_on", "age",
        "knows", "agrees_to_contact", "preferred_language", "community", "needs", "safe_contact_known", "opinions",
        "missing_opinions", "answers", "receipt_mark", "first_contact_at", "summary",
    ),
    "referral_marks": ("tenant_id", "kind", "mark", "referral_id"),
    "referral_moves": ("tenant_id", "id", "referral_id", "from_state", "to_state", "at", "actor_kind", "reason"),
}  # fmt: skip


def _rows(
    loaded: LoadedTenant, ids: list[UUID], answers: dict[str, Any], version: str
) -> dict[str, list[tuple[Any, ...]]]:
    """Referrals in review, each with one step behind it and one other that could be about the same person."""
    tenant, keys, now = loaded.tenant.id, loaded.keys, dt.datetime.now(dt.UTC)
    opinion = {
        "by": "referrals",
        "outcome": "fits",
        "code": "age_fits",
        "reason": {
            "msgid": "On the referral date she is between {least} and {most}.",
            "params": {"least": 12, "most": 24},
            "domain": "spheres",
        },
    }
    words = msgspec.json.encode(answers)
    referrals: list[tuple[Any, ...]] = []
    marks: list[tuple[Any, ...]] = []
    moves: list[tuple[Any, ...]] = []
    for number, id in enumerate(ids):
        sealed = keys.seal("referrals", id, "answers", words)
        summary = keys.seal("referrals", id, "summary", b'["Sacha","Dominique Exemple","CLSC"]')
        receipt = keys.blind("receipt", f"{loaded.tenant.slug}{number}")
        referrals.append(
            (tenant, id, "in_review", "referral", version, "fr-CA", now, now.date(), 17, "yes", "yes", "fr",
             "montreal", ["safety", "housing"], True, [opinion], [], sealed, receipt, None, summary)
        )  # fmt: skip
        marks.append((tenant, "phone", keys.blind("referral phone", f"555{number // 2}"), id))
        for kind in ("name", "referrer_name", "referrer_email"):
            marks.append((tenant, kind, keys.blind(f"referral {kind}", f"{kind}{number}"), id))
        move = uuid7()
        reason = keys.seal("referral_moves", move, "reason", "On regarde.")
        moves.append((tenant, move, id, "received", "in_review", now, "system", reason))
    return {"referrals": referrals, "referral_marks": marks, "referral_moves": moves}


def write(ground: Ground, path: Path) -> None:
    """Keep what the client needs to know."""
    path.write_bytes(msgspec.json.encode(ground))


def read(path: Path) -> Ground:
    """What `write` kept."""
    return msgspec.json.decode(path.read_bytes(), type=Ground)


async def add_a_column(owner_url: str, rounds: int = 5) -> list[float]:
    """Milliseconds to give every tenant's referrals one more column (taken back each time)."""
    connection = await asyncpg.connect(owner_url)
    taken = []
    for number in range(rounds):
        started = time.perf_counter()
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '5s'")
            await connection.execute(f"ALTER TABLE referrals ADD COLUMN bench_{number} text NOT NULL DEFAULT ''")
        taken.append((time.perf_counter() - started) * 1000)
        await connection.execute(f"ALTER TABLE referrals DROP COLUMN bench_{number}")
    await connection.close()
    return taken


def answers_about(answers: dict[str, Any], number: int) -> bytes:
    """A referral's body like all others, about somebody else: duplicates are as rare as among people."""
    copied = json.loads(json.dumps(answers))
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    for old, new in (
        (examples.TEXTS["phone"], f"514 555-{number % 10000:04d}"),
        (examples.TEXTS["email"], f"exemple{number}@example.org"),
        (examples.TEXTS["participant_name"], f"A. {letters}"),
    ):
        _replace(copied, old, new)
    return msgspec.json.encode({"form": "referral", "language": "fr", "answers": copied})


def _replace(found: Any, old: str, new: str) -> None:
    for key, value in found.items():
        if isinstance(value, dict):
            _replace(value, old, new)
        elif value == old:
            found[key] = new
