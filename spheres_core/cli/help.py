"""Help in the reader's language: texts are marked where commands are declared and translated before they are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import rich_click as click
from rich.markup import escape
from rich_click.rich_help_rendering import get_rich_usage

from spheres_core.cli.output import _

Say = Callable[[str], str]


class Command(click.RichCommand):
    """A command whose usage line speaks the reader's language too."""

    usage_title = ""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        get_rich_usage(formatter, ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), self.usage_title)


class Group(Command, click.RichGroup):  # type: ignore[misc]
    """The same for commands that hold others."""


def command(name: str, *, help: str, examples: Sequence[str] = ()) -> Callable[[Any], click.RichCommand]:
    """Declare a command: its marked help, its examples, and `--json`, which every command has."""

    def declare(function: Any) -> click.RichCommand:
        with_json = click.option("--json", is_flag=True, expose_value=False, help=_("Answer as JSON, for programs."))(
            click.pass_obj(function)
        )
        made: click.RichCommand = click.command(name, cls=Command, help=help)(with_json)
        made.epilog = "\n".join(examples)
        return made

    return declare


def group(name: str, *, help: str) -> Group:
    """Declare a group of commands."""
    return Group(name=name, help=help, callback=_nothing, context_settings={"help_option_names": ["-h", "--help"]})


def _nothing() -> None:
    """A group alone does nothing."""


def translate(command: click.Command, say: Say) -> None:
    """Say a command's texts, and those of all below it, in the reader's language."""
    if isinstance(command, Command):
        command.usage_title = say(_("Usage:"))
    command.options_metavar = say(_("[OPTIONS]"))
    if isinstance(command, click.Group):
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
        translate(below, say)


def _config(say: Say) -> click.RichHelpConfiguration:
    """How help looks, with its titles in the reader's language."""
    return click.RichHelpConfiguration(
        text_markup="rich",
        arguments_panel_title=say(_("Arguments")),
        options_panel_title=say(_("Options")),
        commands_panel_title=say(_("Commands")),
        required_long_string=f"[{say(_('required'))}]",
        default_string=say(_("[default: {}]")),
        max_width=100,
    )
