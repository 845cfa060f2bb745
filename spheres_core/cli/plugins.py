"""`spheres plugin` and `spheres hooks`: what is installed, and what a plugin may answer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import app, hookspecs
from spheres_core.cli.help import command, group
from spheres_core.cli.speaking import Speaker, Trouble, _
from spheres_core.facts import msg
from spheres_core.foundation.manifests import Manifest

plugin = group("plugin", help=_("Plugins on this machine, as their manifests describe them. None is imported."))


@command(
    "list",
    help=_("Every plugin that is found, and those whose plugin.toml cannot be read."),
    examples=["spheres plugin list", "SPHERES_PLUGINS=/srv/plugins spheres plugin list --json"],
)
def list_plugins(speaker: Speaker) -> int:
    machine = app.machine()
    broken = {id_: [speaker.finding(each) for each in bad.findings] for id_, bad in machine.broken.items()}
    speaker.answer(
        {
            "plugins": [
                {"id": id_, **_fields(each.manifest, "version", "tier", "languages", "title"), "folder": str(each.root)}
                for id_, each in machine.plugins.items()
            ],
            "broken": broken,
        }
    )
    rows = [
        (id_, each.manifest.version, speaker.say(TIERS[each.manifest.tier]), escape(speaker.say(each.manifest.title)))
        for id_, each in sorted(machine.plugins.items())
    ]
    speaker.table([_("Plugin"), _("Version"), _("Kind"), _("Title")], rows)
    if not speaker.json:
        for bad in machine.broken.values():
            for found in bad.findings:
                speaker.err.print(speaker.finding_line(found))
    return 1 if broken else 0


TIERS = {"pack": _("data only"), "code": _("with code")}


@command(
    "show",
    help=_("All that a plugin says of itself: what it brings, what it touches, what stops when it fails."),
    examples=["spheres plugin show my_plugin"],
)
@click.argument("id_", metavar="PLUGIN")
def show(speaker: Speaker, id_: str) -> None:
    machine = app.machine()
    if id_ in machine.broken:
        raise machine.broken[id_]
    if id_ not in machine.plugins:
        names = ", ".join(sorted(machine.plugins)) or "—"
        raise Trouble(msg("There is no plugin {plugin} here. There are: {names}.", plugin=id_, names=names))
    found = machine.plugins[id_]
    manifest = found.manifest
    speaker.answer({**msgspec.to_builtins(manifest), "folder": str(found.root)})
    speaker.table(
        [id_, escape(speaker.say(manifest.title))],
        [
            (escape(speaker.say(name)), escape(value))
            for name, value in _lines(speaker, manifest, str(found.root))
            if value
        ],
    )


def _lines(speaker: Speaker, manifest: Manifest, folder: str) -> list[tuple[str, str]]:
    provides = manifest.provides
    lines = [
        (_("Description"), speaker.say(manifest.description)),
        (_("Version"), manifest.version),
        (_("Kind"), speaker.say(TIERS[manifest.tier])),
        (_("Languages"), ", ".join(manifest.languages)),
        (_("Licence"), manifest.licence),
        (_("Owner"), manifest.owner),
        (_("Folder"), folder),
        (_("Works with"), ", ".join(f"{name} {wanted}" for name, wanted in manifest.compatible.items())),
        (_("Requires"), ", ".join(f"{name} {wanted}" for name, wanted in manifest.requires.items())),
        (_("Conflicts with"), ", ".join(manifest.conflicts)),
        (_("Hooks"), ", ".join(provides.hooks)),
        (_("Routes"), speaker.say(_("yes")) if provides.routes else ""),
        (_("Tables"), ", ".join(provides.tables)),
        (_("Permissions"), ", ".join(provides.permissions)),
        (_("Content"), ", ".join(provides.content)),
        (_("Safeguards"), ", ".join(provides.safeguards)),
        (_("Personal data"), ", ".join(manifest.data.categories)),
    ]
    lines += [
        (speaker.say(msg("When {part} fails", part=part)), speaker.say(words))
        for part, words in manifest.failure.items()
    ]
    return lines


def _fields(manifest: Manifest, *names: str) -> dict[str, Any]:
    return {name: getattr(manifest, name) for name in names}


@command(
    "hooks",
    help=_("The manual of every hook, in the order in which a referral meets them."),
    examples=["spheres hooks", "spheres hooks assess_eligibility"],
)
@click.argument("name", metavar="[HOOK]", required=False)
@click.option("--markdown", is_flag=True, help=_("All of it as the page docs/hooks.md."))
def hooks(speaker: Speaker, name: str | None, markdown: bool) -> None:
    if markdown:
        click.echo(hooks_page(), nl=False)
        return
    manual = hook_manual()
    if name is not None:
        manual = [each for each in manual if each["name"] == name]
        if not manual:
            names = ", ".join(each["name"] for each in hook_manual())
            raise Trouble(msg("There is no hook {name}. There are: {names}.", name=name, names=names))
    lines = [f"[dim]{escape(inspect.getdoc(hookspecs) or '')}[/dim]", ""] if name is None else []
    for each in manual:
        lines += [f"[bold cyan]{each['name']}[/bold cyan]({', '.join(each['arguments'])})", escape(each["manual"]), ""]
    speaker.answer(manual, *lines)


def hook_manual() -> list[dict[str, Any]]:
    """Every hook with its arguments and its paragraph, as `hookspecs.py` declares them; in its order."""
    return [
        {
            "name": name,
            "kind": name.partition("_")[0],
            "async": inspect.iscoroutinefunction(found),
            "arguments": list(inspect.signature(found).parameters),
            "signature": _signature(name, found),
            "manual": inspect.getdoc(found) or "",
        }
        for name, found in vars(hookspecs).items()
        if inspect.isfunction(found) and hasattr(found, "spheres_spec")
    ]


def _signature(name: str, hook: Callable[..., Any]) -> str:
    said = inspect.signature(hook)
    arguments = ", ".join(f"{each.name}: {_plain(each.annotation)}" for each in said.parameters.values())
    start = "async def" if inspect.iscoroutinefunction(hook) else "def"
    return f"{start} {name}({arguments}) -> {_plain(said.return_annotation)}"


def _plain(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else str(annotation)


def hooks_page() -> str:
    """`docs/hooks.md`: the same manual for who reads it on paper; a test holds the two together."""
    parts = [
        "# Hooks\n\n<!-- Written by `spheres hooks --markdown` from spheres_core/hookspecs.py: change it there. -->\n",
        *(f"{each}\n" for each in _paragraphs(inspect.getdoc(hookspecs) or "")),
    ]
    for each in hook_manual():
        code = f"```python\n@hookimpl\n{each['signature']}: ...\n```"
        parts += [f"## {each['name']}\n", f"{code}\n", f"{each['manual']}\n"]
    return "\n".join(parts)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs as Markdown; an indented one is a block as it stands."""
    found = text.split("\n\n")
    return [f"```text\n{inspect.cleandoc(each)}\n```" if each.startswith("    ") else each for each in found]


for each in (list_plugins, show):
    plugin.add_command(each)

COMMANDS = (plugin, hooks)
