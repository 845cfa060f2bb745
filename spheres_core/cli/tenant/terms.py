"""`spheres term list|rename|restore`: what the program's marked words are called in a region."""

from __future__ import annotations

import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.languages.localization import match
from spheres_core.foundation.languages.tags import wrong_tag
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.tenancy.own_terms import Collision
from spheres_core.site.operations import terms
from spheres_core.site.queries import terms as queries
from spheres_core.site.schemas import TermShown

language_option = click.option(
    "--in", "tag", metavar="TAG", required=True, help=_("One of the tenant's languages: fr-CA, or fr.")
)


def _spoken(ctx: Context, tag: str) -> str:
    """Returns the tenant's language that is meant: `fr-CA` for `fr`. Raises `CommandError` with a proposal."""
    if found := match(tag, ctx.tenant.languages):
        return found
    raise CommandError(wrong_tag(tag, ctx.tenant.languages))


@command(
    "term list",
    examples=["spheres term list --tenant my-region --in fr-CA"],
)
@tenant_option
@language_option
def list_terms(output: Output, slug: str, tag: str) -> None:
    async def asking(ctx: Context) -> list[TermShown]:
        return queries.list_terms(ctx, _spoken(ctx, tag))

    found = environment.run_for_tenant(output, slug, asking)
    output.print_result(
        [
            {"key": e.key, "said": str(e.said), "plain": str(e.plain), "renamed": e.renamed, "note": str(e.note)}
            for e in found
        ]
    )
    output.print_table(
        [_("Word"), _("Said here"), _("Where it shows")],
        [[escape(each.key), escape(each.said), escape(each.note)] for each in found],
    )


@command(
    "term rename",
    examples=['spheres term rename --tenant my-region --in fr-CA "Pivot worker" "Personne alliée"'],
)
@click.argument("key")
@click.argument("text")
@tenant_option
@language_option
@click.option("--dry-run", is_flag=True, help=_("Say what would read the same, and write nothing."))
def rename(output: Output, key: str, text: str, slug: str, tag: str, dry_run: bool) -> None:
    async def renaming(ctx: Context) -> tuple[str, list[Collision]]:
        language = _spoken(ctx, tag)
        if dry_run:
            return language, queries.collisions_of(ctx, key, language=language, text=text)
        return language, await terms.rename_term(ctx, key, language=language, text=text)

    language, found = environment.run_for_tenant(output, slug, renaming)
    warnings = [output.say(each.message) for each in found]
    sentence = _("Nothing was written.") if dry_run else _("Spoken from now on.")
    lines = [f"[yellow]{escape(each)}[/yellow]" for each in warnings]
    value = {"key": key, "language": language, "text": text, "renamed": not dry_run, "collisions": warnings}
    output.print_result(value, *lines, output.say(sentence))


@command(
    "term restore",
    examples=['spheres term restore --tenant my-region --in fr-CA "Pivot worker"'],
)
@click.argument("key")
@tenant_option
@language_option
def restore(output: Output, key: str, slug: str, tag: str) -> None:
    async def restoring(ctx: Context) -> str:
        language = _spoken(ctx, tag)
        await terms.restore_term(ctx, key, language=language)
        return language

    language = environment.run_for_tenant(output, slug, restoring)
    sentence = output.say(msg("{word} is called again what the program calls it.", word=key))
    output.print_result({"key": key, "language": language, "renamed": False}, escape(sentence))
