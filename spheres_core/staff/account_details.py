"""Rules for the details of an account: its e-mail, name and roles."""

import re
import unicodedata
from collections.abc import Sequence

from spheres_core.facts import Problem, msg
from spheres_core.foundation.errors import Invalid
from spheres_core.foundation.tenancy.context import Context

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


class DetailsInvalid(Invalid):
    """An account, an invitation or a token cannot be made like this; `errors` names each place."""

    code = "details_invalid"


def check_details(ctx: Context, email: str, name: str, roles: Sequence[str]) -> None:
    """Raises `DetailsInvalid` with the path of each wrong value."""
    problems = role_problems(ctx, roles)
    address = email.strip()
    if not _ADDRESS.fullmatch(address) or not address.isprintable() or len(address) > 254:
        problems.append(Problem(msg("This is not an e-mail address."), path="email"))
    if not name.strip() or not name.isprintable() or len(name) > 200:
        problems.append(Problem(msg("A name has 1 to {most} characters.", most=200), path="name"))
    if problems:
        raise DetailsInvalid(errors=problems)


def role_problems(ctx: Context, roles: Sequence[str], held: Sequence[str] = ()) -> list[Problem]:
    """Returns the reasons why nobody, and no token, can have these roles here. Those that are held can be kept."""
    names = ", ".join(ctx.plugins.roles)
    if not roles:
        return [Problem(msg("Name at least one role: {roles}.", roles=names), path="roles")]
    return [
        Problem(msg("{role} is not a role. Roles are: {roles}.", role=role, roles=names), path="roles")
        for role in roles
        if role not in ctx.plugins.roles and role not in held
    ]


def normalized_email(email: str) -> str:
    """Returns an address as it is compared: one spelling, whatever its capitals and accents."""
    clean = email.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFC", clean.strip()).casefold()


def names_to_avoid(ctx: Context, email: str, name: str) -> list[str]:
    """Returns the words that a person's password may not be made of."""
    return [email, name, "SPHÈRES", ctx.tenant.slug, *ctx.tenant.name.values()]
