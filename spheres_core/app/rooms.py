"""Lists the rooms, and what they bring to every tenant: hooks, readers of content, catalogs."""

import importlib
from pathlib import Path
from types import ModuleType

from spheres_core.foundation.content.packs import PackReader
from spheres_core.foundation.languages import localization

CORE = Path(__file__).parents[1]
ROOMS = (
    "audit", "notifications", "staff", "forms", "extra_questions", "partners", "referrals", "inquiries",
    "support", "consents", "participants", "followups", "plans", "safety", "activities", "committee", "transfers",
    "privacy", "site",
)  # fmt: skip
"""From the lowest to the highest; each may use those before it (the contracts in pyproject.toml say exactly)."""


def rooms() -> dict[str, ModuleType]:
    """Returns each room's `hooks` module, by the room's name."""
    return {name: importlib.import_module(f"spheres_core.{name}.hooks") for name in ROOMS}


def pack_readers() -> list[PackReader]:
    """Returns the rooms' readers of a plugin's content files."""
    registered = (getattr(room, "register_pack_readers", None) for room in rooms().values())
    return [reader for register in registered if register for reader in register()]


def catalog_folder() -> Path:
    """Returns the folder of the core's catalogs: beside the package in a checkout, inside it in a wheel."""
    return localization.core_catalog_folder()
