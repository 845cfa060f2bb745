"""`spheres locale lint`: reads texts as a careful eye would, and says where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import rich_click as click
from rich.markup import escape

from spheres_core import app
from spheres_core.authoring import accepted_texts, text_passages
from spheres_core.cli.help import command
from spheres_core.cli.locale.catalogs import known_languages
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.languages.tags import wrong_tag
from spheres_core.foundation.languages.text_checks import UNTRANSLATED, TextProblem


@command(
    "locale lint",
    examples=["spheres locale lint docs --language en", "spheres locale lint plugins --language fr --json"],
)
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--language",
    "tag",
    required=True,
    metavar="TAG",
    help=_("What a text is in where no folder, column or mark says it: en, fr-CA."),
)
@click.option("--accept", "accepts", is_flag=True, help=_("Remember in the pack that what stands out now is right."))
def lint(output: Output, paths: tuple[Path, ...], tag: str, accepts: bool) -> int:
    if tag.replace("_", "-") not in known_languages(app.machine()):
        raise CommandError(wrong_tag(tag))
    slips = text_passages.lint(paths, tag)
    if accepts:
        _accept(slips)
        slips = text_passages.lint(paths, tag)
    output.print_result({"ok": not slips, "findings": [_as_dict(output.finding_as_dict, each) for each in slips]})
    if not output.json:
        for each in slips:
            output.out.print(output.finding_line(_finding(each)))
            output.out.print(f"  [dim]{escape(each.excerpt)}[/dim]")
        if slips:
            sentence = output.say_number("{n} thing stands out.", "{n} things stand out.", len(slips))
            output.out.print(escape(sentence))
        else:
            output.out.print(escape(output.say(_("Nothing stands out."))))
    return 1 if slips else 0


def _accept(slips: Iterable[TextProblem]) -> None:
    """Remembers texts in the files of their packs. Raises `CommandError` for one that lies in none."""
    by_file: dict[Path, list[TextProblem]] = {}
    for each in slips:
        file = accepted_texts.file_for(Path(each.file))
        if file is None:
            raise CommandError(msg("{file} lies in no pack that could remember this.", file=each.file))
        by_file.setdefault(file, []).append(each)
    for file, problems in by_file.items():
        accepted_texts.accept(file, problems)


def _as_dict(finding: Callable[[Finding], dict[str, Any]], slip: TextProblem) -> dict[str, Any]:
    return {"kind": slip.kind, "excerpt": slip.excerpt, **finding(_finding(slip))}


def _finding(slip: TextProblem) -> Finding:
    severity = "warning" if slip.kind == UNTRANSLATED else "error"
    return Finding(
        slip.file, slip.message, severity=severity, line=slip.line, sheet=slip.sheet, row=slip.row, column=slip.column
    )
