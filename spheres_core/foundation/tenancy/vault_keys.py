"""The second key of a tenant, for the little that the key of everything else must not open.

It is wrapped by a key file of its own (`SPHERES_VAULT_KEY_FILE`), which is read at each use and kept nowhere: a process
that never opens the vault never holds it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.foundation import deployment
from spheres_core.foundation.database.models import TenantVaultKey
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.encryption import Keyring, TenantKeys
from spheres_core.foundation.tenancy.context import Context

keys = table(TenantVaultKey)
WRAPPED: Final = prepare(select(keys.c.wrapped).where(scoped(keys)))
ADD: Final = prepare(insert(keys).on_conflict_do_nothing())


async def open_vault(ctx: Context) -> TenantKeys:
    """Returns the tenant's keys of the vault; makes them when the tenant has none yet. Raises `KeyTrouble`."""
    keyring = Keyring.load(deployment.vault_key_file())
    wrapped = await ctx.db.scalar(WRAPPED)
    if wrapped is None:
        await ctx.db.run(ADD, wrapped=keyring.new_tenant_key(ctx.tenant.id))
        wrapped = await ctx.db.scalar(WRAPPED)
    return keyring.unwrap(ctx.tenant.id, wrapped)
