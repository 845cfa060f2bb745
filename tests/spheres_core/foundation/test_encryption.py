"""Seals open where they were closed and nowhere else; the key file is ours alone or it is not used."""

from __future__ import annotations

import base64
import json
import os
import stat
import threading
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from spheres_core.foundation.encryption import Keyring, KeyTrouble, SealBroken, TenantKeys

TENANT, ROW = UUID(int=7), UUID(int=8)
RING = Keyring(b"k" * 32)
WRAPPED = RING.new_tenant_key(TENANT)
KEYS = RING.unwrap(TENANT, WRAPPED)


@given(words=st.text(st.characters(exclude_categories=["Cs"])) | st.binary())
def test_what_is_sealed_opens_again_and_shows_nothing(words: str | bytes) -> None:
    clear = words.encode() if isinstance(words, str) else words
    sealed = KEYS.seal("referrals", ROW, "answers", words)
    assert KEYS.open("referrals", ROW, "answers", sealed) == clear
    assert len(clear) < 4 or clear not in sealed
    assert sealed != KEYS.seal("referrals", ROW, "answers", words), "the same words are sealed otherwise each time"


@given(
    table=st.sampled_from(["referrals", "staff"]),
    row=st.sampled_from([ROW, UUID(int=9)]),
    column=st.sampled_from(["answers", "name"]),
    tenant=st.sampled_from([TENANT, UUID(int=10)]),
)
def test_sealed_text_opens_in_its_own_place_only(table: str, row: UUID, column: str, tenant: UUID) -> None:
    sealed = KEYS.seal("referrals", ROW, "answers", "words")
    there = KEYS if tenant == TENANT else _same_key_for(tenant)
    if (table, row, column, tenant) == ("referrals", ROW, "answers", TENANT):
        assert there.open(table, row, column, sealed) == b"words"
    else:
        with pytest.raises(SealBroken):
            there.open(table, row, column, sealed)


def _same_key_for(tenant: UUID) -> TenantKeys:
    """The very same key in another tenant's name: even then nothing opens."""
    return TenantKeys(tenant, AESGCM(b"k" * 32).decrypt(WRAPPED[1:13], WRAPPED[13:], b"tenant" + TENANT.bytes))


def test_names_that_run_into_each_other_are_different_places() -> None:
    sealed = KEYS.seal("ab", ROW, "c", "words")
    for table, column in (("a", "bc"), ("abc", ""), ("", "abc"), ("ab\0", "c")):
        with pytest.raises(SealBroken):
            KEYS.open(table, ROW, column, sealed)


def test_every_flipped_bit_and_every_cut_is_noticed() -> None:
    sealed = KEYS.seal("referrals", ROW, "answers", "a short story")
    for at in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(SealBroken):
            KEYS.open("referrals", ROW, "answers", bytes(changed))
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            KEYS.open("referrals", ROW, "answers", sealed[:length])
    with pytest.raises(SealBroken):
        KEYS.open("referrals", ROW, "answers", sealed + b"\0")


def test_no_nonce_comes_twice() -> None:
    assert len({KEYS.seal("t", ROW, "c", b"")[1:13] for _ in range(20_000)}) == 20_000


@given(one=st.text(), other=st.text(), kind=st.sampled_from(["phone", "email"]))
def test_a_blind_index_is_equal_for_equal_values_of_a_kind_only(one: str, other: str, kind: str) -> None:
    one, other = one.encode("utf-8", "replace").decode(), other.encode("utf-8", "replace").decode()
    assert (KEYS.blind(kind, one) == KEYS.blind(kind, other)) == (one == other)
    assert KEYS.blind(kind, one) != KEYS.blind(f"{kind} of another", one)
    assert len(KEYS.blind(kind, one)) == 16


def test_a_tenant_key_opens_with_the_key_it_was_wrapped_by_and_for_its_tenant_only() -> None:
    sealed = KEYS.seal("t", ROW, "c", "words")
    assert RING.unwrap(TENANT, WRAPPED).open("t", ROW, "c", sealed) == b"words"
    for ring, tenant, wrapped in (
        (Keyring(b"x" * 32), TENANT, WRAPPED),
        (RING, UUID(int=1), WRAPPED),
        (RING, TENANT, WRAPPED[:-1]),
        (RING, TENANT, b""),
    ):
        with pytest.raises(KeyTrouble):
            ring.unwrap(tenant, wrapped)


# ---- the file ------------------------------------------------------------------------------------------------------


def test_a_new_key_file_is_for_its_owner_only_and_stays_the_same(tmp_path: Path) -> None:
    path = tmp_path / "home" / "key.json"
    before = os.umask(0)
    try:
        wrapped = Keyring.load(path, create=True).new_tenant_key(TENANT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    Keyring.load(path, create=True).unwrap(TENANT, wrapped)
    assert [each.name for each in path.parent.iterdir()] == ["key.json"]


def test_processes_that_start_at_once_make_one_key(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    rings: list[Keyring] = []
    threads = [threading.Thread(target=lambda: rings.append(Keyring.load(path, create=True))) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    wrapped = rings[0].new_tenant_key(TENANT)
    for ring in (*rings[1:], Keyring.load(path)):
        ring.unwrap(TENANT, wrapped)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_can_reach_is_not_used(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.json"
    Keyring.load(path, create=True)
    path.chmod(mode)
    with pytest.raises(KeyTrouble, match="0600"):
        Keyring.load(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        "[]",
        "null",
        "not JSON",
        '{"key": 5}',
        '{"key": "short"}',
        '{"key": "!!!"}',
        '{"key": null}',
        json.dumps({"key": base64.b64encode(b"k" * 31).decode()}),
        json.dumps({"key": base64.b64encode(b"k" * 64).decode()}),
    ],
)
def test_a_file_that_is_no_key_file_is_said_to_be_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(KeyTrouble, match=r"key\.json"):
        Keyring.load(path, create=True)
    assert path.read_text() == content, "what is there is never written over"


def test_a_missing_key_file_is_only_made_when_asked_for(tmp_path: Path) -> None:
    with pytest.raises(KeyTrouble, match="missing"):
        Keyring.load(tmp_path / "key.json")
    assert list(tmp_path.iterdir()) == []
