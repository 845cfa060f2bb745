"""Writes tenants' files: one to begin with, and one from what is stored."""

from collections.abc import Callable, Iterable, Mapping
from textwrap import wrap
from typing import Any

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content import toml
from spheres_core.foundation.tenancy.sealed_settings import secret_names, without_secrets
from spheres_core.foundation.tenancy.tenants import Definition

Say = Callable[[Message], str]
WIDTH = 100
"""Characters of a line of comments."""


def definition_as_toml(definition: Mapping[str, Any]) -> str:
    """Returns a tenant's definition as a file: plain keys, `[settings.…]` in the order of their names, `[local]`."""
    settings: Mapping[str, Mapping[str, Any]] = definition.get("settings") or {}
    plain = {name: given for name, given in definition.items() if name not in ("settings", "local")}
    tables = {owner: dict(sorted(without_secrets(values).items())) for owner, values in sorted(settings.items())}
    last = {"settings": tables, "local": definition.get("local")}
    return toml.document({**plain, **{name: given for name, given in last.items() if given}})


def new_tenant_file(
    definition: Definition,
    *,
    say: Say,
    languages: Iterable[str],
    plugins: Iterable[str],
    settings: Mapping[str, type[Struct]],
) -> str:
    """Returns a valid file that explains each line; settings stand there as comments, with their defaults.

    `languages` and `plugins` are those of this machine; `settings` the structs by room or plugin.
    """
    slug = definition.slug
    file = f"tenants/{slug}.toml"
    values = msgspec.to_builtins(definition)
    parts = [
        _comment(say(msg("What this region is. Data only: a region that needs more needs a plugin.")))
        + _comment(say(msg("Check it: {command}", command=f"spheres tenant check {file} --offline")))
        + _comment(say(msg("Apply it: {command}", command=f"spheres tenant apply {file}"))),
        *(
            _comment(say(sentence)) + f"{name} = {toml.value(values[name])}\n"
            for name, sentence in _comments(languages, plugins)
        ),
        _comment(
            say(msg("Settings of rooms and plugins, with what holds when nothing is said. Take the # away to say it."))
        ),
        *_settings(settings),
    ]
    return "\n".join(parts)


def _comments(languages: Iterable[str], plugins: Iterable[str]) -> list[tuple[str, Message]]:
    here = ", ".join(plugins) or "—"
    return [
        ("slug", msg("The file's name, and the region's part of each address: /t/<slug>/. It never changes.")),
        ("name", msg("What people read, in each language.")),
        ("languages", msg("The first is for who says nothing. On this machine: {tags}.", tags=", ".join(languages))),
        ("time_zone", msg("Dates and opening hours are told by it: an IANA name such as America/Toronto.")),
        ("hosts", msg("Host names that lead straight to this region, such as region.example.org.")),
        ("illustrative", msg("true while nobody in the region has decided to take up the program: it then says so.")),
        ("plugins", msg("Its plugins, with those that they require. On this machine: {names}.", names=here)),
    ]


def _settings(settings: Mapping[str, type[Struct]]) -> list[str]:
    parts = []
    for owner, kind in sorted(settings.items()):
        values: dict[str, Any] = msgspec.to_builtins(kind())
        lines = [f"# {name} = {toml.value(value)}" for name, value in values.items()
                 if value is not None and name not in secret_names(kind)]  # fmt: skip
        if lines:
            parts.append("\n".join([f"# [settings.{owner}]", *lines]) + "\n")
    return parts


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))
