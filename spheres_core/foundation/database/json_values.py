"""Reads and writes PostgreSQL's `jsonb` in the driver's binary format: the one in which values inside rows come too."""

from typing import Any, Final

import asyncpg
import msgspec

_JSONB: Final = b"\x01"
"""The version byte before a value."""


async def prepare_connection(connection: asyncpg.Connection) -> None:
    """Makes a connection give and take `jsonb` as Python's own values."""
    await connection.set_type_codec("jsonb", encoder=_encode, decoder=_decode, schema="pg_catalog", format="binary")


def _decode(value: bytes) -> Any:
    return msgspec.json.decode(memoryview(value)[1:])


def _encode(value: Any) -> bytes:
    return _JSONB + msgspec.json.encode(value)
