"""Signed code: where an operator asks for it, nothing else is accepted, and nothing that was changed since."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from spheres_core.authoring import wheels
from spheres_core.foundation.plugins import signatures
from spheres_core.foundation.plugins.discovery import Machine, discover
from spheres_core.testing import write_plugin
from tests.plugins.planting import plant


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The wheel of `signed_bus`, which is signed, and the public key."""
    folder = tmp_path_factory.mktemp("signed")
    public = signatures.make_key(folder / "my.key")
    plant(folder / "source", "signed_bus", files={"static/bus.svg": "<svg/>"})
    return wheels.build(folder / "source" / "signed_bus", folder / "dist", key=folder / "my.key"), public


@pytest.fixture
def signed(wheel: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """A folder of plugins in which `signed_bus` is signed, and the public key."""
    file, public = wheel
    with zipfile.ZipFile(file) as opened:
        opened.extractall(tmp_path / "site")
    return tmp_path / "site" / "spheres_plugins", public


def why(machine: Machine, id_: str) -> str:
    return machine.broken[id_].findings[0].message.msgid


def test_a_signed_plugin_is_accepted_and_an_unsigned_one_is_not(signed: tuple[Path, str]) -> None:
    folder, public = signed
    plant(folder, "unsigned_bus")
    write_plugin(folder, "plain_words", {})

    found = discover([folder], trusted=[public])

    assert set(found.plugins) == {"signed_bus", "plain_words"}
    assert why(found, "unsigned_bus") == "It is not signed."
    assert set(discover([folder]).plugins) == {"signed_bus", "plain_words", "unsigned_bus"}


def change(root: Path) -> None:
    (root / "hooks.py").write_text("raise SystemExit(9)")


def add(root: Path) -> None:
    (root / "more.py").write_text("")


def take_away(root: Path) -> None:
    (root / "static" / "bus.svg").unlink()


def bill(root: Path) -> None:
    """The bill fits what was changed; its signature then does not."""
    change(root)
    (root / signatures.CONTENTS).write_bytes(signatures.contents_of(root, "signed_bus", "1.0"))


def another_key(root: Path) -> None:
    key = root.parents[1] / "another.key"
    signatures.make_key(key)
    signatures.sign(root, key, signatures.contents_of(root, "signed_bus", "1.0"))


def garbage(root: Path) -> None:
    (root / signatures.SIGNATURE).write_text("{}")


@pytest.mark.parametrize("harm", [change, add, take_away, bill, another_key, garbage])
def test_whatever_was_changed_since_is_refused(signed: tuple[Path, str], harm: Callable[[Path], None]) -> None:
    folder, public = signed
    harm(folder / "signed_bus")

    found = discover([folder], trusted=[public])

    assert "signed_bus" not in found.plugins
    assert "sign" in why(found, "signed_bus")


def test_a_key_is_its_owners_only_and_never_written_over(tmp_path: Path) -> None:
    signatures.make_key(tmp_path / "my.key")

    assert stat.S_IMODE((tmp_path / "my.key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        signatures.make_key(tmp_path / "my.key")
