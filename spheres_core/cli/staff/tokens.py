"""`spheres token create|list|revoke`: the secrets with which other systems enter a tenant's API."""

from __future__ import annotations

import sys
from uuid import UUID

import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.output import Output, _
from spheres_core.cli.staff.accounts import check_roles, role_option, tenant_option
from spheres_core.cli.staff.members import find_by_email
from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import tokens
from spheres_core.staff.queries.tokens import show_tokens

STATES: dict[str, Message] = {
    "valid": msg("Valid"),
    "expired": msg("Time is over"),
    "revoked": msg("Taken back"),
}


@command(
    "token create",
    examples=[
        "spheres token create --tenant my-region --role coordinator",
        "spheres token create --tenant my-region --role coordinator --account c@example.org --days 90",
    ],
)
@tenant_option
@role_option
@click.option(
    "--label", default="spheres token create", show_default=True, help=_("What it is for, as the list shows it.")
)
@click.option("--days", type=int, default=tokens.DAYS, show_default=True, help=_("How long it is good for."))
@click.option(
    "--account",
    "email",
    default="",
    metavar="EMAIL",
    help=_("Who answers for it: it ends with this person's account. Without one, the list names this server."),
)
@click.option("--quiet", "-q", is_flag=True, help=_("Print the token and nothing else."))
def create_token(
    output: Output, slug: str, roles: tuple[str, ...], label: str, days: int, email: str, quiet: bool
) -> None:
    check_roles(roles)

    async def making(ctx: Context) -> str:
        maker = (await find_by_email(ctx, email)).id if email else None
        return await tokens.create_token(ctx, roles, label=label, days=days, made_by=maker)

    made = environment.run_for_tenant(output, slug, making)
    if quiet:
        sys.stdout.write(made + "\n")
        return
    lines = [
        output.say_number("A token for {tenant}, good for {n} day:", "A token for {tenant}, good for {n} days:", days),
        f"[bold]{escape(made)}[/bold]",
        output.say(_("It is not shown again.")),
    ]
    lines[0] = lines[0].replace("{tenant}", slug)
    value = {"token": made, "tenant": slug, "roles": roles, "days": days, "account": email or None}
    output.print_result(value, *lines)


@command(
    "token list",
    examples=["spheres token list --tenant my-region"],
)
@tenant_option
def list_tokens(output: Output, slug: str) -> None:
    found = environment.run_for_tenant(output, slug, show_tokens)
    if not found:
        output.print_result([], output.say(_("No other system has a token.")))
        return
    output.print_result(found)
    output.print_table(
        [_("What it is for"), _("State"), _("Until"), _("Last used"), _("Who answers for it"), _("Token")],
        [
            [
                escape(each.label),
                output.say(STATES[each.state]),
                each.expires_at.date().isoformat(),
                each.last_used_at.isoformat(timespec="minutes") if each.last_used_at else output.say(_("Never")),
                escape(each.maker or output.say(_("made by command on the server"))),
                str(each.id),
            ]
            for each in found
        ],
        unbroken=[_("Token")],
    )


@command(
    "token revoke",
    examples=["spheres token revoke --tenant my-region --token 0199a1b2-…"],
)
@tenant_option
@click.option("--token", "id_", type=click.UUID, required=True, help=_("The token's number, as the list shows it."))
def revoke_token(output: Output, slug: str, id_: UUID) -> None:
    async def revoking(ctx: Context) -> None:
        await tokens.revoke_token(ctx, id_)

    environment.run_for_tenant(output, slug, revoking)
    output.print_result({"id": id_, "state": "revoked"}, output.say(_("The token opens nothing any more.")))
