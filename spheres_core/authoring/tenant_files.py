"""A tenant's file to begin with: valid at once, with what each line means beside it."""

from collections.abc import Callable, Iterable, Mapping
from textwrap import wrap
from typing import Any

import msgspec
from msgspec import Struct

from spheres_core.facts import Message, msg
from spheres_core.foundation.content.toml import value as as_value
from spheres_core.foundation.tenancy.tenants import Definition

Say = Callable[[Message], str]
WIDTH = 100
"""Characters of a line of remarks."""


def written(
    wanted: Definition,
    *,
    say: Say,
    languages: Iterable[str],
    plugins: Iterable[str],
    settings: Mapping[str, type[Struct]],
) -> str:
    """The file's text. Remarks are said in the reader's language; settings stand there as remarks, with their defaults.

    `languages` and `plugins` are those of this machine; `settings` the structs by room or plugin.
    """
    slug = wanted.slug
    file = f"tenants/{slug}.toml"
    values = msgspec.to_builtins(wanted)
    parts = [
        _remark(say(msg("What this region is. Data only: a region that needs more needs a plugin.")))
        + _remark(say(msg("Check it: {command}", command=f"spheres tenant check {file} --offline")))
        + _remark(say(msg("Apply it: {command}", command=f"spheres tenant apply {file}"))),
        *(
            _remark(say(sentence)) + f"{name} = {as_value(values[name])}\n"
            for name, sentence in _remarks(languages, plugins)
        ),
        _remark(
            say(msg("Settings of rooms and plugins, with what holds when nothing is said. Take the # away to say it."))
        ),
        *_settings(settings),
    ]
    return "\n".join(parts)


def _remarks(languages: Iterable[str], plugins: Iterable[str]) -> list[tuple[str, Message]]:
    here = ", ".join(plugins) or "—"
    return [
        ("slug", msg("The file's name, and the region's part of each address: /t/<slug>/. It never changes.")),
        ("name", msg("What people read, in each language.")),
        ("languages", msg("The first is for who says nothing. On this machine: {tags}.", tags=", ".join(languages))),
        ("time_zone", msg("Dates and opening hours are told by it: an IANA name such as America/Toronto.")),
        ("hosts", msg("Host names that lead straight to this region, such as region.example.org.")),
        ("illustrative", msg("true while nobody in the region has decided to take up the programme: it then says so.")),
        ("plugins", msg("Its plugins, with those that they require. On this machine: {names}.", names=here)),
    ]


def _settings(settings: Mapping[str, type[Struct]]) -> list[str]:
    parts = []
    for owner, kind in sorted(settings.items()):
        values: dict[str, Any] = msgspec.to_builtins(kind())
        lines = [f"# {name} = {as_value(value)}" for name, value in values.items() if value is not None]
        if lines:
            parts.append("\n".join([f"# [settings.{owner}]", *lines]) + "\n")
    return parts


def _remark(text: str) -> str:
    return "".join(f"# {line}\n" for line in wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))
