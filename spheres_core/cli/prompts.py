"""Questions to the person at the keyboard, each with a default; programs give flags instead."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

from rich.markup import escape

from spheres_core.cli.output import Speaker, Trouble, as_trouble
from spheres_core.facts import Message, msg

T = TypeVar("T")


def asked(
    speaker: Speaker,
    question: Message | str,
    *,
    option: str,
    given: str | None,
    default: str | None,
    quiet: bool,
    read: Callable[[str], T],
) -> T:
    """What was given by flag, else what is answered, else the default; understood by `read`, which may raise.

    `quiet`: ask nothing and take the default. Raises `Trouble` when there is none and nobody to ask.
    """
    if given is not None:
        return read(given)
    if quiet and default is not None:
        return read(default)
    if quiet or not sys.stdin.isatty():
        raise Trouble(
            msg("{option} is missing, and nobody is there to ask. --yes takes the defaults.", option=option), code=2
        )
    while True:
        shown = escape(f" [{default}]") if default else ""
        speaker.err.print(f"{escape(speaker.say(question))}[dim]{shown}[/dim]", end=" ")
        line = sys.stdin.readline()
        if not line:
            raise KeyboardInterrupt
        try:
            return read(line.strip() or default or "")
        except Exception as error:
            trouble = as_trouble(error, speaker.say)
            if trouble is None:
                raise
            speaker.complain(trouble)
