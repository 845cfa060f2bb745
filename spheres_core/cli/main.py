"""The `spheres` command itself: reads the language, runs a command, and explains what went wrong in a sentence."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NoReturn

import rich_click as click
from click.exceptions import Exit

from spheres_core import __version__
from spheres_core.cli.command_table import COMMANDS
from spheres_core.cli.help import Group, add_commands, translate
from spheres_core.cli.output import CommandError, Output, _, terminal_language
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment
from spheres_core.foundation.languages import localization


def make_group() -> Group:
    """Returns the command with all that it can do."""

    @click.group(
        name="spheres",
        cls=Group,
        help=_("SPHÈRES: receive and follow referrals, region by region. Try `spheres demo` first."),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    @click.option("--language", metavar="TAG", expose_value=False, help=_("The language to speak: fr or en."))
    @click.version_option(__version__, prog_name="spheres", help=_("Show the version."))
    def spheres() -> None:
        pass

    add_commands(spheres, COMMANDS)
    return spheres


def main() -> NoReturn:
    """Runs `.venv/bin/spheres`."""
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit code."""
    given, tag, json, problem = _global_options(arguments)
    output = Output(tag=tag, json=json)
    try:
        if problem is not None:
            raise problem
        group = make_group()
        translate(group, output.say)
        result = group.main(given, prog_name="spheres", standalone_mode=False, obj=output)
        return result if isinstance(result, int) else 0
    except Exit as end:
        return end.exit_code
    except click.UsageError as error:
        output.print_error(CommandError(_usage_error(error)))
        return 2
    except (click.Abort, KeyboardInterrupt):
        output.print_notice(_("Stopped."))
        return 1
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - lives until the interpreter ends
        return 1
    except Exception as error:
        if deployment.shows_tracebacks():
            raise
        errors = importlib.import_module("spheres_core.cli.errors")  # names libraries that help does without
        failure: CommandError = errors.explain(error, output)
        output.print_error(failure)
        return failure.code


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


COMMANDS_WITH_A_LANGUAGE_OF_THEIR_OWN = (("locale", "lint"), ("locale", "sheet", "export"))
"""Commands whose `--language` is that of the texts they work on; the one they speak stands before their name."""


def _global_options(arguments: Sequence[str]) -> tuple[list[str], str, bool, click.UsageError | None]:
    """Returns the arguments without `--language` and `--json`; then the language, whether JSON, and what is wrong."""
    kept: list[str] = []
    wanted: str | None = None
    json = False
    problem: click.UsageError | None = None
    helped = not {"-h", "--help"}.isdisjoint(arguments)
    rest = iter(arguments)
    for each in rest:
        if each == "--":
            kept += [each, *rest]
        elif (
            each.startswith("--language")
            and not helped
            and any(tuple(kept[: len(c)]) == c for c in COMMANDS_WITH_A_LANGUAGE_OF_THEIR_OWN)
        ):
            kept.append(each)
        elif each == "--language":
            wanted = next(rest, "")
        elif each.startswith("--language="):
            wanted = each.partition("=")[2]
        elif each == "--json":
            json = True
        else:
            kept.append(each)
    if wanted is None:
        return kept, terminal_language(), json, None
    tag = localization.match(wanted, sorted(localization.REGISTRY))
    if tag is None:
        problem = click.BadParameter(wanted, param_hint="--language")
    return kept, tag or terminal_language(), json, problem


def _usage_error(error: click.UsageError) -> Message:
    """Returns click's English error about the command line as a sentence of ours."""
    path = error.ctx.command_path if error.ctx else "spheres"
    ask = msg("See `{command} --help`.", command=path)
    hint: Any = getattr(error, "param_hint", None)
    param = getattr(error, "param", None)
    name = (hint if isinstance(hint, str) else None) or (param.opts[0] if param and param.opts else "")
    if param is not None and isinstance(param, click.Argument):
        name = param.make_metavar(error.ctx) if error.ctx else param.human_readable_name
    if isinstance(error, click.NoSuchOption):
        return msg("There is no option {name} here. {ask}", name=error.option_name, ask=ask)
    if isinstance(error, click.MissingParameter):
        return msg("{name} is missing. {ask}", name=name, ask=ask)
    if isinstance(error, click.BadParameter):
        return msg(
            "{name}: this value cannot be used ({value}). {ask}", name=name, value=error.message.rstrip("."), ask=ask
        )
    if type(error).__name__ == "NoSuchCommand" or "No such command" in error.message:
        named = error.message.partition("'")[2].partition("'")[0]
        return msg("There is no command {name}. {ask}", name=named, ask=ask)
    if isinstance(error, click.BadOptionUsage):
        return msg("The option {name} needs a value. {ask}", name=error.option_name, ask=ask)
    return msg("The command is not written as it should be. {ask}", ask=ask)
