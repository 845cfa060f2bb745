"""`spheres hooks`: the manual of every hook, and the lock over the API that plugins use."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import msgspec
import rich_click as click
from rich.markup import escape

from spheres_core import __version__, hookspecs, plugin
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.plugin.page_kit_page import page_kit_page
from spheres_core.facts import msg
from spheres_core.foundation.plugins import api_lock
from spheres_core.foundation.web import page_kit
from spheres_core.hook_versions import HookVersion, hook_version_of
from spheres_core.slots import SLOTS


@command(
    "hooks",
    examples=["spheres hooks", "spheres hooks assess_eligibility", "spheres hooks --lock"],
)
@click.argument("name", metavar="[HOOK]", required=False)
@click.option("--markdown", is_flag=True, help=_("All of it as the page docs/hooks.md."))
@click.option("--lock", is_flag=True, help=_("Write down the whole surface; refused when plugins would break."))
@click.option("--page-kit", "kit", is_flag=True, help=_("The page kit, as the page docs/page-kit.md."))
def hooks(output: Output, name: str | None, markdown: bool, lock: bool, kit: bool) -> None:
    if lock:
        _lock(output)
        return
    if kit:
        click.echo(page_kit_page(), nl=False)
        return
    if markdown:
        click.echo(hook_manual_page(), nl=False)
        return
    manual = hook_manual()
    if name is not None:
        manual = [each for each in manual if each["name"] == name]
        if not manual:
            names = ", ".join(each["name"] for each in hook_manual())
            raise CommandError(msg("There is no hook {name}. There are: {names}.", name=name, names=names))
    lines = [f"[dim]{escape(inspect.getdoc(hookspecs) or '')}[/dim]", ""] if name is None else []
    for each in manual:
        lines += [f"[bold cyan]{each['name']}[/bold cyan]({', '.join(each['arguments'])})", escape(each["manual"]), ""]
    output.print_result(manual, *lines)


def _lock(output: Output) -> None:
    """Records what was added; refuses what breaks plugins while the version does not say so."""
    before, now = api_lock.read_lock(), api_lock.describe(plugin.__all__, page_kit=page_kit.kit())
    changes = api_lock.compare(before, now)
    broken = [f"{each.what}: {each.how}" for each in changes if each.kind == "broken"]
    if broken and not api_lock.may_break(before.version, __version__):
        sentence = msg("This breaks plugins that were written for {version}: {changes}.", version=before.version,
                   changes="; ".join(broken))  # fmt: skip
        raise CommandError(sentence)
    api_lock.write_lock(now)
    lines = [escape(f"{each.what}: {each.how}") for each in changes]
    output.print_result({"ok": True, "changes": msgspec.to_builtins(changes), "file": str(api_lock.LOCK)}, *lines)


def hook_manual() -> list[dict[str, Any]]:
    """Lists every hook with its arguments and its paragraph, in the order in which `hookspecs/` declares them."""
    return [
        {
            "name": name,
            "kind": name.partition("_")[0],
            "async": inspect.iscoroutinefunction(found),
            "arguments": list(inspect.signature(found).parameters),
            "signature": _signature(name, found),
            "manual": "\n\n".join(filter(None, (inspect.getdoc(found), _room(name)))),
            "promise": _promise(hook_version_of(found)),
        }
        for name, found in api_lock.hooks_of().items()
    ]


def _room(name: str) -> str:
    """Returns where a slot is, who reads it and how much a panel has room for; empty for other hooks."""
    slot = SLOTS.get(name)
    if slot is None:
        return ""
    readers = f"`{slot.permission}`" if "." in slot.permission else slot.permission or "anybody"
    table = f"a table of {slot.rows} rows and {slot.columns} columns" if slot.rows else "no table"
    return (
        f"Where: {slot.page}. Readers: {readers}. Room: {slot.facts} facts, {table}, {slot.links} links, a fragment of"
        f" {slot.characters} characters."
    )


def _promise(promise: HookVersion) -> str:
    """Returns since when a hook and its arguments exist, and until when."""
    said = f"Since {promise.since}."
    for name, own in promise.arguments.items():
        said += f" `{name}` since {own.since}{_end(own)}."
    return f"{said} Deprecated{_end(promise)}." if promise.deprecation else said


def _end(promise: HookVersion) -> str:
    if promise.deprecation is None:
        return ""
    end = promise.deprecation
    instead = f"; in its place `{end.successor}`" if end.successor else ""
    return f" since {end.deprecated}, gone in {end.removed_in}{instead}"


def _signature(name: str, hook: Callable[..., Any]) -> str:
    said = inspect.signature(hook)
    arguments = ", ".join(f"{each.name}: {_plain(each.annotation)}" for each in said.parameters.values())
    start = "async def" if inspect.iscoroutinefunction(hook) else "def"
    return f"{start} {name}({arguments}) -> {_plain(said.return_annotation)}"


def _plain(annotation: Any) -> str:
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def hook_manual_page() -> str:
    """Returns `docs/hooks.md`; a test compares the two."""
    parts = [
        "# Hooks\n\n<!-- Written by `spheres hooks --markdown` from spheres_core/hookspecs/: change it there. -->\n",
        *(f"{each}\n" for each in _paragraphs(inspect.getdoc(hookspecs) or "")),
    ]
    for each in hook_manual():
        code = f"```python\n@hookimpl\n{each['signature']}: ...\n```"
        parts += [f"## {each['name']}\n", f"{code}\n", f"{each['manual']}\n", f"{each['promise']}\n"]
    return "\n".join(parts)


def _paragraphs(text: str) -> list[str]:
    """Paragraphs as Markdown; an indented one is a block as it stands."""
    found = text.split("\n\n")
    return [f"```text\n{inspect.cleandoc(each)}\n```" if each.startswith("    ") else each for each in found]
