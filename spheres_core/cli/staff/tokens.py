"""`spheres token create|list|revoke`: the secrets with which other systems enter a tenant's API."""

from __future__ import annotations

import sys
from uuid import UUID

import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.staff.accounts import ROLE_HELP, check_roles
from spheres_core.cli.staff.members import find_by_email
from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import tokens
from spheres_core.staff.queries.tokens import show_tokens
from spheres_core.staff.schemas import Token

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
        "spheres token create --tenant my-region --as c@example.org --quiet",
    ],
)
@tenant_option
@click.option("--role", "roles", metavar="ROLE", multiple=True, help=ROLE_HELP)
@click.option(
    "--as",
    "acting",
    default="",
    metavar="EMAIL",
    help=_("Act as this person of the staff, with her roles and whatever is open to her. In the place of --role."),
)
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
    output: Output, slug: str, roles: tuple[str, ...], acting: str, label: str, days: int, email: str, quiet: bool
) -> None:
    _check_who(roles, acting, email)

    async def making(ctx: Context) -> str:
        if acting:
            return await tokens.create_token_of(ctx, await find_by_email(ctx, acting), label=label, days=days)
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
    value = {
        "token": made, "tenant": slug, "roles": roles, "days": days, "account": acting or email or None,
        "as": acting or None,
    }  # fmt: skip
    output.print_result(value, *lines)


def _check_who(roles: tuple[str, ...], acting: str, email: str) -> None:
    """Raises `CommandError` unless the token has either roles of its own or a person as whom it acts."""
    if acting and (roles or email):
        raise CommandError(msg("--as stands alone: the roles are hers, and she answers for it."), code=2)
    if not acting and not roles:
        raise click.MissingParameter(param_hint="--role", param_type="option")
    check_roles(roles)


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
                escape(_who_answers(output, each)),
                str(each.id),
            ]
            for each in found
        ],
        unbroken=[_("Token")],
    )


def _who_answers(output: Output, token: Token) -> str:
    if token.maker is None:
        return output.say(_("made by command on the server"))
    return output.say(msg("acts as {name}", name=token.maker)) if token.acts_as_maker else token.maker


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
