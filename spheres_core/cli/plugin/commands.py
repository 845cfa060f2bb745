"""`spheres plugin`: what is installed, as the manifests describe it."""

from __future__ import annotations

from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.plugins import deprecations
from spheres_core.foundation.plugins.manifest import Manifest


@command(
    "plugin list",
    examples=["spheres plugin list", "SPHERES_PLUGINS=/srv/plugins spheres plugin list --json"],
)
def list_plugins(output: Output) -> int:
    machine = app.machine()
    broken = {id_: [output.finding_as_dict(each) for each in bad.findings] for id_, bad in machine.broken.items()}
    output.print_result(
        {
            "plugins": [
                {"id": id_, **_fields(each.manifest, "version", "tier", "languages", "title"), "folder": str(each.root),
                 "warnings": _warnings(output, each.manifest)}
                for id_, each in machine.plugins.items()
            ],
            "broken": broken,
        }
    )  # fmt: skip
    rows = [
        (id_, each.manifest.version, output.say(TIERS[each.manifest.tier]), escape(output.say(each.manifest.title)))
        for id_, each in sorted(machine.plugins.items())
    ]
    output.print_table([_("Plugin"), _("Version"), _("Kind"), _("Title")], rows)
    if not output.json:
        for each in machine.plugins.values():
            for warning in _warnings(output, each.manifest):
                output.err.print(f"[yellow]![/yellow] {escape(warning)}")
        for bad in machine.broken.values():
            for found in bad.findings:
                output.err.print(output.finding_line(found))
    return 1 if broken else 0


TIERS = {"pack": _("data only"), "code": _("with code")}


@command(
    "plugin show",
    examples=["spheres plugin show my_plugin"],
)
@click.argument("id_", metavar="PLUGIN")
def show(output: Output, id_: str) -> None:
    machine = app.machine()
    if id_ in machine.broken:
        raise machine.broken[id_]
    if id_ not in machine.plugins:
        names = ", ".join(sorted(machine.plugins)) or "—"
        raise CommandError(msg("There is no plugin {plugin} here. There are: {names}.", plugin=id_, names=names))
    found = machine.plugins[id_]
    manifest = found.manifest
    warnings = _warnings(output, manifest)
    output.print_result({**msgspec.to_builtins(manifest), "folder": str(found.root), "warnings": warnings})
    output.print_table(
        [id_, escape(output.say(manifest.title))],
        [
            (escape(output.say(name)), escape(value))
            for name, value in _lines(output, manifest, str(found.root))
            if value
        ],
    )


def _lines(output: Output, manifest: Manifest, folder: str) -> list[tuple[str, str]]:
    provides = manifest.provides
    lines = [
        (_("Description"), output.say(manifest.description)),
        (_("Version"), manifest.version),
        (_("Kind"), output.say(TIERS[manifest.tier])),
        (_("Languages"), ", ".join(manifest.languages)),
        (_("Licence"), manifest.licence),
        (_("Owner"), manifest.owner),
        (_("Folder"), folder),
        (_("Works with"), ", ".join(f"{name} {wanted}" for name, wanted in manifest.compatible.items())),
        (_("Requires"), ", ".join(f"{name} {wanted}" for name, wanted in manifest.requires.items())),
        (_("Conflicts with"), ", ".join(manifest.conflicts)),
        (_("Hooks"), ", ".join(provides.hooks)),
        (_("Routes"), output.say(_("yes")) if provides.routes else ""),
        (_("Tables"), ", ".join(provides.tables)),
        (_("Permissions"), ", ".join(provides.permissions)),
        (_("Reports"), ", ".join(provides.reports)),
        (_("Content"), ", ".join(provides.content)),
        (_("Safeguards"), ", ".join(provides.safeguards)),
        (_("Personal data"), ", ".join(manifest.data.categories)),
    ]
    lines += [
        (output.say(msg("When {part} fails", part=part)), output.say(words)) for part, words in manifest.failure.items()
    ]
    return [*lines, *((_("Warning"), warning) for warning in _warnings(output, manifest))]


def _warnings(output: Output, manifest: Manifest) -> list[str]:
    """Lists what it uses that will be removed, as far as its manifest says."""
    return [output.say(each.message) for each in deprecations.declared_deprecated_uses(manifest)]


def _fields(manifest: Manifest, *names: str) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in names}
