"""Calls of plugins to addresses outside: only to those that `plugin.toml` names, and never for long.

Nothing is called while a person waits: only from what runs after commit. A redirect is given back, not followed.
The address is looked up once and connected to as it was looked up; private and local networks are closed unless the
operator opened them.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from spheres_core.foundation import deployment
from spheres_core.foundation.isolation.circuit_breakers import CIRCUIT_BREAKERS
from spheres_core.foundation.tenancy.context import SYSTEM, Context

DEADLINE: Final = 5.0
"""Seconds for everything: looking up, connecting, sending, and the whole answer."""
LARGEST: Final = 1_000_000
"""Bytes of an answer."""


class OutsideCallFailed(Exception):
    """Nothing usable came back, or the call was not made; the text says why, without what was sent."""


class OutsideAnswer(Struct, frozen=True):
    """The answer of an outside address."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def raise_for_status(self) -> None:
        """Raises `OutsideCallFailed` unless the address says that it did what was asked (200 to 299)."""
        if not 200 <= self.status < 300:
            raise OutsideCallFailed(f"the address answered {self.status}")


async def call(
    ctx: Context, plugin_id: str, method: str, url: str, *, json: Any = None, headers: Mapping[str, str] | None = None
) -> OutsideAnswer:
    """Calls an address that the plugin's manifest names. Raises `OutsideCallFailed`."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    installed = ctx.plugins.plugins.get(plugin_id)
    if installed is None or origin not in installed.manifest.data.sent_to:
        raise OutsideCallFailed(f"{plugin_id} does not declare {parts.scheme}://{parts.hostname} under [data] sent_to")
    if ctx.actor != SYSTEM:
        raise OutsideCallFailed("outside addresses are called after commit only, never while a person waits")
    key = (str(ctx.tenant.id), plugin_id, f"outside {origin}")
    if not CIRCUIT_BREAKERS.allows(key):
        raise OutsideCallFailed(f"{origin} failed again and again and is left alone for a while")
    try:
        async with asyncio.timeout(DEADLINE):
            found = await _send(method, url, json, headers or {})
    except (httpx.HTTPError, TimeoutError, OSError, OutsideCallFailed) as error:
        CIRCUIT_BREAKERS.record_failure(key)
        said = str(error) if isinstance(error, OutsideCallFailed) else type(error).__name__
        raise OutsideCallFailed(f"{origin}: {said}") from None
    except BaseException:
        CIRCUIT_BREAKERS.release(key)
        raise
    if found.status >= 500:
        CIRCUIT_BREAKERS.record_failure(key)
    else:
        CIRCUIT_BREAKERS.record_success(key)
    return found


async def _send(method: str, url: str, json: Any, headers: Mapping[str, str]) -> OutsideAnswer:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    address = await _public_address(host, port, secure=parts.scheme == "https")
    shown = f"[{address}]" if ":" in address else address
    place = parts._replace(netloc=f"{shown}:{port}").geturl()
    async with (
        httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=DEADLINE) as client,
        client.stream(
            method, place, json=json, headers={**headers, "host": parts.netloc}, extensions={"sni_hostname": host}
        ) as answer,
    ):
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > LARGEST:
                raise OutsideCallFailed("the answer is too long")
        return OutsideAnswer(answer.status_code, dict(answer.headers), bytes(body))


async def _public_address(host: str, port: int, *, secure: bool) -> str:
    opened = [ipaddress.ip_network(each) for each in deployment.private_networks()]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for address in (ipaddress.ip_address(each[4][0]) for each in found):
        inside = any(address in network for network in opened if network.version == address.version)
        if inside or (secure and address.is_global and not address.is_multicast):
            return str(address)
    raise OutsideCallFailed("it is a private address, or not one of https")
