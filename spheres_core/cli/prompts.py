"""Asks the person at the keyboard, each question with a default; programs give options instead."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

import rich_click as click
from rich.markup import escape

from spheres_core.cli.output import CommandError, Output, _, as_command_error
from spheres_core.facts import Message, msg

T = TypeVar("T")


def ask(
    output: Output,
    question: Message | str,
    *,
    option: str,
    given: str | None,
    default: str | None,
    quiet: bool,
    parse: Callable[[str], T],
) -> T:
    """Returns what was given by option, else what is answered, else the default, read by `parse`, which may raise.

    `quiet`: ask nothing and take the default. Raises `CommandError` when there is none and nobody to ask.
    """
    if given is not None:
        return parse(given)
    if quiet and default is not None:
        return parse(default)
    if quiet or not sys.stdin.isatty():
        raise CommandError(
            msg("{option} is missing, and nobody is there to ask. --yes takes the defaults.", option=option), code=2
        )
    while True:
        shown = escape(f" [{default}]") if default else ""
        output.err.print(f"{escape(output.say(question))}[dim]{shown}[/dim]", end=" ")
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        try:
            return parse(line.strip() or default or "")
        except Exception as error:
            failure = as_command_error(error, output.say)
            if failure is None:
                raise
            output.print_error(failure)


def confirm_erasure(output: Output, yes: bool) -> None:
    """Asks whether all that is kept about somebody is erased. Raises `CommandError` when nobody is there to ask."""
    if yes or output.json:
        return
    if not sys.stdin.isatty():
        raise CommandError(msg("Nobody is there to ask. Add --yes when the difference is wanted."), code=2)
    output.err.print(escape(output.say(_("Erase everything that is kept about this person? [y/N]"))), end=" ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "o", "oui"):
        raise click.Abort
