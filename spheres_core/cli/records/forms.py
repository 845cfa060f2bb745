"""`spheres form`: reads what authors write, without a tenant or a database, and shows what a tenant asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
from spheres_core.forms.form_files import SUFFIXES
from spheres_core.forms.schemas import Form, Question
from spheres_core.forms.xlsform.reader import inspect
from spheres_core.foundation.content.text_files import replace_file
from spheres_core.foundation.tenancy.context import Context

tenant_option = click.option(
    "--tenant", "slug", metavar="TENANT", default=None, help=_("Ask what this tenant asks, from its database.")
)


@command(
    "form check",
    examples=["spheres form check my_form.xlsx", "spheres form check my_form.xlsx --json"],
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--languages", "tags", metavar="TAGS", default="", help=_("Languages it must have, such as fr-CA,en-CA."))
@click.option("--referral", is_flag=True, help=_("Also ask for what a referral form cannot do without."))
def check(output: Output, file: Path, tags: str, referral: bool) -> int:
    _must_be_a_form(file)
    languages = tuple(tag.strip() for tag in tags.split(",") if tag.strip())
    with output.progress(msg("Reading {file}", file=file.name)):
        reading = inspect(file, key=file.stem, languages=languages, role="referral" if referral else "")
    found = reading.form
    described = {"key": found.key, "version": found.version, "languages": found.languages} if found else None
    output.print_result(
        {
            "ok": found is not None,
            "form": described,
            "findings": [output.finding_as_dict(each) for each in reading.findings],
        },
        *(output.finding_line(each) for each in reading.findings),
        *([_fine(output, found)] if found else []),
    )
    return 0 if found else 1


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
        return examples.example(await forms.current(ctx, name), today=ctx.today)

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
        return await forms.current(ctx, name)

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
