"""`conformance.toml`, beside plugin.toml: what the plugin is tried with, and which rules it is exempt from for now.

[settings]                # this plugin's settings while it is judged
travel_communities = ["pontiac"]

[referral]                # facts of the referrals it is tried with
community = "pontiac"

[[exemptions]]
rule = "G4"
reason = "Its list is drawn from a register that answers slowly; being replaced."
until = 2027-03-01
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from spheres_core.conformance.rules import RULES
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import ContentInvalid, Finding, line_of, read_toml
from spheres_core.foundation.plugins.plugin_set import PluginSet

FILE: Final = "conformance.toml"
LONGEST_EXEMPTION: Final = dt.timedelta(days=366)
"""An exemption ends within a year; who still needs it then says so again."""


class Exemption(Struct, frozen=True, forbid_unknown_fields=True):
    """Exempts a plugin from a rule until a day, with a reason."""

    rule: str
    reason: str
    until: dt.date


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Content of conformance.toml; empty when there is none."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    referral: Mapping[str, Any] = field(default_factory=dict)
    exemptions: tuple[Exemption, ...] = ()

    def settings_of(self, made: PluginSet) -> dict[str, Struct]:
        """Returns the settings of each code plugin of the set that knows these keys, for hooks that need no tenant."""
        found = {}
        for owner in made.plugins:
            kind = made.settings.get(owner)
            if kind is not None and self.settings and set(self.settings) <= set(kind.__struct_fields__):
                found[owner] = msgspec.convert(dict(self.settings), kind)
        return found


def read_config(root: Path, today: dt.date) -> tuple[Config, list[Finding]]:
    """Reads the file, and lists what is wrong with it. A wrong exemption counts for nothing."""
    path = root / FILE
    if not path.is_file():
        return Config(), []
    try:
        raw, text = read_toml(path)
        config = msgspec.convert(raw, Config)
    except ContentInvalid as invalid:
        return Config(), list(invalid.findings)
    except msgspec.ValidationError as error:
        return Config(), [Finding(FILE, msg("It cannot be used: {reason}.", reason=str(error)))]
    kept, findings = [], []
    for each in config.exemptions:
        problem = None
        if each.rule not in RULES:
            problem = msg("There is no rule {rule}.", rule=each.rule)
        elif len(each.reason.split()) < 3:
            problem = msg("The exemption from {rule} gives no reason.", rule=each.rule)
        elif each.until < today:
            problem = msg("The exemption from {rule} ended on {day}.", rule=each.rule, day=each.until.isoformat())
        elif each.until - today > LONGEST_EXEMPTION:
            problem = msg("The exemption from {rule} ends in more than a year.", rule=each.rule)
        if problem is None:
            kept.append(each)
        else:
            findings.append(
                Finding(FILE, problem, line=line_of(text, "exemptions.rule", value=each.rule), key=each.rule)
            )
    return msgspec.structs.replace(config, exemptions=tuple(kept)), findings
