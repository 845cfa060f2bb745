"""`spheres staff create`: the first account of a tenant. Secrets are printed once or read without an echo."""

from __future__ import annotations

import getpass
import sys
from typing import Any
from uuid import UUID

import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.staff import passphrases
from spheres_core.facts import msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.staff.operations import accounts
from spheres_core.staff.schemas import ROLES

ROLE_HELP = _("A role; may be given several times.")
role_option = click.option("--role", "roles", metavar="ROLE", multiple=True, required=True, help=ROLE_HELP)


@command(
    "staff create",
    examples=[
        "spheres staff create --tenant my-region --role coordinator --email c@example.org --name C",
        "cat password.txt | spheres staff create … --password-stdin",
    ],
)
@tenant_option
@role_option
@click.option("--email", required=True, help=_("The address to sign in with."))
@click.option("--name", required=True, help=_("The name that colleagues see."))
@click.option(
    "--organization", default=None, help=_("The key of the partner organization, when not the program itself.")
)
@click.option("--mail", is_flag=True, help=_("Send a message when a referral arrives."))
@click.option("--password-stdin", is_flag=True, help=_("Read the password from the first line of standard input."))
def create_staff(
    output: Output,
    slug: str,
    roles: tuple[str, ...],
    email: str,
    name: str,
    organization: str | None,
    mail: bool,
    password_stdin: bool,
) -> None:
    check_roles(roles)
    given = _read_password(output, password_stdin)
    password = given or passphrases.make_passphrase()

    async def making(ctx: Context) -> UUID:
        return await accounts.create_account(
            ctx,
            email,
            name=name,
            roles=roles,
            password=password,
            organization=organization,
            chooses_referral_mail=mail,
        )

    id_ = environment.run_for_tenant(output, slug, making)
    value: dict[str, Any] = {"id": id_, "tenant": slug, "email": email, "roles": roles}
    lines = [
        f"[green]✓[/green] {escape(output.say(msg('{email} can sign in to {tenant}.', email=email, tenant=slug)))}"
    ]
    if not given:
        value["password"] = password
        lines += [
            output.say(_("The password, shown this once:")),
            f"[bold]{escape(password)}[/bold]",
        ]
    output.print_result(value, *lines)


def _read_password(output: Output, from_input: bool) -> str:
    """Returns the password that was typed or piped; empty when one is to be made."""
    if from_input:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise CommandError(msg("Standard input holds no password."), code=2)
        return given
    if not sys.stdin.isatty():
        return ""
    first = getpass.getpass(output.say(_("Password (empty: make one): ")))
    if first and getpass.getpass(output.say(_("Once more: "))) != first:
        raise CommandError(msg("The two passwords are not the same."))
    return first


def check_roles(roles: tuple[str, ...]) -> None:
    """Raises `CommandError` for a role that no region has. Those of plugins have a dot: the region knows them."""
    for role in roles:
        if role not in ROLES and "." not in role:
            names = ", ".join(ROLES)
            raise CommandError(msg("There is no role {role}. There are: {names}.", role=role, names=names), code=2)
