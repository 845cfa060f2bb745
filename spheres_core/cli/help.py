"""Declares commands, imports each when it is called, and shows help in the reader's language."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import rich_click as click
from rich.markup import escape
from rich_click.rich_help_rendering import get_rich_usage

from spheres_core.cli.command_table import COMMANDS, Entry
from spheres_core.cli.output import _

Say = Callable[[str], str]
HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}


class Command(click.RichCommand):
    """Base of all commands: its usage line is in the reader's language too."""

    usage_title = ""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        get_rich_usage(formatter, ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), self.usage_title)


class Summary(Command):
    """Stands for a command that is not imported yet: its name and its help, from the table."""

    target = ""

    def load(self) -> click.Command:
        """Imports the command itself. From here on nothing but its answer may stand on stdout."""
        importlib.import_module("spheres_core.foundation.logs").silence()
        importlib.import_module("spheres_core.foundation.tenancy.garbage_collection").collect_seldom()
        module, _colon, name = self.target.partition(":")
        found: click.Command = getattr(importlib.import_module(f"spheres_core.cli.{module}"), name)
        return copy.deepcopy(found)  # translating changes it


class Group(Command, click.RichGroup):  # type: ignore[misc]
    """Holds other commands, each of which is imported when it is called."""

    say: Say = staticmethod(str)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, found, rest = super().resolve_command(ctx, args)
        if isinstance(found, Summary):
            found = found.load()
        if found is not None:
            translate(found, self.say)
        return name, found, rest


def add_commands(root: Group, table: Mapping[str, Entry]) -> None:
    """Adds the groups and commands of the table, none of which is imported."""
    groups = {"": root}
    for path, entry in table.items():
        above, _space, name = path.rpartition(" ")
        made: Group | Summary
        if entry.target:
            made = Summary(name=name, help=entry.help)
            made.target = entry.target
        else:
            made = groups[path] = Group(name=name, help=entry.help, callback=_nothing, context_settings=HELP_OPTIONS)
        groups[above].add_command(made)


def command(path: str, *, examples: Sequence[str] = ()) -> Callable[[Any], click.RichCommand]:
    """Declares a command of the table, with its examples and `--json`, which every command has."""

    def declare(function: Any) -> click.RichCommand:
        with_json = click.option("--json", is_flag=True, expose_value=False, help=_("Answer as JSON, for programs."))(
            click.pass_obj(function)
        )
        name = path.rpartition(" ")[2]
        made: click.RichCommand = click.command(name, cls=Command, help=COMMANDS[path].help)(with_json)
        made.epilog = "\n".join(examples)
        return made

    return declare


def _nothing() -> None:
    """Does nothing: a group only holds commands."""


def translate(command: click.Command, say: Say) -> None:
    """Translates the texts of a command, and what a group says of those below it, into the reader's language.

    Those below it are translated when they are called: all of them would be a third of the work of showing help.
    """
    if isinstance(command, Command):
        command.usage_title = say(_("Usage:"))
    command.options_metavar = say(_("[OPTIONS]"))
    if isinstance(command, Group):
        command.say = say
        command.subcommand_metavar = say(_("COMMAND [ARGS]..."))
    if command.help:
        command.help = say(command.help)
    if command.epilog:
        lines = command.epilog.splitlines()
        title = say(_("Examples"))
        command.epilog = "\n\n".join([f"[bold]{title}[/bold]", *(f"[cyan]{escape(line)}[/cyan]" for line in lines)])
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = say(parameter.help)
    if not command.params or command._help_option is None:
        option = command.get_help_option(click.Context(command, help_option_names=["-h", "--help"]))
        if option is not None:
            option.help = say(_("Show this help."))
            command._help_option = option
    command.context_settings["rich_help_config"] = _config(say)
    for below in getattr(command, "commands", {}).values():
        below.help = say(below.help) if below.help else None


def _config(say: Say) -> click.RichHelpConfiguration:
    """Returns how help looks, with its titles in the reader's language."""
    return click.RichHelpConfiguration(
        text_markup="rich",
        arguments_panel_title=say(_("Arguments")),
        options_panel_title=say(_("Options")),
        commands_panel_title=say(_("Commands")),
        required_long_string=f"[{say(_('required'))}]",
        default_string=say(_("[default: {}]")),
        max_width=100,
    )
