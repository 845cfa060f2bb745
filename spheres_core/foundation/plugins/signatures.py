"""Signatures of plugins: the bill of a plugin's files with their SHA-256, signed with Ed25519.

Both lie in the plugin's folder, so that they come along in a wheel. A signature says who made the files and that
nobody changed them since; it says nothing of whether they mean well.
"""

import base64
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from spheres_core.facts import Message, msg

CONTENTS: Final = "contents.json"
SIGNATURE: Final = "signature.json"
_PASSED_OVER: Final = frozenset({CONTENTS, SIGNATURE})


class Contents(Struct, frozen=True):
    """The bill of contents: every file of the plugin with the SHA-256 of its content."""

    plugin: str
    version: str
    files: Mapping[str, str]


class Signature(Struct, frozen=True):
    """Who signed the bill: the public key and the signature of the bill's bytes, both as base64."""

    key: str
    signature: str


def contents_of(folder: Path, plugin: str, version: str) -> bytes:
    """Returns the bill of a folder's files, as it is written and signed."""
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _files(folder)}
    return msgspec.json.format(msgspec.json.encode(Contents(plugin, version, files)), indent=1) + b"\n"


def _files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    names = (path.relative_to(folder).as_posix() for path in found)
    return sorted(name for name in names if name not in _PASSED_OVER and "__pycache__" not in name.split("/"))


def make_key(path: Path) -> str:
    """Writes a new private key that only its owner reads; returns the public key. Raises `FileExistsError`."""
    made = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(base64.b64encode(made.private_bytes_raw()).decode() + "\n")
    return _public(made)


def sign(folder: Path, key: Path, contents: bytes) -> None:
    """Writes the bill and its signature into the folder. Raises ValueError for a file that holds no key."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.read_text().strip(), validate=True))
    (folder / CONTENTS).write_bytes(contents)
    made = Signature(_public(private), base64.b64encode(private.sign(contents)).decode())
    (folder / SIGNATURE).write_bytes(msgspec.json.encode(made) + b"\n")


def _public(private: Ed25519PrivateKey) -> str:
    return base64.b64encode(private.public_key().public_bytes_raw()).decode()


def problem_with_signature(folder: Path, plugin: str, version: str, trusted: Sequence[str]) -> Message | None:
    """Returns why a plugin is not signed by a trusted key as it lies there, or None when it is."""
    try:
        contents = (folder / CONTENTS).read_bytes()
        signed = msgspec.json.decode((folder / SIGNATURE).read_bytes(), type=Signature)
        bill = msgspec.json.decode(contents, type=Contents)
    except (OSError, msgspec.DecodeError):
        return msg("It is not signed.")
    if signed.key not in trusted:
        return msg("It is signed with a key that this installation does not trust.")
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed.key, validate=True))
        key.verify(base64.b64decode(signed.signature, validate=True), contents)
    except (InvalidSignature, ValueError):
        return msg("Its signature is not that of its bill of contents.")
    if (bill.plugin, bill.version) != (plugin, version):
        return msg("Its signature is that of another plugin or version.")
    there = _files(folder)
    if any((folder / name).is_symlink() for name in there):
        return msg("Its files are not those that were signed: {names}.", names="symbolic link")
    changed = sorted({*there} ^ {*bill.files})
    changed += [
        name
        for name in there
        if name in bill.files and hashlib.sha256((folder / name).read_bytes()).hexdigest() != bill.files[name]
    ]
    return msg("Its files are not those that were signed: {names}.", names=", ".join(changed[:5])) if changed else None
