"""Seals for words and blind indexes for search. A dump of the database shows no story.

Deployment key (a file outside the database, mode 0600) wraps one key per tenant; from the tenant key come, by HKDF, the
sealing key and the index key. Sealing is AES-256-GCM with the tenant, table, row and column as associated data, so that
a ciphertext moved to another row, column or tenant does not open. A blind index is HMAC-SHA256, cut to 128 bits: equal
values are seen to be equal inside a tenant, nothing more.
"""

import base64
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT = b"\x01"
_NONCE = 12
SEALERS_KEPT = 256
"""Tenants' sealers that stay made in a process."""


class KeyTrouble(Exception):
    """The key file is missing, open to others, or not the one this database was sealed with."""


class SealBroken(Exception):
    """A sealed value does not open here: it was changed, or belongs to another row, column or tenant."""


class TenantKeys:
    """The keys of one tenant, to seal and to search. Made by `Keyring.unwrap`; lives in memory only."""

    __slots__ = ("_index", "_seal", "_tenant")

    def __init__(self, tenant_id: UUID, key: bytes) -> None:
        self._tenant = tenant_id.bytes
        self._seal = _derive(key, b"spheres seal")
        self._index = _derive(key, b"spheres blind index")

    def seal(self, table: str, row_id: UUID, column: str, value: str | bytes) -> bytes:
        """Seals text (as UTF-8) or bytes for exactly this place."""
        clear = value.encode() if isinstance(value, str) else value
        nonce = os.urandom(_NONCE)
        return _FORMAT + nonce + _sealer(self._seal).encrypt(nonce, clear, self._place(table, row_id, column))

    def open(self, table: str, row_id: UUID, column: str, sealed: bytes) -> bytes:
        """Opens what `seal` closed at this place. Raises `SealBroken`."""
        if sealed[:1] != _FORMAT:
            raise SealBroken(f"{table}.{column}: unknown seal format")
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return _sealer(self._seal).decrypt(nonce, body, self._place(table, row_id, column))
        except (InvalidTag, ValueError):  # the latter when it was cut short
            raise SealBroken(f"{table}.{column}") from None

    def blind(self, kind: str, normalized: str) -> bytes:
        """Returns 16 bytes that are equal for equal values of one kind in one tenant. Normalize before."""
        return hmac.digest(self._index, f"{kind}\0{normalized}".encode(), "sha256")[:16]

    def _place(self, table: str, row_id: UUID, column: str) -> bytes:
        return b"\0".join((self._tenant, table.encode(), row_id.bytes, column.encode()))


class Keyring:
    """The deployment key. Raises `KeyTrouble` rather than ever working with a wrong one.

    While the key file moves to another key it holds both, and what either has wrapped opens.
    """

    def __init__(self, key: bytes, following: bytes | None = None, *, path: Path | None = None) -> None:
        """`following`: the key that all are moving to. `path`: the file, read again for what another key wrapped."""
        self._key = key
        self._following = following
        self._path = path
        self._index = _derive(key, b"spheres deployment index")

    @classmethod
    def load(cls, path: Path, *, create: bool = False) -> "Keyring":
        """Reads the key file; with `create`, makes it (mode 0600) when there is none."""
        if create and not path.exists():
            _write_new_key(path)
        try:
            if path.stat().st_mode & 0o077:
                raise KeyTrouble(f"{path} can be read by others: set its mode to 0600")
            content = json.loads(path.read_text())
            keys = [base64.b64decode(content[name], validate=True) for name in ("key", "next") if name in content]
        except FileNotFoundError:
            raise KeyTrouble(f"{path} is missing: without it nothing that was sealed can be read") from None
        except (ValueError, TypeError):
            raise KeyTrouble(f"{path} is not a key file") from None
        if not keys or "key" not in content:
            raise KeyTrouble(f"{path} is not a key file")
        if any(len(key) != 32 for key in keys):
            raise KeyTrouble(f"{path} does not hold a key of 32 bytes")
        return cls(*keys, path=path)

    @property
    def is_moving(self) -> bool:
        """Returns whether the file holds a second key, which all are moving to."""
        return self._following is not None

    def blind(self, *parts: str) -> bytes:
        """Returns 16 bytes that are equal for equal parts, and tell nothing of them without the key file."""
        return hmac.digest(self._index, "\0".join(parts).encode(), "sha256")[:16]

    def new_tenant_key(self, tenant_id: UUID) -> bytes:
        """Returns a fresh tenant key, wrapped for storage."""
        return _wrap(self._following or self._key, tenant_id, secrets.token_bytes(32))

    def unwrap(self, tenant_id: UUID, wrapped: bytes | None) -> TenantKeys:
        """Returns the tenant's keys. Raises `KeyTrouble` when they were wrapped by another deployment key, or lost."""
        if wrapped is None:
            raise KeyTrouble("the key of this tenant is not in the database")
        key = self._opened(tenant_id, wrapped)
        if key is None and self._path is not None:
            key = Keyring.load(self._path)._opened(tenant_id, wrapped)
        if key is None:
            raise KeyTrouble("this key file is not the one that the database was sealed with")
        return TenantKeys(tenant_id, key)

    def rewrap(self, tenant_id: UUID, wrapped: bytes) -> bytes | None:
        """Returns a tenant's key as the following key wraps it; None when it did so already. Raises `KeyTrouble`."""
        if self._following is None:
            raise KeyTrouble("the key file holds no key to move to")
        if _unwrap(self._following, tenant_id, wrapped) is not None:
            return None
        key = _unwrap(self._key, tenant_id, wrapped)
        if key is None:
            raise KeyTrouble("this key file is not the one that the database was sealed with")
        return _wrap(self._following, tenant_id, key)

    def _opened(self, tenant_id: UUID, wrapped: bytes) -> bytes | None:
        found = _unwrap(self._key, tenant_id, wrapped)
        return found if found is not None or self._following is None else _unwrap(self._following, tenant_id, wrapped)


def begin_moving(path: Path) -> Keyring:
    """Puts a new key beside the one in the file, unless one is there already: whoever was stopped goes on with it."""
    if not Keyring.load(path).is_moving:
        content = json.loads(path.read_text())
        _replace(path, content | {"next": base64.b64encode(secrets.token_bytes(32)).decode()})
    return Keyring.load(path)


def end_moving(path: Path, kept: Path) -> None:
    """Leaves the new key alone in the file. The one of before goes into `kept`, for dumps that were made before."""
    content = json.loads(path.read_text())
    _replace(kept, {"format": 1, "key": content["key"]})
    _replace(path, {"format": 1, "key": content["next"]})


def _wrap(key: bytes, tenant_id: UUID, tenant_key: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, tenant_key, b"tenant" + tenant_id.bytes)


def _unwrap(key: bytes, tenant_id: UUID, wrapped: bytes) -> bytes | None:
    nonce, body = wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, body, b"tenant" + tenant_id.bytes)
    except (InvalidTag, ValueError):
        return None


@lru_cache(maxsize=SEALERS_KEPT)
def _sealer(key: bytes) -> AESGCM:
    """Returns the cipher of this key. It weighs eighty times its key, so only those in use are kept."""
    return AESGCM(key)


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose).derive(key)


def _write_new_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = _written(path, {"format": 1, "key": base64.b64encode(secrets.token_bytes(32)).decode()})
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _replace(path: Path, content: Mapping[str, Any]) -> None:
    """Writes a key file whole or not at all, and waits until the disk has it."""
    _written(path, content).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _written(path: Path, content: Mapping[str, Any]) -> Path:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(6)}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(json.dumps(content))
        file.flush()
        os.fsync(file.fileno())
    return temporary
