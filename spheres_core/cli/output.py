"""Prints in the reader's language: results on stdout, progress and errors on stderr; JSON for programs."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from spheres_core.facts import Message
from spheres_core.foundation import deployment
from spheres_core.foundation.content.packs import ContentInvalid, Finding
from spheres_core.foundation.errors import Refusal
from spheres_core.foundation.languages import localization

Report = Callable[[str], None]
WIDTH = 100
"""Columns when nobody is looking: lines of a pipe are never broken at a terminal's width."""


def _(text: str) -> str:
    """Marks an English sentence for translation; it is translated when it is printed."""
    return text


class CommandError(Exception):
    """Ends a command for a reason that the reader can mend. `findings` name places in files."""

    def __init__(
        self,
        message: Message | None = None,
        *,
        findings: Sequence[Finding] = (),
        code: int = 1,
    ) -> None:
        self.message = message
        self.findings = tuple(findings)
        self.code = code
        super().__init__(message.msgid if message else "")


@cache
def locale(tag: str) -> localization.Locale:
    """Returns the core's own texts in a language of the registry. A catalog that cannot be read counts as empty."""
    chain = localization.chain(tag, tuple(localization.REGISTRY), localization.REGISTRY)
    return localization.Locale(chain, {(each.tag, "spheres"): _catalog(each) for each in chain})


def _catalog(language: localization.Language) -> localization.Catalog:
    folder = localization.core_catalog_folder() / language.catalog / "LC_MESSAGES"
    try:
        return localization.read_catalog(folder / "spheres.po")
    except ContentInvalid:  # `spheres check` says where it is damaged
        return localization.EMPTY


def terminal_language() -> str:
    """Returns the registered language that LC_ALL, LC_MESSAGES or LANG asks for; English when they ask for none."""
    return localization.choose(deployment.terminal_language(), ("en-CA", *localization.REGISTRY))


class Output:
    """Prints what one run of a command has to say, in the reader's language."""

    def __init__(self, *, tag: str, json: bool) -> None:
        self.locale = locale(tag)
        self.json = json
        self.out = Console(soft_wrap=True, highlight=False, width=_width(sys.stdout))
        self.err = Console(stderr=True, soft_wrap=True, highlight=False, width=_width(sys.stderr))

    def say(self, message: Message | Mapping[str, str] | str, **params: Any) -> str:
        """Returns a sentence in the reader's language."""
        return str(self.locale.say(message, **params))

    def say_number(self, one: str, many: str, number: int) -> str:
        """Returns a sentence with a number in it."""
        return str(self.locale.say_number(one, many, number))

    def print_result(self, value: Any, *lines: str, always_json: bool = False) -> None:
        """Prints the result: `value` as JSON for programs, the lines (rich markup) for people."""
        if self.json or always_json:
            sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")
            sys.stdout.flush()
        else:
            for line in lines:
                self.out.print(line)

    def print_table(
        self, titles: Sequence[str], rows: Sequence[Sequence[str]], *, unbroken: Sequence[str] = ()
    ) -> None:
        """Rows for people; nothing in JSON. Titles are msgids; those in `unbroken` head values to copy."""
        if self.json:
            return
        made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        for title in titles:
            made.add_column(self.say(title), overflow="fold", no_wrap=title in unbroken)
        for row in rows:
            made.add_row(*row)
        self.out.print(made, soft_wrap=False)

    def print_notice(self, message: Message | str, **params: Any) -> None:
        """Prints to stderr what happens meanwhile."""
        self.err.print(escape(self.say(message, **params)))

    @contextlib.contextmanager
    def progress(self, message: Message | str, **params: Any) -> Iterator[Report]:
        """Shows a spinner on a terminal, plain lines elsewhere, while work is done. Yields what reports a step."""
        title = self.say(message, **params)
        if not self.err.is_terminal:
            said: list[str] = []

            def report(line: str) -> None:
                if not said:
                    self.err.print(escape(title))
                said.append(line)
                self.err.print("  " + escape(self.say(line)))

            yield report
            return
        with self.err.status(escape(title)) as status:

            def report_there(line: str) -> None:
                self.err.print("  " + escape(self.say(line)), style="dim")
                status.update(f"{escape(title)} [dim]{escape(self.say(line))}[/dim]")

            yield report_there

    @contextlib.contextmanager
    def progress_bars(self) -> Iterator[Callable[[Message, int], Callable[[], None]]]:
        """Shows a bar for each piece of work on a terminal, one line elsewhere. Yields what begins one: it is given a
        title and a total, and returns what is to be called after each of them."""
        if not self.err.is_terminal:

            def say_once(message: Message, total: int) -> Callable[[], None]:
                self.err.print(escape(f"{self.say(message)} ({total})"))
                return lambda: None

            yield say_once
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self.err, transient=True) as progress:

            def begin(message: Message, total: int) -> Callable[[], None]:
                task = progress.add_task(escape(self.say(message)), total=total)
                return lambda: progress.advance(task)

            yield begin

    def finding_as_dict(self, found: Finding) -> dict[str, Any]:
        """Returns a finding for programs, its sentence in the reader's language."""
        places = {n: getattr(found, n) for n in ("file", "line", "key", "sheet", "row", "column", "severity")}
        said = {"message": self.say(found.message), "place": found.place()}
        return {**{k: v for k, v in places.items() if v is not None}, **said}

    def finding_line(self, found: Finding) -> str:
        """Returns a finding for people, as a line of rich markup."""
        style = {"error": "red", "advice": "cyan"}.get(found.severity, "yellow")
        return f"[{style}]{escape(self.finding_place(found))}[/{style}]: {escape(self.say(found.message))}"

    def finding_place(self, found: Finding) -> str:
        """Returns where a finding is, in the reader's language."""
        at = found.file if found.line is None else f"{found.file}:{found.line}"
        row = self.say(_("row {row}"), row=found.row) if found.row else None
        parts = [part for part in (found.sheet, row, found.column, found.key) if part]
        return f"{at}: {', '.join(parts)}" if parts else at

    def print_error(self, failure: CommandError) -> None:
        """Prints why the command failed: on stderr for people, as JSON on stdout for programs."""
        message = self.say(failure.message) if failure.message else None
        if self.json:
            found = [self.finding_as_dict(each) for each in failure.findings]
            self.print_result({"ok": False, "message": message, "findings": found})
            return
        if message:
            self.err.print(f"[bold red]{self.say(_('Error:'))}[/bold red] {escape(message)}")
        for each in failure.findings:
            self.err.print(self.finding_line(each))


def as_command_error(error: Exception, say: Callable[[Any], str]) -> CommandError | None:
    """Converts a known kind of error; returns None when it is not known."""
    if isinstance(error, CommandError):
        return error
    if isinstance(error, ContentInvalid):
        return CommandError(findings=error.findings)
    if isinstance(error, Refusal):
        details = [say(problem.message) for problem in error.errors]
        sentence = say(error.message)
        joined = " ".join(dict.fromkeys([sentence, *details]))
        return CommandError(Message("{sentences}", {"sentences": joined}))
    return None


def _width(stream: Any) -> int | None:
    return None if stream.isatty() or deployment.has_terminal_width() else WIDTH
