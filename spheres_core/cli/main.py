"""The `spheres` command itself: reads the language, runs what is asked, and says what went wrong in a sentence."""

from __future__ import annotations

import copy
import os
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from types import FrameType
from typing import Any, Final, NoReturn

import asyncpg
import psycopg
import rich_click as click
from click.exceptions import Exit

from spheres_core import __version__
from spheres_core.cli.help import Group, translate
from spheres_core.cli.locale import commands
from spheres_core.cli.output import Speaker, Trouble, _, as_trouble, terminal_language
from spheres_core.cli.plugin import build, hooks
from spheres_core.cli.plugin import commands as plugin_commands
from spheres_core.cli.records import deliveries, forms, partners, referrals
from spheres_core.cli.server import checks
from spheres_core.cli.server import commands as server_commands
from spheres_core.cli.staff import accounts, members
from spheres_core.cli.tenant import commands as tenant_commands
from spheres_core.cli.tenant import terms
from spheres_core.facts import Message, msg
from spheres_core.foundation import deployment, logs
from spheres_core.foundation.database.components import MigrationFailed, MigrationRefused
from spheres_core.foundation.encryption import KeyTrouble
from spheres_core.foundation.languages import localization
from spheres_core.foundation.plugins.plugin_set import PluginBroken
from spheres_core.foundation.postgres.errors import (
    AddressMissing,
    BinariesMissing,
    DiskFull,
    HomeInUse,
    NotPermitted,
    OtherMajorVersion,
    PostgresUnavailable,
    StartFailed,
)
from spheres_core.notifications.mail_settings import ChannelMisconfigured

TOPICS: Final = (
    server_commands,
    tenant_commands,
    plugin_commands,
    build,
    hooks,
    referrals,
    partners,
    forms,
    commands,
    accounts,
    members,
    deliveries,
    terms,
    checks,
)

WITHOUT_DATABASE: Final[dict[type[Exception], Message]] = defaultdict(
    lambda: msg("The database cannot be used."),
    {
        BinariesMissing: msg("The embedded database's programs are missing or do not run on this machine."),
        NotPermitted: msg("This user may not run the embedded database here."),
        DiskFull: msg("No space is left on the disk for the database."),
        StartFailed: msg("The embedded database does not start or stop."),
        OtherMajorVersion: msg("The data was written by another version of PostgreSQL; nothing was changed."),
        HomeInUse: msg("Another process, perhaps of another container, uses this SPHERES_HOME."),
        AddressMissing: msg("An address of your own PostgreSQL is missing or not written as it should be."),
    },
)
"""Each reason in the reader's language; the details, for who looks after the machine, stay as they are."""


def make_group() -> click.RichGroup:
    """The command with everything it can do."""

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

    for topic in TOPICS:
        for command in topic.COMMANDS:
            spheres.add_command(command)
    return spheres


def main() -> NoReturn:
    """The entry point of `.venv/bin/spheres`."""
    signal.signal(signal.SIGTERM, _ask_to_end)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code."""
    given, tag, json, problem = _own_options(arguments)
    speaker = Speaker(tag=tag, json=json)
    logs.silence()
    try:
        if problem is not None:
            raise problem
        group = copy.deepcopy(make_group())  # translating changes it
        translate(group, speaker.say)
        result = group.main(given, prog_name="spheres", standalone_mode=False, obj=speaker)
        return result if isinstance(result, int) else 0
    except Exit as end:
        return end.exit_code
    except click.UsageError as error:
        speaker.complain(Trouble(_usage(error)))
        return 2
    except (click.Abort, KeyboardInterrupt):
        speaker.note(_("Stopped."))
        return 1
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - lives until the interpreter ends
        return 1
    except Exception as error:
        if deployment.shows_tracebacks():
            raise
        trouble = understood(error, speaker)
        speaker.complain(trouble)
        return trouble.code


def understood(error: Exception, speaker: Speaker) -> Trouble:
    """What an error means to the person at the keyboard."""
    known = as_trouble(error, speaker.say)
    if known is not None:
        return known
    reason = str(error).strip()
    if isinstance(error, PluginBroken):
        return Trouble(
            msg("The plugin {plugin} cannot be used: {reason}", plugin=error.plugin_id, reason=error.message)
        )
    if isinstance(error, PostgresUnavailable):
        return Trouble(msg("{sentence} ({details})", sentence=WITHOUT_DATABASE[type(error)], details=reason))
    if isinstance(error, KeyTrouble):
        return Trouble(msg("The key file cannot be used: {reason}.", reason=reason))
    if isinstance(error, ChannelMisconfigured):
        return Trouble(msg("The settings for mail cannot be used: {reason}.", reason=reason))
    if isinstance(error, MigrationFailed | MigrationRefused):
        return Trouble(msg("The database could not be brought up to date. {reason}", reason=reason))
    if isinstance(error, asyncpg.UndefinedTableError | psycopg.errors.UndefinedTable):
        return Trouble(msg("The database has no tables yet. Run `spheres migrate` first."))
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | psycopg.Error | ConnectionError):
        return Trouble(msg("The database does not answer as it should ({kind}).", kind=type(error).__name__))
    if isinstance(error, OSError):
        return Trouble(msg("{file}: {reason}.", file=error.filename or "", reason=error.strerror or reason))
    kind = type(error).__name__
    return Trouble(msg("Something went wrong that should not ({kind}). SPHERES_TRACE=1 shows where.", kind=kind))


def _ask_to_end(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


OF_THE_TEXTS = (("locale", "lint"), ("locale", "sheet", "export"))
"""Commands whose `--language` is that of the texts they work on; the one they speak stands before their name."""


def _own_options(arguments: Sequence[str]) -> tuple[list[str], str, bool, click.UsageError | None]:
    """The arguments without `--language` and `--json`, which may stand anywhere; the language, and whether JSON."""
    kept: list[str] = []
    wanted: str | None = None
    json = False
    problem: click.UsageError | None = None
    helped = not {"-h", "--help"}.isdisjoint(arguments)
    rest = iter(arguments)
    for each in rest:
        if each == "--":
            kept += [each, *rest]
        elif each.startswith("--language") and not helped and any(tuple(kept[: len(c)]) == c for c in OF_THE_TEXTS):
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
    tags = {tag for tag in localization.REGISTRY if wanted in (tag, tag.partition("-")[0])}
    if not tags:
        problem = click.BadParameter(wanted, param_hint="--language")
    return kept, min(tags, default=terminal_language()), json, problem


def _usage(error: click.UsageError) -> Message:
    """A wrong command line in a sentence of ours; click itself speaks English only."""
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
