"""`spheres form`: reads what authors write, without a tenant or a database, and shows what a tenant asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import rich_click as click
from rich.markup import escape
from rich.tree import Tree

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.forms import examples, json_schema
from spheres_core.forms import queries as forms
from spheres_core.forms.exports.formats import FORMATS
from spheres_core.forms.form_files import SUFFIXES, may_be_form
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.xlsform.proposed_meanings import advice
from spheres_core.forms.xlsform.reader import XlsformResult, inspect
from spheres_core.foundation.content.packs import Finding
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.tenancy.context import Context

MOST_ALIKE: Final = 5
"""Warnings with the same words that people are shown."""
MOST_REASONS: Final = 20

tenant_option = click.option(
    "--tenant", "slug", metavar="TENANT", default=None, help=_("Ask what this tenant asks, from its database.")
)


@command(
    "form check",
    examples=[
        "spheres form check my_form.xlsx",
        "spheres form check my_form.xlsx --json",
        "spheres form check forms/ --json",
    ],
)
@click.argument("file", metavar="FILE|FOLDER", type=click.Path(path_type=Path))
@click.option("--languages", "tags", metavar="TAGS", default="", help=_("Languages it must have, such as fr-CA,en-CA."))
@click.option("--referral", is_flag=True, help=_("Also ask for what a referral form cannot do without."))
def check(output: Output, file: Path, tags: str, referral: bool) -> int:
    languages = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    if file.is_dir():
        return _check_folder(output, file, languages)
    _must_be_a_form(file)
    with output.progress(msg("Reading {file}", file=file.name)):
        role = "referral" if referral else ""
        reading = inspect(file, key=file.stem, languages=languages, role=role, lists_to_come=not _is_asked(file))
    found = reading.form
    advised = tuple(advice(found, reading.rows, file.name)) if found and not _has_meanings(found) else ()
    output.print_result(
        _described(output, reading, advised),
        *_lines(output, reading.findings),
        *(output.finding_line(each) for each in advised),
        *([_fine(output, found)] if found else []),
    )
    return 0 if found else 1


def _is_asked(file: Path) -> bool:
    """Returns whether a form lies in a plugin, so that it may be asked: then its lists must be there."""
    return (file.resolve().parent.parent / "plugin.toml").exists()


def _has_meanings(form: Form) -> bool:
    return any(question.meaning for question in form.walk())


def _described(output: Output, reading: XlsformResult, advised: Sequence[Finding] = ()) -> dict[str, Any]:
    found = reading.form
    described = {"key": found.key, "version": found.version, "languages": found.languages} if found else None
    findings = [output.finding_as_dict(each) for each in (*reading.findings, *advised)]
    return {"ok": found is not None, "form": described, "findings": findings}


def _lines(output: Output, findings: Sequence[Finding]) -> Iterator[str]:
    """Yields findings as lines for people: of many with the same words only the first."""
    seen: Counter[tuple[str, str]] = Counter()
    for each in findings:
        kind = (each.severity, each.message.msgid)
        seen[kind] += 1
        if each.severity == "error" or seen[kind] <= MOST_ALIKE:
            yield output.finding_line(each)
    more = sum(
        count - MOST_ALIKE for (severity, _), count in seen.items() if severity != "error" and count > MOST_ALIKE
    )
    if more:
        yield escape(
            output.say(msg("… and more warnings with the same words ({number}): --json lists all.", number=more))
        )


def _check_folder(output: Output, folder: Path, languages: tuple[str, ...]) -> int:
    """Checks each form of a folder, and says how often each thing stands against one."""
    paths = [path for path in sorted(folder.iterdir()) if path.is_file() and may_be_form(path)]
    if not paths:
        raise CommandError(msg("{file}: there is no form in this folder.", file=str(folder)))
    read: dict[str, XlsformResult] = {}
    with output.progress_bars() as begin:
        advance = begin(msg("Reading {file}", file=folder.name), len(paths))
        for path in paths:
            read[path.name] = inspect(path, key=path.stem, languages=languages, lists_to_come=not _is_asked(path))
            advance()
    accepted = [name for name, reading in read.items() if reading.form is not None]
    reasons = _reasons(output, read.values())
    output.print_result(
        {
            "ok": len(accepted) == len(paths),
            "accepted": len(accepted),
            "files": {name: _described(output, reading) for name, reading in read.items()},
            "reasons": reasons,
        },
        *(_summary(output, name, reading) for name, reading in read.items()),
        *(escape(f"{each['files']} × {each['example']}") for each in reasons[:MOST_REASONS]),
    )
    return 0 if len(accepted) == len(paths) else 1


def _reasons(output: Output, readings: Iterable[XlsformResult]) -> list[dict[str, Any]]:
    """Returns what stands against forms, by the number of files that it stands against, each with one example."""
    examples: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for reading in readings:
        errors = {each.message.msgid: each for each in reading.findings if each.severity == "error"}
        counted.update(errors.keys())
        examples |= {msgid: output.say(each.message) for msgid, each in errors.items() if msgid not in examples}
    return [{"files": count, "example": examples[msgid]} for msgid, count in counted.most_common()]


def _summary(output: Output, name: str, reading: XlsformResult) -> str:
    mark = "[green]✓[/green]" if reading.form is not None else "[red]✗[/red]"
    counted = Counter(each.severity for each in reading.findings)
    sentence = msg("{file}: errors {errors}, warnings {warnings}", file=name, errors=counted["error"],
                   warnings=counted["warning"])  # fmt: skip
    return f"{mark} {escape(output.say(sentence))}"


def _fine(output: Output, found: Form) -> str:
    questions = sum(1 for each in found.walk() if each.kind not in ("group", "repeat", "note"))
    counted = output.say_number("{n} question", "{n} questions", questions)
    sentence = msg("The form can be used: {questions}, version {version}.", questions=counted, version=found.version)
    return f"[green]✓[/green] {escape(output.say(sentence))}"


@command(
    "form show",
    examples=[
        "spheres form show --tenant my-region referral",
        "spheres form show my_form.xlsx",
        "spheres form show my_form.xlsx --schema",
    ],
)
@click.argument("name", metavar="FORM|FILE")
@tenant_option
@click.option("--schema", is_flag=True, help=_("The JSON Schema of its answers instead."))
def show(output: Output, name: str, slug: str | None, schema: bool) -> None:
    found = _form_of(output, name, slug)
    if schema:
        output.print_result(json_schema.json_schema(found), always_json=True)
        return
    output.print_result(found)
    if output.json:
        return
    languages = ", ".join(found.languages)
    head = f"[bold]{escape(output.say(found.title))}[/bold] [dim]{found.key} {found.version} ({languages})[/dim]"
    tree = Tree(head)
    _grow(output, tree, found.questions)
    output.out.print(tree)


def _grow(output: Output, tree: Tree, questions: tuple[Question, ...]) -> None:
    for each in questions:
        needed = "[red]*[/red]" if each.required is not None else ""
        meaning = f" [magenta]{each.meaning}[/magenta]" if each.meaning else ""
        label = escape(output.say(each.labels) or each.name)
        branch = tree.add(f"{label}{needed} [dim]{each.name}: {each.kind}[/dim]{meaning}")
        _grow(output, branch, each.children)


@command(
    "form example",
    examples=["spheres form example --tenant my-region referral", "spheres form example my_form.xlsx"],
)
@click.argument("name", metavar="FORM|FILE")
@tenant_option
def example(output: Output, name: str, slug: str | None) -> None:
    if slug is None:
        today = environment.local_today()
        output.print_result(examples.example(_form_of(output, name, None), today=today), always_json=True)
        return

    async def making(ctx: Context) -> dict[str, Any]:
        return examples.example(await forms.current(ctx, name, attached=True), today=ctx.today)

    output.print_result(environment.run_for_tenant(output, slug, making), always_json=True)


@command(
    "form export",
    examples=[
        "spheres form export --as fhir my_form.xlsx questionnaire.json",
        "spheres form export --as xlsform --tenant my-region referral referral.xlsx",
    ],
)
@click.argument("name", metavar="FORM|FILE")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "kind", type=click.Choice(tuple(FORMATS)), required=True, help=_("The format."))
@tenant_option
@click.option("--force", is_flag=True, help=_("Replace the file when it is there."))
def export(output: Output, name: str, out: Path, kind: str, slug: str | None, force: bool) -> None:
    if out.exists() and not force:
        raise CommandError(msg("{file} is there already. --force replaces it.", file=str(out)))
    exported = FORMATS[kind](_form_of(output, name, slug))
    try:
        replace_file(out, exported.content)
    except OSError as error:
        raise CommandError(msg("{file} cannot be written: {reason}.", file=str(out), reason=error.strerror)) from None
    output.print_result(
        {
            "ok": True,
            "file": str(out),
            "format": kind,
            "findings": [output.finding_as_dict(each) for each in exported.findings],
        },
        *(output.finding_line(each) for each in exported.findings),
        f"[green]✓[/green] {escape(output.say(msg('Written to {file}.', file=str(out))))}",
    )


def _form_of(output: Output, name: str, slug: str | None) -> Form:
    """Returns a file's form, or the one a tenant asks under this name."""
    if slug is None:
        path = Path(name)
        _must_be_a_form(path)
        reading = inspect(path, key=path.stem)
        if reading.form is None:
            raise CommandError(findings=reading.findings)
        return reading.form

    async def looking(ctx: Context) -> Form:
        return await forms.current(ctx, name, attached=True)

    return environment.run_for_tenant(output, slug, looking)


def _must_be_a_form(path: Path) -> None:
    if not path.is_file():
        if not path.suffix:
            sentence = msg("{file}: there is no such file. For a tenant's form, add --tenant.", file=str(path))
        else:
            sentence = msg("{file}: there is no such file.", file=str(path))
        raise CommandError(sentence)
    if path.suffix.lower() not in SUFFIXES:
        kinds = ", ".join(SUFFIXES)
        raise CommandError(msg("{file}: a form is a file of one of these kinds: {kinds}.", file=str(path), kinds=kinds))
