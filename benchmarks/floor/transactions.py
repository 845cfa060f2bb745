"""The region, its connections and its transactions: what all requests of the floor share."""

import asyncio
import contextlib
import datetime as dt
import hashlib
import json
import os
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import uuid_utils
from litestar import Request
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from msgspec import Struct

from benchmarks.ground import KEY
from spheres_core.forms.schemas import Form, decode
from spheres_core.foundation.database.transactions import PLANNING
from spheres_core.foundation.encryption import Keyring, TenantKeys

ZONE = ZoneInfo("America/Toronto")
keyring = Keyring(KEY)
TEXTS: dict[str, dict[str, str]] = json.loads(os.environ["BENCH_TEXTS"])
"""The sentences of the answers by language, as the catalogs have them."""
TOKEN = """
SELECT t.id, t.roles, t.last_used_at
FROM api_tokens t LEFT JOIN staff s ON s.tenant_id = t.tenant_id AND s.id = t.made_by
WHERE t.tenant_id = $1 AND t.hash = $2 AND t.revoked_at IS NULL AND t.expires_at > $3
  AND (t.made_by IS NULL OR s.active)
"""
USED = """
UPDATE api_tokens SET last_used_at = $3 WHERE tenant_id = $1 AND id IN (
  SELECT id FROM api_tokens WHERE tenant_id = $1 AND id = $2 FOR UPDATE SKIP LOCKED)
"""


class Tenant(Struct):
    id: UUID
    slug: str
    keys: TenantKeys


pool: asyncpg.Pool
form: Form
tenants: dict[str, Tenant] = {}


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg brings no types
    def get_reset_query(self) -> str:
        return ""


async def prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
        schema="pg_catalog",
    )


async def start() -> None:
    global pool, form
    pool = await asyncpg.create_pool(
        os.environ["BENCH_URL"],
        min_size=1,
        max_size=10,
        connection_class=Connection,
        init=prepare,
        timeout=10,
        command_timeout=16,
        server_settings={
            "application_name": "floor",
            "timezone": "UTC",
            **PLANNING,
            "statement_timeout": "15000",
            "idle_in_transaction_session_timeout": "60000",
        },
    )
    for id, slug in await pool.fetch("SELECT id, slug FROM tenants"):
        async with transaction(id) as connection:
            wrapped = await connection.fetchval("SELECT wrapped FROM tenant_keys WHERE tenant_id = $1", id)
            content = await connection.fetchval(
                "SELECT content FROM form_versions WHERE tenant_id = $1 AND form_key = 'referral'", id
            )
        tenants[slug] = Tenant(id, slug, keyring.unwrap(id, wrapped))
        form = decode(content)


@contextlib.asynccontextmanager
async def transaction(tenant: UUID) -> AsyncIterator[asyncpg.Connection]:
    async with asyncio.timeout(4):
        connection = await pool.acquire()
        try:
            await connection.execute(f"BEGIN; SELECT set_config('app.tenant', '{tenant}', true)")
        except BaseException:
            connection.terminate()
            await pool.release(connection)
            raise
    try:
        try:
            yield connection
        except BaseException:
            await connection.execute("ROLLBACK")
            raise
        await connection.execute("COMMIT")
    finally:
        await pool.release(connection)


def uuid7() -> UUID:
    return UUID(int=uuid_utils.uuid7().int)


def tenant_of(slug: str) -> Tenant:
    found = tenants.get(slug)
    if found is None:
        raise NotFoundException
    return found


def language_of(request: Request[Any, Any, Any]) -> str:
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("fr"):
            return "fr-CA"
        if tag.startswith("en"):
            return "en-CA"
    return "fr-CA"


async def check_token(
    connection: asyncpg.Connection, tenant: Tenant, request: Request[Any, Any, Any], now: dt.datetime
) -> UUID:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not bearer.startswith("sph_"):
        raise NotAuthorizedException
    row = await connection.fetchrow(TOKEN, tenant.id, hashlib.sha256(bearer.encode()).digest(), now)
    if row is None:
        raise NotAuthorizedException
    if "coordinator" not in row[1]:
        raise PermissionDeniedException
    if row[2] is None or row[2] <= now - dt.timedelta(minutes=1):
        await connection.execute(USED, tenant.id, row[0], now)
    found: UUID = row[0]
    return found
