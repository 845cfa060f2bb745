"""Packs that tenants upload: kept in the database, where every process reads them, and unpacked for each process.

A plugin set with such a pack is one more distinct set: its key holds the digest of the pack's content. Two tenants with
the same content share it; nobody else has anything of it.
"""

import asyncio
import datetime as dt
import hashlib
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from spheres_core.facts import Words
from spheres_core.foundation.content.pack_archives import read_archive, write_files
from spheres_core.foundation.database import models
from spheres_core.foundation.database.schema import table
from spheres_core.foundation.database.statements import prepare, scoped
from spheres_core.foundation.database.transactions import Db
from spheres_core.foundation.plugins.discovery import Installed, Machine
from spheres_core.foundation.plugins.manifest import read_manifest

packs = table(models.OwnPack)
plugins = table(models.TenantPlugin)


class OwnPackKey(Struct, frozen=True):
    """The content of an own pack, by which processes know it."""

    plugin_id: str
    digest: str


class StoredPack(Struct, frozen=True):
    """A version of an own pack, without its content."""

    id: UUID
    plugin_id: str
    version: str
    title: Words
    digest: str
    uploaded_at: dt.datetime
    uploaded_by: UUID | None
    published_at: dt.datetime | None

    @property
    def key(self) -> OwnPackKey:
        return OwnPackKey(self.plugin_id, self.digest)


OwnPacks = frozenset[OwnPackKey]
"""The own packs of a tenant that are in force, or would be."""

_columns = [packs.c[name] for name in StoredPack.__struct_fields__]
ALL = prepare(select(*_columns).where(scoped(packs)).order_by(packs.c.plugin_id, packs.c.id.desc()), into=StoredPack)
ONE = prepare(select(*_columns).where(scoped(packs), packs.c.id == bindparam("which")), into=StoredPack)
IN_FORCE = prepare(
    select(plugins.c.plugin_id, packs.c.digest)
    .join_from(plugins, packs, (packs.c.tenant_id == plugins.c.tenant_id) & (packs.c.id == plugins.c.pack))
    .where(scoped(plugins)),
    into=OwnPackKey,
)
ARCHIVE = prepare(select(packs.c.archive).where(scoped(packs), packs.c.digest == bindparam("wanted")).limit(1))
ADD = prepare(insert(packs))
DROP = prepare(packs.delete().where(scoped(packs), packs.c.id == bindparam("which"), packs.c.published_at.is_(None)))
PUBLISHED = prepare(
    packs.update().where(scoped(packs), packs.c.id == bindparam("which")).values(published_at=bindparam("now"))
)
PUT_IN_FORCE = prepare(
    plugins.update().where(scoped(plugins), plugins.c.plugin_id == bindparam("named")).values(pack=bindparam("chosen"))
)


def digest_of(archive: bytes) -> str:
    """Returns the name of an archive's content."""
    return hashlib.sha256(archive).hexdigest()


class UnpackedPacks:
    """The own packs that a process has met, each in a folder of its own that goes with the process."""

    def __init__(self) -> None:
        self._home = ""
        self._installed: dict[OwnPackKey, Installed] = {}

    async def unpack(self, db: Db, wanted: Iterable[OwnPackKey]) -> None:
        """Unpacks what is not there yet, in the transaction of a tenant that has it."""
        for key in wanted:
            if key not in self._installed:
                archive = bytes(await db.scalar(ARCHIVE, wanted=key.digest))
                await asyncio.to_thread(self.add, key, archive)

    def add(self, key: OwnPackKey, archive: bytes) -> Installed:
        """Unpacks an archive, unless it is there. Raises `ContentInvalid` for what is no pack of that id."""
        if key in self._installed:
            return self._installed[key]
        if not self._home:
            self._home = tempfile.mkdtemp(prefix="spheres-packs-")
            weakref.finalize(self, shutil.rmtree, self._home, ignore_errors=True)
        around = Path(tempfile.mkdtemp(prefix=f"{key.digest[:16]}-", dir=self._home))
        root = around / key.plugin_id
        write_files(root, read_archive(archive, f"{key.plugin_id}.zip"))
        return self._installed.setdefault(key, Installed(read_manifest(root), root))

    def machine_with(self, machine: Machine, own: OwnPacks) -> Machine:
        """Returns the machine's plugins with these packs in place of those of their ids."""
        if not own:
            return machine
        mine = {key.plugin_id: self._installed[key] for key in own}
        broken = {id_: invalid for id_, invalid in machine.broken.items() if id_ not in mine}
        return replace(machine, plugins={**machine.plugins, **mine}, broken=broken)


def with_pack(own: OwnPacks, plugin_id: str, key: OwnPackKey | None) -> OwnPacks:
    """Returns the packs with another one under this id, or none."""
    kept = frozenset(each for each in own if each.plugin_id != plugin_id)
    return kept | {key} if key is not None else kept


def may_replace(machine: Machine, plugin_id: str) -> bool:
    """Returns whether an own pack may have this id: nothing with code has it on the machine."""
    found: Mapping[str, Installed] = machine.plugins
    return plugin_id not in machine.broken and (plugin_id not in found or found[plugin_id].manifest.tier == "pack")
