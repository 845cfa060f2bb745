"""Which forms are attached to a record of another room, by their keys.

A file `forms/on_organization.xlsx` of the plugin `night_bus` is the form `on_organization.night_bus`: several plugins
ask on the same kind of record, each in a form of its own. `on_organization` without a plugin is the region's own.
"""

import re
from typing import Final

ATTACHED: Final = "on_"
FILE_KINDS: Final = frozenset({"encounter", "need", "goal", "service_request"})
"""Kinds of records of a participant's file: what is asked on them stands in their own forms, and her words apart."""
_KEY: Final = re.compile(r"on_([a-z][a-z0-9_]{0,39})(?:\.[a-z][a-z0-9_]{0,39})?")


def record_kind_of(key: str) -> str:
    """Returns the kind of record that a form is asked on; empty when it stands by itself."""
    found = _KEY.fullmatch(key)
    return found[1] if found else ""


def key_in_plugin(stem: str, plugin_id: str) -> str:
    """Returns the key of the form that a plugin brings in the file of this name, without its suffix."""
    return f"{stem}.{plugin_id}" if record_kind_of(stem) else stem
