"""A cursor is good for the list and the tenant it was given for; any other is refused and says nothing."""

from __future__ import annotations

import asyncio
import base64
import types
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from spheres_core.foundation.encryption import Keyring
from spheres_core.foundation.tenancy.pagination import LATEST, LIMIT, CursorInvalid, make_cursor, page_of, read_cursor

RING = Keyring(b"k" * 32)


def someone(number: int) -> Any:
    """All that a cursor needs of a context: the tenant's keys."""
    tenant = UUID(int=number)
    return types.SimpleNamespace(keys=RING.unwrap(tenant, RING.new_tenant_key(tenant)))


NORTH, SOUTH = someone(1), someone(2)


@given(st.uuids())
def test_a_cursor_leads_back_to_its_row_in_its_list_of_its_tenant(last: UUID) -> None:
    cursor = make_cursor(NORTH, "referrals", last)
    assert read_cursor(NORTH, "referrals", cursor) == last
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), "fit for an address"
    for ctx, name in ((SOUTH, "referrals"), (NORTH, "trail"), (NORTH, "")):
        with pytest.raises(CursorInvalid):
            read_cursor(ctx, name, cursor)


def test_without_a_cursor_a_list_begins_with_the_newest() -> None:
    assert read_cursor(NORTH, "referrals", "") == LATEST


@given(st.text() | st.binary().map(lambda b: base64.urlsafe_b64encode(b).decode()))
def test_anything_else_is_refused(typed: str) -> None:
    if typed:
        with pytest.raises(CursorInvalid):
            read_cursor(NORTH, "referrals", typed)


def test_every_changed_bit_is_refused() -> None:
    raw = base64.urlsafe_b64decode(make_cursor(NORTH, "referrals", UUID(int=77)) + "==")
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CursorInvalid):
            read_cursor(NORTH, "referrals", base64.urlsafe_b64encode(changed).decode().rstrip("="))


class Row(Struct, frozen=True):
    id: UUID


@given(number=st.integers(0, 3 * LIMIT + 1))
def test_the_pages_of_a_list_hold_each_row_once_in_order(number: int) -> None:
    rows = [Row(UUID(int=each + 1)) for each in reversed(range(number))]

    async def ask(before: UUID, limit: int) -> list[Row]:
        return [row for row in rows if row.id < before][:limit]

    async def reading() -> list[Row]:
        seen: list[Row] = []
        cursor = ""
        while True:
            page = await page_of(NORTH, "rows", cursor, ask)
            seen += page.items
            assert len(page.items) <= LIMIT
            if page.next is None:
                return seen
            assert len(page.items) == LIMIT
            cursor = page.next

    assert asyncio.run(reading()) == rows
