"""`spheres delivery list|retry`: what the outbox has given up on, and trying it again."""

from __future__ import annotations

from uuid import UUID

import rich_click as click
from rich.markup import escape

from spheres_core.audit import operations
from spheres_core.audit.schemas import Parked
from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context


@command(
    "delivery list",
    examples=["spheres delivery list --tenant my-region"],
)
@tenant_option
def list_deliveries(output: Output, slug: str) -> None:
    found: list[Parked] = environment.run_for_tenant(output, slug, operations.show_parked)
    if not found:
        output.print_result([], output.say(_("Everything was delivered.")))
        return
    output.print_result(found)
    output.print_table(
        [_("What happened"), _("Who should be told"), _("What stood in the way"), _("Given up"), _("Entry")],
        [
            [
                each.verb,
                escape(each.recipient),
                escape(each.error or ""),
                each.parked_at.isoformat(timespec="minutes"),
                str(each.entry_id),
            ]
            for each in found
        ],
    )


@command(
    "delivery retry",
    examples=[
        "spheres delivery retry --tenant my-region --all",
        "spheres delivery retry --tenant my-region --entry 0199… --recipient hook:my_plugin",
    ],
)
@tenant_option
@click.option("--all", "everything", is_flag=True, help=_("All that were given up on."))
@click.option("--entry", type=click.UUID, default=None, help=_("The entry, as the list shows it."))
@click.option("--recipient", default="", help=_("Who should be told, as the list shows it."))
def retry(output: Output, slug: str, everything: bool, entry: UUID | None, recipient: str) -> None:
    if everything == (entry is not None):
        raise CommandError(msg("Say either --all, or --entry with --recipient."), code=2)

    async def trying(ctx: Context) -> int:
        if entry is None:
            return await operations.try_all_again(ctx)
        await operations.try_again(ctx, entry, recipient=recipient)
        return 1

    taken_up = environment.run_for_tenant(output, slug, trying)
    sentence = output.say_number("{n} delivery is tried again.", "{n} deliveries are tried again.", taken_up)
    output.print_result({"taken_up": taken_up}, sentence)
