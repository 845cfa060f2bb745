"""`spheres staff invite|invitations|resend|revoke|list|roles|off|on|recover`: who works with a tenant, and as what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import rich_click as click
from rich.markup import escape

from spheres_core.cli import environment
from spheres_core.cli.help import command
from spheres_core.cli.options import tenant_option
from spheres_core.cli.output import CommandError, Output, _
from spheres_core.cli.staff.accounts import check_roles, role_option
from spheres_core.facts import Message, msg
from spheres_core.foundation.tenancy.context import Context
from spheres_core.foundation.web.rendering import role_title
from spheres_core.staff import account_details
from spheres_core.staff.operations import invitations, members, recoveries
from spheres_core.staff.queries import invitations as invitation_queries
from spheres_core.staff.queries import members as member_queries
from spheres_core.staff.schemas import (
    AccountUsage,
    Invitation,
    InvitationIssued,
    InvitationPosted,
    Member,
    RecoveryIssued,
)

email_option = click.option("--email", required=True, help=_("The address that the person signs in with."))

STATES: dict[str, Message] = {
    "open": msg("Waiting for an answer"),
    "accepted": msg("Accepted"),
    "revoked": msg("Revoked"),
    "expired": msg("Time is over"),
}


@command(
    "staff invite",
    examples=["spheres staff invite --tenant my-region --role liaison --email l@example.org --name L --speaks fr"],
)
@tenant_option
@role_option
@email_option
@click.option("--name", required=True, help=_("The name that colleagues see."))
@click.option(
    "--speaks",
    "language",
    default="",
    metavar="TAG",
    help=_("The person's language: one of the tenant's; the first when not said."),
)
@click.option("--hand-over", is_flag=True, help=_("Print the link, although mail could carry it."))
@click.option("--organization", default="", help=_("The key of the partner organization, when not the program itself."))
def invite(
    output: Output,
    slug: str,
    roles: tuple[str, ...],
    email: str,
    name: str,
    language: str,
    hand_over: bool,
    organization: str,
) -> None:
    check_roles(roles)
    posted = InvitationPosted(email=email, name=name, roles=roles, language=language, hand_over=hand_over,
                              organization=organization)  # fmt: skip

    async def inviting(ctx: Context) -> InvitationIssued:
        return await invitations.invite(ctx, posted)

    _print_invitation(output, environment.run_for_tenant(output, slug, inviting), email)


@command(
    "staff invitations",
    examples=["spheres staff invitations --tenant my-region"],
)
@tenant_option
def list_invitations(output: Output, slug: str) -> None:
    found = environment.run_for_tenant(output, slug, invitation_queries.show_invitations)
    if not found:
        output.print_result([], output.say(_("Nobody is invited.")))
        return
    output.print_result(found)
    output.print_table(
        [_("E-mail"), _("Name"), _("State"), _("Until")],
        [
            [
                escape(each.email),
                escape(each.name),
                output.say(STATES[each.state]),
                each.expires_at.date().isoformat(),
            ]
            for each in found
        ],
    )


@command(
    "staff resend",
    examples=["spheres staff resend --tenant my-region --email l@example.org --hand-over"],
)
@tenant_option
@email_option
@click.option("--hand-over", is_flag=True, help=_("Print the link, although mail could carry it."))
def resend(output: Output, slug: str, email: str, hand_over: bool) -> None:
    async def sending(ctx: Context) -> InvitationIssued:
        found = await _invited(ctx, email)
        return await invitations.renew(ctx, found.id, hand_over=hand_over)

    _print_invitation(output, environment.run_for_tenant(output, slug, sending), email)


@command(
    "staff revoke",
    examples=["spheres staff revoke --tenant my-region --email l@example.org"],
)
@tenant_option
@email_option
def revoke(output: Output, slug: str, email: str) -> None:
    async def revoking(ctx: Context) -> UUID:
        found = await _invited(ctx, email)
        await invitations.revoke(ctx, found.id)
        return found.id

    id_ = environment.run_for_tenant(output, slug, revoking)
    output.print_result({"id": id_, "state": "revoked"}, output.say(_("The invitation opens nothing any more.")))


@command(
    "staff list",
    examples=["spheres staff list --tenant my-region"],
)
@tenant_option
def list_staff(output: Output, slug: str) -> None:
    found = environment.run_for_tenant(output, slug, member_queries.show_staff)
    if not found:
        output.print_result([], output.say(_("Nobody works with this tenant yet.")))
        return
    output.print_result(found)
    output.print_table(
        [_("E-mail"), _("Name"), _("Roles"), _("State")],
        [
            [
                escape(each.email),
                escape(each.name),
                ", ".join(output.say(role_title(role)) for role in each.roles),
                output.say(_("Can sign in") if each.active else _("Account closed")),
            ]
            for each in found
        ],
    )


@command(
    "staff roles",
    examples=["spheres staff roles --tenant my-region --email c@example.org --role coordinator --role liaison"],
)
@tenant_option
@email_option
@role_option
def change_roles(output: Output, slug: str, email: str, roles: tuple[str, ...]) -> None:
    check_roles(roles)

    async def changing(ctx: Context) -> Member:
        return await members.change_roles(ctx, (await find_by_email(ctx, email)).id, roles)

    found = environment.run_for_tenant(output, slug, changing)
    names = ", ".join(output.say(role_title(role)) for role in found.roles)
    sentence = output.say(msg("{email} is here from now on: {roles}.", email=email, roles=names))
    output.print_result({"id": found.id, "roles": found.roles}, escape(sentence))


@command(
    "staff off",
    examples=["spheres staff off --tenant my-region --email c@example.org"],
)
@tenant_option
@email_option
def switch_off(output: Output, slug: str, email: str) -> None:
    async def closing(ctx: Context) -> tuple[UUID, AccountUsage]:
        found = await find_by_email(ctx, email)
        return found.id, await members.close_account(ctx, found.id)

    id_, held = environment.run_for_tenant(output, slug, closing)
    lines = [
        output.say(msg("{email} cannot sign in any more.", email=email)),
        output.say_number("signed in on {n} device", "signed in on {n} devices", held.sessions),
        output.say_number("{n} token for another system", "{n} tokens for other systems", held.tokens),
        output.say_number("{n} open invitation", "{n} open invitations", held.invitations),
    ]
    if held.alone_in:
        names = ", ".join(output.say(role_title(role)) for role in held.alone_in)
        lines.append(output.say(msg("Nobody else here is: {roles}.", roles=names)))
    output.print_result({"id": id_, "active": False, "held": held}, *map(escape, lines))


@command(
    "staff on",
    examples=["spheres staff on --tenant my-region --email c@example.org"],
)
@tenant_option
@email_option
def switch_on(output: Output, slug: str, email: str) -> None:
    async def opening(ctx: Context) -> UUID:
        found = await find_by_email(ctx, email)
        await members.open_account(ctx, found.id)
        return found.id

    id_ = environment.run_for_tenant(output, slug, opening)
    sentence = output.say(msg("{email} can sign in again.", email=email))
    output.print_result({"id": id_, "active": True}, escape(sentence))


@command(
    "staff recover",
    examples=["spheres staff recover --tenant my-region --email c@example.org --hand-over"],
)
@tenant_option
@email_option
@click.option("--hand-over", is_flag=True, help=_("Print the link, although mail could carry it."))
def recover(output: Output, slug: str, email: str, hand_over: bool) -> None:
    async def recovering(ctx: Context) -> tuple[UUID, RecoveryIssued]:
        found = await find_by_email(ctx, email)
        return found.id, await recoveries.issue_recovery(ctx, found.id, hand_over=hand_over)

    id_, made = environment.run_for_tenant(output, slug, recovering)
    until = made.expires_at.isoformat(timespec="minutes")
    lines = [output.say_number("signed out on {n} device", "signed out on {n} devices", made.sessions_ended)]
    if made.link is None:
        lines.append(
            output.say(
                msg("A message to {email} is on its way. Its link is open until {time}.", email=email, time=until)
            )
        )
    else:
        lines.append(
            output.say(msg("The link for {email}, open until {time}, shown this once:", email=email, time=until))
        )
    lines = [escape(line) for line in lines]
    if made.link is not None:
        lines.append(f"[bold]{escape(made.link)}[/bold]")
    value = {"id": id_, "link": made.link, "expires_at": made.expires_at, "sessions_ended": made.sessions_ended}
    output.print_result(value, *lines)


def _print_invitation(output: Output, made: InvitationIssued, email: str) -> None:
    value: dict[str, Any] = {"id": made.id, "expires_at": made.expires_at, "link": made.link}
    until = made.expires_at.date().isoformat()
    if made.link is None:
        sentence = msg(
            "A message to {email} is on its way. The invitation is open until {day}.", email=email, day=until
        )
        output.print_result(value, escape(output.say(sentence)))
        return
    output.print_result(
        value,
        escape(output.say(msg("The link for {email}, open until {day}, shown this once:", email=email, day=until))),
        f"[bold]{escape(made.link)}[/bold]",
        output.say(_("Give it to that person only: whoever opens it first becomes this account.")),
    )


async def find_by_email(ctx: Context, email: str) -> Member:
    """Returns the member of staff with this address. Raises `CommandError`."""
    wanted = account_details.normalized_email(email)
    for each in await member_queries.list_members(ctx):
        if account_details.normalized_email(each.email) == wanted:
            return each
    raise CommandError(msg("Nobody on the staff has the address {email}.", email=email))


async def _invited(ctx: Context, email: str) -> Invitation:
    wanted = account_details.normalized_email(email)
    for each in await invitation_queries.show_invitations(ctx):
        if account_details.normalized_email(each.email) == wanted and each.state in ("open", "expired"):
            return each
    raise CommandError(msg("There is no open invitation for {email}.", email=email))
